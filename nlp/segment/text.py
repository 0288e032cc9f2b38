"""Joins lines into clean text: mends hyphenation, drops soft hyphens, folds spaces; knows nothing of structure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SOFT = re.compile("[\u00ad\ufffe\u200b\ufeff\u2060]")
_BROKEN = re.compile(r"([A-Za-z]+)[-\u2010]$")
_NEXT = re.compile(r"[a-z]+")
_WORDS = re.compile(r"[a-z]+(?:-[a-z]+)*")
_BROKEN_ANYWHERE = re.compile("(?<![a-z])[a-z]+[-\u2010\u00ad\ufffe][ \t]*\n\\s{0,40}[a-z]+")
_SPACES = re.compile(r"\s+")


def vocabulary(text: str) -> frozenset[str]:
    """Return the lower-case words of a text, hyphenated compounds whole: what decides whether a broken word keeps its hyphen."""
    return frozenset(_WORDS.findall(_BROKEN_ANYWHERE.sub(" ", text.lower())))


def join_lines(lines: Sequence[str], words: frozenset[str]) -> str:
    """Join lines into one; a word broken at a line's end is mended, a compound keeps its hyphen."""
    parts: list[str] = []
    glue = False
    for line in lines:
        text = line.strip()
        if glue:
            parts[-1] = _mend(parts[-1], text, words)
            head = parts[-1]
        else:
            parts.append(text)
            head = text
        glue = head.endswith(("\u00ad", "\ufffe", "-", "\u2010", "–")) and not head.endswith((" -", " –", " \u2010"))
    return _SPACES.sub(" ", _SOFT.sub("", " ".join(parts))).strip()


def _mend(before: str, after: str, words: frozenset[str]) -> str:
    if before.endswith(("\u00ad", "\ufffe")):
        return before[:-1] + after
    broken, following = _BROKEN.search(before[-40:]), _NEXT.match(after)
    if broken is None or following is None:
        return before + after
    left, right = broken[1].lower(), following[0]
    if left + right in words or (f"{left}-{right}" not in words and not (left in words and right in words and len(left) > 2)):
        return before[:-1] + after
    return before + after
