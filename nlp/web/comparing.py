"""Comparison pages: the matrix, the map, years, and two documents side by side; it must not know how they are compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from nlp.errors import UsageError
from nlp.index import (
    MEANING,
    Cell,
    Difference,
    Entry,
    Filters,
    Matrix,
    Store,
    Tallies,
    as_csv,
    as_map,
    summary,
    tallied,
    tallied_years,
)
from nlp.index import By as ByName
from nlp.records import DOCUMENT_KINDS
from nlp.taxonomy import codebook
from nlp.web.documents import wanted
from nlp.web.kept import Kept
from nlp.web.pages import Piece, Reading, as_table, differing, digest_of, kept_of, named, page, title_of

router = APIRouter(include_in_schema=False)
CELLS = 350
"""Cells on a page of the matrix: that many links weigh under 100 KB."""
LISTED = 100
CHANGES = 60
FOLDED = 4
"""So many clauses in a row that stand in one document alone are shown when asked for."""
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
    found = cells(kept_of(request), store, by, columns, kind)
    used = [column for column in found.columns if any(row.cells[column].count for row in found.rows)]
    each = max(1, CELLS // max(1, len(used)))
    rows = found.rows[(at - 1) * each : at * each]
    known = {document.path: document for document in store.documents()} if by == "document" else {}
    ids = {path: document.id for path, document in known.items()}
    failed: dict[str, str] = {}
    if by == "document" and any(row.name not in known for row in rows):
        failed = {entry.path: named(entry)[0] for entry in store.ledger() if entry.state == "failed"}
    said = {row.cells[column].state for row in rows for column in used}
    lines = [
        {
            "name": title_of(known[row.name]) if row.name in known else failed.get(row.name, row.name),
            "url": f"/documents/{digest_of(ids[row.name])}" if row.name in ids else None,
            "cells": [(row.cells[column], _opens(by, row.name, column, row.cells[column], ids)) for column in used],
        }
        for row in rows
    ]
    return page(
        request, "compare.html", by=by, choices=BY, columns=columns, kind=kind, kinds=DOCUMENT_KINDS, used=used, lines=lines,
        meaning={state: words for state, words in MEANING.items() if state in said},
        page_number=at, pages=-(-len(found.rows) // each), years=years(kept_of(request), store),
        topic=topic if topic in used else next(iter(used), ""),
    )  # fmt: skip


def cells(kept: Kept, store: Store, by: str = "jurisdiction", columns: str = "topics", kind: str = "") -> Matrix:
    """Return a matrix with counts in its cells."""
    filters, rows = Filters(kind=(kind,) if kind else ()), by_name(by)
    return kept.get(
        store,
        ("matrix", by, columns, kind),
        lambda: tallied(store, tallies(kept, store), by=rows, columns=columns, filters=filters),
    )


def years(kept: Kept, store: Store) -> dict[str, dict[str, int]]:
    """Return the counts by year."""
    return kept.get(store, "timeline", lambda: tallied_years(store, tallies(kept, store)))


def ahead(kept: Kept, store: Store) -> None:
    """Work out what the page shows first, whichever rows are chosen."""
    for by in BY:
        cells(kept, store, by)
    years(kept, store)


def tallies(kept: Kept, store: Store) -> Tallies:
    """Return how many clauses of each document have which labels: what every matrix is made of."""
    return kept.get(store, "tallies", store.tallies)


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


def _opens(by: str, row: str, column: str, cell: Cell, ids: dict[str, str]) -> str | None:
    """Return the address that opens the clauses of a cell, None where none does; short, since a page has hundreds of them."""
    if not cell.count or row == "unknown" or (by == "document" and row not in ids):
        return None
    return f"/compare/cell?{urlencode({by: digest_of(ids[row]) if by == 'document' else row, 'on': column})}"


@router.get("/compare/cell")
def cell(request: Request, on: str) -> RedirectResponse:
    """Go to the search that finds the clauses of a cell."""
    labels = [("label", label) for label in _labels_of(on)]
    by, row = next(((name, request.query_params[name]) for name in BY if name in request.query_params), ("", ""))
    if not row:
        raise UsageError("a cell is named by its row and its column")
    if by == "document":
        return RedirectResponse(f"/?{urlencode([('q', f'document:sha256:{row}'), *labels])}", 303)
    return RedirectResponse(f"/?{urlencode([*labels, ('kind' if by == 'kind' else 'jurisdiction', row)])}", 303)


@router.get("/compare.csv")
def table(request: Request, store: Reading, by: str = "jurisdiction", columns: str = "topics", kind: str = "") -> Response:
    """Send the matrix as a table."""
    found = cells(kept_of(request), store, by, columns, kind)
    return as_table(as_csv(found).encode(), "compare.csv")


@router.get("/compare/map.svg")
def tiles(request: Request, store: Reading, column: str, dark: bool = False) -> Response:
    """Send a map of the states for one topic."""
    return Response(as_map(cells(kept_of(request), store, "state"), column, dark=dark), media_type="image/svg+xml")


@router.get("/diff")
def diff(
    request: Request,
    store: Reading,
    old: str = "",
    new: str = "",
    find: Annotated[str, Query(max_length=200)] = "",
    at: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Show two documents side by side."""
    every = kept_of(request).get(store, "titles", lambda: _titles(store))
    documents = [item for item in every if find.casefold() in item[1].casefold()][:LISTED]
    documents += [item for item in every if item[0] in (old, new) and item not in documents]
    changes: Sequence[dict[str, Any]] = ()
    account: Sequence[str] = ()
    if old and new:
        compared = differing(store, wanted(store, old).id, wanted(store, new).id)
        changes, account = _changes(compared), summary(compared)
    return page(
        request, "diff.html", old=old, new=new, find=find, many=len(every) > LISTED, documents=documents,
        runs=_runs(changes[(at - 1) * CHANGES : at * CHANGES]),
        account=account, page_number=at, pages=-(-len(changes) // CHANGES), compared=bool(old and new),
    )  # fmt: skip


def _titles(store: Store) -> list[tuple[str, str]]:
    found = {digest_of(document.id): title_of(document) for document in store.documents()}
    return sorted(found.items(), key=lambda item: item[1].casefold())


def _changes(found: Difference) -> list[dict[str, Any]]:
    return [
        {"change": entry.change, "old": _side(entry, "old"), "new": _side(entry, "new")}
        for entry in found.entries
        if entry.change != "same"
    ]


def _runs(changes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Gather changes that follow one another; a run of many clauses of one document alone is to be folded."""
    runs = []
    for change, group in groupby(changes, key=lambda one: one["change"]):
        some = list(group)
        rows = [(one["old"] or one["new"])["row"] for one in some]
        alone = change in ("removed", "added") and len(some) >= FOLDED
        headings = list(dict.fromkeys(row["heading"][0] for row in rows if row["heading"]))
        runs.append({"change": change, "some": some, "folded": alone, "first": rows[0], "last": rows[-1], "headings": headings})
    return runs


def _side(entry: Entry, side: str) -> dict[str, Any] | None:
    row = entry.old if side == "old" else entry.new
    if row is None:
        return None
    changed = [Piece(piece.text, piece.change) for piece in entry.pieces if piece.change in _SIDES[side]]
    return {"row": row, "pieces": changed or [Piece(row["text"])]}
