"""Cuts text into stemmed words as SQLite's FTS5 does, for engines that leave this to us; knows nothing of queries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

SHORTEST = 3
_TOKEN = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("porter")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the Porter stem of a word in lower case without accents; words of one or two letters stay."""
    plain = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char)).lower()
    return str(_stemmer().stemWord(plain)) if len(plain) >= SHORTEST else plain


def stems(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the stem and the span of each word of a text."""
    for match in _TOKEN.finditer(text):
        yield stem(match[0]), match.start(), match.end()
