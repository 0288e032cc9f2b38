"""Aligns the clauses of two documents and says what is the same, reworded, added and removed; knows nothing of stores."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal

Row = Mapping[str, Any]
Change = Literal["same", "moved", "reworded", "added", "removed"]
LEAST_ALIKE = 0.5
_WORD = re.compile(r"\w+(?:[’'.-]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of a reworded clause: in both texts, in the old one alone, or in the new one alone."""

    change: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause of the old document, of the new one, or of both, as contract rows.

    `alike` is 1 where the words are the same (case, quotation marks and spacing aside); `pieces` is the word diff of a reworded
    clause.
    """

    change: Change
    old: Row | None
    new: Row | None
    alike: float = 1.0
    pieces: tuple[Piece, ...] = ()

    def marked(self) -> str:
        """Return the clause as one text, old words as ``[-so-]`` and new ones as ``{+so+}``."""
        if not self.pieces:
            row = self.new if self.new is not None else self.old
            return str(row["text"]) if row is not None else ""
        frame = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
        return " ".join(frame[piece.change].format(piece.text) for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Difference:
    """The clauses of both documents in the order of the new one; what was removed stands where it stood."""

    entries: tuple[Entry, ...]

    @property
    def counts(self) -> dict[Change, int]:
        """Return how many clauses each kind of change has."""
        found = Counter(entry.change for entry in self.entries)
        changes: tuple[Change, ...] = ("same", "moved", "reworded", "added", "removed")
        return {change: found[change] for change in changes}


def difference(old: Sequence[Row], new: Sequence[Row], *, least_alike: float = LEAST_ALIKE) -> Difference:
    """Align the clauses of two documents, given as contract rows in order.

    Clauses of the very same words are paired first, in order where they can be, else as moved; of the rest the most alike are
    paired as reworded if they share at least `least_alike` of their word pairs.
    """
    pairs, moved = _identical(old, new)
    taken = set(pairs.values())
    scores = _alike(
        [at for at in range(len(old)) if at not in pairs],
        [at for at in range(len(new)) if at not in taken],
        old,
        new,
        least_alike,
    )
    alike: dict[int, float] = {}
    for score, left, right in scores:
        if left not in pairs and right not in taken:
            pairs[left] = right
            alike[left] = score
            taken.add(right)
    entries = [
        (right, 0, left, _entry(old[left], new[right], alike.get(left), moved=left in moved)) for left, right in pairs.items()
    ]
    entries.extend((right, 0, -1, Entry("added", None, new[right], 0.0)) for right in range(len(new)) if right not in taken)
    at = -1
    for left in range(len(old)):
        if left in pairs:
            at = at if left in moved else pairs[left]
        else:
            entries.append((at, 1, left, Entry("removed", old[left], None, 0.0)))
    return Difference(tuple(entry for *_, entry in sorted(entries, key=lambda entry: entry[:3])))


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text that an alignment goes by."""
    return tuple(match.casefold() for match in re.findall(r"\w+", text))


def _identical(old: Sequence[Row], new: Sequence[Row]) -> tuple[dict[int, int], set[int]]:
    """Pair the clauses of the same words; tell which of the old ones moved."""
    left, right = [words(row["text"]) for row in old], [words(row["text"]) for row in new]
    pairs: dict[int, int] = {}
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        pairs.update((block.a + at, block.b + at) for at in range(block.size))
    free: dict[tuple[str, ...], list[int]] = defaultdict(list)
    used = set(pairs.values())
    for at, key in enumerate(right):
        if at not in used:
            free[key].append(at)
    moved = set()
    for at, key in enumerate(left):
        if at not in pairs and free[key]:
            pairs[at] = free[key].pop(0)
            moved.add(at)
    return pairs, moved


def _alike(
    left: Sequence[int], right: Sequence[int], old: Sequence[Row], new: Sequence[Row], least: float
) -> list[tuple[float, int, int]]:
    """Return the pairs of clauses alike enough, the most alike first, nearer ones before farther ones."""
    old_pairs = {at: word_pairs(old[at]["text"]) for at in left}
    new_pairs = {at: word_pairs(new[at]["text"]) for at in right}
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, bigrams in new_pairs.items():
        for bigram in bigrams:
            where[bigram].append(at)
    found = []
    for at, bigrams in old_pairs.items():
        shared: Counter[int] = Counter()
        for bigram, count in bigrams.items():
            for other in where.get(bigram, ()):
                shared[other] += min(count, new_pairs[other][bigram])
        for other, count in shared.items():
            score = 2 * count / (bigrams.total() + new_pairs[other].total())
            if score >= least:
                found.append((score, at, other))
    return sorted(found, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1], pair[2]))


def word_pairs(text: str) -> Counter[tuple[str, str]]:
    """Count the pairs of neighbouring words of a text, its ends included."""
    found = ("", *words(text), "")
    return Counter(pairwise(found))


def _entry(old: Row, new: Row, alike: float | None, *, moved: bool) -> Entry:
    if alike is None:
        return Entry("moved" if moved else "same", old, new)
    return Entry("reworded", old, new, round(alike, 4), _pieces(str(old["text"]), str(new["text"])))


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    left, right = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, [word.casefold() for word in left], [word.casefold() for word in right], autojunk=False)
    pieces: list[Piece] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", _joined(right[c:d])))
            continue
        if b > a:
            pieces.append(Piece("removed", _joined(left[a:b])))
        if d > c:
            pieces.append(Piece("added", _joined(right[c:d])))
    return tuple(pieces)


def _joined(tokens: Sequence[str]) -> str:
    """Join words and marks as they are usually set."""
    text = " ".join(tokens)
    text = re.sub(r"\s+([,.;:!?)\]’”])", r"\1", text)
    return re.sub(r"([(\[§$“‘])\s+", r"\1", text)
