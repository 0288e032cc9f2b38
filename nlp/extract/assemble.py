"""Put the pages a worker sent together into a Document; it trusts nothing a worker says."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, repeat
from typing import get_args

from nlp.errors import ReadError
from nlp.extract import amend, furniture, specks
from nlp.extract.draft import Lost, Row, Sheet
from nlp.extract.told import day_of
from nlp.records import Box, Document, Fact, Format, Line, Mark, Method, Page, Problem, Role, Word

_FORMATS = get_args(Format)
_METHODS = get_args(Method)
_ROLES = get_args(Role)
_MARKS: tuple[Mark, ...] = get_args(Mark)


@dataclass(slots=True)
class Draft:
    """What is known of a file so far."""

    source: str
    sha256: str
    format: Format | None = None
    pages: int = 0
    title: str | None = None
    dates: dict[str, str] = field(default_factory=dict)
    sheets: dict[int, Sheet] = field(default_factory=dict)
    lost: dict[int, Lost] = field(default_factory=dict)
    characters: int = 0
    _begun: list[int] = field(default_factory=list)

    def open(self, kind: str, pages: int, title: str | None, dates: Mapping[str, str]) -> None:
        """Note the format and the number of pages; an open that follows a restart must agree with the first."""
        if kind not in _FORMATS or pages < 0:
            raise ValueError(f"unknown format {kind!r:.40}")
        self.format = next(name for name in _FORMATS if name == kind)
        self.pages = pages
        self.title = title[:500] if isinstance(title, str) else None
        self.dates = {str(name)[:40]: day for name, value in list(dates.items())[:20] if (day := day_of(str(value)))}
        self._begun.clear()

    def started(self, page: int) -> None:
        """Note that reading of a page began."""
        self._check(page)
        self._begun.append(page)

    def add(self, sheet: Sheet) -> None:
        """Keep a page."""
        self._check(sheet.number)
        if sheet.method not in _METHODS or any(row.role not in _ROLES for row in sheet.rows):
            raise ValueError(f"unknown method or role on page {sheet.number}")
        self.sheets[sheet.number] = sheet
        self.characters += sum(len(word) + 1 for row in sheet.rows for word in row.words)

    def lose(self, lost: Lost) -> None:
        """Note that a page cannot be read."""
        self._check(lost.page)
        self.lost[lost.page] = lost

    def abandon(self, code: str, message: str) -> None:
        """Note that no page beyond those read will be."""
        for page in range(1, self.pages + 1):
            if page not in self.sheets and page not in self.lost:
                self.lost[page] = Lost(page, code, f"page {page}: {message}")

    def seen(self) -> set[int]:
        """Return the pages that need no further reading."""
        return self.sheets.keys() | self.lost.keys()

    def unfinished(self) -> int | None:
        """Return the first page that was begun but neither read nor lost, of a file of several pages."""
        open_pages = [page for page in self._begun if page not in self.sheets and page not in self.lost]
        return min(open_pages) if open_pages and self.pages > 1 else None

    def _check(self, page: int) -> None:
        if not 1 <= page <= self.pages:
            raise ValueError(f"page {page} of {self.pages}")


def assemble(draft: Draft) -> Document:
    """Make the Document; raises `ReadError` where no page was read."""
    if draft.format is None:
        raise ReadError("crashed", f"{draft.source}: the worker ended without a word")
    draft.abandon("crashed", "the worker ended before this page")
    if not draft.sheets:
        first = min(draft.lost.values(), key=lambda lost: lost.page, default=None)
        code, message = (first.code, first.message) if first else ("zero_pages", "the file opens but holds no page")
        raise ReadError(code, f"{draft.source}: {message}")
    sheets = [draft.sheets[number] for number in sorted(draft.sheets)]
    for sheet in sheets:
        if sheet.method in ("ocr", "mixed"):
            specks.drop(sheet.rows)
    furniture.assign(sheets)
    amend.resolve(sheets)
    if not any(row.words for sheet in sheets for row in sheet.rows):
        raise ReadError(
            "no_text", f"{draft.source}: no readable text on {'its page' if len(sheets) == 1 else f'any of {len(sheets)} pages'}"
        )
    problems = tuple(Problem(lost.code, lost.message, lost.page) for _, lost in sorted(draft.lost.items()))
    collecting = gc.isenabled()
    gc.disable()
    try:
        text, pages = _lay_down(sheets)
    finally:
        if collecting:
            gc.enable()
    told = tuple(Fact(name, value) for name, value in draft.dates.items())
    return Document(draft.source, draft.sha256, draft.format, text, pages, draft.title, facts=told, problems=problems)


def _lay_down(sheets: list[Sheet]) -> tuple[str, tuple[Page, ...]]:
    """Join all lines by line breaks; a page spans its lines and the break that follows, so that pages tile the text."""
    parts: list[str] = []
    pages: list[Page] = []
    at = 0
    for sheet in sheets:
        start = at
        lines: list[Line] = []
        for row in sheet.rows:
            if not row.words:
                continue
            line = _line(row, sheet.number, at)
            lines.append(line)
            parts.append(row.text)
            at = line.end + 1
        pages.append(_page(sheet, start, at, tuple(lines)))
    text = "\n".join(parts)
    if parts:
        last = max(index for index, page in enumerate(pages) if page.lines)
        text += "\n" if last < len(pages) - 1 or not text.endswith("\n") else ""
    return text, tuple(pages)


def _page(sheet: Sheet, start: int, end: int, lines: tuple[Line, ...]) -> Page:
    size = float(sheet.width), float(sheet.height)
    return Page(
        int(sheet.number), *size, int(sheet.rotation), sheet.method, float(sheet.quality), str(sheet.reason), start, end, lines
    )


def _line(row: Row, page: int, start: int) -> Line:
    """Make a line of a row; a document may have millions of words, so its loops are left to `map`."""
    count = len(row.words)
    ends = list(accumulate(map(len, row.words), lambda end, size: end + size + 1, initial=start - 1))
    starts = [end + 1 for end in ends]
    marks: Iterable[tuple[Mark, ...]] = repeat((), count)
    if row.marks:
        marks = [tuple(mark for mark in _MARKS if mark in row.marks.get(at, ())) for at in range(count)]
    around = None
    boxes: Iterable[Box | None] = repeat(None, count)
    if row.coords:
        flat = [value / 100 for value in row.coords]
        boxes = map(Box, repeat(page, count), flat[0::4], flat[1::4], flat[2::4], flat[3::4])
        around = Box(page, min(flat[0::4]), min(flat[1::4]), max(flat[2::4]), max(flat[3::4]))
    words = tuple(map(Word, starts, ends[1:], boxes, marks))
    return Line(start, ends[-1], page, around, words, row.role, row.block, row.level, row.bold, row.marker)
