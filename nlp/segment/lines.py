"""Turns a Document's lines into rows of clean text with their place on the page, and knows nothing of clauses or numbering."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from nlp.records import BlockKind, Document, Line, Page

Span = tuple[int, int]

_MARKS_OF = attrgetter("marks")

_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_STRUCK = re.compile(r"~~(.{1,2000}?)~~")
_PAGE_MARKER = re.compile(r"(?:START|END) OF PAGE \d{1,5}\s*$|\[?page \d{1,5}(?: of \d{1,5})?\]?$", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"\W{0,3}\w\W?$|[-–—\s]*(?:page\s+)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?[-–—\s]*$", re.IGNORECASE
)
_LINE_NUMBER = re.compile(r"(\d{1,3})(?=\s|$)")
_FRONT_MATTER = re.compile(r"#?\s?[a-z][a-z_-]{1,20}:\s")
_LEGEND = re.compile(r"EXPLANATION\s?[:—–-]|NOTE\s?[:.—–-]\s?(?:Matter|CAPITALS|Underlined|\[Brackets)", re.IGNORECASE)
_LEGEND_LINE = re.compile(
    r"\b(?:indicates?|CAPITALS|brackets?|stricken|strike|underlin\w+|underscor\w+|deleted|removed|repealed|omitted|added|new|matter|amendment\.|italics)\b|\*\w{4,8}\*",
    re.IGNORECASE,
)
_LEGEND_ITSELF = re.compile(
    r"(?=(?:matter|material|language|words?|text|new|deletions?|additions?|added|deleted|proposed|capitals|brackets?|\[?bracketed|underlin\w+"
    r"|underscor\w+|strike|stricken|in this (?:act|bill|ordinance|resolution))\b)"
    r"(?=.{0,200}\b(?:capitals|capital letters|brackets?|bracketed|underlin\w+|underscor\w+|strike-?\s?(?:out|through)|italic\w*"
    r"|boldface)\b)"
    r".{0,200}\b(?:added|additions?|new|deleted|deletions?|stricken|removed|repealed|omitted|inserted)\b",
    re.IGNORECASE,
)
"""A legend that no word announces: it opens with what it explains, and names both how that is set and what it means."""
_PART = re.compile(
    r"(?:APPENDIX|ATTACHMENT|EXHIBIT|SCHEDULE|ANNEX|ADDENDUM|Appendix|Attachment|Exhibit|Schedule|Annex)[\s\w.:–-]{0,8}$"
)
_DIGITS = re.compile(r"\d+")
_NUMBERED_RULE = re.compile(r"\(?(?:[A-Za-z]|\d{1,3}|[IVXivx]{1,6})[.)]\s+\S+(?:\s+[a-z]\S*){2,}")
"""Forms repeat numbered rules at the top of pages, and they are text all the same."""
_FOOTNOTE = re.compile(r"(?:\d{1,3}|[*†‡§¹²³⁴⁵⁶⁷⁸⁹]{1,3})(?:\s+[\"“A-Z]|$)|[*†‡¹²³⁴⁵⁶⁷⁸⁹]{1,3}[A-Z]")
FOOTNOTE_TEXT = 8
"""So many long lines a page must have before the size of its text is known."""
FOOTNOTE_SIZE = 0.9
"""A footnote's lines are at most this high, as a share of the page's usual line."""
_DASHED_NUMBER = re.compile(r"[-–—]{1,2}\s?\d{1,4}\s?[-–—]{1,2}$")
RUNNING_HEADS = 3
"""A line that opens so many pages of a text is their running head."""
MARGIN_RUN = 8
"""So many lines numbered one after the other, and the numbers stand in the margin."""
EDGE_LINES = 3
"""How many lines at the top and bottom of a page may be a running head or foot that the reader left among the body."""


@dataclass(slots=True)
class Row:
    """A line as a reader sees it: its words without struck ones, where they come from, and where they stand.

    `spans` are the spans of the document's text that `text` was read from; `asides` are the line's other spans and what they
    are; `aside` says what the whole row is where it is no part of the running text, `margin` that it numbers a line. `loud` says
    whether it is set like a heading, once that was judged by the layout of all rows.
    Geometry is in points, or in characters where the format has no pages.
    """

    text: str
    spans: tuple[Span, ...]
    page: int
    x0: float
    x1: float
    top: float
    bottom: float
    drawn: bool
    block: int | None = None
    level: int | None = None
    bold: bool = False
    markup: bool = False
    marker: str | None = None
    aside: BlockKind | None = None
    margin: bool = False
    asides: list[tuple[int, int, BlockKind]] = field(default_factory=list)
    struck: str = ""
    added: tuple[str, ...] = ()
    loud: bool | None = None


def rows(document: Document) -> list[Row]:
    """Return the document's lines in reading order, those outside the running text marked as such; empty lines are left out."""
    repeated = _running_lines(document)
    found: list[Row] = []
    parts: set[str] = set()
    plain = document.format == "text"
    for page in document.pages:
        edges = _edge_indices(page)
        for index, line in enumerate(page.lines):
            row = _row(document.text, line, plain)
            if row is None:
                continue
            row.margin = line.role == "line-number"
            if line.role in ("head", "foot", "line-number", "stamp"):
                row.aside = None if line.role == "head" and _opens_part(row.text, parts) else "furniture"
            elif row.drawn and index in edges and (_PAGE_NUMBER.match(row.text) or _shape(row.text) in repeated):
                row.aside = "furniture"
            found.append(row)
    _order_pieces(found)
    _mark_front_matter(found)
    _mark_page_markers(found)
    _mark_legends(found)
    _mark_footnotes(found)
    _strip_line_numbers(found)
    return [row for row in found if row.text or row.asides or row.aside]


