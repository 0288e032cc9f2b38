"""Walks the paragraphs of a document and makes clauses and blocks of them; knows nothing of how the document was read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from nlp.records import Block, BlockKind, Box, Clause, ClauseKind, Document, Segmentation
from nlp.segment import blocks
from nlp.segment.amendments import additions, brackets_delete, capitals_add, is_enacting, is_formula, is_frame, strike_brackets
from nlp.segment.enumerators import Mark, leading_marks, word_mark
from nlp.segment.headings import Judgement, judge
from nlp.segment.layout import layout_of
from nlp.segment.lines import Row, rows
from nlp.segment.paragraphs import Paragraph, loudness, paragraphs
from nlp.segment.text import Vocabulary, join_lines
from nlp.segment.tree import Draft, Level, Place, Tree, can_lead

SEGMENTER_VERSION = "3"
"""Changes whenever the same document may give other clauses than before."""

_RECITAL = re.compile(r"whereas\b", re.IGNORECASE)
_EMPTY_TEXT = re.compile(r"(?:[^A-Za-z]*[A-Za-z]){0,2}[^A-Za-z]*$")
"""Fewer than three letters: a mark of the scanner, or a number without its text."""


def segment(document: Document) -> Segmentation:
    """Return the document's clauses in reading order, and blocks that cover every non-space character of it.

    Enumerators, bullets and margin numbers are no part of a clause's text: the number path tells them, and a clause that is
    merely renumbered stays the same text. They lie within the clause's span.
    """
    walk = _Walk(document)
    walk.run()
    return Segmentation(walk.clauses(), walk.blocks())


class _Walk:
    """One pass over a document's paragraphs."""

    def __init__(self, document: Document) -> None:
        self.document = document
        lines = rows(document)
        self.capitals_add = capitals_add(document.text)
        if brackets_delete(document.text, lines, loud=self.capitals_add):
            strike_brackets(document.text, lines)
        self.layout = layout_of(lines, loud_body=self.capitals_add)
        self.parts = paragraphs(lines, self.layout)
        words = Vocabulary(document.text)
        self.texts = [join_lines([row.text for row in part.rows], words) for part in self.parts]
        self.kinds = blocks.labels(self.parts, self.texts)
        self.enacting = next((i for i, text in enumerate(self.texts) if is_enacting(text)), None)
        _drop_generated_numbers(self.parts)
        self.tree = Tree([part.marks[-1] if part.marks else None for part in self.parts], folds=self.capitals_add)
        self.drafts: list[Draft] = []
        self.noted = False
        self.section_level = max(
            (part.level or 0 for part in self.parts if part.marks and part.marks[0].unit and part.rows), default=0
        )
        # one page read by OCR shows that the file is a scan, and the text layer of the others was read by OCR before
        self.scanned = any(page.method in ("ocr", "mixed") for page in document.pages)

    def run(self) -> None:
        """Decide what every paragraph is."""
        for index, part in enumerate(self.parts):
            if part.rows and self.kinds[index] is None:
                self.kinds[index] = self._step(index, part)

    def _step(self, index: int, part: Paragraph) -> BlockKind:
        text = self.texts[index]
        marks = self._own_marks(part)
        if self._annotates(index, part, text):
            return "note"
        if self.enacting is not None and index < self.enacting and not part.level and not _RECITAL.match(text):
            return "title"
        size = loudness(part, self.layout)
        if (
            self._is_title_region()
            and not marks
            and not _RECITAL.match(text)
            and len(text.split(None, 16)) <= 15
            and text[-1:] not in ".;:,"
        ):
            return self._heading(index, marks, text, size)
        verdict = judge(
            text, marks, loud=size in (1, 2), level=part.level, rows=len(part.rows), following=self._following(index),
            item_follows=self._item_follows(index, marks), mark_follows=self._item_follows(index, ()),
            in_list=self.tree.in_list(marks if text.endswith(".") else ()),
        )  # fmt: skip
        if verdict.whole and not _RECITAL.match(text):
            return self._heading(index, marks, text, size)
        return self._clause(index, part, marks, text, verdict, size)

    def _annotates(self, index: int, part: Paragraph, text: str) -> bool:
        """Tell whether a paragraph belongs to the notes that follow a section's history, up to the next section or item."""
        if blocks.is_note_heading(text):
            self.noted = True
        elif part.marks or (part.level is not None and part.level <= self.section_level):
            self.noted = False
        elif not self.noted:
            before = self._before(index)
            self.noted = self.enacting is None and self.kinds[before] == "note" and blocks.is_history(self.texts[before])
        return self.noted

    def _before(self, index: int) -> int:
        """Return the paragraph before, running heads and the like left out; the first one has itself."""
        return next((before for before in range(index - 1, max(-1, index - 6), -1) if self.parts[before].rows), index)

    def _own_marks(self, part: Paragraph) -> tuple[Mark, ...]:
        """Return the paragraph's marks; in an act, plain section numbers are the act's own and stand above everything."""
        marks = part.marks
        if self.enacting is not None and marks and marks[0].unit == "section" and marks[0].value.isdigit():
            return (replace(marks[0], rank=0), *marks[1:])
        return marks

    def _following(self, index: int) -> str:
        for after in range(index + 1, min(index + 4, len(self.parts))):
            if self.parts[after].rows and self.kinds[after] is None:
                return self.texts[after]
        return ""

    def _item_follows(self, index: int, marks: Sequence[Mark]) -> bool:
        """Tell whether the next paragraph is the next item of the same list, or any item where this one is none."""
        for after in range(index + 1, min(index + 4, len(self.parts))):
            if self.parts[after].rows and self.kinds[after] is None:
                following = self.parts[after].marks
                if not marks:
                    return bool(following or self.parts[after].bullet)
                if not following:
                    return False
                return any((style, ordinal + 1) in following[0].readings for style, ordinal in marks[0].readings)
        return True

    def _heading(self, index: int, marks: Sequence[Mark], text: str, size: int) -> BlockKind:
        tree = self.tree
        tree.close_items()
        mark, place = self._heading_place(index, marks, text, size)
        if mark is not None and place is not None:
            tree.push(place, heading=text, mark=mark, size=size)
            self._inner_marks(index, marks)
        elif tree.stack and self._continues_heading(index, tree.stack[-1]):
            tree.stack[-1].heading = f"{tree.stack[-1].heading} {text}"
        else:
            tree.push_heading(text, size, title=self._is_title_region())
        return "heading"

    def _heading_place(self, index: int, marks: Sequence[Mark], text: str, size: int) -> tuple[Mark | None, Place | None]:
        """Settle a heading's number, mending what a scan garbled where the heading is loud enough to be sure it is one."""
        tree = self.tree
        mark = marks[0] if marks else None
        loud = size in (1, 2)
        if loud and (mark is None or mark.unit is None):
            word = word_mark(text)
            mended = None if word is None else tree.mended_heading(word, index, scanned=self.scanned)
            if mended is None and word is not None and mark is None:
                mended = tree.garbled_first(word, index)
            if mended is not None and (mark is None or not tree.continues(mark)):
                return word, mended
            if mark is None and word is not None and word.readings:
                mark = word
        return mark, None if mark is None else tree.place(mark, 0, index, soft=False, loud=loud)

    def _is_title_region(self) -> bool:
        return not self.drafts and not any(level.label for level in self.tree.stack)

    def _continues_heading(self, index: int, level: Level) -> bool:
        """Tell whether a heading's text goes on in the next paragraph: ``APPENDIX B`` with its title on the line below."""
        heading = level.heading
        if heading is None or level.rank is None or self.kinds[self._before(index)] != "heading":
            return False
        marks = leading_marks(heading)
        return bool(marks) and not heading[marks[0].end :].strip(" .:–—-") and len(heading) < 40

    def _inner_marks(self, index: int, marks: Sequence[Mark]) -> list[Level]:
        levels = []
        for mark in marks[1:]:
            place = self.tree.place(mark, len(self.tree.stack), index, soft=False)
            if place is None:
                break
            levels.append(self.tree.push(place, heading=None, mark=mark))
        return levels

    def _clause(self, index: int, part: Paragraph, marks: Sequence[Mark], text: str, verdict: Judgement, size: int) -> BlockKind:
        tree = self.tree
        place = tree.place(marks[0], 0, index, soft=part.soft) if marks else None
        if part.soft and place is None and self.drafts and self._is_last_text(index):
            self._append(index)
            return "clause"
        lead: Draft | None = None
        level: Level | None = None
        start = 0
        if place is not None:
            heading = text[: verdict.end].strip() if verdict.end else None
            lead = tree.lead_for(place.depth)
            level = tree.push(place, heading=heading, mark=marks[0], size=size)
            start = marks[0].end
            inner = self._inner_marks(index, marks)
            if inner:
                for outer in (level, *inner[:-1]):
                    outer.lead = lead
                level, start = inner[-1], marks[len(inner)].end
            number, chain = tree.number(), tree.headings()
            if marks[0].unit is not None and verdict.end:
                start = max(start, verdict.end)
        elif part.bullet is not None:
            number, chain, lead, level = self._bullet(part)
            start = len(part.bullet) if text.startswith(part.bullet) else 0
        else:
            if blocks.is_fragment(text) and not self._answers_lead(index):
                return "signature" if self._after_signature(index) else "form"
            number, chain, lead = self._loose(index, text)
            if tree.stack and tree.stack[-1].style == "H":
                tree.stack[-1].filled = True
        body = text[start:].lstrip(" \t–—-") if start else text
        if _EMPTY_TEXT.match(body[:200]) and len(body) < 200:
            return "heading" if place is not None else "furniture"
        if is_formula(body):
            return "title"
        draft = Draft([index], body, number, chain, lead.text if lead is not None else None)
        if lead is not None:
            lead.leads = True
        self._open_lead(index, draft, level, body)
        self.drafts.append(draft)
        return "clause"

    def _answers_lead(self, index: int) -> bool:
        return bool(self.drafts) and self.drafts[-1].text.endswith((":", "—", ";")) and self._is_last_text(index)

    def _after_signature(self, index: int) -> bool:
        return any(self.kinds[before] == "signature" for before in range(max(0, index - 6), index)) or index > len(self.parts) - 8

    def _is_last_text(self, index: int) -> bool:
        before = self.drafts[-1].paragraphs[-1]
        return all(
            not self.parts[i].rows or self.kinds[i] in ("furniture", "note") for i in range(max(before + 1, index - 6), index)
        )

    def _append(self, index: int) -> None:
        draft = self.drafts[-1]
        draft.paragraphs.append(index)
        draft.text = f"{draft.text} {self.texts[index]}"

    def _bullet(self, part: Paragraph) -> tuple[str, tuple[str, ...], Draft | None, Level]:
        """Place a bulleted paragraph by its mark: the same mark goes on with its list, another one opens a list within."""
        tree = self.tree
        style = f"*{part.bullet}"
        depth = next((i for i in range(len(tree.stack) - 1, -1, -1) if tree.stack[i].style == style), len(tree.stack))
        lead = tree.lead_for(depth)
        del tree.stack[depth:]
        level = Level(style, 0, "")
        tree.stack.append(level)
        return tree.number(), tree.headings(), lead, level

    def _loose(self, index: int, text: str) -> tuple[str, tuple[str, ...], Draft | None]:
        tree = self.tree
        before = self.drafts[-1].text if self.drafts and self._is_last_text(index) else ""
        lead = tree.stack[-1].lead if tree.stack else None
        if lead is not None and text[:1] in "“\"‘'" and (before.endswith((":", "—")) or self._quoted_item(lead)):
            return tree.number(), tree.headings(), lead
        tree.close_items()
        number, depth = tree.loose_number(before.endswith((".", "”")))
        headings = tuple(level.heading for level in tree.stack[:depth] if level.heading)
        return number, headings, None

    def _quoted_item(self, lead: Draft) -> bool:
        """Tell whether the clause before is a quoted item of a lead-in, such as one definition of several."""
        return self.drafts[-1].lead_in == lead.text and self.drafts[-1].text[:1] in "“\"‘'"

    def _open_lead(self, index: int, draft: Draft, level: Level | None, body: str) -> None:
        if not can_lead(body) or is_frame(body):
            return
        if level is None:
            if not body.endswith((":", "—")) and not (body[-1:].isalnum() and self._item_follows(index, ())):
                return
            level = Level("P", 0, "")
            self.tree.stack.append(level)
        level.lead = draft

    def clauses(self) -> tuple[Clause, ...]:
        """Make records of the drafts."""
        seen: dict[tuple[str, str], int] = {}
        made = []
        for draft in self.drafts:
            digest = hashlib.sha256(" ".join(draft.text.lower().split()).encode("utf-8", "replace")).hexdigest()[:16]
            key = (draft.number, digest)
            seen[key] = seen.get(key, 0) + 1
            identity = f"{self.document.sha256}\n{draft.number}\n{digest}\n{seen[key]}"
            made.append(self._record(draft, hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:20]))
        return tuple(made)

    def _record(self, draft: Draft, identity: str) -> Clause:
        members = [row for index in draft.paragraphs for row in self.parts[index].rows]
        spans = [span for row in members for span in row.spans]
        struck = " ".join(row.struck for row in members if row.struck)
        return Clause(
            id=identity,
            document=self.document.source,
            document_id=self.document.id,
            number=draft.number,
            heading=draft.heading,
            lead_in=draft.lead_in,
            text=draft.text,
            start=min((start for start, _ in spans), default=0),
            end=max((end for _, end in spans), default=0),
            pages=tuple(sorted({row.page for row in members})),
            boxes=_boxes(members),
            kind=_kind(draft),
            struck=struck or None,
            added=tuple(piece for row in members for piece in row.added) or (additions(draft.text) if self.capitals_add else ()),
        )

    def blocks(self) -> tuple[Block, ...]:
        """Return what every span of the text is, in order; neighbours of one paragraph are joined."""
        pieces: list[tuple[int, int, BlockKind, int]] = []
        for index, part in enumerate(self.parts):
            kind = self.kinds[index] or "clause"
            for row in part.rows:
                pieces.extend((start, end, kind, index) for start, end in row.spans)
                pieces.extend((start, end, other, -1) for start, end, other in row.asides)
            for row in part.asides:
                aside = row.aside or "furniture"
                pieces.extend((start, end, aside, -1) for start, end in row.spans)
                pieces.extend((start, end, other, -1) for start, end, other in row.asides)
        return _tiles(self.document.text, pieces)


