"""The search page and its downloads; it must not know how a search is answered."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from nlp.errors import QueryError, UsageError
from nlp.index import FIELDS, SearchResult, Store, export, open_store
from nlp.web.asking import PAGE, Asked
from nlp.web.kept import Kept
from nlp.web.pages import Piece, Reading, as_json, as_table, attached, kept_of, page, pieces, settings_of

router = APIRouter(include_in_schema=False)
FACETS = {
    "label": "Label",
    "stance": "Direction",
    "modality": "Force",
    "jurisdiction": "Place",
    "kind": "Kind of document",
    "year": "Year",
}
EMPTY = SearchResult((), 0, 0)
_WORD = re.compile(r"\w{3,}")
_ONLY = re.compile(r"document:(sha256:[0-9a-f]{64})")
_STEM = 5
"""Words are taken for the same where they begin so, as far as this goes."""


@router.get("/")
def search(request: Request, store: Reading) -> HTMLResponse:
    """Show a search, or what to do first where the index is empty."""
    asked = Asked.of(request.query_params)
    if not asked.narrowed and next(store.documents(), None) is None:
        return page(request, "first.html", samples=settings_of(request).samples is not None)
    found, problem, stop = EMPTY, None, None
    try:
        found = answer(kept_of(request), store, asked)
    except UsageError as error:
        error = _as_typed(store, asked) or error
        problem, stop = str(error), error.position if isinstance(error, QueryError) and error.query == asked.typed else None
    hits = [
        (hit, _snippet(hit.snippet.text, hit.snippet.marks), "" if hit.snippet.marks else _above(hit.provision, asked.typed))
        for hit in found.hits
    ]
    return page(
        request, "search.html", 400 if problem else 200, asked=asked, found=found, hits=hits, problem=problem, stop=stop,
        facets=_facets(found, asked), fields=FIELDS, pages=-(-found.total // PAGE),
    )  # fmt: skip


def _as_typed(store: Store, asked: Asked) -> QueryError | None:
    """Return what is wrong with the query as it was typed, without the year that the page adds to it."""
    try:
        store.search(asked.typed, limit=0)
    except QueryError as error:
        return error
    return None


def answer(kept: Kept, store: Store, asked: Asked) -> SearchResult:
    """Return what a page of a search shows."""
    return kept.get(
        store,
        ("search", asked.url()),
        lambda: store.search(asked.query, asked.filters, PAGE, (asked.page - 1) * PAGE, facets=True, fold=asked.fold),
    )


def _snippet(text: str, marks: tuple[tuple[int, int], ...]) -> list[Piece]:
    return pieces(text, [(start, end, "hit") for start, end in marks])


def _above(row: Mapping[str, Any], typed: str) -> str:
    """Return what stands above a clause, where a word that was typed stands there; nothing otherwise."""
    above = " › ".join([*row["heading"], *filter(None, [row["lead_in"]])])
    return above if any(word[:_STEM] in above.casefold() for word in _WORD.findall(typed.casefold())) else ""


def _facets(found: SearchResult, asked: Asked) -> list[dict[str, Any]]:
    """Return each facet with its values: what is chosen first, then the most frequent."""
    facets = []
    for name, heading in FACETS.items():
        values = [
            {
                "value": value,
                "count": count,
                "chosen": asked.chosen(name, value),
                "url": None if value == "unknown" else asked.toggled(name, value),
            }
            for value, count in found.facets.get(name, {}).items()
        ]
        missing = [value for value in asked.values.get(name, ()) if value not in found.facets.get(name, {})]
        values += [{"value": value, "count": 0, "chosen": True, "url": asked.toggled(name, value)} for value in missing]
        values.sort(key=lambda value: not value["chosen"])
        if values:
            facets.append({"name": name, "heading": heading, "values": values[:60]})
    return facets


@router.get("/search.csv")
def as_csv(request: Request, store: Reading) -> Response:
    """Send all that a search finds as a table."""
    asked, out = Asked.of(request.query_params), io.BytesIO()
    export(store, "csv", out, query=asked.query, filters=asked.filters)
    return as_table(out.getvalue(), _file_name(store, asked, "csv"))


@router.get("/search.json")
def as_list(request: Request, store: Reading) -> Response:
    """Send all that a search finds as a list of records."""
    asked, db = Asked.of(request.query_params), settings_of(request).db
    store.search(asked.query, asked.filters, 0)

    def lines() -> Iterator[str]:
        before = "[\n"
        with open_store(db, read_only=True) as again:
            for row in again.provisions(query=asked.query, filters=asked.filters):
                yield before + as_json(row)
                before = ",\n"
        yield "\n]\n" if before != "[\n" else "[]\n"

    return StreamingResponse(lines(), media_type="application/json", headers=attached(_file_name(store, asked, "json")))


def _file_name(store: Store, asked: Asked, suffix: str) -> str:
    """Return the name for a file of what was asked: after the document where it is the clauses of one."""
    only = _ONLY.fullmatch(asked.typed)
    if only:
        try:
            return f"{PurePath(store.document(only[1]).source).stem}.{suffix}"
        except UsageError:
            pass
    return f"clauses.{suffix}"
