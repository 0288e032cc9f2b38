"""The list of documents and the page of one: its pages as pictures or text, clauses beside them; it must not know formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from nlp.errors import FAILURE_CODES, ReadError, UsageError
from nlp.index import DocumentInfo, Store
from nlp.records import DOCUMENT_KINDS
from nlp.web.pages import Piece, Reading, Writing, clauses_of, digest_of, kept_of, named, page, settings_of, title_of
from nlp.web.pictures import Pictures
from nlp.web.removing import Removed, is_copy, remove
from nlp.web.tasks import REMEDIES

router = APIRouter(include_in_schema=False)
LISTED = 50
PART = 30
"""Clauses shown at once where a document has no pages."""


@router.get("/documents")
def documents(
    request: Request,
    store: Reading,
    find: Annotated[str, Query(max_length=200)] = "",
    removed: Annotated[str, Query(max_length=200)] = "",
    at: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """List the documents, those alone in whose title, place or file name `find` stands, and the files that could not be read.

    `removed` is the digest of the one that was taken out just now.
    """
    every = kept_of(request).get(
        store, "documents", lambda: sorted(store.documents(), key=lambda document: title_of(document).casefold())
    )
    sought = find.strip().casefold()
    found = [
        one
        for one in every
        if not sought or any(sought in text.casefold() for text in (title_of(one), one.jurisdiction or "", one.source))
    ]
    failed = [
        (*named(entry), FAILURE_CODES.get(entry.code, ""), REMEDIES.get(entry.code, ""))
        for entry in store.ledger()
        if entry.state == "failed"
    ]
    shown = found[(at - 1) * LISTED : at * LISTED]
    gone: Removed = request.app.state.removed
    return page(
        request,
        "documents.html",
        documents=shown,
        total=len(found),
        find=find.strip(),
        many=len(every) > LISTED,
        gone=gone.told(f"sha256:{removed}") if removed and f"sha256:{removed}" not in {one.id for one in every} else None,
        failed=failed[:200],
        page_number=at,
        pages=-(-len(found) // LISTED),
    )


def wanted(store: Store, digest: str) -> DocumentInfo:
    """Return a document by the part of its id that stands in addresses, or answer 404."""
    try:
        return store.document(f"sha256:{digest}")
    except UsageError as error:
        raise HTTPException(404, "There is no such document in this index.") from error


@router.get("/documents/{digest}")
def document(
    request: Request,
    store: Reading,
    digest: str,
    clause: str | None = None,
    label: str | None = None,
    at: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
    view: str = "page",
    facts: bool = False,
    cut: int = 0,
    undone: str = "",
    told: bool = False,
) -> HTMLResponse:
    """Show a page of a document, or a part of its text, with its clauses.

    `clause` picks the page it stands on; `cut` is the number of the cut that made it just now; `undone` says what was taken back;
    `told` says that a person gave its facts just now.
    """
    info = wanted(store, digest)
    rows = clauses_of(store, info.id)
    sheets = store.pages(info.id)
    pictures: Pictures = request.app.state.pictures
    paged = any(sheet["width"] > 0 for sheet in sheets)
    file = pictures.file_of(info) if paged else None
    as_text = file is None or view == "text"
    place = next((number for number, row in enumerate(rows) if row["id"] == clause), None)
    if clause is not None and place is None:
        raise HTTPException(404, "There is no such clause in this document; it may have been read anew since.")
    shared: dict[str, Any] = {
        "document": info, "rows": rows, "current": clause, "label": label, "labels": _labels(rows), "paged": paged,
        "missing": paged and file is None, "kinds": DOCUMENT_KINDS, "as_text": as_text, "next_clause": _neighbour(rows, place, 1),
        "asked_facts": facts, "told": told, "uploaded": is_copy(info.path, info.id, settings_of(request).uploads),
        "undone": undone if place is not None else "",
        "undone_row": rows[place] if place is not None else None,
        "cut_now": next((past for past in store.cuts(info.id) if past.number == cut), None) if cut else None,
        "chosen": [row for row in rows if label is not None and label in {found["name"] for found in row["labels"]}],
    }  # fmt: skip
    if as_text:
        part = place // PART if place is not None else min(at - 1, max(0, -(-len(rows) // PART) - 1))
        some = rows[part * PART : (part + 1) * PART]
        pieces = _laid_out(store.text(info.id), rows, part)
        return page(
            request, "text.html", **shared, some=some, pieces=pieces, page_number=part + 1, pages=max(1, -(-len(rows) // PART))
        )
    if place is not None and rows[place]["pages"]:
        at = rows[place]["pages"][0]
    at = min(at, len(sheets))
    some = [row for row in rows if at in row["pages"]]
    return page(request, "document.html", **shared, some=some, sheet=sheets[at - 1], page_number=at, pages=len(sheets))


def _neighbour(rows: Sequence[dict[str, Any]], place: int | None, step: int) -> str | None:
    return rows[place + step]["id"] if place is not None and 0 <= place + step < len(rows) else None


def _labels(rows: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for row in rows:
        for found in row["labels"]:
            counts[found["name"]] = counts.get(found["name"], 0) + 1
    return sorted(counts.items())


def _laid_out(text: str, rows: Sequence[dict[str, Any]], part: int) -> list[tuple[Piece, dict[str, Any] | None]]:
    """Cut a part of a document's text into what lies between clauses and the clauses themselves."""
    first, after = part * PART, (part + 1) * PART
    at = rows[first - 1]["end"] if 0 < first <= len(rows) else 0
    found: list[tuple[Piece, dict[str, Any] | None]] = []
    for row in rows[first:after]:
        if row["start"] > at:
            found.append((Piece(text[at : row["start"]]), None))
        if row["end"] > max(at, row["start"]):
            found.append((Piece(text[max(at, row["start"]) : row["end"]], row["stance"]), row))
        at = max(at, row["end"])
    return found if after < len(rows) else [*found, (Piece(text[at:]), None)]


