"""Aligns the clauses of two documents and says what is the same, reworded, added and removed; knows nothing of stores."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal, get_args

from nlp.index.fingerprint import kernel
from nlp.index.slips import slip
from nlp.index.spelling import USUAL, misread

Row = Mapping[str, Any]
Pages = frozenset[int]
Change = Literal["same", "moved", "renamed", "respelled", "misread", "recut", "reworded", "added", "removed"]
CHANGES: tuple[Change, ...] = get_args(Change)
NO_PAGES: Pages = frozenset()
LEAST_ALIKE = 0.5
"""Clauses that share less than this of their word pairs are none the other reworded."""
RECUT = 0.8
"""A clause without a counterpart stands in the other document, cut otherwise, if this share of its runs of words does."""
FEWEST_RUNS = 4
"""A clause of fewer runs of words would stand in many documents by chance."""
_PLAIN = str.maketrans("’‘“”–", "''\"\"-")
_WORD = re.compile(r"\w+(?:[’'.-]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of a changed clause, with the blanks before it: in both texts, in the old one, or in the new one alone."""

    change: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause of the old document, of the new one, or of both, as contract rows.

    A clause is ``renamed`` if the two differ in names and in numbers that measure no time, and in nothing else, ``respelled`` if
    they differ beyond that only in letters that a reader takes for one another, ``misread`` if one of them was read by OCR and
    what differs beyond that are slips of that reading. It is ``recut`` if it has no counterpart but its words stand in the other
    document, in clauses cut otherwise. `alike` is 1 where the words are the same (case, marks and spacing aside); `pieces` is
    the word diff of a renamed, respelled, misread or reworded clause.
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
        parts = []
        for piece in self.pieces:
            text = piece.text.lstrip()
            parts.append(piece.text[: len(piece.text) - len(text)] + frame[piece.change].format(text))
        return "".join(parts).strip()


@dataclass(frozen=True, slots=True)
class Difference:
    """The clauses of both documents in the order of the new one; what was removed stands where it stood."""

    entries: tuple[Entry, ...]

    @property
    def counts(self) -> dict[Change, int]:
        """Return how many clauses each kind of change has."""
        found = Counter(entry.change for entry in self.entries)
        return {change: found[change] for change in CHANGES}


def difference(
    old: Sequence[Row],
    new: Sequence[Row],
    *,
    least_alike: float = LEAST_ALIKE,
    known: Callable[[str], bool] | None = None,
    scanned: tuple[Pages, Pages] = (NO_PAGES, NO_PAGES),
) -> Difference:
    """Align the clauses of two documents, given as contract rows in order.

    Clauses of the very same words are paired first, in order where they can be, else as moved; of the rest the most alike are
    paired as reworded if they share at least `least_alike` of their word pairs. `known` tells whether a word is one of the
    language: with it no word of the language is taken for another read wrongly, and slips on the pages that OCR read, which
    `scanned` numbers for the old document and for the new one, are told from changes.
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
    judge = _Judge(old, new, known, scanned)
    alike: dict[int, float] = {}
    for score, left, right in scores:
        if left not in pairs and right not in taken:
            pairs[left] = right
            alike[left] = score
            taken.add(right)
    entries = [
        (right, 0, left, _entry(old[left], new[right], alike.get(left), judge, moved=left in moved))
        for left, right in pairs.items()
    ]
    old_runs, new_runs = _runs(row["text"] for row in old), _runs(row["text"] for row in new)
    entries.extend(
        (right, 0, -1, Entry("recut" if _stands(new[right], old_runs) else "added", None, new[right], 0.0))
        for right in range(len(new))
        if right not in taken
    )
    at = -1
    for left in range(len(old)):
        if left in pairs:
            at = at if left in moved else pairs[left]
        else:
            entries.append((at, 1, left, Entry("recut" if _stands(old[left], new_runs) else "removed", old[left], None, 0.0)))
    return Difference(tuple(entry for *_, entry in sorted(entries, key=lambda entry: entry[:3])))


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text that an alignment goes by."""
    return tuple(match.casefold() for match in re.findall(r"\w+", text))


def _identical(old: Sequence[Row], new: Sequence[Row]) -> tuple[dict[int, int], set[int]]:
    """Pair the clauses of the same words; tell which of the old ones moved."""
    left, right = (["".join(words(row["text"])) for row in rows] for rows in (old, new))
    pairs: dict[int, int] = {}
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        pairs.update((block.a + at, block.b + at) for at in range(block.size))
    free: dict[str, list[int]] = defaultdict(list)
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


