"""Tells near-identical clauses by a fingerprint of their words; knows nothing of storage."""

from __future__ import annotations

import hashlib
import re

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?|\d+(?:[.,]\d+)*")
_UNITS = frozenset(["hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years", "percent"])
FEWEST_WORDS = 5


def kernel(text: str) -> tuple[str, ...]:
    """Return the lower-case words of a clause that its template would share.

    Left out are numbers (but those that measure time, which are part of the rule), single letters, and names: capitalised words
    inside a sentence, and the first word of one if another capitalised word follows.
    """
    found = list(_WORD.finditer(text))
    kept: list[str] = []
    for index, match in enumerate(found):
        word = match[0]
        after = found[index + 1] if index + 1 < len(found) else None
        if word[0].isdigit():
            if after is not None and after[0].lower() in _UNITS:
                kept.append(word)
            continue
        if len(word) == 1 or (word[0].isupper() and not _common(text, found, index)):
            continue
        kept.append(word.lower())
    return tuple(kept)


def _common(text: str, found: list[re.Match[str]], index: int) -> bool:
    """Tell whether a capitalised word is capital only because a sentence starts with it."""
    before = text[found[index - 1].end() : found[index].start()] if index else "."
    starts = any(mark in before for mark in ".:;!?\n")
    return starts and not (index + 1 < len(found) and found[index + 1][0][0].isupper())


def fingerprint(text: str) -> int:
    """Return a signed 64-bit number that clauses of the same wording share, whatever names and numbers they carry.

    Where too few words are left to speak of a wording, the whole text in lower case counts.
    """
    words = kernel(text)
    basis = " ".join(words if len(words) >= FEWEST_WORDS else text.casefold().split())
    return int.from_bytes(hashlib.blake2b(basis.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)