def _opens_part(text: str, seen: set[str]) -> bool:
    """Tell whether a running head is really the heading of an appendix: it names one, and for the first time."""
    name = " ".join(text.upper().split())
    if not _PART.match(text) or name in seen:
        return False
    seen.add(name)
    return True


def _row(text: str, line: Line, plain: bool) -> Row | None:
    raw = text[line.start : line.end]
    clean = raw.strip()
    if not clean:
        return None
    box = line.box
    if box is None:
        x0, x1, top, bottom = float(len(raw) - len(raw.lstrip())), float(len(raw.rstrip())), 0.0, 0.0
    else:
        x0, x1, top, bottom = box.x0, box.x1, box.top, box.bottom
    place = (line.page, x0, x1, top, bottom, box is not None)
    row = Row(clean, ((line.start, line.end),), *place, line.block, line.level, line.bold, not plain and box is None, line.marker)
    if any(map(_MARKS_OF, line.words)):
        _apply_marks(text, line, row)
    elif plain:
        _apply_markdown(raw, line, row)
    return row


def _apply_marks(text: str, line: Line, row: Row) -> None:
    """Leave struck words out of the row's text and keep added ones apart too."""
    kept: list[Span] = []
    struck: list[str] = []
    added: list[str] = []
    position = line.start
    for word in line.words:
        if "struck" in word.marks:
            if position < word.start:
                kept.append((position, word.start))
            struck.append(text[word.start : word.end])
            row.asides.append((word.start, word.end, "struck"))
            position = word.end
        elif "added" in word.marks:
            added.append(text[word.start : word.end])
    if position < line.end:
        kept.append((position, line.end))
    _keep(text, row, kept)
    row.struck = " ".join(struck)
    row.added = (" ".join(added),) if added else ()


def _apply_markdown(raw: str, line: Line, row: Row) -> None:
    """Read the light markup of plain text: ``#`` headings and ``~~struck~~`` words."""
    start = line.start
    stripped = raw.lstrip()
    if (match := _MARKDOWN_HEADING.match(stripped)) and row.level is None:
        row.level = len(match[1])
        offset = line.start + len(raw) - len(stripped) + match.end()
        row.asides.append((line.start, offset, "furniture"))
        start = offset
    if "~~" not in raw:
        if start != line.start:
            row.text, row.spans = raw[start - line.start :].strip(), ((start, line.end),)
        return
    kept: list[Span] = []
    struck: list[str] = []
    for match in _STRUCK.finditer(raw, start - line.start):
        if start < line.start + match.start():
            kept.append((start, line.start + match.start()))
        row.asides.append((line.start + match.start(), line.start + match.end(), "struck"))
        struck.append(match[1])
        start = line.start + match.end()
    if start < line.end:
        kept.append((start, line.end))
    row.text = " ".join(piece for a, b in kept if (piece := raw[a - line.start : b - line.start].strip()))
    row.spans = tuple(kept)
    row.struck = " ".join(struck)


def _keep(text: str, row: Row, kept: Sequence[Span]) -> None:
    row.spans = tuple(kept)
    row.text = pieced(text, kept)


def pieced(text: str, kept: Sequence[Span]) -> str:
    """Join spans of a text that struck words lay between; a comma that followed them follows what is left."""
    whole = ""
    for start, end in kept:
        piece = text[start:end].strip()
        whole += piece if not whole or not piece or piece[0] in ",.;:)" else f" {piece}"
    return whole


def _edge_indices(page: Page) -> set[int]:
    count = len(page.lines)
    return {*range(min(EDGE_LINES, count)), *range(max(0, count - EDGE_LINES), count)}


def _shape(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.lower().split()))[:120]


def _running_lines(document: Document) -> frozenset[str]:
    """Return the shapes of lines that stand at the edges of at least three pages and of a third of all pages."""
    counts: Counter[str] = Counter()
    for page in document.pages:
        shapes = set()
        for index in _edge_indices(page):
            line = page.lines[index]
            text = document.text[line.start : line.end]
            if line.role == "body" and line.box is not None and len(text) < 160 and not _NUMBERED_RULE.match(text):
                shapes.add(_shape(text))
        counts.update(shapes)
    need = max(3, len(document.pages) / 3)
    return frozenset(shape for shape, count in counts.items() if count >= need and shape.strip("# -–—"))


