"""Tells words that were read wrongly from words that were changed; knows nothing of documents or of an outside dictionary."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

ALIKE = 0.6
"""How alike the letters of two runs must be, 0 to 1, where one holds marks that only a wrong reading gives."""
USUAL = 3
"""A word that the documents use this often is spelled as its writers meant it."""

GLYPHS = str.maketrans(
    {char: group[0] for group in ("iljtfr1|!", "ceoaqgdbp069", "nhuvwyk", "sz5283") for char in group} | {"m": "nn"}
)
"""Letters that a reader takes for one another: thin ones, round ones, humps, and those like an s."""
_SYMBOL = re.compile(r"[&_^~\\*=<>|{}@#$%+]")
_WORD = re.compile(r"[^\W_]+")


def misread(old: str, new: str, usual: Callable[[str], bool]) -> bool:
    """Tell whether two runs of words look like one run of which one copy was read wrongly.

    `usual` says of a word whether the documents use it often. A run of usual words on both sides is a change, and so is a word
    that only gains or loses its beginning or its end (lawful, unlawful), and a number for another number.
    """
    left, right = (_WORD.findall(text.casefold()) for text in (old, new))
    one, other = "".join(left), "".join(right)
    if not one or not other:
        return not one and not other
    if one == other:
        return True
    if _SYMBOL.search(old) or _SYMBOL.search(new):
        if any(map(str.isdigit, one)) and any(map(str.isdigit, other)):
            return False
        return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
    if one.isdecimal() or other.isdecimal():
        return not (one.isdecimal() and other.isdecimal()) and one.translate(GLYPHS) == other.translate(GLYPHS)
    if all(map(usual, left)) and all(map(usual, right)):
        return False
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer or longer.endswith(shorter) or (longer.startswith(shorter) and len(longer) > len(shorter) + 1):
        return False
    most = 1 + len(longer) // 8
    left_read, right_read = one.translate(GLYPHS), other.translate(GLYPHS)
    return abs(len(left_read) - len(right_read)) <= most and distance(left_read, right_read) <= most


def distance(one: str, other: str) -> int:
    """Return how many letters must be put in, left out or changed to make one string the other."""
    row = list(range(len(other) + 1))
    for at, left in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, right in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (left != right))
    return row[-1]
