"""Comparison pages: the matrix, the map, years, and two documents side by side; it must not know how they are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from nlp.errors import UsageError
from nlp.index import MEANING, Cell, Difference, Entry, Filters, as_csv, as_map, compare, difference, timeline
from nlp.index import By as ByName
from nlp.records import DOCUMENT_KINDS
from nlp.taxonomy import codebook
from nlp.web.documents import wanted
from nlp.web.pages import Piece, Reading, clauses_of, digest_of, page, title_of

router = APIRouter(include_in_schema=False)
ROWS = 40
CHANGES = 60
BY = get_args(ByName)
_SIDES = {"old": ("same", "removed"), "new": ("same", "added")}


@router.get("/compare")
def matrix(
    request: Request,
    store: Reading,
    by: str = "jurisdiction",
    columns: str = "topics",
    kind: str = "",
    topic: str = "",
    at: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Show what each place says on each topic."""
    found = compare(store, by=by_name(by), columns=columns, filters=Filters(kind=(kind,) if kind else ()))
    rows = found.rows[(at - 1) * ROWS : at * ROWS]
    used = [column for column in found.columns if any(row.cells[column].clauses for row in found.rows)]
    known = {document.path: document for document in store.documents()} if by == "document" else {}
    ids = {path: document.id for path, document in known.items()}
    lines = [
        {
            "name": title_of(known[row.name]) if row.name in known else row.name,
            "url": f"/documents/{digest_of(ids[row.name])}" if row.name in ids else None,
            "cells": [(row.cells[column], _link(by, row.name, column, row.cells[column], ids)) for column in used],
        }
        for row in rows
    ]
    return page(
        request, "compare.html", by=by, choices=BY, columns=columns, kind=kind, kinds=DOCUMENT_KINDS, used=used, lines=lines,
        meaning=MEANING, page_number=at, pages=-(-len(found.rows) // ROWS), years=timeline(store),
        topic=topic if topic in used else next(iter(used), ""),
    )  # fmt: skip


def by_name(name: str) -> ByName:
    """Return what rows are compared by; raise `UsageError` where they cannot be."""
    known: dict[str, ByName] = {choice: choice for choice in get_args(ByName)}
    if name not in known:
        raise UsageError(f"cannot compare by {name!r}; one of {', '.join(known)}")
    return known[name]


def _labels_of(column: str) -> list[str]:
    """Return the labels that a column of topics or labels stands for."""
    pairs = {opposite.topic: [opposite.restricts, opposite.enables] for opposite in codebook().opposites}
    return pairs.get(column, [column])


def _link(by: str, row: str, column: str, cell: Cell, ids: dict[str, str]) -> str | None:
    """Return the address of the search that finds the clauses of a cell, None where none does."""
    if not cell.clauses:
        return None
    labels = [("label", label) for label in _labels_of(column)]
    if by == "document":
        return f"/?{urlencode([('q', f'document:{ids[row]}'), *labels])}" if row in ids else None
    field = "kind" if by == "kind" else "jurisdiction"
    return None if row == "unknown" else f"/?{urlencode([*labels, (field, row)])}"


@router.get("/compare.csv")
def table(store: Reading, by: str = "jurisdiction", columns: str = "topics", kind: str = "") -> Response:
    """Send the matrix as a table."""
    found = compare(store, by=by_name(by), columns=columns, filters=Filters(kind=(kind,) if kind else ()))
    headers = {"Content-Disposition": 'attachment; filename="compare.csv"'}
    return Response(as_csv(found), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/compare/map.svg")
def tiles(store: Reading, column: str) -> Response:
    """Send a map of the states for one topic."""
    return Response(as_map(compare(store, by="state", columns="topics"), column), media_type="image/svg+xml")


@router.get("/diff")
def diff(
    request: Request,
    store: Reading,
    old: str = "",
    new: str = "",
    at: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Show two documents side by side."""
    found = [(digest_of(document.id), title_of(document)) for document in store.documents()]
    documents = sorted(dict(found).items(), key=lambda item: item[1].casefold())
    changes: Sequence[dict[str, Any]] = ()
    counts: Mapping[str, int] = {}
    if old and new:
        compared = difference(*(clauses_of(store, wanted(store, digest).id) for digest in (old, new)))
        changes, counts = _changes(compared), {str(name): count for name, count in compared.counts.items()}
    return page(
        request, "diff.html", old=old, new=new, documents=documents, changes=changes[(at - 1) * CHANGES : at * CHANGES],
        counts=counts, page_number=at, pages=-(-len(changes) // CHANGES), compared=bool(old and new),
    )  # fmt: skip


def _changes(found: Difference) -> list[dict[str, Any]]:
    return [
        {"change": entry.change, "old": _side(entry, "old"), "new": _side(entry, "new")}
        for entry in found.entries
        if entry.change != "same"
    ]


def _side(entry: Entry, side: str) -> dict[str, Any] | None:
    row = entry.old if side == "old" else entry.new
    if row is None:
        return None
    changed = [Piece(piece.text, piece.change) for piece in entry.pieces if piece.change in _SIDES[side]]
    return {"row": row, "pieces": changed or [Piece(row["text"])]}
