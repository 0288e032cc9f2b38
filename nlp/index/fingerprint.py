"""Tells near-identical clauses by a fingerprint of their words; knows nothing of storage."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

_UNIT = r"(?:hours?|days?|weeks?|months?|years?|percent)\b"


def _kept(letter: str, small: str) -> re.Pattern[str]:
    """Return the pattern of the words and numbers that count, of an alphabet of letters and the `small` ones among them."""
    return re.compile(
        rf"(?:^|[.:;!?\n])\W*({letter}+)\b(?!\W+[A-Z])"  # a word that starts a sentence, unless a name follows or goes on
        rf"|\b({small}{letter}+(?: {small}{letter}+)*)"  # words in lower case
        rf"|\b(\d+(?:[.,]\d+)*)(?=\W+{_UNIT})"  # a number that measures time, which is part of the rule
    )


_KEPT = _kept(r"[^\W\d_]", r"[^\W\dA-Z_]")
_KEPT_PLAIN = _kept("[A-Za-z]", "[a-z]")
_PLAIN = re.compile("[\x00-\x7f‘’“”–—§]*")
"""A text whose letters are English ones, for which the plainer pattern says the same in less time."""
FEWEST_WORDS = 5
"""Fewer words than this are no wording of a clause's own."""


def kernel(text: str) -> tuple[str, ...]:
    """Return the lower-case words of a clause that its template would share.

    Left out are numbers (but those that measure time), single letters, and names: capitalised words inside a sentence, and the
    first word of one if another capitalised word follows.
    """
    pattern = _KEPT_PLAIN if _PLAIN.fullmatch(text) else _KEPT
    found = [first or plain or measured for first, plain, measured in pattern.findall(text)]
    return tuple([word.lower() for word in " ".join(found).split() if len(word) > 1 or word.isdigit()])


@lru_cache(maxsize=1024)
def fingerprint(text: str) -> int:
    """Return a signed 64-bit number that clauses of the same wording share, whatever names and numbers they carry.

    Where too few words are left to speak of a wording, the whole text in lower case counts.
    """
    words = kernel(text)
    basis = " ".join(words if len(words) >= FEWEST_WORDS else text.casefold().split())
    return int.from_bytes(hashlib.blake2b(basis.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)
