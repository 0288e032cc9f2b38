"""Compares jurisdictions, states or documents by what their law says, label by label; knows nothing of engines or of pictures."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nlp.errors import UsageError
from nlp.index.places import code_of
from nlp.index.results import NO_FILTERS, DocumentInfo, Filters, Outline, Place
from nlp.index.store import Store
from nlp.taxonomy import LabelStance, Opposite, codebook
from nlp.taxonomy.crosswalks import schemes

By = Literal["jurisdiction", "state", "document", "agency", "kind"]
BY: tuple[By, ...] = ("jurisdiction", "state", "document", "agency", "kind")
CellState = Literal["restricts", "enables", "both", "has", "silent", "not read"]
UNKNOWN = "unknown"

ABSENT: tuple[CellState, ...] = ("silent", "not read")

MEANING: dict[CellState, str] = {
    "restricts": "restricts cooperation",
    "enables": "requires or permits cooperation",
    "both": "has clauses in both directions",
    "has": "has such a clause",
    "silent": "was read and has no such clause",
    "not read": "no document was read in full",
}
"""What the state of a cell says of the row."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row says on a column, how many clauses say it, and which; those are left out where clauses were only counted."""

    state: CellState
    clauses: tuple[Place, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A jurisdiction, state or document: how many documents were read, how many of those in part, and its cells by column."""

    name: str
    documents: int
    partial: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column counts: labels, each with the direction it speaks for.

    A column of one label needs that label: its opposite alone leaves the cell silent, both together make it ``both``.
    """

    name: str
    directions: Mapping[str, CellState]
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by name, columns in the order of the codebook or scheme."""

    by: By
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


def compare(
    store: Store,
    *,
    by: By = "jurisdiction",
    columns: str = "labels",
    filters: Filters = NO_FILTERS,
    expected: Iterable[str] = (),
) -> Matrix:
    """Return the matrix of rows and labels.

    `columns` are ``labels``, ``topics`` (a label and its opposite share a column) or the name of an outside scheme whose criteria
    are the columns (`nlp.taxonomy.crosswalks.schemes`). `filters` narrow the documents by kind and jurisdiction, the columns
    by label, and the clauses that count by stance and modality. `expected` names rows that must appear though nothing was read
    of them. A cell is silent only if at least one document of its row was read in full; a file that failed is a row of its own
    where rows are documents. Raises `UsageError` for rows or columns that cannot be.
    """
    if by not in BY:
        raise UsageError(f"cannot compare by {by!r}; one of {', '.join(BY)}")
    documents = [document for document in store.documents() if within(document, filters)]
    rows = rows_of(documents, by)
    clauses: dict[tuple[str, str], list[Outline]] = defaultdict(list)
    paths = {document.path: row_name(document, by) for document in documents}
    narrowed = replace(filters, label=())
    carried: set[str] = set()
    for outline in store.outlines(filters=narrowed):
        carried.update(outline.labels)
        if outline.path in paths:
            for label in outline.labels:
                clauses[paths[outline.path], label].append(outline)
    chosen = columns_of(columns, filters, carried)
    names = sorted({*rows, *expected, *unread(store, by, filters)})
    return Matrix(
        by, tuple(column.name for column in chosen), tuple(_row(name, rows.get(name, ()), chosen, clauses) for name in names)
    )


def rows_of(documents: Iterable[DocumentInfo], by: By) -> dict[str, list[DocumentInfo]]:
    """Return the documents of each row."""
    rows: dict[str, list[DocumentInfo]] = defaultdict(list)
    for document in documents:
        rows[row_name(document, by)].append(document)
    return dict(rows)


def unread(store: Store, by: By, filters: Filters) -> list[str]:
    """Return the rows of files that failed: each its own where rows are documents and nothing narrows them, else none."""
    if by != "document" or filters != NO_FILTERS:
        return []
    return [entry.path for entry in store.ledger() if entry.state == "failed"]


def columns_of(columns: str, filters: Filters, carried: Collection[str] = ()) -> tuple[Column, ...]:
    """Return the columns of a matrix; raise `UsageError` where they cannot be.

    Labels that provisions carry beyond the codebook's are columns after it, and instead of it where they carry no other: a model
    of another taxonomy knows nothing of the codebook, so that its labels are not silent there.
    """
    if columns in schemes():
        stances = {label.name: label.stance for label in codebook().labels}
        return tuple(
            Column(criterion.name, {label: _direction(stances[label]) for label in criterion.labels})
            for criterion in schemes()[columns].criteria
        )
    if columns not in ("labels", "topics"):
        raise UsageError(f"there is no scheme {columns!r}; one of labels, topics, {', '.join(schemes())}")
    opposites = {name: opposite for opposite in codebook().opposites for name in (opposite.restricts, opposite.enables)}
    found: dict[str, Column] = {}
    own, wanted = sorted(set(carried) - set(codebook().names)), set(filters.label)
    for label in codebook().labels if not own or (wanted | set(carried)) - set(own) else ():
        opposite = opposites.get(label.name)
        if columns == "topics" and opposite is not None:
            found.setdefault(opposite.topic, Column(opposite.topic, _both(opposite)))
        else:
            directions = {label.name: _direction(label.stance)} if opposite is None else _both(opposite)
            found[label.name] = Column(label.name, directions, needs=label.name)
    found |= {name: Column(name, {name: "has"}, needs=name) for name in own}
    possible = {*codebook().names, *own, *found}
    for name in sorted(wanted - possible):
        near = difflib.get_close_matches(name, sorted(possible), n=1)
        raise UsageError(f"there is no label {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
    if not wanted:
        return tuple(found.values())
    return tuple(
        column for column in found.values() if column.name in wanted or (columns == "topics" and wanted & set(column.directions))
    )


def _direction(stance: LabelStance) -> CellState:
    return stance if stance in ("restricts", "enables") else "has"


def _both(opposite: Opposite) -> dict[str, CellState]:
    return {opposite.restricts: "restricts", opposite.enables: "enables"}


def within(document: DocumentInfo, filters: Filters) -> bool:
    """Tell whether a document is of the kinds and jurisdictions that filters ask for."""
    place = " ".join(part for part in (document.jurisdiction, document.agency) if part).casefold()

    def inside(value: str) -> bool:
        code = code_of(value)
        return document.state == code if code is not None else value.casefold() in place

    kinds = {kind.lower() for kind in filters.kind}
    return (not kinds or document.kind in kinds) and (not filters.jurisdiction or any(map(inside, filters.jurisdiction)))


def not_known(document: DocumentInfo, by: By, filters: Filters = NO_FILTERS) -> bool:
    """Tell whether a document that filters ask for stands in the row of those of which it is not known where they belong."""
    return by != "document" and not getattr(document, by) and within(document, filters)


def row_name(document: DocumentInfo, by: By) -> str:
    """Return the row a document belongs to."""
    if by == "document":
        return document.path
    return str(getattr(document, by) or UNKNOWN)


def _row(
    name: str,
    documents: Sequence[DocumentInfo],
    columns: Sequence[Column],
    clauses: Mapping[tuple[str, str], Sequence[Outline]],
) -> MatrixRow:
    partial = sum(document.partial for document in documents)
    present = {label for column in columns for label in column.directions if (name, label) in clauses}
    cells = {}
    for column in columns:
        state = cell_state(column, present, documents)
        counts = column.directions if state not in ABSENT else ()
        found = [outline for label in counts for outline in clauses.get((name, label), ())]
        places = {(outline.path, outline.id): Place(outline.document, outline.page, outline.id) for outline in found}
        cells[column.name] = Cell(state, tuple(places[key] for key in sorted(places)), len(places))
    return MatrixRow(name, len(documents), partial, cells)


def cell_state(column: Column, present: Container[str], documents: Sequence[DocumentInfo]) -> CellState:
    """Return what a row of documents says on a column, from the labels present in it."""
    directions: set[CellState] = set()
    if column.needs is None or column.needs in present:
        directions = {direction for label, direction in column.directions.items() if label in present}
    if not directions:
        return silence(documents)
    return "both" if len(directions) > 1 else directions.pop()


def silence(documents: Sequence[DocumentInfo]) -> CellState:
    """Return what a row of documents says on what no label of it speaks of."""
    return "silent" if any(not document.partial for document in documents) else "not read"


def timeline(store: Store, *, filters: Filters = NO_FILTERS) -> dict[str, dict[str, int]]:
    """Return, year by year, in how many documents each label stands; documents without a date are left out."""
    labels: dict[str, set[str]] = defaultdict(set)
    for outline in store.outlines(filters=filters):
        labels[outline.path].update(outline.labels)
    return by_year(store, labels)


def by_year(store: Store, labels: Mapping[str, Iterable[str]]) -> dict[str, dict[str, int]]:
    """Return, year by year, in how many documents each label stands, from the labels of each path."""
    years: dict[str, Counter[str]] = defaultdict(Counter)
    for document in store.documents():
        if document.date and labels.get(document.path):
            years[document.date[:4]].update(set(labels[document.path]))
    place = {name: at for at, name in enumerate(codebook().names)}
    return {
        year: {label: counts[label] for label in sorted(counts, key=lambda name: (place.get(name, len(place)), name))}
        for year, counts in sorted(years.items())
    }