def _drop_generated_numbers(parts: Sequence[Paragraph]) -> None:
    """Drop the numbers a list generator put before the law's own: ``1. (a)``, ``2. (b)``, where both count on."""
    doubled = [part for part in parts if len(part.marks) > 1 and part.marks[0].raw.endswith(".") and part.marks[1].raw[0] == "("]
    both = any(
        any((style, ordinal + 1) in after.marks[1].readings for style, ordinal in before.marks[1].readings)
        and before.marks[0].value != after.marks[0].value
        for before, after in pairwise(doubled)
    )
    for part in doubled if both else ():
        part.marks = part.marks[1:]


def _kind(draft: Draft) -> ClauseKind:
    if draft.leads or draft.text.endswith(":"):
        return "lead-in"
    if _RECITAL.match(draft.text):
        return "recital"
    return "item" if draft.lead_in is not None else "clause"


def _boxes(members: Iterable[Row]) -> tuple[Box, ...]:
    """Return the box that encloses a clause's lines on each page."""
    pages: dict[int, list[Row]] = {}
    for row in members:
        if row.drawn:
            pages.setdefault(row.page, []).append(row)
    return tuple(
        Box(page, min(r.x0 for r in on), min(r.top for r in on), max(r.x1 for r in on), max(r.bottom for r in on))
        for page, on in sorted(pages.items())
    )


def _tiles(text: str, pieces: list[tuple[int, int, BlockKind, int]]) -> tuple[Block, ...]:
    """Trim, order and join pieces, so that blocks are disjoint and cover every non-space character."""
    pieces.sort()
    made: list[Block] = []
    owner = None
    for start, end, kind, mine in pieces:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end:
            continue
        if made and owner == (kind, mine) and not text[made[-1].end : start].strip():
            made[-1] = Block(kind, made[-1].start, end)
        else:
            made.append(Block(kind, start, end))
        owner = (kind, mine)
    return tuple(made)
