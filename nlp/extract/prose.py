"""The clean text of a Document for people and for other programs; it must not change what was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from nlp.extract.quality import known
from nlp.records import Document, Line

_ENUMERATOR = re.compile(r"(?:\(?[A-Za-z0-9]{1,5}[.)]|[•●▪◦○■§*–—-]|(?i:section|sec\.|article|chapter)\s+\S+)(?:\s|$)")
_SENTENCE_END = re.compile(r"[.;:!?]['\"”’)\]]*$")


def text(document: Document) -> str:
    """Return the body of a document as clean text.

    Running heads and feet, page numbers, margin line numbers and stamps are left out; words cut at the end of a line are whole
    again; paragraphs are separated by an empty line; rows of a table stand on lines of their own. Words that amended law strikes
    out stand between ``~~``.
    """
    return "\n\n".join(_join(document, paragraph) for paragraph in _paragraphs(document)) + "\n"


def _paragraphs(document: Document) -> Iterator[list[Line]]:
    lines = [line for page in document.pages for line in page.lines if line.role in ("body", "table")]
    pitch = _pitch(lines)
    current: list[Line] = []
    for line in lines:
        if current and _breaks(document.text, current, line, pitch):
            yield current
            current = []
        current.append(line)
    if current:
        yield current


def _pitch(lines: list[Line]) -> float:
    steps = [
        after.box.top - line.box.top
        for line, after in pairwise(lines)
        if line.box and after.box and line.page == after.page and 0 < after.box.top - line.box.top < 40
    ]
    return median(steps) if steps else 14.0


def _breaks(text: str, current: list[Line], line: Line, pitch: float) -> bool:
    """Tell whether a line starts a paragraph."""
    last = current[-1]
    if line.role == "table" or last.role == "table":
        return not (line.role == last.role == "table")
    if line.block is not None or last.block is not None:
        return line.block != last.block
    if line.box is None or last.box is None:
        return False
    begins = text[line.start : line.end]
    ends = text[last.start : last.end]
    if _ENUMERATOR.match(begins) and _SENTENCE_END.search(ends):
        return True
    if line.page != last.page:
        return bool(_SENTENCE_END.search(ends)) and not begins[:1].islower()
    if line.box.top < last.box.top - pitch:
        return True
    step = line.box.top - last.box.top
    return step > 1.35 * pitch or (line.box.x0 - last.box.x0 > 12 and bool(_SENTENCE_END.search(ends)))


def _join(document: Document, lines: list[Line]) -> str:
    if lines[0].role == "table":
        return "\n".join(_wording(document.text, line) for line in lines)
    whole = ""
    for line in lines:
        piece = _wording(document.text, line)
        whole = _mend(whole, piece) if whole else piece
    return whole


def _wording(text: str, line: Line) -> str:
    """Return a line's words, the struck ones between tildes, after the marker that the format generates."""
    parts: list[str] = [line.marker] if line.marker else []
    struck: list[str] = []
    for word in line.words:
        if "struck" in word.marks:
            struck.append(text[word.start : word.end])
            continue
        if struck:
            parts.append(f"~~{' '.join(struck)}~~")
            struck = []
        parts.append(text[word.start : word.end])
    if struck:
        parts.append(f"~~{' '.join(struck)}~~")
    return " ".join(parts)


def _mend(before: str, after: str) -> str:
    """Join two lines; a word cut by a hyphen at the end of the first is made whole where that gives a known word."""
    match = re.search(r"([^\W\d_]+)[-\u00ad\u2010]$", before)
    start = re.match(r"[^\W\d_]+", after)
    if match is None or start is None or not after[0].islower():
        return f"{before} {after}"
    joined = match[1] + start[0]
    if known(joined) or before[-1] == "\u00ad" or not (known(match[1]) and known(start[0])):
        return before[:-1] + after
    return before + after
