"""How acts show what they change: enacting clauses, amending frames, [brackets], CAPITALS; knows nothing of the tree."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.segment.lines import Row, Span

ENACTING = re.compile(
    r"\b(?:be it (?:further |hereby )?(?:enacted|ordained|resolved)|hereby (?:ordains?|enacts?) as follows"
    r"|do(?:es)? (?:hereby )?ordain\b"
    r"|the people of the state of [\w ]{3,20} enact)",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\b(?:read|reads) as follows\b|\bto read:|\b(?:amended|revised|repealed)\b.{0,120}\b(?:by|to)\b.{0,200}(?:read"
    r"|as follows|following)",
    re.IGNORECASE,
)
_BRACKETS_DELETE = re.compile(
    r"\[brackets?\]\s+indicates?\s+matter\s+(?:deleted|stricken|removed)|(?:matter|material|language)\s+(?:enclosed\s+)?(?:in|within)\s+\[?"
    r"(?:bold(?:face)?\s+)?brackets?\]?.{0,60}(?:is|indicates?|to be)\s+(?:\w+\s+)?(?:old|deleted|omitted|removed|repealed)"
    r"|brackets?\s+\[[^\]]{0,12}\]\s+(?:is|indicate)",
    re.IGNORECASE,
)
_AMENDS = re.compile(r"\b(?:is|are)\s+(?:hereby\s+)?(?:further\s+)?amended\b.{0,80}?\bto\s+read\b", re.IGNORECASE | re.DOTALL)
_CAPITALS_ADD = re.compile(r"(?:CAPITALS|CAPITAL\s+LETTERS|ALL\s+CAPS)\s+INDICATE", re.IGNORECASE)
_EDITORIAL = re.compile(r"\[\s*(?:reserved|sic|\.{3}|…|\d{1,4}|n\.?d\.?|date|name|\s*)\s*\]", re.IGNORECASE)
_LOUD_RUN = re.compile(r"[“\"(]?\b[A-Z]{2,}[^\sa-z]*(?:\s+[^\sa-z]*[A-Z0-9§][^\sa-z]*)+")
LONGEST_DELETION = 4000
"""A bracket that does not close within so many characters is a misprint, not a deletion."""


def is_enacting(text: str) -> bool:
    """Tell whether a paragraph enacts: ``Be it enacted by ...``."""
    return bool(ENACTING.search(text[:600]))


def is_formula(text: str) -> bool:
    """Tell whether a text is an enacting clause and no more: the words that make the law, and none of the law."""
    return is_enacting(text) and text.endswith((":", "—", "–", ",")) and len(text) < 400


def is_frame(text: str) -> bool:
    """Tell whether a text only announces the wording that follows: ``is amended to read as follows:``."""
    return text.endswith((":", "—", "–")) and bool(_FRAME.search(text[-500:]))


def capitals_add(text: str) -> bool:
    """Tell whether a document says that capitals mark what it adds."""
    return bool(_CAPITALS_ADD.search(text))


def additions(text: str) -> tuple[str, ...]:
    """Return the runs of capitals in a text, where those mark what an act adds."""
    return tuple(match[0].strip() for match in _LOUD_RUN.finditer(text))


def brackets_delete(text: str) -> bool:
    """Tell whether a document's brackets hold deleted matter: it says so, or it enacts law that is amended to read anew."""
    return bool(_BRACKETS_DELETE.search(text)) or bool(ENACTING.search(text[:20000]) and _AMENDS.search(text))


def strike_brackets(text: str, rows: Sequence[Row]) -> None:
    """Take bracketed matter out of the rows' text and keep it as struck."""
    struck = _bracketed(text, rows)
    if not struck:
        return
    position = 0
    for row in rows:
        if row.aside is not None or not row.spans:
            continue
        while position < len(struck) and struck[position][1] <= row.spans[0][0]:
            position += 1
        kept, gone = _subtract(row.spans, struck, position)
        if gone:
            row.spans = tuple(kept)
            row.text = " ".join(piece for start, end in kept if (piece := text[start:end].strip()))
            row.struck = " ".join([row.struck, *(text[start:end].strip("[] ") for start, end in gone)]).strip()
            row.asides.extend((start, end, "struck") for start, end in gone)


def _bracketed(text: str, rows: Sequence[Row]) -> list[Span]:
    """Return the spans of bracketed matter in the running text, brackets included; nested brackets belong to the outer one."""
    found: list[Span] = []
    opened: list[int] = []
    for row in rows:
        if row.aside is not None:
            continue
        for start, end in row.spans:
            for match in re.finditer(r"[\[\]]", text[start:end]):
                at = start + match.start()
                if opened and at - opened[0] > LONGEST_DELETION:
                    opened.clear()
                if match[0] == "[":
                    opened.append(at)
                elif opened:
                    first = opened.pop()
                    if not opened and not _EDITORIAL.fullmatch(text[first : at + 1]):
                        found.append((first, at + 1))
    return found


def _subtract(spans: Sequence[Span], struck: Sequence[Span], position: int) -> tuple[list[Span], list[Span]]:
    kept: list[Span] = []
    gone: list[Span] = []
    for start, end in spans:
        here, at = start, position
        while at < len(struck) and struck[at][0] < end:
            first, last = max(here, struck[at][0]), min(end, struck[at][1])
            if first < last:
                if here < first:
                    kept.append((here, first))
                gone.append((first, last))
                here = last
            at += 1
        if here < end:
            kept.append((here, end))
    return kept, gone
