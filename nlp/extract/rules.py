"""Thin horizontal rules on a page, and the words they strike out or underline; it must not know which reader found either."""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

from nlp.extract.draft import Row
from nlp.extract.pdf import Frame, page_frame

THIN = 2.5
"""A rule is at most this high, in points."""
SHORT = 3.0
"""A rule is at least this long, in points."""
_STRIKE = (0.3, 0.76)
_UNDER = (0.76, 1.15)
"""Where a rule stands that strikes a word out or underlines it, from the word's top, as shares of its height."""
_COVER = 0.55
"""A word is marked if rules cover this share of its width."""
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 2_000
"""A page is looked through no further: real ones have far fewer, and hostile ones any number."""


Area = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


class Rule(NamedTuple):
    """A thin horizontal rule in hundredths of a point from the page's top left corner."""

    x0: float
    y: float
    x1: float


def mark(rows: list[Row], rules: list[Rule]) -> tuple[int, int]:
    """Mark the words that a rule strikes out or underlines; return how many are struck, and how many underlined in one go.

    A rule counts for a line only where words cover most of it, so that borders of tables and lines to sign on stay out.
    """
    struck = underlined = 0
    ordered = sorted(rules, key=lambda rule: rule.y)
    for row in rows if ordered else ():
        bounds = row.bounds
        if bounds is None or bounds[3] <= bounds[1]:
            continue
        reach = 0.2 * (bounds[3] - bounds[1])
        near = [
            rule for rule in ordered if bounds[1] <= rule.y <= bounds[3] + reach and rule.x1 > bounds[0] and rule.x0 < bounds[2]
        ]
        if near:
            row.marks = _row_marks(row, near)
            struck += sum("struck" in names for names in row.marks.values())
            underlined = max(underlined, _longest(row))
    return struck, underlined


def _longest(row: Row) -> int:
    """Return the most words of a row that are underlined one after another, blanks to fill in left out."""
    longest = current = 0
    for at, word in enumerate(row.words):
        current = current + 1 if "underlined" in row.marks.get(at, ()) and "_" not in word else 0
        longest = max(longest, current)
    return longest


def _row_marks(row: Row, rules: list[Rule]) -> dict[int, tuple[str, ...]]:
    boxes = [tuple(row.coords[at : at + 4]) for at in range(0, len(row.coords), 4)]
    left, right = boxes[0][0], boxes[-1][2]
    useful = [rule for rule in rules if min(rule.x1, right) - max(rule.x0, left) >= 0.6 * (rule.x1 - rule.x0)]
    marks: dict[int, tuple[str, ...]] = {}
    for at, (x0, top, x1, bottom) in enumerate(boxes):
        height, width = max(1, bottom - top), max(1, x1 - x0)
        spans: dict[str, list[tuple[float, float]]] = {"struck": [], "underlined": []}
        for rule in useful:
            place = (rule.y - top) / height
            kind = "struck" if _STRIKE[0] <= place < _STRIKE[1] else "underlined" if _UNDER[0] <= place <= _UNDER[1] else None
            if kind and rule.x1 > x0 and rule.x0 < x1:
                spans[kind].append((max(rule.x0, x0), min(rule.x1, x1)))
        if names := tuple(kind for kind, parts in spans.items() if _joint_length(parts) > _COVER * width):
            marks[at] = names
    return marks


def _joint_length(parts: list[tuple[float, float]]) -> float:
    """Return what spans cover together: rules side by side add up, the two rules of a double line do not."""
    length, reach = 0.0, float("-inf")
    for start, end in sorted(parts):
        length += max(0.0, end - max(start, reach))
        reach = max(reach, end)
    return length


def quick_look(page: Any, turn: int) -> tuple[list[Rule], list[Area]]:
    """Return the page's thin horizontal rules as PDFium's page objects tell them, without their colours, and its pictures."""
    import pypdfium2.raw as raw

    _, _, frame = page_frame(page, turn)
    handle = page.raw
    rules: list[Rule] = []
    pictures: list[Area] = []
    for at in range(min(raw.FPDFPage_CountObjects(handle), _MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(handle, at)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            _path_rules(raw, item, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), frame, rules)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += _box(raw, item, frame)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            matrix = _matrix(raw, item)
            for inner in range(min(raw.FPDFFormObj_CountObjects(item), _MOST_SEGMENTS)):
                part = raw.FPDFFormObj_GetObject(item, inner)
                if raw.FPDFPageObj_GetType(part) == raw.FPDF_PAGEOBJ_PATH:
                    _path_rules(raw, part, matrix, frame, rules)
    return rules, pictures


def _box(raw: Any, item: Any, frame: Frame) -> list[Area]:
    sides = [ctypes.c_float() for _ in range(4)]
    return [frame(*(side.value for side in sides))] if raw.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides)) else []


def _matrix(raw: Any, item: Any) -> Matrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, ctypes.byref(found))
    return found.a, found.b, found.c, found.d, found.e, found.f


def _path_rules(raw: Any, item: Any, outer: Matrix, frame: Frame, rules: list[Rule]) -> None:
    """Add a thin path, or the flat edges of a path of many parts."""
    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides)):
        return
    x0, y0, x1, y1 = (side.value for side in sides)
    a, b, c, d, e, f = outer
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, top, right, bottom = frame(
        min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)
    )
    if right - left < SHORT:
        return
    if bottom - top <= THIN:
        rules.append(Rule(100 * left, 50 * (top + bottom), 100 * right))
    elif raw.FPDFPath_CountSegments(item) > 5:
        rules += _edges(raw, item, outer, frame)


def _edges(raw: Any, item: Any, outer: Matrix, frame: Frame) -> list[Rule]:
    own = _matrix(raw, item)
    x, y = ctypes.c_float(), ctypes.c_float()
    edges: list[Rule] = []
    last: tuple[float, float] | None = None
    for at in range(min(raw.FPDFPath_CountSegments(item), _MOST_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(item, at)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        px, py = x.value, y.value
        for a, b, c, d, e, f in (own, outer):
            px, py = a * px + c * py + e, b * px + d * py + f
        here = frame(px, py, px, py)[:2]
        drawn = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO
        if drawn and last and abs(here[1] - last[1]) < 0.5 and abs(here[0] - last[0]) >= SHORT:
            edges.append(Rule(100 * min(here[0], last[0]), 50 * (here[1] + last[1]), 100 * max(here[0], last[0])))
        last = here
    return edges
