"""Joins rows into paragraphs by blocks, gaps, indents, short last lines and openings; knows nothing of the clause tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from nlp.segment.enumerators import BULLETS, Mark, leading_marks, unit_mark
from nlp.segment.layout import Layout, step_between
from nlp.segment.lines import Row

_ABBREVIATION = re.compile(
    r"(?:\b(?:Pub|No|Nos|Sec|Secs|Art|Arts|U\.S|U\.S\.C|C\.F\.R|Stat|Inc|Dept|Mr|Ms|Mrs|Dr|St|Gen|Gov|Rev|v|vs|al|seq|cf|ch|pt|par|subd|Supp|Reg"
    r"|Ann|Laws|Md|Cal|Fla|Va|Ga|Tex)|\b[A-Z]|§)\.$|§$|\b(?:Sections?|Articles?|Appendix|Part|Title|Chapter)\s[\w.()-]{1,12}\.$"
)
_END = re.compile(r"[.:;!?—][\"”’')\]*]{0,3}$")
_CONTINUES = re.compile(r"(?:[,;]\s+(?:and|or|and/or|but)|[;—])$", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:of|or|and|through|to|and/or|above|below|hereof|thereof|in|as)\b|[,;.]")
_CAPITAL = re.compile(r"[\"“‘'(\[]{0,3}[A-Z0-9§]")
_RUNNING = frozenset("abcdefghijklmnopqrstuvwxyz(,;&§")
_NUMERAL_LETTERS = 6
_NUMERAL = re.compile(rf"\w{{1,{_NUMERAL_LETTERS}}}[.)]\s+")
_WORD = re.compile(r"\S+")
_RECITAL = re.compile(r"(?:WHEREAS|NOW,? THEREFORE)\b")
GAP = 1.28
"""A step between lines this many times the page's usual step is a paragraph break."""


@dataclass(slots=True)
class Paragraph:
    """Rows that belong together, the enumerators or bullet they open with, and what they are.

    A `soft` paragraph was cut off the one before only because it opens like an item; it goes back if its enumerator does not fit.
    `asides` are rows that lie between its rows and are no part of it (running heads, notes at a page's foot).
    """

    rows: list[Row]
    soft: bool = False
    marks: tuple[Mark, ...] = ()
    bullet: str | None = None
    asides: list[Row] = field(default_factory=list)

    @property
    def first(self) -> Row:
        """Return the first row."""
        return self.rows[0]

    @property
    def level(self) -> int | None:
        """Return the heading level that markup gives the paragraph."""
        return self.rows[0].level

    @property
    def bold(self) -> bool:
        """Tell whether every row is bold."""
        return all(row.bold for row in self.rows)


def paragraphs(rows: Sequence[Row], layout: Layout) -> list[Paragraph]:
    """Join rows into paragraphs; every row lands in exactly one, as row or as aside."""
    found: list[Paragraph] = []
    current: Paragraph | None = None
    pending: list[Row] = []
    for row in rows:
        if row.aside is not None or not row.text:
            pending.append(row)
            continue
        marks, bullet = _opening(row, layout)
        join, soft = False, False
        if current is not None:
            join, soft = _joins(current, row, marks, bullet, layout, pending)
        if current is not None and join:
            current.asides.extend(pending)
            current.rows.append(row)
        else:
            found.extend(Paragraph([], asides=[aside]) for aside in pending)
            current = Paragraph([row], soft, marks, bullet)
            found.append(current)
        pending = []
    found.extend(Paragraph([], asides=[aside]) for aside in pending)
    for part in found:
        if len(part.rows) > 1 and part.marks and part.marks[0].unit is not None:
            # only the lines together show that "Section 4" goes on with "of this act"
            part.marks = leading_marks(f"{part.rows[0].text} {part.rows[1].text}")
    return found