def _order_pieces(found: list[Row]) -> None:
    """Put the pieces of one drawn line from left to right where the reader gave the right one first."""
    for index in range(len(found) - 1):
        right, left = found[index], found[index + 1]
        if not (right.drawn and left.drawn) or right.page != left.page:
            continue
        height = min(right.bottom - right.top, left.bottom - left.top)
        level = min(right.bottom, left.bottom) - max(right.top, left.top) > 0.6 * height
        if level and left.x0 < right.x0 and left.x1 < right.x1 and abs(right.x0 - left.x1) < 2 * height:
            found[index], found[index + 1] = left, right


def _mark_page_markers(found: Sequence[Row]) -> None:
    """Mark the page markers and numbers that a text conversion leaves, and the running heads that follow them."""
    opening: set[str] = set()
    heads: dict[str, list[Row]] = {}
    turns, turned, page = 0, False, found[0].page if found else 0
    dashed = _counting([row for row in found if not row.drawn and len(row.text) < 40 and _DASHED_NUMBER.match(row.text)])
    for row in found:
        if row.drawn:
            continue
        if id(row) in dashed or (len(row.text) < 40 and _PAGE_MARKER.match(row.text)):
            row.aside = "furniture"
            turned = True
            continue
        if row.page != page:
            page, turned = row.page, True
        if row.aside:
            continue
        bare = row.text.strip("0123456789 -–—").lower()
        if turned:
            turns += 1
            if turns > 1 and bare in opening:
                row.aside = "furniture"
            elif not _NUMBERED_RULE.match(row.text):
                heads.setdefault(bare, []).append(row)
            turned = False
        if turns <= 1 and len(opening) < 200:
            opening.add(bare)
    for rows_ in heads.values():
        for row in rows_ if len(rows_) >= RUNNING_HEADS else ():
            row.aside = "furniture"


def _counting(found: Sequence[Row]) -> frozenset[int]:
    """Return which rows are numbers that count on from one to the next."""
    values = [int(_DIGITS.findall(row.text)[0]) for row in found]
    chosen: set[int] = set()
    for at in range(len(found) - 1):
        if values[at + 1] == values[at] + 1:
            chosen |= {id(found[at]), id(found[at + 1])}
    return frozenset(chosen)


def _mark_legends(found: Sequence[Row]) -> None:
    """Mark the note at the foot of a bill's page that explains its brackets and capitals."""
    inside = 0
    for row in found:
        if _LEGEND.match(row.text) or (not row.aside and len(row.text) < 250 and _LEGEND_ITSELF.match(row.text)):
            inside = 8
        elif row.aside or inside == 0 or not _LEGEND_LINE.search(row.text):
            inside = 0
            continue
        inside -= 1
        row.aside = "note"


def _mark_footnotes(found: Sequence[Row]) -> None:
    """Mark the notes at the foot of a page or column: set smaller than its text, and opening with a number or an asterisk."""
    pages: dict[int, list[Row]] = {}
    for row in found:
        if row.drawn and row.aside is None and row.text:
            pages.setdefault(row.page, []).append(row)
    for rows_ in pages.values():
        heights = sorted(row.bottom - row.top for row in rows_ if len(row.text) > 20)
        if len(heights) < FOOTNOTE_TEXT:
            continue
        small = FOOTNOTE_SIZE * heights[len(heights) // 2]
        start = None
        for at, row in enumerate(rows_):
            if row.bottom - row.top > small:
                start = None
            elif start is None and _FOOTNOTE.match(row.text):
                start = at
            last = at + 1 == len(rows_) or rows_[at + 1].bottom < row.top
            if last and start is not None:
                for note in rows_[start : at + 1]:
                    note.aside = "note"
                start = None


def _strip_line_numbers(found: Sequence[Row]) -> None:
    """Take margin line numbers off the rows that carry them, where numbers rise by one from row to row."""
    runs: list[list[Row]] = []
    expected = None
    for row in found:
        match = None if row.aside else _LINE_NUMBER.match(row.text)
        if match is None:
            continue
        number = int(match[1])
        if number == expected:
            runs[-1].append(row)
        elif number == 1:
            runs.append([row])
        else:
            continue
        expected = number + 1
    if sum(row.margin for row in found) < MARGIN_RUN and not any(len(run) >= MARGIN_RUN for run in runs):
        return
    for run in runs:
        for number, row in enumerate(run, start=1):
            _take_number(row, len(str(number)))


def _take_number(row: Row, width: int) -> None:
    start, end = row.spans[0]
    row.asides.append((start, start + width, "furniture"))
    row.spans = ((start + width, end), *row.spans[1:])
    row.text = row.text[width:].lstrip()


def _mark_front_matter(found: Sequence[Row]) -> None:
    """Mark the ``key: value`` lines a text file may open with; they describe the file and are no part of the law."""
    head = 0
    while head < min(len(found), 20) and not found[head].drawn and _FRONT_MATTER.match(found[head].text):
        head += 1
    if head >= 2:
        for row in found[:head]:
            row.aside = "note"
