"""Tells near-identical clauses by a fingerprint of their words; knows nothing of storage."""

from __future__ import annotations

import hashlib
import re

_UNIT = r"(?:hours?|days?|weeks?|months?|years?|percent)\b"
_KEPT = re.compile(
    r"(?:^|[.:;!?\n])\W*([^\W\d_]+)\b(?!\W+[A-Z])"  # a word that starts a sentence, unless a name follows or goes on
    r"|\b([^\W\dA-Z_][^\W\d_]+)"  # a word in lower case
    rf"|\b(\d+(?:[.,]\d+)*)(?=\W+{_UNIT})"  # a number that measures time, which is part of the rule
)
FEWEST_WORDS = 5
"""Fewer words than this are no wording of a clause's own."""


def kernel(text: str) -> tuple[str, ...]:
    """Return the lower-case words of a clause that its template would share.

    Left out are numbers (but those that measure time), single letters, and names: capitalised words inside a sentence, and the
    first word of one if another capitalised word follows.
    """
    found = [first or plain or measured for first, plain, measured in _KEPT.findall(text)]
    return tuple([word.lower() for word in found if len(word) > 1 or word.isdigit()])


def fingerprint(text: str) -> int:
    """Return a signed 64-bit number that clauses of the same wording share, whatever names and numbers they carry.

    Where too few words are left to speak of a wording, the whole text in lower case counts.
    """
    words = kernel(text)
    basis = " ".join(words if len(words) >= FEWEST_WORDS else text.casefold().split())
    return int.from_bytes(hashlib.blake2b(basis.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)
