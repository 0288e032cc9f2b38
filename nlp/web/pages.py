"""Templates and what every page is given: escaping, chips, marked text, the index of a request; it must not know any page."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from nlp.extract import known
from nlp.index import Difference, DocumentInfo, LedgerEntry, Store, difference, open_store
from nlp.taxonomy import codebook
from nlp.web.kept import Kept
from nlp.web.settings import Settings

SIGNS = {"restricts": "▼", "enables": "▲", "safeguards": "◆", "neutral": "●", "mixed": "◐"}
"""The shape of each stance, so that no stance is told by colour alone."""
REVIEWER = "clausedex_reviewer"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and the kind of mark it carries, if any."""

    text: str
    mark: str = ""


def pieces(text: str, spans: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """Cut a text at half-open spans; where two overlap the earlier one stays whole and the later one is left out."""
    found: list[Piece] = []
    at = 0
    for start, end, mark in sorted(spans):
        if at <= start < end <= len(text):
            if start > at:
                found.append(Piece(text[at:start]))
            found.append(Piece(text[start:end], mark))
            at = end
    return [*found, Piece(text[at:])] if at < len(text) else found


def cued(row: Mapping[str, Any]) -> list[Piece]:
    """Cut a clause's text at the words that decided something about it."""
    return pieces(row["text"], [(cue["start"], cue["end"], cue["role"]) for cue in row["cues"]])


def share(figure: str) -> str:
    """Write a figure such as ``0.87`` in hundredths, as the others on a page are; what is no figure stays."""
    try:
        return f"{float(figure):.0%}"
    except ValueError:
        return figure


def stance_of(label: str) -> str:
    """Return the direction a label speaks for."""
    return str(codebook().stance_of([label]))


def title_of(document: DocumentInfo) -> str:
    """Return what people call a document: its title, or the name of its file."""
    return document.title or PurePath(document.source.replace("\\", "/")).name or document.source


def named(entry: LedgerEntry) -> tuple[str, str]:
    """Return the name of a file that could not be read and what was wrong with it.

    An upload is kept under its digest, and its message begins with its own name.
    """
    if PurePath(entry.path).name != entry.sha256:
        return entry.path, entry.message
    name, _, message = entry.message.partition(": ")
    return name or entry.path, message


def digest_of(document_id: str) -> str:
    """Return the part of a document's id that stands in addresses."""
    return document_id.removeprefix("sha256:")


def clause_url(document_id: str, clause_id: str) -> str:
    """Return the address of a clause on its document's page."""
    return f"/documents/{quote(digest_of(document_id), safe='')}?clause={quote(clause_id, safe='')}#current"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("nlp.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"signs": SIGNS, "stance_of": stance_of, "clause_url": clause_url, "digest_of": digest_of}
    environment.filters |= {"cued": cued, "title": title_of, "share": share, "segment": lambda text: quote(str(text), safe="")}
    return environment


TEMPLATES = _environment()


def page(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made from a template."""
    here = {"path": request.url.path, "reviewer": unquote(request.cookies.get(REVIEWER, "")), "can_upload": uploads_here(request)}
    return HTMLResponse(TEMPLATES.get_template(name).render(**here, **values), status)


def settings_of(request: Request) -> Settings:
    """Return the settings of the application that a request reached."""
    settings: Settings = request.app.state.settings
    return settings


def kept_of(request: Request) -> Kept:
    """Return what the application that a request reached keeps of the index."""
    kept: Kept = request.app.state.kept
    return kept


def uploads_here(request: Request) -> bool:
    """Tell whether files may be uploaded."""
    return settings_of(request).uploads is not None


def _reading(request: Request) -> Iterator[Store]:
    with open_store(settings_of(request).db, read_only=True, columns=request.app.state.columns) as store:
        yield store


def _writing(request: Request) -> Iterator[Store]:
    with open_store(settings_of(request).db) as store:
        yield store


Reading = Annotated[Store, Depends(_reading)]
Writing = Annotated[Store, Depends(_writing)]


def clauses_of(store: Store, document_id: str) -> list[dict[str, Any]]:
    """Return the clauses of a document in order, once though its bytes stand in the index under several paths."""
    found: dict[str, dict[str, Any]] = {}
    for row in store.provisions(document_id):
        found.setdefault(row["id"], row)
    return list(found.values())


def differing(store: Store, old: str, new: str) -> Difference:
    """Align the clauses of two documents, given by id, slips of OCR told from changes."""
    before, after = (
        frozenset(page["number"] for page in store.pages(name) if page["method"] in ("ocr", "mixed")) for name in (old, new)
    )
    return difference(clauses_of(store, old), clauses_of(store, new), known=known, scanned=(before, after))


def attached(name: str) -> dict[str, str]:
    """Return the header by which a browser keeps an answer as a file of that name."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in name)
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}


def as_table(data: bytes, name: str) -> Response:
    """Return a CSV file; the mark before it tells spreadsheet programs that it is UTF-8, which some do not see otherwise."""
    return Response(codecs.BOM_UTF8 + data, media_type="text/csv; charset=utf-8", headers=attached(name))


def as_json(value: Any) -> str:
    """Write a value as JSON in the characters it has."""
    return json.dumps(value, ensure_ascii=False)
