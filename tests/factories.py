"""Builds Documents from plain text for tests, as the reader of plain text does."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from nlp.records import Box, Document, Line, Page, Word


def document(text: str, *, source: str = "sample.txt", **fields: Any) -> Document:
    """Make a one-page Document of plain text: a blank line ends a block."""
    lines: list[Line] = []
    block, start, blank = 0, 0, False
    for raw in text.split("\n"):
        if raw.strip():
            block += blank
            blank = False
            lines.append(Line(start, start + len(raw), 1, None, words(raw, start), block=block))
        else:
            blank = True
        start += len(raw) + 1
    page = Page(1, 0.0, 0.0, 0, "markup", 1.0, "plain text", 0, len(text), tuple(lines))
    return _document(text, (page,), source, "text", fields)


def words(raw: str, start: int) -> tuple[Word, ...]:
    """Split a line into words with their spans."""
    found, position = [], 0
    for piece in raw.split():
        position = raw.index(piece, position)
        found.append(Word(start + position, start + position + len(piece)))
        position += len(piece)
    return tuple(found)


Placed = tuple[float, float, str]
"""Left edge and top in points, and a line's text."""


def pdf(
    pages: Sequence[Sequence[Placed]], *, source: str = "sample.pdf", bold: frozenset[str] = frozenset(), **fields: Any
) -> Document:
    """Make a Document of drawn lines, 6 points a character and 12 points high."""
    text, made = "", []
    for number, placed in enumerate(pages, start=1):
        start, lines = len(text), []
        for x0, top, raw in placed:
            box = Box(number, x0, top, x0 + 6 * len(raw), top + 12)
            lines.append(Line(len(text), len(text) + len(raw), number, box, words(raw, len(text)), bold=raw in bold))
            text += raw + "\n"
        made.append(Page(number, 612, 792, 0, "text-layer", 1.0, "drawn", start, len(text), tuple(lines)))
    return _document(text, tuple(made), source, "pdf", fields)


def _document(text: str, pages: tuple[Page, ...], source: str, form: Any, fields: dict[str, Any]) -> Document:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(source, digest, form, text, pages, **fields)
