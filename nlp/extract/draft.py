"""Pages and lines as a reader finds them, before they become a Document; it must not know any format.

A draft travels from the worker to its parent as plain JSON: a row's words are joined by single blanks, and their boxes follow as
integers in hundredths of a point, four a word.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nlp.records import Method, Role

LENGTH = struct.Struct(">I")
"""What goes before each message between the worker and its parent: how many bytes of JSON follow."""


class Token(NamedTuple):
    """A word, its box in points from the page's top left corner, and whether it is set bold."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    bold: bool = False


def cut(token: Token, parts: Sequence[str]) -> list[Token]:
    """Cut a word's box in proportion to the letters of its parts; characters between parts take their share too."""
    whole = token.text
    width = (token.x1 - token.x0) / max(1, len(whole))
    cells: list[Token] = []
    at = 0
    for part in parts:
        start = whole.find(part, at)
        start = at if start < 0 else start
        at = start + len(part)
        cells.append(Token(part, token.x0 + start * width, token.top, token.x0 + at * width, token.bottom, token.bold))
    return cells


@dataclass(slots=True)
class Row:
    """A line of words.

    `marks` maps the position of a word in the line to ``struck``, ``added``, or ``underlined``, of which it is not yet known
    whether it stands for an addition or for emphasis.
    """

    words: list[str]
    coords: list[int] = field(default_factory=list)
    role: Role = "body"
    block: int | None = None
    level: int | None = None
    bold: bool = False
    marker: str | None = None
    marks: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, tokens: list[Token], role: Role = "body") -> Row:
        """Make a row of tokens that stand on one line."""
        coords = [round(100 * value) for token in tokens for value in token[1:5]]
        return cls([token.text for token in tokens], coords, role, bold=all(token.bold for token in tokens))

    @property
    def text(self) -> str:
        """Return the words joined by blanks."""
        return " ".join(self.words)

    def tokens(self) -> list[Token]:
        """Return the words with their boxes in points."""
        sides = [value / 100 for value in self.coords]
        columns = zip(self.words, sides[0::4], sides[1::4], sides[2::4], sides[3::4], strict=True)
        return [Token(*column, self.bold) for column in columns]

    @property
    def bounds(self) -> tuple[int, int, int, int] | None:
        """Return left, top, right and bottom in hundredths of a point, or None where the format has no pages."""
        if not self.coords:
            return None
        return min(self.coords[0::4]), min(self.coords[1::4]), max(self.coords[2::4]), max(self.coords[3::4])

    def to_wire(self) -> list[Any]:
        """Return plain JSON values."""
        marks = [[at, *names] for at, names in self.marks.items()]
        return [self.text, self.coords, self.role, self.block, self.level, self.bold, self.marker, marks]

    @classmethod
    def from_wire(cls, value: list[Any]) -> Row:
        """Read what `to_wire` wrote; raise ValueError or TypeError where it is malformed."""
        text, coords, role, block, level, bold, marker, marks = value
        words = text.split(" ") if text else []
        if coords and len(coords) != 4 * len(words):
            raise ValueError("a row's boxes do not match its words")
        return cls(words, coords, role, block, level, bool(bold), marker, {at: tuple(names) for at, *names in marks})


@dataclass(slots=True)
class Sheet:
    """A page as read."""

    number: int
    width: float = 0.0
    height: float = 0.0
    rotation: int = 0
    method: Method = "none"
    quality: float = 0.0
    reason: str = ""
    rows: list[Row] = field(default_factory=list)

    def to_wire(self) -> dict[str, Any]:
        """Return plain JSON values."""
        page = [self.number, self.width, self.height, self.rotation, self.method, self.quality, self.reason]
        return {"type": "page", "page": page, "rows": [row.to_wire() for row in self.rows]}

    @classmethod
    def from_wire(cls, value: dict[str, Any]) -> Sheet:
        """Read what `to_wire` wrote; raise ValueError or TypeError where it is malformed."""
        number, width, height, rotation, method, quality, reason = value["page"]
        rows = [Row.from_wire(row) for row in value["rows"]]
        return cls(int(number), float(width), float(height), int(rotation), method, float(quality), str(reason), rows)


@dataclass(frozen=True, slots=True)
class Opened:
    """The file opened as a document of so many pages; `dates` are those it gives beside its text, by name."""

    format: str
    pages: int
    title: str | None = None
    dates: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """Reading of a page begins; `slow` pages are read by OCR and are allowed more time."""

    page: int
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A page could not be read."""

    page: int
    code: str
    message: str


Event = Opened | Started | Sheet | Lost


def event_to_wire(event: Event) -> dict[str, Any]:
    """Return an event as plain JSON values."""
    match event:
        case Sheet():
            return event.to_wire()
        case Opened():
            return {"type": "opened", "format": event.format, "pages": event.pages, "title": event.title, "dates": event.dates}
        case Started():
            return {"type": "started", "page": event.page, "slow": event.slow}
        case Lost():
            return {"type": "lost", "page": event.page, "code": event.code, "message": event.message}
