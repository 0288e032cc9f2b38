"""Two readings of one page become one: where they differ, the known word wins; it must not know where a reading came from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from nlp.extract.draft import Row, Token
from nlp.extract.layout import arrange
from nlp.extract.quality import judge

_LONGEST = 6
"""Words of a difference at most; longer ones are other text, not another reading of it."""
_AHEAD = 0.3
"""How much more sense, 0 to 1, the other reading of a word must make to be taken."""
_LIKELY = 0.6
"""How much sense words must make, 0 to 1, to be added where the page as read has none."""


def combine(base: list[Row], other: list[Row]) -> tuple[list[Row], int]:
    """Return `base` mended where `other` reads better or reads what `base` lacks, and how many words were taken over."""
    places = [(row, at) for row in base for at in range(len(row.words))]
    mine = [row.words[at] for row, at in places]
    tokens = [token for row in other for token in row.tokens()]
    theirs = [token.text for token in tokens]
    taken = 0
    missing: list[list[Token]] = []
    matcher = SequenceMatcher(None, [_key(word) for word in mine], [_key(word) for word in theirs], autojunk=False)
    # from the end, so that places before a change stay right
    for kind, start, end, first, last in reversed(matcher.get_opcodes()):
        if kind == "insert" and _sense(theirs[first:last]) > _LIKELY:
            missing.append(tokens[first:last])
        if kind != "replace" or end - start > _LONGEST or last - first > _LONGEST:
            continue
        row, at = places[start]
        if places[end - 1][0] is not row or not _better(mine[start:end], theirs[first:last]):
            continue
        count = end - start
        row.words[at : at + count] = theirs[first:last]
        row.coords[4 * at : 4 * (at + count)] = _fit(row.coords[4 * at : 4 * (at + count)], tokens[first:last])
        taken += last - first
    rows, added = _add(base, missing)
    return rows, taken + added


def _key(word: str) -> str:
    """Reduce a word to its letters and digits, so that quotes and points do not part two readings."""
    return re.sub(r"\W", "", word.lower()) or word


def _add(base: list[Row], missing: list[list[Token]]) -> tuple[list[Row], int]:
    """Add words where the page as read so far has none."""
    present = [token for row in base for token in row.tokens()]
    free = [[token for token in run if not any(covers(old, token) for old in present)] for run in missing]
    free = [run for run in free if run]
    if not free:
        return base, 0
    return arrange([*[row.tokens() for row in base], *free]), sum(map(len, free))


def covers(old: Token, new: Token) -> bool:
    """Tell whether two words stand on the same place."""
    return min(old.x1, new.x1) > max(old.x0, new.x0) and min(old.bottom, new.bottom) > max(old.top, new.top)


def _better(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether the other reading of the same ink makes more sense."""
    alike = SequenceMatcher(None, "".join(mine).lower(), "".join(theirs).lower(), autojunk=False).ratio()
    if len(theirs) == 1 < len(mine) and alike > 0.85 and len(theirs[0]) > 7 and _sense(theirs) == 1:
        return True
    return alike > 0.4 and _sense(theirs) >= _sense(mine) + _AHEAD


def _sense(words: Sequence[str]) -> float:
    good = total = 0.0
    for word in words:
        worth, weight, alone = judge(word)
        good += worth
        total += max(weight, float(alone))
    return good / total if total else 0.5


def _fit(old: list[int], tokens: list[Token]) -> list[int]:
    """Place the words taken over: their own boxes across, the height of the line they join."""
    top, bottom = min(old[1::4]), max(old[3::4])
    left, right = min(old[0::4]), max(old[2::4])
    scale = (right - left) / ((tokens[-1].x1 - tokens[0].x0) or 1)
    fitted: list[int] = []
    for token in tokens:
        start, end = ((x - tokens[0].x0) * scale for x in (token.x0, token.x1))
        fitted += [round(left + start), top, round(left + end), bottom]
    return fitted
