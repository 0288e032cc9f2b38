"""Drop the letter that a poor reading sets at the end of line after line; it must not know where the reading came from."""

from __future__ import annotations

from collections import Counter

from nlp.extract.draft import Row

LEAST = 5
"""So many lines of a page must end in the same lone letter."""
SHARE = 0.12
"""And so large a share of its lines."""
_WORDS = frozenset("aAI")


def drop(rows: list[Row]) -> None:
    """Take a lone letter off the ends of a page's lines where many end in the same one, which no text does."""
    text = [row for row in rows if row.role in ("body", "table") and len(row.words) > 2]
    ends = Counter(row.words[-1] for row in text if _is_lone(row.words[-1]) and not _is_lone(row.words[-2]))
    noise = {letter for letter, count in ends.items() if count >= max(LEAST, SHARE * len(text))}
    for row in text:
        if row.words[-1] in noise:
            last = len(row.words) - 1
            row.words.pop()
            row.marks.pop(last, None)
            del row.coords[4 * last :]


def _is_lone(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and word not in _WORDS
