"""How well a page was read: the share of common words among its words; it must not know how pages are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

_WORDS = Path(__file__).with_name("data") / "words.txt"
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NUMERIC = re.compile(r"[\d.,:;/()$%#&§*+\-–—_=<>'’\"|]+")
_SCRIPTS = (
    ("\u0370", "\u03ff"), ("\u0400", "\u052f"), ("\u0590", "\u05ff"), ("\u0600", "\u077f"), ("\u0900", "\u0dff"),
    ("\u0e00", "\u0eff"), ("\u1100", "\u11ff"), ("\u3040", "\u9fff"), ("\uac00", "\ud7af"),
)  # fmt: skip
_ENDINGS = ("'s", "’s", "s", "es", "ed", "ing", "ly", "er", "or", "al")


@cache
def ranks() -> dict[str, int]:
    """Return the word list: each word and its rank, the most frequent first."""
    with _WORDS.open(encoding="utf-8") as lines:
        words = [line.strip() for line in lines if not line.startswith("#")]
    return {word: rank for rank, word in enumerate(words, 1)}


@lru_cache(maxsize=1 << 16)
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
        worth, weight, alone = judge(word)
        good += worth
        bad += weight - worth
        single += alone
    bad += max(0.0, single - 0.2 * (good + bad + single))
    return round(good / (good + bad), 4) if good else 0.0


def other_script(words: Iterable[str]) -> bool:
    """Tell whether most letters belong to one script other than Latin; a broken font map scatters letters over several."""
    blocks = [next((at for at, (low, high) in enumerate(_SCRIPTS) if low <= char <= high), -1) for word in words for char in word]
    counts = Counter(block for block in blocks if block >= 0)
    return bool(counts) and counts.most_common(1)[0][1] > 0.5 * len(blocks)


@lru_cache(maxsize=1 << 16)
def judge(word: str) -> tuple[float, float, bool]:
    """Return how likely a word is read right, how much it counts, and whether it is a stray letter."""
    core = word.strip(".,;:()[]{}\"'“”‘’•§*!?/\\_|–—-")
    if not core:
        broken = any(char < " " or "\ue000" <= char <= "\uf8ff" or char == "\ufffd" for char in word)
        return 0.0, float(broken), False
    if len(core) == 1:
        return 0.0, 0.0, core.isalpha() and core not in "aAI"
    parts = _TOKEN.findall(core)
    if not parts:
        return 0.0, float(not _NUMERIC.fullmatch(core)), False
    if len("".join(parts)) < 0.5 * len(core) and not re.search(r"\d", core):
        return 0.0, 1.0, False
    if all(len(part) == 1 or known(part) for part in parts):
        return 1.0, 1.0, False
    name = core[:1].isupper() and core[1:].islower()
    return (0.5 if name or (core.isupper() and len(core) <= 5) else 0.0), 1.0, False
