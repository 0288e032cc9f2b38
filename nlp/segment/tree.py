"""Builds the clause tree from paragraphs: settles each enumerator by the sequence it continues, keeps headings and lead-ins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from nlp.segment.enumerators import UNIT_PREFIXES, Mark, confusable, readings, write

MAX_DEPTH = 14
LOOKAHEAD = 40
"""How many paragraphs ahead an ambiguous ``(i)`` looks for ``(ii)`` or ``(j)``."""
_STROKES = re.compile(r"[IVXLUHTJDYMNilj1|!umnyv]{1,6}$")
"""What scans make of Roman numerals."""
_TERMINAL = re.compile(r"[.;!?][\"”’')\]]{0,3}$|[.;] (?:and|or)$|, (?:and|or)$")


@dataclass(slots=True)
class Draft:
    """A clause in the making: which paragraphs, its number path, headings and lead-in."""

    paragraphs: list[int]
    text: str
    number: str
    heading: tuple[str, ...]
    lead_in: str | None
    leads: bool = False


@dataclass(slots=True)
class Level:
    """One open level of the tree.

    `style` is an enumerator's style, ``#section`` for a named unit, ``H`` for an unnumbered heading, ``P`` for an unnumbered
    lead-in. `lead` is the draft whose text the items below complete. `filled` says that an unnumbered heading has its own text.
    """

    style: str
    ordinal: int
    label: str
    heading: str | None = None
    rank: int | None = None
    absolute: bool = False
    lead: Draft | None = None
    size: int = 0
    title: bool = False
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mark goes: at which depth, with which style and ordinal; `label` is how it is written after mending."""

    depth: int
    style: str
    ordinal: int
    label: str


