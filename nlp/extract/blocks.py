"""Gather the words of marked-up text into lines and paragraphs; it must not know any format's tags."""

from __future__ import annotations

from dataclasses import dataclass, field

from nlp.extract.draft import Row
from nlp.records import Role


@dataclass(slots=True)
class Style:
    """What holds for a stretch of text."""

    bold: bool = False
    marks: tuple[str, ...] = ()


@dataclass(slots=True)
class Blocks:
    """Lines in the making: text is added piece by piece, and a break ends a line or a paragraph."""

    rows: list[Row] = field(default_factory=list)
    block: int = 0
    level: int | None = None
    role: Role = "body"
    marker: str | None = None
    _pieces: list[tuple[str, Style]] = field(default_factory=list)
    _fresh: bool = True

    def add(self, text: str, style: Style) -> None:
        """Add text to the line."""
        if text:
            self._pieces.append((text, style))

    def end_line(self) -> None:
        """End the line within its paragraph."""
        words, marks, bold = _words(self._pieces)
        self._pieces = []
        if not words:
            return
        if self._fresh:
            self.block += 1
            self._fresh = False
        row = Row(words, role=self.role, block=self.block, level=self.level, bold=bold, marks=marks)
        if self.marker is not None:
            row.marker, self.marker = self.marker, None
        self.rows.append(row)

    def end_block(self) -> None:
        """End the line and its paragraph."""
        self.end_line()
        self._fresh = True


def _words(pieces: list[tuple[str, Style]]) -> tuple[list[str], dict[int, tuple[str, ...]], bool]:
    """Cut pieces into words; a word that spans pieces takes the marks of all of its letters alike, else those of most."""
    letters: list[str] = []
    styles: list[Style] = []
    for text, style in pieces:
        letters.append(text)
        styles.extend([style] * len(text))
    whole = "".join(letters).replace("\u00ad", "\u200b").replace("\u200b", "")
    if len(whole) != len(styles):
        kept = [(char, style) for char, style in zip("".join(letters), styles, strict=True) if char not in "\u00ad\u200b"]
        whole, styles = "".join(char for char, _ in kept), [style for _, style in kept]
    words: list[str] = []
    marks: dict[int, tuple[str, ...]] = {}
    bold = True
    start = 0
    for word in whole.split():
        start = whole.index(word, start)
        mine = styles[start : start + len(word)]
        start += len(word)
        common = max({style.marks for style in mine}, key=lambda value: sum(style.marks == value for style in mine))
        if common:
            marks[len(words)] = common
        bold = bold and all(style.bold for style, char in zip(mine, word, strict=True) if char.isalnum())
        words.append(word)
    return words, marks, bold and bool(words)
