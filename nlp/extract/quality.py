"""How well a page was read: the share of common words among its words; it must not know how pages are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).with_name("data") / "words.txt"
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENDINGS = ("'s", "’s", "s", "es", "ed", "ing", "ly", "er", "or", "al")


@cache
def ranks() -> dict[str, int]:
    """Return the word list: each word and its rank, the most frequent first."""
    with _WORDS.open(encoding="utf-8") as lines:
        words = [line.strip() for line in lines if not line.startswith("#")]
    return {word: rank for rank, word in enumerate(words, 1)}


def known(word: str) -> bool:
    """Tell whether a word, or its stem, stands in the word list."""
    table = ranks()
    low = word.lower().replace("’", "'")
    if low in table:
        return True
    return any(low.endswith(end) and low[: -len(end)] in table for end in _ENDINGS if len(low) > len(end) + 3)


def measure(words: Iterable[str]) -> float:
    """Return the share of common words among the words of letters, 0 where there are none.

    Single letters count as misread beyond a fifth of all words (letter-spacing); glyphs outside any alphabet always do.
    """
    good = bad = 0.0
    single = 0
    for word in words:
        core = word.strip(".,;:()[]{}\"'“”‘’•§*!?/\\_|–—-")
        if not core:
            bad += any(ch < " " or "\ue000" <= ch <= "\uf8ff" or ch == "\ufffd" for ch in word)
            continue
        if len(core) == 1:
            single += core.isalpha() and core not in "aAI"
            continue
        parts = _TOKEN.findall(core)
        if not parts:
            bad += not re.fullmatch(r"[\d.,:;/()$%#&§*+\-–—_=<>'’\"|]+", core)
            continue
        if len("".join(parts)) < 0.5 * len(core) and not re.search(r"\d", core):
            bad += 1
        elif all(len(part) == 1 or known(part) for part in parts):
            good += 1
        elif (core[:1].isupper() and core[1:].islower()) or (core.isupper() and len(core) <= 5):
            good += 0.5
            bad += 0.5
        else:
            bad += 1
    total = good + bad
    bad += max(0.0, single - 0.2 * (total + single))
    return round(good / (good + bad), 4) if good else 0.0
