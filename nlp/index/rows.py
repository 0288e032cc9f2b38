"""Turns records into rows of the tables and rows into the JSON rows of the command-line contract; knows no engine."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from nlp.index.fingerprint import fingerprint
from nlp.index.ledger import LedgerEntry, stored
from nlp.index.places import state_of
from nlp.index.results import DocumentInfo
from nlp.index.storable import clean
from nlp.records import Box, Clause, Condition, Cue, Document, Fact, Label, Problem, Provision

LEDGER = tuple(field.name for field in dataclasses.fields(LedgerEntry))
DOCUMENT = (
    "key", "path", "source", "id", "format", "title", "kind", "jurisdiction", "state", "agency", "date", "partial",
    "facts", "problems", "pages", "text", "search_names", "search_place",
)  # fmt: skip
INFO = ("path", "source", "id", "format", "title", "kind", "jurisdiction", "state", "agency", "date", "partial")
PROVISION = (
    "key", "document", "position", "id", "number", "heading", "lead_in", "text", "start", "end", "pages", "boxes", "kind",
    "struck", "added", "stance", "modality", "conditions", "cues", "model", "actor", "exception_to", "abstained", "guesses",
    "reviewed", "fingerprint",
)  # fmt: skip
CONTRACT = (
    "document", "document_id", "id", "number", "heading", "lead_in", "text", "start", "end", "pages", "boxes", "kind", "struck",
    "added", "labels", "stance", "modality", "conditions", "cues", "exception_to", "actor", "abstained", "guesses", "reviewed",
    "model",
)  # fmt: skip
"""The keys of a contract row in the order they are written."""

_JSON = frozenset(("heading", "pages", "boxes", "added", "conditions", "cues", "guesses"))
_FLAGS = frozenset(("abstained", "reviewed"))
_FLAT = {
    kind: (names, attrgetter(*names))
    for kind in (Box, Condition, Cue, Fact, Label, Problem)
    for names in [tuple(field.name for field in dataclasses.fields(kind))]
}
"""The fields of records whose values are plain, and what reads them all at once."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def columns(names: Iterable[str], table: str = "") -> str:
    """Return a list of quoted columns for SQL."""
    return ", ".join(f'{table}"{name}"' for name in names)


def insert(table: str, names: Sequence[str]) -> str:
    """Return the statement that adds a row to a table."""
    return f"INSERT INTO {table} ({columns(names)}) VALUES ({', '.join('?' * len(names))})"


def compact(value: Any) -> str:
    """Write a value as JSON without spaces, in the characters it has."""
    return clean(_ENCODER.encode(value))


@lru_cache(maxsize=1024)
def _plain(values: tuple[str | int, ...]) -> str:
    """Write a tuple as JSON; clauses that stand together share their headings and pages."""
    return compact(values)


def _flat(records: Sequence[Box | Condition | Cue | Fact | Label | Problem]) -> str:
    """Write records of one type, whose values are plain, as JSON objects."""
    if not records:
        return "[]"
    names, values = _FLAT[type(records[0])]
    return compact([dict(zip(names, values(record), strict=True)) for record in records])


def _text(value: str | None) -> str | None:
    return None if value is None else clean(value)


def ledger_row(entry: LedgerEntry) -> tuple[Any, ...]:
    """Return the values of `LEDGER`."""
    path, *values = dataclasses.astuple(entry)
    return (stored(path), *(clean(value) if isinstance(value, str) else value for value in values))


def document_row(key: int, path: str, document: Document) -> tuple[Any, ...]:
    """Return the values of `DOCUMENT`."""
    pages = [
        {"number": page.number, "width": page.width, "height": page.height, "rotation": page.rotation, "method": page.method,
         "quality": page.quality, "reason": page.reason, "start": page.start, "end": page.end}
        for page in document.pages
    ]  # fmt: skip
    names = " ".join(part for part in (path, document.source, document.title) if part)
    place = " ".join(part for part in (document.jurisdiction, document.agency) if part)
    return (
        key, stored(path), clean(document.source), document.id, document.format, _text(document.title), document.kind,
        _text(document.jurisdiction), state_of(document.jurisdiction), _text(document.agency), _text(document.date),
        int(document.partial), _flat(document.facts), _flat(document.problems), compact(pages),
        clean(document.text), clean(names).casefold(), clean(place).casefold(),
    )  # fmt: skip


def provision_row(key: int, document: int, position: int, provision: Provision) -> tuple[Any, ...]:
    """Return the values of `PROVISION`."""
    clause = provision.clause
    return (
        key, document, position, clean(clause.id), clean(clause.number), _plain(tuple(clause.heading)), _text(clause.lead_in),
        clean(clause.text), clause.start, clause.end, _plain(tuple(clause.pages)), _flat(clause.boxes),
        clause.kind, _text(clause.struck), _plain(tuple(clause.added)), provision.stance, provision.modality,
        _flat(provision.conditions), _flat(provision.cues), provision.model, _text(provision.actor),
        _text(provision.exception_to), int(provision.abstained), _flat(provision.guesses), int(provision.reviewed),
        fingerprint(clause.text),
    )  # fmt: skip


def contract_row(values: Mapping[str, Any], source: str, document_id: str, labels: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Return the JSON row of a provision from its values, its document and its labels, best first."""
    row: dict[str, Any] = {}
    for name in CONTRACT:
        if name == "document":
            row[name] = source
        elif name == "document_id":
            row[name] = document_id
        elif name == "labels":
            row[name] = [{"name": label, "score": score} for label, score in labels]
        elif name in _JSON:
            row[name] = json.loads(values[name])
        else:
            row[name] = bool(values[name]) if name in _FLAGS else values[name]
    return row


def clause_of(row: Mapping[str, Any]) -> Clause:
    """Return the clause of a contract row."""
    return Clause(
        id=row["id"],
        document=row["document"],
        document_id=row["document_id"],
        number=row["number"],
        heading=tuple(row["heading"]),
        lead_in=row["lead_in"],
        text=row["text"],
        start=row["start"],
        end=row["end"],
        pages=tuple(row["pages"]),
        boxes=tuple(Box(**box) for box in row["boxes"]),
        kind=row["kind"],
        struck=row["struck"],
        added=tuple(row["added"]),
    )


def info(values: Mapping[str, Any]) -> DocumentInfo:
    """Return a document's facts from its row."""
    return DocumentInfo(**{name: values[name] for name in INFO if name != "partial"}, partial=bool(values["partial"]))


def loads(text: str) -> Any:
    """Read a JSON column."""
    return json.loads(text)