def _sheets(store: Store, digest: str, number: int) -> tuple[DocumentInfo, list[dict[str, Any]]]:
    """Return a document and its pages, or answer that it has no page of that number."""
    info = wanted(store, digest)
    sheets = store.pages(info.id)
    if not 1 <= number <= len(sheets):
        raise HTTPException(404, "There is no such page in this document.")
    return info, sheets


@router.get("/documents/{digest}/pages/{number}.png")
def picture(request: Request, store: Reading, digest: str, number: int) -> Response:
    """Send a page as a picture."""
    info, sheets = _sheets(store, digest, number)
    pictures: Pictures = request.app.state.pictures
    try:
        drawn = pictures.picture(info, number, sheets[number - 1]["rotation"])
    except ReadError as error:
        raise HTTPException(404, f"The page cannot be drawn: {FAILURE_CODES[error.code]}.") from error
    return Response(drawn, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


@router.get("/documents/{digest}/pages/{number}/lines")
def lines(request: Request, store: Reading, digest: str, number: int) -> JSONResponse:
    """Send the lines of a page and where they stand, for the text that can be selected on its picture."""
    info, sheets = _sheets(store, digest, number)
    pictures: Pictures = request.app.state.pictures
    try:
        found = pictures.lines(info, number, len(sheets))
    except ReadError as error:
        raise HTTPException(404, f"The page cannot be read again: {FAILURE_CODES[error.code]}.") from error
    sheet = sheets[number - 1]
    return JSONResponse({"width": sheet["width"], "height": sheet["height"], "lines": found})


@router.post("/documents/{digest}/facts")
def tell(
    store: Writing,
    digest: str,
    title: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    jurisdiction: Annotated[str, Form()] = "",
    agency: Annotated[str, Form()] = "",
    date: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "1",
) -> RedirectResponse:
    """Keep what a person says a document is."""
    info = wanted(store, digest)
    store.tell(info.id, {"title": title, "kind": kind, "jurisdiction": jurisdiction, "agency": agency, "date": date})
    shown = urlencode({"page": back if back.isdigit() else "1", "told": "1"})
    return RedirectResponse(f"/documents/{digest_of(info.id)}?{shown}", 303)


@router.post("/documents/{digest}/remove")
def take_out(request: Request, store: Writing, digest: str) -> RedirectResponse:
    """Take a document out of the index."""
    gone = remove(request, store, wanted(store, digest))
    return RedirectResponse(f"/documents?{urlencode({'removed': digest_of(gone.id)})}", 303)
