"""What stands among the text and is none of it: lists of sections, footnotes, rules repeated on top of pages."""

from __future__ import annotations

import pytest

from nlp.records import Box, Document, Line, Page
from nlp.segment import clauses_of_text, segment
from nlp.segment.plain import document_of_text
from tests.factories import words

CHAPTER = """CHAPTER 4.20

EQUAL SERVICE

{list}

4.20.010 Purpose.

The purpose of this chapter is to serve every resident alike.

4.20.020 Definitions.

In this chapter, "City" means the City of Marsh and its boards.

4.20.030 Inquiries.

No officer shall ask a person about the status of anyone.
"""
ENTRIES = ("4.20.010 Purpose.", "4.20.020 Definitions.", "4.20.030 Inquiries.")


@pytest.mark.parametrize("head", ["Sections:", "SECTIONS", "In this chapter:", ""])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_list_of_sections_is_contents(head: str, between: str) -> None:
    text = CHAPTER.format(list=between.join(filter(None, [head, *ENTRIES])))
    clauses = clauses_of_text(text)
    assert [clause.number for clause in clauses] == ["4.20.010", "4.20.020", "4.20.030"]
    assert [clause.heading[-1] for clause in clauses] == list(ENTRIES)
    blocks = segment(document_of_text(text)).blocks
    assert sum(text[block.start : block.end].count("4.20.0") for block in blocks if block.kind == "contents") == 3


def drawn(placed: list[tuple[float, float, str]]) -> Document:
    """Draw lines on one page: left edge, height and text, 14 points from line to line."""
    text, lines = "", []
    for at, (x0, height, raw) in enumerate(placed):
        top = 72 + 14.0 * at
        box = Box(1, x0, top, x0 + 0.5 * height * len(raw), top + height)
        lines.append(Line(len(text), len(text) + len(raw), 1, box, words(raw, len(text)), role="body"))
        text += raw + "\n"
    page = Page(1, 612, 792, 0, "text-layer", 1.0, "drawn", 0, len(text), tuple(lines))
    return Document("notes.pdf", "0" * 64, "pdf", text, (page,))


TEXT = ["The sheriff keeps the register of the year in the hall of the county, and whoever",
        "asks may read the register in that hall on any day but Sunday, without a fee and"]  # fmt: skip


def test_a_footnote_stays_out_of_the_paragraph_it_interrupts() -> None:
    notes = ["1 See the report of the clerk on registers of the county for the year before.", "2 Sundays of the calendar only."]
    made = drawn([*[(72.0, 11.0, line) for line in TEXT * 5], *[(72.0, 8.5, note) for note in notes]])
    found = segment(made)
    assert not any("report of the clerk" in clause.text for clause in found.clauses)
    assert "calendar only." in next(made.text[block.start : block.end] for block in found.blocks if block.kind == "note")


def test_numbered_rules_at_the_foot_of_a_page_are_no_footnotes() -> None:
    rules = ["1. The clerk keeps a copy of the register in the vault of the hall at all times.", "2. The copy is never lent."]
    made = drawn([(72.0, 11.0, line) for line in [*TEXT * 5, "may copy it.", *rules]])
    assert [clause.number for clause in segment(made).clauses][-2:] == ["1", "2"]


CONTRACT = """DETENTION SERVICES AGREEMENT

FACILITY LOCATION:

The Provider shall hold the prisoners at the following place:

Marsh County Jail
1 Main Street
Marsh, OH 45001

INTRODUCTION

ARTICLE I. PURPOSE

A. Purpose: The County and the Service agree on beds for prisoners and on the price of each.

ARTICLE II. DUTIES

1. Reports: The Provider shall report the following to the Service:

(a) Deaths.

(b) Other news of:

(i) prisoners who fled; and

(ii) fires.

(c) Nothing else.

Copyright 2021 Marsh County, all rights reserved.

2. Access: The Service may visit the jail at any hour of the day or night.

IN WITNESS WHEREOF, the undersigned officers have set their names to this agreement on the day below.

ACCEPTED:
Jane Roe
County Judge
Signature: ____________
Date: March 3, 2021
"""


def test_a_contract_keeps_its_articles_apart_from_places_and_signatures() -> None:
    clauses = clauses_of_text(CONTRACT)
    assert [(clause.number, clause.text.split()[0]) for clause in clauses] == [
        ("", "The"),
        ("I.A", "Purpose:"),
        ("II.1", "Reports:"),
        ("II.1.a", "Deaths."),
        ("II.1.b", "Other"),
        ("II.1.b.i", "prisoners"),
        ("II.1.b.ii", "fires."),
        ("II.1.c", "Nothing"),
        ("II.2", "Access:"),
    ]
    assert clauses[1].heading[-2:] == ("ARTICLE I. PURPOSE", "A. Purpose:")
    assert not any("FACILITY LOCATION:" in clause.heading for clause in clauses[1:])
