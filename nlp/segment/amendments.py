"""How acts show what they change: enacting clauses, amending frames, [brackets], CAPITALS; knows nothing of the tree."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.segment.lines import Row, Span, pieced

ENACTING = re.compile(
    r"\b(?:be it (?:further |hereby )?(?:enacted|ordained|resolved)|(?:hereby )?(?:ordains?|enacts?) as follows|ordains\s?:"
    r"|do(?:es)? (?:hereby )?ordain\b"
    r"|the people of the state of [\w ]{3,20} enact)",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\b(?:read|reads) as follows\b|\bto read:|\b(?:amended|revised|repealed)\b.{0,120}\b(?:by|to)\b.{0,200}(?:read"
    r"|as follows|following)",
    re.IGNORECASE,
)
_GONE = r"(?:deleted|deletions?|stricken|struck|removed|repealed|omitted|old)"
_NEW = r"(?:added|additions?|new|inserted|insertions?)"
_BRACKETS_DELETE = re.compile(
    rf"\bbrackets?\b.{{0,80}}\b{_GONE}\b|\b{_GONE}\b.{{0,40}}\b(?:in|within|by)\b.{{0,25}}\bbrackets?\b"
    r"|brackets?\s+\[[^\]]{0,12}\]\s+(?:is|indicate)",
    re.IGNORECASE,
)
_AMENDS = re.compile(r"\b(?:is|are)\s+(?:hereby\s+)?(?:further\s+)?amended\b.{0,80}?\bto\s+read\b", re.IGNORECASE | re.DOTALL)
_CAPITALS_ADD = re.compile(
    rf"\b(?:capitals|capital\s+letters|all\s+caps|upper\s?case)\b.{{0,80}}\b{_NEW}\b"
    rf"|\b{_NEW}\b.{{0,40}}\b(?:in|by)\b.{{0,25}}\b(?:capitals|capital\s+letters|all\s+caps)\b",
    re.IGNORECASE,
)
_LOUD_ITEM = re.compile(r"^\s{0,8}(?:\d{1,3}\s+)?(?:\([A-Z0-9]{1,4}\)\s+){1,4}[^a-z\n]{40,}$", re.MULTILINE)
_LOUD_WORDS = re.compile(r"(?<=[a-z\]][ ,])(?:[A-Z]{2,}[ ,]+|A ){3,}(?=[a-z\[]{2,})")
_RULING = re.compile(r"\b(?:SHALL|MAY|MUST|NOT|IS|ARE|WITHOUT|UNLESS|EXCEPT|ANY|A|AN|WHO|WITHIN)\b")
_REPLACED = re.compile(r"\[[^\[\]]{2,4000}\][ ,]{0,2}(?:\n\s*)?(?:[A-Z]{2,}|A)\b|\b[A-Z]{2,}[ ,]{1,2}\[[a-z][^\[\]]{1,4000}\]")
_EDITORIAL = re.compile(r"\[\s*(?:reserved|sic|\.{3}|…|\d{1,4}|n\.?d\.?|date|name|\s*)\s*\]", re.IGNORECASE)
_LOUD_RUN = re.compile(r"[“\"(]?\b[A-Z]{2,}[^\sa-z]*(?:\s+[^\sa-z]*[A-Z0-9§][^\sa-z]*)+")
ENACTS_WITHIN = 20_000
"""An act enacts within so many characters from its start."""
LONGEST_DELETION = 4000
"""A bracket that does not close within so many characters is a misprint, not a deletion."""


def is_enacting(text: str) -> bool:
    """Tell whether a paragraph enacts: ``Be it enacted by ...``."""
    return _enacting(text[:600]) is not None


def _enacting(text: str) -> re.Match[str] | None:
    """Find an enacting formula; most texts have none of its words, and to look for these first is far quicker."""
    lowered = text.lower()
    return ENACTING.search(text) if any(word in lowered for word in ("enact", "ordain", "resolved")) else None


def is_formula(text: str) -> bool:
    """Tell whether a text is an enacting clause and no more: the words that make the law, and none of the law."""
    return is_enacting(text) and text.endswith((":", "—", "–", ",")) and len(text) < 400


def is_frame(text: str) -> bool:
    """Tell whether a text only announces the wording that follows: ``is amended to read as follows:``."""
    return text.endswith((":", "—", "–")) and bool(_FRAME.search(text[-500:]))


def capitals_add(text: str) -> bool:
    """Tell whether capitals mark what a document adds: it says so, or it enacts, and states rules in capitals among plain ones.

    Names, headings and recitals in capitals are no sign: what an act adds rules, and stands inside sentences or as items.
    """
    lowered = text.lower()
    if any(word in lowered for word in ("capital", "caps", "upper")) and _CAPITALS_ADD.search(text):
        return True
    enacts = _enacting(text[:ENACTS_WITHIN])
    if enacts is None:
        return False
    body = text[enacts.end() :]
    loud = sum(1 for match in _LOUD_ITEM.finditer(body) if _RULING.search(match[0]))
    inside = sum(1 for match in _LOUD_WORDS.finditer(body) if _RULING.search(match[0]))
    return loud + inside + bool(_REPLACED.search(body)) >= 2 and any(map(str.islower, text))


def additions(text: str) -> tuple[str, ...]:
    """Return the runs of capitals in a text, where those mark what an act adds."""
    return tuple(match[0].strip() for match in _LOUD_RUN.finditer(text))


def brackets_delete(text: str, rows: Sequence[Row], *, loud: bool) -> bool:
    """Tell whether a document's brackets hold deleted matter.

    It says so, or it enacts law that is amended to read anew, or new words stand beside the brackets: marked as added, or in
    capitals where those add (`loud`).
    """
    if "bracket" in text.lower() and _BRACKETS_DELETE.search(text):
        return True
    enacts = _enacting(text[:ENACTS_WITHIN])
    if enacts is None:
        return False
    if _AMENDS.search(text) or (loud and _REPLACED.search(text, enacts.end())):
        return True
    return any(row.added and ("[" in row.text or "]" in row.text) for row in rows)


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
            row.text = pieced(text, kept)
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
