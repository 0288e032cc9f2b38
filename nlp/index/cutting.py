"""Cuts clauses where people say that one begins, and joins those that are one rule; knows no engine and no model.

A cut names a place in the document's text, so that it holds for whatever clauses the document is divided into when it is read
anew; the words around it find the place again where the text has shifted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from nlp.records import Box, Clause, ClauseKind, Word

Action = Literal["split", "join"]
AROUND = 40
"""Code points kept from either side of a place."""
_TOKEN = re.compile(r"\S+")
_BROKEN = re.compile(r"[a-z][-\u2010]$")
_PIECE = ""
"""The id of a piece until all cuts are made."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A clause begins (``split``), or does not begin (``join``), at a place: an offset in `Document.text`.

    `before` and `after` are the text on either side when it was made.
    """

    number: int
    document_id: str
    action: Action
    place: int
    before: str
    after: str
    reviewer: str
    decided: str

    def within(self, text: str) -> int | None:
        """Return its place in a text of the document, the nearest one where the text has shifted; None where it is gone."""
        around = self.before + self.after
        if text.startswith(around, self.place - len(self.before)):
            return self.place
        for known, offset in ((around, len(self.before)), (self.after, 0)):
            found = [match.start() + offset for match in re.finditer(f"(?={re.escape(known)})", text)] if known.strip() else []
            if found:
                return min(found, key=lambda place: abs(place - self.place))
        return None


@dataclass(frozen=True, slots=True)
class Paper:
    """What pieces are measured on: the document's text, number, start and end of its pages, and words with boxes as known."""

    text: str
    pages: Sequence[tuple[int, int, int]]
    words: Sequence[Word] = ()


def applied(clauses: Sequence[Clause], cuts: Sequence[Cut], paper: Paper) -> list[Clause]:
    """Return the clauses of a document, in order of place, after its cuts were made one after another.

    A piece keeps the number, headings and lead-in of the clause it is of; a joined clause those of the first of the two. A cut
    that fits no clause, such as one at a place where a clause begins anyway, changes nothing.
    """
    found = sorted(clauses, key=lambda clause: clause.start)
    for cut in cuts:
        place = cut.within(paper.text)
        if place is not None:
            found = _split(found, place, paper) if cut.action == "split" else _joined(found, place)
    return _named(found)


def place_of(clause: Clause, at: int, text: str) -> tuple[int, int] | None:
    """Return where in the document's text the word stands that begins at an offset of a clause's text, and the one before it.

    The one before comes first. None where no word begins there, and for the clause's first word: nothing is cut off before it.
    """
    pairs = _aligned(clause, text)
    return next(
        (
            (before[0], theirs[0])
            for (_, before), (mine, theirs) in pairwise(pairs)
            if mine == at and before[0] < theirs[0] and theirs[0] > clause.start
        ),
        None,
    )


def _aligned(clause: Clause, text: str) -> list[tuple[int, tuple[int, int]]]:
    """Pair each word of a clause's clean text with the span of the document's word that gave it.

    What the clause left out, such as running heads, pairs with nothing; a word mended at a line's end with its first half.
    """
    mine = list(_TOKEN.finditer(clause.text))
    theirs = list(_TOKEN.finditer(text, clause.start, clause.end))
    matcher = SequenceMatcher(None, [one[0] for one in mine], [one[0] for one in theirs], autojunk=False)
    pairs = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind in ("equal", "replace"):
            pairs += [(mine[at].start(), theirs[min(start + at - first, end - 1)].span()) for at in range(first, last)]
    return pairs


def _split(clauses: list[Clause], place: int, paper: Paper) -> list[Clause]:
    for at, clause in reversed(list(enumerate(clauses))):
        if clause.start < place < clause.end:
            pairs = _aligned(clause, paper.text)
            cut = next((mine for mine, span in pairs if span[0] >= place and mine > 0), None)
            if cut is None:
                return clauses
            before = paper.text[clause.start : place].rstrip()
            halves = (
                _piece(clause, clause.text[:cut].rstrip(), (clause.start, clause.start + len(before)), pairs, paper),
                replace(_piece(clause, clause.text[cut:], (place, clause.end), pairs, paper), struck=None),
            )
            return [*clauses[:at], *halves, *clauses[at + 1 :]]
    return clauses


def _piece(
    clause: Clause, text: str, span: tuple[int, int], pairs: Sequence[tuple[int, tuple[int, int]]], paper: Paper
) -> Clause:
    start, end = span
    kept = [theirs for _, theirs in pairs if start <= theirs[0] < end]
    if start == clause.start and kept:
        kept.append((start, min(theirs[0] for theirs in kept)))
    pages = tuple(number for number, first, last in paper.pages if number in clause.pages and first < end and start < last)
    return replace(
        clause, id=_PIECE, text=text, start=start, end=end, pages=pages or clause.pages, kind=_kind(clause, text),
        boxes=_boxes(kept, pages, paper.words) or tuple(box for box in clause.boxes if not pages or box.page in pages),
        added=tuple(added for added in clause.added if added in text),
    )  # fmt: skip


def _kind(clause: Clause, text: str) -> ClauseKind:
    if text.endswith(":"):
        return "lead-in"
    if clause.kind != "lead-in":
        return clause.kind
    return "clause" if clause.lead_in is None else "item"


def _boxes(kept: Sequence[tuple[int, int]], pages: Sequence[int], words: Sequence[Word]) -> tuple[Box, ...]:
    """Return the box that encloses, on each page, the words that begin within spans."""
    inside = {place for start, end in kept for place in range(start, end)}
    found: dict[int, list[Box]] = {page: [] for page in pages}
    for word in words:
        if word.box is not None and word.start in inside and word.box.page in found:
            found[word.box.page].append(word.box)
    if not all(found.values()):
        return ()
    return tuple(_around(page, boxes) for page, boxes in sorted(found.items()))


def _around(page: int, boxes: Sequence[Box]) -> Box:
    return Box(
        page,
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def _joined(clauses: list[Clause], place: int) -> list[Clause]:
    at = next((at for at, clause in enumerate(clauses) if at and clause.start == place), None)
    if at is None:
        return clauses
    first, second = clauses[at - 1], clauses[at]
    mended = _BROKEN.search(first.text) and second.text[:1].islower()
    text = first.text[:-1] + second.text if mended else f"{first.text} {second.text}"
    boxes: dict[int, list[Box]] = {}
    for box in (*first.boxes, *second.boxes):
        boxes.setdefault(box.page, []).append(box)
    whole = replace(
        first, id=_PIECE, text=text, end=max(first.end, second.end), pages=tuple(sorted({*first.pages, *second.pages})),
        boxes=tuple(_around(page, some) for page, some in sorted(boxes.items())), kind=_kind(first, text),
        struck=" ".join(filter(None, (first.struck, second.struck))) or None, added=(*first.added, *second.added),
    )  # fmt: skip
    return [*clauses[: at - 1], whole, *clauses[at + 1 :]]


def _named(clauses: Sequence[Clause]) -> list[Clause]:
    """Give pieces ids that the same cuts give them again."""
    seen: dict[str, int] = {}
    made = []
    for clause in clauses:
        if clause.id == _PIECE:
            basis = f"{clause.document_id}\ncut\n{clause.number}\n{' '.join(clause.text.lower().split())}"
            seen[basis] = seen.get(basis, 0) + 1
            digest = hashlib.sha256(f"{basis}\n{seen[basis]}".encode("utf-8", "replace")).hexdigest()[:20]
            clause = replace(clause, id=digest)
        made.append(clause)
    return made
