"""Joins lines into clean text: mends hyphenation, drops soft hyphens, folds spaces; knows nothing of structure."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import cached_property
from string import ascii_lowercase

_SOFT = re.compile("[\u00ad\ufffe\u200b\ufeff\u2060]")
_BROKEN = re.compile(r"([A-Za-z]+)[-\u2010]$")
_NEXT = re.compile(r"[a-z]+")
_WORDS = re.compile(r"[a-z]+(?:-[a-z]+)*")
_BREAK = re.compile("[-\u2010\u00ad\ufffe][ \t]*\n\\s{0,40}[a-z]+")
_HYPHENS = frozenset("\u00ad\ufffe-\u2010–")


class Vocabulary:
    """The lower-case words of a text, hyphenated compounds whole: what decides whether a broken word keeps its hyphen.

    They are gathered when first asked for, since many documents break no word.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def __contains__(self, word: object) -> bool:
        return word in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        lowered, whole, after = self._text.lower(), [], 0
        for match in _BREAK.finditer(lowered):
            at = match.start()
            if at > after and lowered[at - 1] in ascii_lowercase:
                whole.append(lowered[after:at].rstrip(ascii_lowercase))
                after = match.end()
        return frozenset(_WORDS.findall(" ".join([*whole, lowered[after:]])))


def join_lines(lines: Sequence[str], words: Container[str]) -> str:
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
        glue = head[-1:] in _HYPHENS and not head.endswith((" -", " –", " \u2010"))
    whole = " ".join(parts)
    return " ".join((whole if whole.isascii() else _SOFT.sub("", whole)).split())


def _mend(before: str, after: str, words: Container[str]) -> str:
    if before.endswith(("\u00ad", "\ufffe")):
        return before[:-1] + after
    broken, following = _BROKEN.search(before[-40:]), _NEXT.match(after)
    if broken is None or following is None:
        return before + after
    left, right = broken[1].lower(), following[0]
    if left + right in words or (f"{left}-{right}" not in words and not (left in words and right in words and len(left) > 2)):
        return before[:-1] + after
    return before + after