@dataclass(slots=True)
class Tree:
    """The open levels while the paragraphs go by; `upcoming` are the first marks of every paragraph, for looking ahead."""

    upcoming: Sequence[Mark | None]
    stack: list[Level] = field(default_factory=list)
    folds: bool = False
    """Whether ``(B)`` may follow ``(a)``: so it does where an act adds to the law in capitals."""
    saved: list[Level] = field(default_factory=list)
    """The levels as they were before an unnumbered heading closed numbered ones: their sequence may go on after all."""

    def number(self, depth: int | None = None) -> str:
        """Return the number path of the open levels, down to `depth` levels."""
        labels: list[str] = []
        for level in self.stack if depth is None else self.stack[:depth]:
            if level.absolute:
                labels = [label for label in labels if label.split(".")[0] in _PREFIXES]
            if level.label:
                labels.append(level.label)
        return ".".join(labels)

    def headings(self) -> tuple[str, ...]:
        """Return the open headings from the top."""
        return tuple(level.heading for level in self.stack if level.heading)

    def place(self, mark: Mark, floor: int, index: int, *, soft: bool, loud: bool = False) -> Place | None:
        """Settle what a mark means and where it goes, at `floor` or deeper; None if it is no enumerator here.

        A `soft` mark must fit an open sequence; a `loud` heading may open one in its middle.
        """
        if mark.unit is not None:
            return self._place_unit(mark)
        if self.folds and mark.raw.startswith("("):
            mark = replace(mark, readings=tuple((style.lower(), ordinal) for style, ordinal in mark.readings))
        continued = [
            Place(depth, style, ordinal, mark.value)
            for depth in range(len(self.stack) - 1, floor - 1, -1)
            for style, ordinal in mark.readings
            if self.stack[depth].style == style and ordinal == self.stack[depth].ordinal + 1
        ]
        opening = next(((style, 1) for style, ordinal in mark.readings if ordinal == 1), None)
        options = list(continued)
        if opening is None and loud and mark.raw[-1:] == "." and confusable(mark.value, "I"):
            opening = ("R.", 1)
        if opening is not None:
            options.extend(self._open(style, mark, floor) for style in self._openings(opening[0], mark))
        if len(options) > 1:
            return self._look_ahead(options, mark, index)
        if options:
            return options[0]
        return (None if soft else self._mended(mark, floor)) or self._jump(mark, floor, soft=soft, loud=loud)

    def _place_unit(self, mark: Mark) -> Place:
        if mark.unit == "decimal" and (depth := self._decimal_depth(mark.value)) is not None:
            return Place(depth, "#decimal", 0, mark.value)
        rank = mark.rank if mark.rank is not None else 9
        depth = 0
        while depth < len(self.stack) and (self.stack[depth].rank is not None or self.stack[depth].style == "H"):
            level = self.stack[depth]
            if level.rank is not None and level.rank >= rank:
                break
            if level.style == "H" and (rank == 0 or level.title or (level.filled and rank < 9)):
                break
            depth += 1
        prefix = UNIT_PREFIXES.get(mark.unit or "")
        label = mark.value if prefix is None else f"{prefix}.{mark.value}" if mark.value else prefix
        return Place(depth, f"#{mark.unit}", mark.readings[0][1] if mark.readings else 0, label)

    def _decimal_depth(self, value: str) -> int | None:
        """Return where a decimal number goes: under the number it continues (``3.1`` under ``3``), or beside its sibling."""
        parts = value.split(".")
        for depth in range(len(self.stack) - 1, -1, -1):
            level = self.stack[depth]
            above = level.label.rstrip(".").split(".")
            # in a code, section 1019.1 stands beside section 1019
            if level.style == "#section" and len(level.label) > 2:
                continue
            if len(above) < len(parts) and above == parts[: len(above)]:
                depth += 1
                while depth < len(self.stack) and self.stack[depth].style == "P":
                    depth += 1
                return depth
        siblings = (
            i for i, level in enumerate(self.stack) if level.style == "#decimal" and level.label.count(".") == len(parts) - 1
        )
        return next(siblings, None)

    def _openings(self, style: str, mark: Mark) -> tuple[str, ...]:
        """Return the styles a first item may open: scans show ``I.``, ``1.`` and ``l.`` alike."""
        return (style, "1." if style == "R." else "R.") if style in ("R.", "1.") and mark.raw.endswith(".") else (style,)

    def _open(self, style: str, mark: Mark, floor: int) -> Place:
        """Place a first item: anew where its list stands open already, else one level deeper."""
        deepest = len(self.stack)
        if deepest > floor and (self.stack[-1].lead is None or self.stack[-1].style == style):
            for depth in range(deepest - 1, floor - 1, -1):
                if self.stack[depth].style == style:
                    return Place(depth, style, 1, self._first_label(style, mark))
        return Place(min(deepest, MAX_DEPTH), style, 1, self._first_label(style, mark))

    def _first_label(self, style: str, mark: Mark) -> str:
        return mark.value if any(style == reading for reading, _ in mark.readings) else write(style, 1)

    def _look_ahead(self, options: list[Place], mark: Mark, index: int) -> Place:
        """Choose the reading whose next number comes first in what follows; the deepest where nothing tells."""
        follow = {write(place.style, place.ordinal + 1): place for place in reversed(options)}
        garbled = [(wanted, place) for wanted, place in follow.items() if place.style == "R." and len(wanted) > 1]
        for ahead in self.upcoming[index + 1 : index + 1 + LOOKAHEAD]:
            if ahead is not None and ahead.raw != mark.raw:
                # where the first item of a style stands as such, this one is no misprint of it
                follow = {
                    wanted: place
                    for wanted, place in follow.items()
                    if (place.style, 1) not in ahead.readings or (place.style, place.ordinal) in mark.readings
                }
            if (ahead is not None and ahead.unit is None and ahead.raw[:1] == mark.raw[:1]) or (
                ahead is not None and ahead.raw[-1:] == mark.raw[-1:]
            ):
                found = follow.get(ahead.value.lower() if self.folds else ahead.value)
                garbled = [(wanted, place) for wanted, place in garbled if wanted in follow]
                if found is None and ahead.raw[-1:] == ".":
                    found = next((place for wanted, place in garbled if confusable(ahead.value, wanted)), None)
                if found is not None:
                    return found
        return next((place for place in options if place in follow.values()), options[0])

    def _mended(self, mark: Mark, floor: int) -> Place | None:
        """Read a numeral that a scan garbled as the next one of an open sequence it resembles."""
        for depth in range(len(self.stack) - 1, floor - 1, -1):
            level = self.stack[depth]
            if level.style[1:] == mark.raw.strip()[-1:] or (level.style[1:] == "()" and mark.raw.startswith("(")):
                expected = write(level.style, level.ordinal + 1)
                if expected and confusable(mark.value, expected):
                    return Place(depth, level.style, level.ordinal + 1, expected)
        return None

    def continues(self, mark: Mark) -> bool:
        """Tell whether a mark as it stands is the next of an open sequence."""
        return any(
            level.style == style and ordinal == level.ordinal + 1 for level in self.stack for style, ordinal in mark.readings
        )

    def in_list(self, marks: Sequence[Mark]) -> bool:
        """Tell whether a paragraph is an item that a lead-in announced: the next one of its list, or the first."""
        if self.stack and self.stack[-1].lead is not None:
            return True
        return bool(marks) and any(
            self.lead_for(depth) is not None and level.style == style and ordinal == level.ordinal + 1
            for depth, level in enumerate(self.stack)
            for style, ordinal in marks[0].readings
        )

    def mended_heading(self, mark: Mark, index: int, *, scanned: bool) -> Place | None:
        """Read a heading's garbled or pointless first word as the next numeral of an open sequence of headings.

        On a scanned page a repeated numeral is a stroke lost by the scan; elsewhere it is what the drafter wrote.
        """
        for depth in range(len(self.stack) - 1, -1, -1):
            level = self.stack[depth]
            if level.heading is None or level.style[:1] not in "RA1" or level.style[1:] != ".":
                continue
            expected = write(level.style, level.ordinal + 1)
            known = bool(readings(mark.value, ".")) and mark.value.isupper()
            repeat = scanned and level.style == "R." and mark.value == level.label
            lost = level.style == "R." and (scanned or not known) and self._strokes_lost(mark, level, index, known=known)
            lost = lost or (scanned and known and self._fell_back(mark, level, index))
            if expected and (confusable(mark.value, expected, loosely=not known and len(expected) > 1) or repeat or lost):
                return Place(depth, level.style, level.ordinal + 1, expected)
        return None

    def _fell_back(self, mark: Mark, level: Level, index: int) -> bool:
        """Tell whether a numeral is the start of the next one and lower than the last: the scan lost the rest of it."""
        expected = write(level.style, level.ordinal + 1)
        ordinal = next((ordinal for style, ordinal in mark.readings if style == level.style), 0)
        ahead = any(mark is not None and mark.value == expected for mark in self.upcoming[index + 1 : index + 1 + LOOKAHEAD])
        return level.style == "R." and 1 < ordinal <= level.ordinal and expected.startswith(mark.value) and not ahead

    def garbled_first(self, mark: Mark, index: int) -> Place | None:
        """Read a heading's garbled numeral as the first of all, ``IL`` for ``I.``: no heading is numbered yet, and II follows."""
        if any(level.heading is not None and level.label for level in self.stack) or not _STROKES.fullmatch(mark.value):
            return None
        ahead = (mark.value for mark in self.upcoming[index + 1 : index + 1 + LOOKAHEAD] if mark is not None)
        found = next((value for value in ahead if value in ("I", "II")), None)
        return Place(0, "R.", 1, "I") if found == "II" and not mark.readings else None

    def _strokes_lost(self, mark: Mark, level: Level, index: int, *, known: bool) -> bool:
        """Tell whether a scan shows the next numeral with strokes missing, ``I`` or ``mM`` for ``III``: the one after follows."""
        expected, after = write(level.style, level.ordinal + 1), write(level.style, level.ordinal + 2)
        if not (
            expected.startswith(mark.value) if known else mark.raw.rstrip()[-1:] in (".", ",") and _STROKES.match(mark.value)
        ):
            return False
        ahead = (mark.value for mark in self.upcoming[index + 1 : index + 1 + LOOKAHEAD] if mark is not None)
        return next((value == after for value in ahead if value in (after, write(level.style, 2))), False)

    def _resume(self, mark: Mark) -> Place | None:
        """Go on with a sequence that an unnumbered heading had closed."""
        for depth in range(len(self.saved) - 1, -1, -1):
            level = self.saved[depth]
            for style, ordinal in mark.readings:
                if level.style == style and level.ordinal < ordinal <= level.ordinal + 3:
                    self.stack = self.saved[: depth + 1]
                    return Place(depth, style, ordinal, mark.value)
        return None

    def _jump(self, mark: Mark, floor: int, *, soft: bool, loud: bool) -> Place | None:
        """Accept a gap or a repeat in an open sequence, or a list that starts in its middle."""
        if not mark.readings:
            return None
        for depth in range(len(self.stack) - 1, floor - 1, -1):
            for style, ordinal in mark.readings:
                level = self.stack[depth]
                if level.style == style and (not soft or level.ordinal <= ordinal <= level.ordinal + 3):
                    return Place(depth, style, ordinal, mark.value)
        if not soft and (resumed := self._resume(mark)) is not None:
            return resumed
        style, ordinal = mark.readings[0]
        if soft or (style[0] in "AR" and style[1:] != "()" and not loud) or ordinal > 99:
            return None
        return Place(min(len(self.stack), MAX_DEPTH), style, ordinal, mark.value)

    def push(self, place: Place, *, heading: str | None, mark: Mark, size: int = 0) -> Level:
        """Open a level at its place, closing what was open at that depth and deeper."""
        del self.stack[place.depth :]
        unit = mark.unit
        self.saved.clear()
        absolute = unit in ("section", "decimal") and not (
            mark.value.isdigit() and any(level.rank is not None and level.rank < 9 for level in self.stack)
        )
        if heading is not None and all(level.title for level in self.stack):
            self.stack.clear()
        level = Level(place.style, place.ordinal, place.label, heading, mark.rank, absolute, size=size)
        self.stack.append(level)
        return level

    def push_heading(self, text: str, size: int, *, title: bool) -> None:
        """Open an unnumbered heading: it closes items, lead-ins and headings of its size or smaller (a larger number)."""
        if any(level.heading is not None and level.label for level in self.stack):
            self.saved = list(self.stack)
        while self.stack:
            level = self.stack[-1]
            kept = (level.heading is not None and level.size < size) or (level.rank is not None and size % 10 != 0)
            if kept:
                break
            self.stack.pop()
        self.stack.append(Level("H", 0, "", text, size=size, title=title))

    def close_items(self) -> None:
        """Close an unnumbered lead-in and the items under it, for a paragraph that is no item."""
        for depth, level in enumerate(self.stack):
            if level.style in ("P", "*"):
                del self.stack[depth:]
                return

    def loose_number(self, ended: bool) -> tuple[str, int]:
        """Return the number path of an unnumbered paragraph: that of the list it follows, if a list was led in."""
        leads = [depth for depth, level in enumerate(self.stack) if level.lead is not None and level.heading is None]
        if not leads or leads[-1] == len(self.stack) - 1:
            return self.number(), len(self.stack)
        depth = (leads[0] if ended else leads[-1]) + 1
        return self.number(depth), depth

    def lead_for(self, depth: int) -> Draft | None:
        """Return the open lead-in that an item at `depth` completes."""
        return self.stack[depth - 1].lead if 0 < depth <= len(self.stack) else None


_PREFIXES = frozenset(UNIT_PREFIXES.values())


def can_lead(text: str) -> bool:
    """Tell whether items may complete a text: it does not end its sentence, and is no frame that only announces new wording."""
    return not _TERMINAL.search(text[-40:])
