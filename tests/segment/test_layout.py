"""Drawn pages: paragraphs by gap and line ends, page turns, headings a scan garbled, signatures and contacts."""

from __future__ import annotations

from nlp.segment import segment
from tests.factories import Placed, pdf

WIDE = "The custodian shall keep the record of every request that it has received and"


def page(*paragraphs: str, top: float = 80) -> list[Placed]:
    """Set paragraphs of lines, 14 points from line to line and 28 between paragraphs."""
    lines: list[Placed] = []
    for paragraph in paragraphs:
        for line in paragraph.split("\n"):
            lines.append((72, top, line))
            top += 14
        top += 14
    return lines


BODY = [f"{WIDE}\n{WIDE}\nshall answer it within {days} days." for days in ("three", "four", "five")]


def texts(*pages: list[Placed]) -> list[tuple[str, str]]:
    return [(clause.number, clause.text) for clause in segment(pdf(pages)).clauses]


def test_gaps_part_paragraphs_and_lines_are_joined() -> None:
    assert [text for _, text in texts(page(*BODY))] == [paragraph.replace("\n", " ") for paragraph in BODY]


def test_a_clause_runs_over_a_page_break_with_furniture_between() -> None:
    first = [*page(*BODY, f"{WIDE}\n{WIDE}"), (300, 740, "1")]
    second = [*page("answer it in writing.", *BODY), (300, 740, "2")]
    clauses = segment(pdf([first, second])).clauses
    assert clauses[3].text == f"{WIDE} {WIDE} answer it in writing."
    assert clauses[3].pages == (1, 2)
    assert [box.page for box in clauses[3].boxes] == [1, 2]


def test_garbled_numerals_go_on_with_their_sequence() -> None:
    pages = page("I. PURPOSE", BODY[0], "IL AUTHORITY", BODY[1], "Ill. POLICY", BODY[2], "IV. TERM", BODY[0])
    assert [number for number, _ in texts(pages)] == ["I", "II", "III", "IV"]


def test_letter_i_after_h_is_no_roman_numeral() -> None:
    heads = [f"{letter}. TOPIC {letter}{letter}" for letter in "ABCDEFGHI"]
    parts = [part for head in heads for part in (head, BODY[0])]
    numbers = [number for number, _ in texts(page("IV. DUTIES", *parts[:8]), page(*parts[8:]), page("V. TERM", BODY[1]))]
    assert numbers == [*(f"IV.{letter}" for letter in "ABCDEFGHI"), "V"]


def test_inline_items_and_references_do_not_split() -> None:
    wrapped = f"{WIDE} (1) the day,\n(2) the hour of the request as told in Section VIII, below, and (3) the name of\nthe person."
    assert len(texts(page("I. RECORDS", wrapped, *BODY))) == 4


def test_appendices_begin_their_own_path() -> None:
    first = page("I. PURPOSE", *BODY)
    second = page(
        "APPENDIX B",
        "COMPLAINT PROCEDURE",
        BODY[0],
        "1. Where to Complain",
        BODY[1],
        "Complaints may be made:",
        "A. by mail; or",
        "B. by voice.",
    )
    clauses = segment(pdf([first, second])).clauses
    assert [clause.number for clause in clauses[3:]] == ["App.B", "App.B.1", "App.B.1", "App.B.1.A", "App.B.1.B"]
    assert clauses[-1].lead_in == "Complaints may be made:"
    assert clauses[-1].heading[-1] == "1. Where to Complain"


def test_signatures_and_contacts_are_no_clauses() -> None:
    end = page(
        *BODY,
        "The points of contact are:",
        "For the Agency:\nJane Roe\n5 Main St\nTown, MN 55555",
        "For the Agency:",
        "Date: ______",
        "Signature: ______",
        "Title: Sheriff",
    )
    segmentation = segment(pdf([end]))
    assert [clause.text for clause in segmentation.clauses][3:] == ["The points of contact are:"]
    assert {block.kind for block in segmentation.blocks} >= {"contact", "signature"}


def test_hyphens_at_line_ends_are_mended_and_compounds_kept() -> None:
    # the document itself shows which broken words are compounds
    text = f"{WIDE}\nfederal immi-\ngration law binds a court-\nordered custodian. Each court-ordered record stays."
    assert "federal immigration law binds a court-ordered custodian" in texts(page("I. LAW", text))[0][1]


LEFT = [
    "The clerk keeps a book of requests,",
    "and every officer may read the book.",
    "The book stays in the hall of record",
    "until the year is over.",
]
RIGHT = [
    "A person who asks for the book shall",
    "give a name and the day of the call.",
    "The clerk writes both into the book,",
    "and reads them to whoever asks once.",
]


def test_each_column_of_a_page_has_an_edge_of_its_own() -> None:
    lines: list[Placed] = []
    for x0, column in ((60, LEFT), (330, RIGHT)):
        for number in range(3):
            lines += [(x0, 80 + 80 * number + 14 * at, line) for at, line in enumerate(column)]
    found = texts(lines)
    assert [text for _, text in found] == [" ".join(LEFT)] * 3 + [" ".join(RIGHT)] * 3