class _Judge:
    """Says of the words that differ between two clauses whether they were changed."""

    def __init__(
        self, old: Sequence[Row], new: Sequence[Row], known: Callable[[str], bool] | None, scanned: tuple[Pages, Pages]
    ) -> None:
        self._used = [Counter(word for row in rows for word in words(str(row["text"]))) for rows in (old, new)]
        self._known = known
        self._scanned = scanned

    def misread(self, removed: str, added: str) -> bool:
        """Tell whether they differ in letters that a reader takes for one another, or in marks."""
        left, right = words(removed), words(added)
        if self._known is not None and all(map(self._known, (*left, *right))) and "".join(left) != "".join(right):
            return False
        return misread(removed, added, self._usual)

    def misread_or_named(self, removed: str, added: str) -> bool:
        """Tell whether they differ so, or a name stands for a name."""
        return self.misread(removed, added) or _named(removed, added)

    def slips(self, old: Row, new: Row) -> Callable[[str, str], bool] | None:
        """Return what tells whether words differ so or by a slip of OCR; None where OCR read neither."""
        known = self._known
        by_ocr = [not pages.isdisjoint(row.get("pages") or ()) for pages, row in zip(self._scanned, (old, new), strict=True)]
        if known is None or not any(by_ocr):
            return None
        typed = [Counter[str]() if by_ocr[at] else self._used[at] for at in (0, 1)]

        def real(word: str) -> bool:
            return known(word) or word in typed[0] or word in typed[1]

        def slipped(removed: str, added: str) -> bool:
            if self.misread_or_named(removed, added):
                return True
            sides = (removed, added)
            return any(by_ocr[at] and slip(sides[at], sides[1 - at], real) for at in (0, 1))

        return slipped

    def _usual(self, word: str) -> bool:
        return self._used[0][word] + self._used[1][word] >= USUAL


def _runs(texts: Iterable[str]) -> set[tuple[str, ...]]:
    """Return the runs of three words of a document, across its clauses."""
    found = [word for text in texts for word in words(text)]
    return set(zip(found, found[1:], found[2:], strict=False))


def _stands(row: Row, runs: set[tuple[str, ...]]) -> bool:
    """Tell whether the words of a clause stand in a document, however it is cut."""
    own = _runs([str(row["text"])])
    return len(own) >= FEWEST_RUNS and len(own & runs) >= RECUT * len(own)


def _entry(old: Row, new: Row, alike: float | None, judge: _Judge, *, moved: bool) -> Entry:
    if alike is None:
        return Entry("moved" if moved else "same", old, new)
    pieces = _pieces(str(old["text"]), str(new["text"]))
    slips = judge.slips(old, new)
    change: Change = "reworded"
    if _every(pieces, judge.misread):
        change = "respelled"
    elif kernel(str(old["text"])) == kernel(str(new["text"])):
        change = "renamed"
    elif _every(pieces, judge.misread_or_named):
        change = "respelled"
    elif slips is not None and _every(pieces, slips):
        change = "misread"
    return Entry(change, old, new, round(alike, 4), pieces)


def _every(pieces: Sequence[Piece], harmless: Callable[[str, str], bool]) -> bool:
    """Tell whether every change, old words and new ones taken together, is harmless."""
    at = 0
    while at < len(pieces):
        run: dict[str, str] = {}
        while at < len(pieces) and pieces[at].change != "same":
            run[pieces[at].change] = run.get(pieces[at].change, "") + pieces[at].text
            at += 1
        if run and not harmless(run.get("removed", ""), run.get("added", "")):
            return False
        at += not run
    return True


def _named(removed: str, added: str) -> bool:
    """Tell whether a name stands for a name: capitalised words alone on both sides."""
    sides = [re.findall(r"[^\W_]+", text) for text in (removed, added)]
    return all(side and all(word[0].isupper() for word in side) for side in sides)


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    left, right = _tokens(old), _tokens(new)
    matcher = SequenceMatcher(None, [key for key, *_ in left], [key for key, *_ in right], autojunk=False)
    pieces: list[Piece] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", new[right[c][1] : right[d - 1][2]]))
            continue
        if b > a:
            pieces.append(Piece("removed", old[left[a][1] : left[b - 1][2]]))
        if d > c:
            pieces.append(Piece("added", new[right[c][1] : right[d - 1][2]]))
    return tuple(pieces)


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """Return the words and marks of a text as they are compared, each with its span and the blanks before it."""
    found, end = [], 0
    for match in _WORD.finditer(text):
        found.append((match[0].casefold().translate(_PLAIN), end, match.end()))
        end = match.end()
    return found
