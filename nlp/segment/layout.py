"""Measures what is usual on a document's pages: steps between lines, edges of columns, what capitals and bold mean."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.segment.enumerators import WEAK_BULLETS
from nlp.segment.lines import Row

Column = tuple[int, int]
"""A page, and the side its column is on."""
FLOW: Column = (-1, 0)
"""The only column of a format without pages."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is usual in a document: the step from line to line, the edges of its columns, whether capitals mean anything.

    `step` is by page, `edges` are the left and right edge of each column, `gutters` the middle between two columns by page, and
    `bold` holds the pages set bold throughout. `wrapped` is False where a line of the file is a paragraph, however long.
    """

    step: dict[int, float]
    edges: dict[Column, tuple[float, float]]
    gutters: dict[int, float]
    wrapped: bool
    capitals: bool
    bullets: frozenset[str]
    bold: frozenset[int]

    def stands_out(self, row: Row) -> bool:
        """Tell whether a row is bold on a page where bold means anything."""
        return row.bold and row.page not in self.bold

    def right_of(self, row: Row) -> float:
        """Return where full lines of the row's column end."""
        return self.edges.get(self._column(row), (0.0, 0.0))[1]

    def middle(self, row: Row) -> float:
        """Return a place two thirds along a full line of the row's column: one that ends before it was ended on purpose."""
        left, right = self.edges.get(self._column(row), (0.0, 0.0))
        return left + 0.66 * (right - left)

    def _column(self, row: Row) -> Column:
        return (row.page, side_of(row, self.gutters.get(row.page))) if row.drawn else FLOW


def layout_of(rows: Sequence[Row], *, loud_body: bool = False) -> Layout:
    """Measure a document's layout; `loud_body` says that its body is in capitals where it adds to the law."""
    body = [row for row in rows if row.aside is None and row.text]
    drawn = [row for row in body if row.drawn]
    steps: dict[int, list[float]] = {}
    for before, after in itertools.pairwise(drawn):
        if before.page == after.page and after.top > before.top:
            steps.setdefault(after.page, []).append(step_between(before, after))
    everywhere = sorted(step for page in steps.values() for step in page)
    usual = _low_median(everywhere)
    step = {page: _low_median(sorted(values)) if len(values) >= 10 else usual for page, values in steps.items()}
    pages: dict[int, list[Row]] = {}
    for row in drawn:
        pages.setdefault(row.page, []).append(row)
    edges, gutters = _edges(drawn, pages)
    lengths = sorted(row.x1 for row in body if not row.drawn)
    wrapped = bool(lengths) and _quantile(lengths, 0.98) <= 130
    if lengths:
        edges[FLOW] = (0.0, _quantile(lengths, 0.95))
    loud = sum(1 for row in body if len(row.text) > 30 and row.text.upper() == row.text)
    capitals = not loud_body and loud < 0.25 * max(1, sum(1 for row in body if len(row.text) > 30))
    counts: dict[str, int] = {}
    for row in body:
        if len(row.text) > 3 and row.text[0] in WEAK_BULLETS and row.text[1] in "  \t" and row.text[2].isalnum():
            counts[row.text[0]] = counts.get(row.text[0], 0) + 1
    marks = frozenset(mark for mark, count in counts.items() if count >= 2)
    return Layout(step, edges, gutters, wrapped, capitals, marks, _bold_pages(body))


def _bold_pages(body: Sequence[Row]) -> frozenset[int]:
    """Return the pages most of whose long lines are bold: there bold is the body's own."""
    long, bold = Counter[int](), Counter[int]()
    for row in body:
        if len(row.text) > 50:
            long[row.page] += 1
            bold[row.page] += row.bold
    return frozenset(page for page, count in bold.items() if count > 0.6 * long[page] and count >= 5)


def _edges(drawn: Sequence[Row], pages: dict[int, list[Row]]) -> tuple[dict[Column, tuple[float, float]], dict[int, float]]:
    """Measure the columns of every page; a page too short to tell takes the whole document's right edge."""
    edges: dict[Column, tuple[float, float]] = {}
    gutters: dict[int, float] = {}
    whole = _right_edge(drawn)
    for page, members in pages.items():
        gutter = _gutter(members)
        if gutter is not None:
            gutters[page] = gutter
        columns: dict[int, list[Row]] = {}
        for row in members:
            columns.setdefault(side_of(row, gutter), []).append(row)
        for side, rows in columns.items():
            right = _right_edge(rows)
            known = len(rows) >= 25 or gutter is not None
            left = _quantile(sorted(row.x0 for row in rows), 0.1)
            edges[page, side] = (left, right if known else max(right, whole))
    return edges, gutters


def side_of(row: Row, gutter: float | None) -> int:
    """Return 1 for a row in the left column, 2 for one in the right, 0 for one that crosses the gutter or where there is none."""
    if gutter is None or row.x0 < gutter < row.x1:
        return 0
    return 1 if row.x1 <= gutter else 2


def _gutter(rows: Sequence[Row]) -> float | None:
    """Return the middle of the gutter of a page set in two columns: lines on both sides of it, side by side, few across it."""
    if len(rows) < 12:
        return None
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    starts = sorted(row.x0 for row in rows if left + 0.35 * (right - left) < row.x0 < left + 0.65 * (right - left))
    if len(starts) < 0.25 * len(rows):
        return None
    gutter = _quantile(starts, 0.1) - 1
    sides = Counter(side_of(row, gutter) for row in rows)
    full = [row for row in rows if side_of(row, gutter) == 1 and row.x1 - row.x0 > 0.5 * (gutter - left)]
    apart = sides[1] >= 0.25 * len(rows) and sides[2] >= 0.25 * len(rows) and sides[0] <= 0.25 * len(rows)
    return gutter if apart and len(full) >= 0.5 * sides[1] else None


def _right_edge(rows: Sequence[Row]) -> float:
    """Return where full lines end; short lines and the odd scrap beyond the margin do not count."""
    wide = 0.6 * _quantile(sorted(row.x1 - row.x0 for row in rows), 0.9)
    return _quantile(sorted(row.x1 for row in rows if row.x1 - row.x0 >= wide), 0.9)


def step_between(before: Row, after: Row) -> float:
    """Return how far a row stands below the one before it."""
    return ((after.top - before.top) + (after.bottom - before.bottom)) / 2


def _low_median(values: Sequence[float]) -> float:
    return _quantile(values, 0.4)


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0