def _opening(row: Row, layout: Layout) -> tuple[tuple[Mark, ...], str | None]:
    """Read the bullet or enumerators a row opens with; a marker that the format generates counts where the text has none."""
    text = row.text
    if text[0] in BULLETS and unit_mark(text) is None:
        return (), text[0]
    if text[0] in layout.bullets and len(text) > 2 and text[1].isspace():
        return (), text[0]
    marks = leading_marks(text)
    if marks or row.marker is None:
        return marks, None
    marker = row.marker.strip()
    generated = leading_marks(marker)
    if generated:
        return tuple(Mark(mark.raw, mark.value, mark.readings, 0, mark.unit, mark.rank) for mark in generated), None
    return (), marker or None


def is_loud(row: Row, layout: Layout) -> bool:
    """Tell whether a row looks like a heading by its letters: bold, or capitals where capitals are not the body's."""
    if row.loud is None:
        row.loud = _looks_loud(row, layout)
    return row.loud


def _looks_loud(row: Row, layout: Layout) -> bool:
    if row.level is not None or layout.stands_out(row):
        return True
    if not layout.capitals or len(row.text) > 110 or sum(map(str.islower, row.text[:40])) > 12 + _NUMERAL_LETTERS:
        return False
    text = _NUMERAL.sub("", row.text, count=1)
    if text.upper() != text and sum(map(str.islower, text[:40])) > 12:
        return False
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and sum(map(str.isupper, letters)) >= 0.85 * len(letters)


def _joins(
    current: Paragraph, row: Row, marks: tuple[Mark, ...], bullet: str | None, layout: Layout, pending: Sequence[Row]
) -> tuple[bool, bool]:
    """Decide whether a row continues the paragraph; the second value says that only its opening speaks against it."""
    between = [aside for aside in pending if not aside.margin]
    hidden = between[-1] if between and between[-1].struck and between[-1].aside is None else None
    parted = any(aside.aside is not None or not aside.struck for aside in between)
    last = _as_printed(current.rows[-1] if hidden is None else hidden)
    ended = ends(last.text)
    opens = bool(marks or bullet)
    named = bool(marks) and marks[0].unit is not None
    if last.level != row.level or bullet or _RECITAL.match(row.text) or (named and marks[0].raw.isupper()):
        return False, False
    loud, was_loud = is_loud(row, layout), is_loud(last, layout)
    turned = parted or (row.drawn and last.page != row.page) or (row.drawn and row.top < last.top - row.bottom + row.top)
    if not row.drawn and row.block != last.block and not turned:
        return not opens and not last.markup and _inside_sentence(last, row) and last.text[-1].isalnum(), False
    fits = not turned and _fits(last, row, layout)
    wrapped = was_loud and not (layout.stands_out(last) or last.level or turned or fits or ended)
    if loud != was_loud and not wrapped and (ended or was_loud or fits) and not _inside_sentence(last, row):
        return False, False
    if turned and named:
        return False, False
    if turned:
        return _joins_over_page(last, row, opens, ended, layout)
    if row.drawn:
        return _joins_drawn(current, last, row, marks, ended, layout)
    return _joins_plain(last, row, opens, ended, layout)


def _as_printed(row: Row) -> Row:
    """Return a row that ends in struck words with those words: they show where its line and its sentence end."""
    if not row.struck:
        return row
    last = max(end for _, end, kind in row.asides if kind == "struck")
    if row.spans and row.text and row.spans[-1][1] > last:
        return row
    return replace(row, text=f"{row.text} {row.struck}".strip(), loud=None)


def ends(text: str) -> bool:
    """Tell whether a line ends with a mark that may end a paragraph, and not with an abbreviation or a reference."""
    return bool(_END.search(text[-5:])) and not _ABBREVIATION.search(text[-40:])


def _inside_sentence(last: Row, row: Row) -> bool:
    return not ends(last.text) and row.text[:1].islower()


def _joins_over_page(last: Row, row: Row, opens: bool, ended: bool, layout: Layout) -> tuple[bool, bool]:
    if opens and (ended or _CONTINUES.search(last.text)):
        return False, False
    if is_loud(row, layout) or is_loud(last, layout):
        return is_loud(row, layout) == is_loud(last, layout) and not layout.capitals and not ended, False
    if last.text.endswith((":", "—")):
        return False, False
    if not ended:
        short = row.drawn and last.x1 < layout.middle(last) and not row.text[:1].islower()
        return not short and not (last.text.endswith(";") and bool(_CAPITAL.match(row.text))), False
    if not layout.wrapped and not row.drawn:
        return False, False
    return last.text.endswith((".", ",", ")", "”", "’")) and not _fits(last, row, layout), False


