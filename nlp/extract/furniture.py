"""Find running heads, running feet and page numbers by their repetition across pages; it must not know formats."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from typing import NamedTuple

from nlp.extract.draft import Row, Sheet
from nlp.records import Role

_EDGE_LINES = 5
_ZONE = 0.16
_NEAR = 0.025
_LIKE = 0.8
_LONGEST = 90
_MOST_GROUPS = 200
_PAGE_NUMBER = re.compile(
    r"(?i)[\s\-–—•.|\[(]*(?:page|pg\.?|p\.)?\s*(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?[\s\-–—•.|\])]*"
)
_ROMAN = re.compile(r"\b[ivxl]{1,5}\b")


class _Spot(NamedTuple):
    """A line near the top or bottom of a page."""

    sheet: int
    row: Row
    place: float
    key: str
    side: Role


def assign(sheets: list[Sheet]) -> None:
    """Set the role of every running head and foot."""
    spots = [spot for index, sheet in enumerate(sheets) for spot in _edges(index, sheet)]
    if not spots:
        return
    pages = len({spot.sheet for spot in spots})
    need = 2 if pages < 8 else 3
    repeated = {id(spot.row) for group in _groups(spots) if len({spot.sheet for spot in group}) >= need for spot in group}
    by_edge: dict[tuple[int, Role], list[_Spot]] = defaultdict(list)
    for spot in spots:
        by_edge[spot.sheet, spot.side].append(spot)
    for (_, side), edge in by_edge.items():
        _settle(sorted(edge, key=lambda spot: spot.place, reverse=side == "foot"), repeated)
    if not any(row.role in ("body", "table") for sheet in sheets for row in sheet.rows):
        for spot in spots:
            spot.row.role = "body"


def _settle(edge: list[_Spot], repeated: set[int]) -> None:
    """Set the roles of one edge from outside inwards; what stands within a line of text is text."""
    for spot in edge:
        if id(spot.row) in repeated or _PAGE_NUMBER.fullmatch(spot.row.text):
            spot.row.role = spot.side
        elif len(spot.row.words) > 3:
            return


def _edges(index: int, sheet: Sheet) -> list[_Spot]:
    """Return the outermost lines of a page that stand in its top or bottom zone."""
    rows = [row for row in sheet.rows if row.coords and row.role in ("body", "table")]
    if not rows or sheet.height <= 0:
        return []
    placed = sorted(rows, key=lambda row: row.bounds[1] if row.bounds else 0)
    spots = []
    for side, chosen in (("head", placed[:_EDGE_LINES]), ("foot", placed[-_EDGE_LINES:])):
        for row in chosen:
            bounds = row.bounds or (0, 0, 0, 0)
            place = (bounds[1] + bounds[3]) / 200 / sheet.height
            if (place < _ZONE) if side == "head" else (place > 1 - _ZONE):
                spots.append(_Spot(index, row, place, _key(row.text), "head" if side == "head" else "foot"))
    return spots


def _key(text: str) -> str:
    """Reduce a line to what stays the same from page to page: letters, and a mark for every number."""
    low = _ROMAN.sub("#", text.lower())
    return re.sub(r"[^a-z#]+", " ", re.sub(r"\d+", "#", low)).strip()


def _groups(spots: list[_Spot]) -> list[list[_Spot]]:
    """Group lines that read alike and stand at the same height."""
    exact: dict[tuple[Role, str], list[list[_Spot]]] = defaultdict(list)
    for spot in spots:
        homes = exact[spot.side, spot.key]
        home = next((group for group in homes if abs(group[0].place - spot.place) <= _NEAR), None)
        if home is None:
            homes.append([spot])
        else:
            home.append(spot)
    groups = sorted((group for homes in exact.values() for group in homes), key=len, reverse=True)
    settled = [group for group in groups if len(group) > 1][:_MOST_GROUPS]
    for group in groups:
        if len(group) == 1 and len(group[0].key) <= _LONGEST:
            home = next((other for other in settled if _alike(group[0], other[0])), None)
            if home is not None:
                home.append(group[0])
            elif len(settled) < _MOST_GROUPS:
                settled.append(group)
    return settled


def _alike(spot: _Spot, other: _Spot) -> bool:
    """Tell whether two lines are the same one read with different errors."""
    one, two = spot.key, other.key
    if spot.side != other.side or abs(spot.place - other.place) > _NEAR or min(len(one), len(two)) < 8:
        return False
    if abs(len(one) - len(two)) > 0.3 * max(len(one), len(two)):
        return False
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return matcher.real_quick_ratio() > _LIKE and matcher.quick_ratio() > _LIKE and matcher.ratio() > _LIKE
