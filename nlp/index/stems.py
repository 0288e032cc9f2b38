"""Cuts text into stemmed words as SQLite's FTS5 does, for engines that leave this to us; knows nothing of queries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

SHORTEST = 3
"""Words of fewer letters have no stem."""
_TOKEN = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("porter")


@lru_cache(maxsize=500_000)
def stem(word: str) -> str:
    """Return the Porter stem of a word in lower case without accents.

    FTS5 follows the later form of the algorithm, Snowball the first: words of one or two letters stay, and ``assembly`` and
    ``technology`` lose their endings. Of 83,000 words the two then differ on four, all in a doubled k or v but one.
    """
    plain = word.lower()
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFD", plain) if not unicodedata.combining(char))
    if len(plain) < SHORTEST:
        return plain
    found = str(_stemmer().stemWord(plain))
    if found.endswith("bli") and _measured(found[:-3]):
        return str(_stemmer().stemWord(f"{found[:-1]}e"))
    return found[:-1] if found.endswith("logi") and _measured(found[:-4]) else found


def _measured(part: str) -> bool:
    """Tell whether a vowel is followed by a consonant, as Porter's rules ask of what an ending leaves."""
    vowels: list[bool] = []
    for char in part:
        vowels.append(char in "aeiou" or (char == "y" and bool(vowels) and not vowels[-1]))
    return any(first and not second for first, second in pairwise(vowels))


def stems(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the stem and the span of each word of a text."""
    for match in _TOKEN.finditer(text):
        yield stem(match[0]), match.start(), match.end()