def _joins_drawn(
    current: Paragraph, last: Row, row: Row, marks: tuple[Mark, ...], ended: bool, layout: Layout
) -> tuple[bool, bool]:
    usual = layout.step.get(row.page, 0.0)
    step = step_between(last, row)
    if step < 0.4 * usual and not marks and min(last.bottom, row.bottom) - max(last.top, row.top) > 0.5 * (row.bottom - row.top):
        return True, False
    if _beside(last, row):
        return True, False
    running = not ended and not marks and not is_loud(last, layout) and row.text[:1] in _RUNNING
    if usual and step > usual * (2.3 if running else GAP) and step > 1.1 * (row.bottom - row.top):
        return False, False
    fits = _fits(last, row, layout)
    if running and not _overlaps_start(current, row):
        return True, False
    opening = bool(marks) and not _is_reference(row.text, marks)
    if opening and (ended or _CONTINUES.search(last.text) or (fits and is_loud(last, layout))):
        return False, True
    height = max(1.0, row.bottom - row.top)
    if opening and fits and row.x0 < last.x0 - 0.8 * height:
        return False, True
    if fits and (ended or (not row.text[:1].islower() and last.x1 < layout.middle(last))):
        return False, False
    indent = row.x0 - last.x0
    if ended and len(current.rows) > 1 and 1.2 * height < indent < 6 * height:
        return False, False
    return True, False


def _beside(last: Row, row: Row) -> bool:
    """Tell whether a row is the rest of the line before: right of it, at its height, and close by."""
    height = min(last.bottom - last.top, row.bottom - row.top)
    level = min(last.bottom, row.bottom) - max(last.top, row.top) > 0.6 * height
    return level and last.x0 < row.x0 and last.x1 < row.x1 and abs(row.x0 - last.x1) < 2 * height


def _overlaps_start(current: Paragraph, row: Row) -> bool:
    """Tell whether a paragraph is a single short row set apart from what follows, which therefore goes on nothing."""
    return len(current.rows) == 1 and current.first.x1 < row.x0


def _joins_plain(last: Row, row: Row, opens: bool, ended: bool, layout: Layout) -> tuple[bool, bool]:
    if opens and (ended or _CONTINUES.search(last.text) or not layout.wrapped):
        return False, True
    if not layout.wrapped:
        return not (ended and _CAPITAL.match(row.text)), False
    return not (ended and _CAPITAL.match(row.text) and _fits(last, row, layout)), False


def _is_reference(text: str, marks: Sequence[Mark]) -> bool:
    """Tell whether what looks like an enumerator is the wrapped end of a cross-reference: ``(a) of this section``."""
    return bool(_REFERENCE.match(text, marks[-1].end))


def _fits(last: Row, row: Row, layout: Layout) -> bool:
    """Tell whether the row's first word would have fitted on the line before: then the line was ended on purpose."""
    match = _WORD.match(row.text)
    if match is None:
        return False
    if not row.drawn:
        return last.x1 + 1 + match.end() < layout.right_of(row) - 4
    width = (row.x1 - row.x0) / max(1, len(row.text))
    return last.x1 + width * (match.end() + 1) < layout.right_of(last) - 2 * width


def loudness(part: Paragraph, layout: Layout) -> int:
    """Return how loud a paragraph is set, 1 capitals, 2 bold, 3 plain; ten times its level where markup says so."""
    if part.level is not None:
        return 10 * part.level
    if layout.capitals and sum(map(str.islower, part.first.text)) < 30 + _NUMERAL_LETTERS:
        letters = [c for row in part.rows[:4] for c in _NUMERAL.sub("", row.text, count=1) if c.isalpha()]
        if 3 <= len(letters) < 200 and sum(map(str.isupper, letters)) >= 0.85 * len(letters):
            return 1
    return 2 if part.bold and part.first.page not in layout.bold else 3
