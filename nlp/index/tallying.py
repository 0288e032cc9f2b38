"""Compares rows and years by how many clauses have which labels, without naming the clauses; knows no engine.

It says of every cell what `nlp.index.comparing` says, and is ten times quicker over a large index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from nlp.errors import UsageError
from nlp.index.comparing import (
    BY,
    By,
    Cell,
    CellState,
    Matrix,
    MatrixRow,
    by_year,
    columns_of,
    rows_of,
    silence,
    unread,
    within,
)
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
    carried = {label for counts in tallies.values() for labels in counts for label in labels}
    chosen = columns_of(columns, filters, carried)
    says: dict[str, list[tuple[str, CellState, str | None]]] = defaultdict(list)
    for column in chosen:
        for label, direction in column.directions.items():
            says[label].append((column.name, direction, column.needs))
    used: dict[tuple[str, ...], set[str]] = {}
    rows = rows_of((document for document in store.documents() if within(document, filters)), by)
    made = []
    for name in sorted({*rows, *unread(store, by, filters)}):
        documents = rows.get(name, [])
        present: set[str] = set()
        counts: Counter[str] = Counter()
        for document in documents:
            for labels, number in tallies.get(document.path, {}).items():
                if labels not in used:
                    used[labels] = {column for label in labels for column, _, _ in says.get(label, ())}
                present.update(labels)
                for counted in used[labels]:
                    counts[counted] += number
        states: dict[str, CellState] = {}
        for label in present:
            for column_name, direction, needs in says.get(label, ()):
                if needs is None or needs in present:
                    states[column_name] = direction if states.get(column_name, direction) == direction else "both"
        cells = dict.fromkeys((column.name for column in chosen), Cell(silence(documents), (), 0))
        cells.update((column_name, Cell(state, (), counts[column_name])) for column_name, state in states.items())
        made.append(MatrixRow(name, len(documents), sum(document.partial for document in documents), cells))
    return Matrix(by, tuple(column.name for column in chosen), tuple(made))


def tallied_years(store: Store, tallies: Tallies) -> dict[str, dict[str, int]]:
    """Return what `timeline` returns."""
    return by_year(store, {path: {label for labels in sets for label in labels} for path, sets in tallies.items()})
