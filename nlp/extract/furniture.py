"""Find running heads, running feet and page numbers by their repetition and place across pages; it must not know formats."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from typing import NamedTuple

from nlp.extract.draft import Row, Sheet
from nlp.records import Role

_EDGE_LINES = 5
_ZONE = 0.16
"""So many lines at most, in so large a part of the page's height, may be running heads; as many at the foot."""
_NEAR = 0.025
"""Lines of two pages that read alike are one running line if their middles are so near in height, as a share of the page's."""
_FAR = 0.06
"""The same for the outermost line of a page, if it is long and has a number: pages of a scan are cut differently."""
_TELLING = 12
"""Characters of a line that no text reads like by chance."""
_LIKE = 0.8
"""How alike two lines must read, 0 to 1, to be one running line read with different errors."""
_LONGEST = 90
"""Characters of a running line at most, where it reads the same on no two pages."""
_MOST_GROUPS = 200
"""So many lines are compared with each further one: more would cost a long file minutes."""
_PAGE_NUMBER = re.compile(r"(?i)[\W_]*(?:page|pg\.?|p\.)?[\W_]*(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?[\W_]*")
_ROMAN = re.compile(r"\b[ivxl]{1,5}\b")
_NUMBERED = re.compile(r"\(?(?:[A-Za-z]|\d{1,3}|[IVXivx]{1,6})[.)]\s+\S+(?:\s+\S+){3,}")
_SAME_PLACE = 0.009
"""Lines whose middles stand so near in height stand at the same place, as a share of the page's height."""
_RESEMBLES = 0.4
"""How alike a line at a running line's place must read to be that line badly read."""
_SHARE = 0.3
"""The share of pages a running line must be found on before its place is reserved for it."""
_APART = 1.25
"""A running line stands off the text by more than this many line steps."""


class _Spot(NamedTuple):
    """A line near the top or bottom of a page."""

    sheet: int
    row: Row
    place: float
    key: str
    side: Role
    outer: bool


def assign(sheets: list[Sheet]) -> None:
    """Set the role of every running head and foot."""
    spots = [spot for index, sheet in enumerate(sheets) for spot in _edges(index, sheet) if not _is_rule(spot.row.text)]
    if not spots:
        return
    pages = len({spot.sheet for spot in spots})
    need = 2 if pages < 8 else 3
    running = [group for group in _groups(spots) if len({spot.sheet for spot in group}) >= need]
    repeated = {id(spot.row) for group in running for spot in group}
    repeated |= _misread(spots, running, repeated, _SHARE * pages)
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


def _is_rule(text: str) -> bool:
    """Tell whether a line is a numbered rule: forms repeat those at the top of pages, and they are text all the same."""
    words = text.split()
    return bool(_NUMBERED.match(text)) and sum(word[0].islower() for word in words) > len(words) / 2


def _misread(spots: list[_Spot], running: list[list[_Spot]], repeated: set[int], least: float) -> set[int]:
    """Return the lines that stand where other pages have a running line and are that line, read too badly to be alike.

    A running line holds its place on every page, so that no text stands there: what does, apart from the text, is the line.
    """
    reserved = [group for group in running if len({spot.sheet for spot in group}) >= max(3.0, least)]
    found: set[int] = set()
    for spot in spots:
        if id(spot.row) in repeated:
            continue
        for group in reserved:
            if spot.side != group[0].side or not any(abs(other.place - spot.place) <= _SAME_PLACE for other in group):
                continue
            longest = max(len(other.row.text) for other in group)
            alone = (spot.sheet > 0 or spot.side == "foot") and len(spot.row.text) <= 1.3 * longest and _stands_off(spot, spots)
            if alone or any(_resembles(spot.key, key) for key in {other.key for other in group[:12]}):
                found.add(id(spot.row))
                break
    return found


def _resembles(one: str, two: str) -> bool:
    if min(len(one), len(two)) < 4:
        return False
    if (one in two or two in one) and min(len(one), len(two)) >= 8:
        return True
    short = abs(len(one) - len(two)) <= 0.4 * max(len(one), len(two))
    return short and SequenceMatcher(None, one, two, autojunk=False).ratio() > _RESEMBLES


def _stands_off(spot: _Spot, spots: list[_Spot]) -> bool:
    """Tell whether a line is set apart from the text of its page by more than a line's step."""
    if spot.row.bounds is None:
        return False
    _, top, _, bottom = spot.row.bounds
    inner: list[tuple[int, int]] = []
    for other in spots:
        bounds = other.row.bounds
        if other.sheet == spot.sheet and other.side == spot.side and bounds and abs(other.place - spot.place) > _SAME_PLACE:
            inner.append((bounds[1], bounds[3]))
    gaps = [first - bottom if spot.side == "head" else top - last for first, last in inner]
    gaps = [gap for gap in gaps if gap > -0.5 * (bottom - top)]
    heights = sorted(last - first for first, last in inner) or [bottom - top]
    return not gaps or min(gaps) > (_APART - 1) * heights[len(heights) // 2] + 0.3 * heights[len(heights) // 2]


def _edges(index: int, sheet: Sheet) -> list[_Spot]:
    """Return the outermost lines of a page that stand in its top or bottom zone."""
    rows = [row for row in sheet.rows if row.coords and row.role in ("body", "table")]
    if not rows or sheet.height <= 0:
        return []
    placed = sorted(rows, key=lambda row: row.bounds[1] if row.bounds else 0)
    spots = []
    sides: tuple[tuple[Role, list[Row]], ...] = (("head", placed[:_EDGE_LINES]), ("foot", placed[: -_EDGE_LINES - 1 : -1]))
    for side, chosen in sides:
        for rank, row in enumerate(chosen):
            bounds = row.bounds or (0, 0, 0, 0)
            place = (bounds[1] + bounds[3]) / 200 / sheet.height
            if (place < _ZONE) if side == "head" else (place > 1 - _ZONE):
                spots.append(_Spot(index, row, place, _key(row.text), side, rank == 0))
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
        home = next((group for group in homes if abs(group[0].place - spot.place) <= _reach(spot)), None)
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


def _reach(spot: _Spot) -> float:
    return _FAR if spot.outer and len(spot.key) >= _TELLING and "#" in spot.key else _NEAR


def _alike(spot: _Spot, other: _Spot) -> bool:
    """Tell whether two lines are the same one read with different errors."""
    one, two = spot.key, other.key
    if spot.side != other.side or abs(spot.place - other.place) > _reach(spot) or min(len(one), len(two)) < 8:
        return False
    if abs(len(one) - len(two)) > 0.3 * max(len(one), len(two)):
        return False
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return matcher.real_quick_ratio() > _LIKE and matcher.quick_ratio() > _LIKE and matcher.ratio() > _LIKE
