"""Compares rows and years by how many clauses have which labels, without naming the clauses; knows no engine.

It says of every cell what `nlp.index.comparing` says, and is ten times quicker over a large index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from nlp.errors import UsageError
from nlp.index.comparing import ABSENT, BY, By, Cell, Matrix, MatrixRow, by_year, columns_of, rows_of, state_of, unread, within
from nlp.index.results import NO_FILTERS, Filters
from nlp.index.store import Store

Tallies = Mapping[str, Mapping[tuple[str, ...], int]]
"""How many provisions of each path have each set of labels."""


def tallied(
    store: Store, tallies: Tallies, *, by: By = "jurisdiction", columns: str = "labels", filters: Filters = NO_FILTERS
) -> Matrix:
    """Return the matrix that `compare` returns, with counts in place of clauses.

    `filters` may narrow documents and columns, not clauses; raises `UsageError` where they would.
    """
    if by not in BY:
        raise UsageError(f"cannot compare by {by!r}; one of {', '.join(BY)}")
    if filters.stance or filters.modality:
        raise UsageError("clauses that are only counted cannot be narrowed by stance or modality")
    chosen = columns_of(columns, filters)
    uses: dict[str, set[str]] = defaultdict(set)
    for column in chosen:
        for label in column.directions:
            uses[label].add(column.name)
    rows = rows_of((document for document in store.documents() if within(document, filters)), by)
    made = []
    for name in sorted({*rows, *unread(store, by, filters)}):
        documents = rows.get(name, [])
        present: set[str] = set()
        counts: Counter[str] = Counter()
        for document in documents:
            for labels, number in tallies.get(document.path, {}).items():
                present.update(labels)
                for used in {used for label in labels for used in uses.get(label, ())}:
                    counts[used] += number
        cells = {}
        for column in chosen:
            state = state_of(column, present, documents)
            cells[column.name] = Cell(state, (), 0 if state in ABSENT else counts[column.name])
        made.append(MatrixRow(name, len(documents), sum(document.partial for document in documents), cells))
    return Matrix(by, tuple(column.name for column in chosen), tuple(made))


def tallied_years(store: Store, tallies: Tallies) -> dict[str, dict[str, int]]:
    """Return what `timeline` returns."""
    return by_year(store, {path: {label for labels in sets for label in labels} for path, sets in tallies.items()})
