"""Tells slips of OCR from changes, where a page was read from a picture; knows nothing of pages or of how clauses are aligned."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nlp.index.spelling import GLYPHS, distance

MOST_WORDS = 2
"""Where more words than this stand side by side, it is for a person to see what was changed."""

_WORD = re.compile(r"[^\W_]+")
_STRAY = frozenset("iljtfrvy")
"""Letters that specks and lines at the edge of a scan are read as."""

_NEGATIONS = "no not nor none never neither nothing nobody without unless except cannot"
_UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
_TENS = "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half once twice"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_WEIGHTY = frozenset(f"{_NEGATIONS} {_UNITS} {_TENS} {_ORDINALS}".split())
"""Words that turn a rule round or measure it: another reading of them is always shown."""

_TURNING = ("un", "in", "im", "il", "ir", "non", "dis")
"""Beginnings that turn a word round."""


def slip(read: str, meant: str, real: Callable[[str], bool]) -> bool:
    """Tell whether the words that OCR gave look like a wrong reading of the words that were meant.

    Every word OCR gave otherwise must be no word at all (`real` says which are), close to what it stands for in its letters, and
    neither hold a digit nor stand for a word that turns a rule round or measures it. A stray mark is a slip too.
    """
    words, others = (_WORD.findall(text.casefold()) for text in (read, meant))
    if max(len(words), len(others)) > MOST_WORDS or any(map(str.isdigit, read + meant)) or _WEIGHTY & {*words, *others}:
        return False
    if not others:
        return all(word in _STRAY for word in words) and "(" not in read
    new = [word for word in words if word not in others]
    if not new or any(map(real, new)):
        return False
    return _close("".join(words), "".join(others))


def _close(one: str, other: str) -> bool:
    """Tell whether few letters differ, and none that turns the word round."""
    apart = _apart(one, other)
    if apart > 1 + (max(len(one), len(other)) // 4 if min(len(one), len(other)) > 2 else 0):
        return False
    pairs: Sequence[tuple[str, str]] = [
        (one.removeprefix(beginning), other.removeprefix(beginning))
        for beginning in _TURNING
        if one.startswith(beginning) != other.startswith(beginning)
    ]
    return all(_apart(*pair) > apart for pair in pairs)


def _apart(one: str, other: str) -> int:
    return distance(one.translate(GLYPHS), other.translate(GLYPHS))
