"""Decimal numbers, recitals, margin numbers and struck endings: where clauses begin and which heading they stand under."""

from __future__ import annotations

from nlp.segment import clauses_of_text, segment
from tests.factories import document


def test_decimals_stand_under_the_number_they_continue() -> None:
    clauses = clauses_of_text(
        "SECTION 2. TERMS.\n\nFor this order:\n\n2.1 “Desk” means the front desk.\n\n2.2 “Log” means the book of visits.\n\n"
        "SECTION 3. DUTIES.\n\n3.1 Officers may lend a lamp to a visitor, provided that\n\n(a) the desk notes it; and\n\n"
        "(b) the visitor signs.\n\n3.2 The lamp stays in the town.\n"
    )
    assert [clause.number for clause in clauses] == ["2", "2.1", "2.2", "3.1", "3.1.a", "3.1.b", "3.2"]
    assert clauses[1].lead_in == "For this order:"
    assert {clause.heading for clause in clauses[3:]} == {("SECTION 3. DUTIES.",)}
    assert clauses[3].text == "Officers may lend a lamp to a visitor, provided that"


def test_a_codes_section_stands_beside_the_one_it_was_put_after() -> None:
    clauses = clauses_of_text("1019.\n\n(a) No one may fish here.\n\n1019.1.\n\n(a) No one may swim here.\n")
    assert [clause.heading for clause in clauses] == [("1019.",), ("1019.1.",)]


def test_roman_headings_and_arabic_items_keep_apart() -> None:
    rules = ("A. Members shall act with care.", "1. Members shall knock.", "2. Members shall wait.", "B. Members shall write.")
    part = "".join(f"{rule}\n\n" for rule in rules)
    numbers = [clause.number for clause in clauses_of_text(f"I. PURPOSE\n\n{part}II. RECORDS\n\n{part}")]
    assert numbers == [f"{roman}.{rest}" for roman in ("I", "II") for rest in ("A", "A.1", "A.2", "B")]


def test_each_recital_is_a_clause() -> None:
    clauses = clauses_of_text(
        "RESOLUTION NO. 9\n\nWHEREAS, the lake is cold; and\n\nWHEREAS, many people swim; and\n\n"
        "NOW, THEREFORE, BE IT RESOLVED that:\n\n1. The county shall post a sign.\n"
    )
    assert [clause.kind for clause in clauses] == ["recital", "recital", "clause"]


def test_a_title_with_an_abbreviation_is_whole() -> None:
    clauses = clauses_of_text("§ 12. Penalties under 3 U.S.C. § 4.1 and G.S. 64-26. The clerk shall collect each fine.\n")
    assert clauses[0].heading == ("§ 12. Penalties under 3 U.S.C. § 4.1 and G.S. 64-26.",)


def test_an_item_after_struck_words_begins_anew() -> None:
    clauses = segment(
        document("§ 3. Boats.\n\n(a) A boat shall be tied up, ~~unless it is small.~~\n(b) A boat shall be dry.\n")
    ).clauses
    assert [(clause.number, clause.text) for clause in clauses] == [
        ("3.a", "A boat shall be tied up,"),
        ("3.b", "A boat shall be dry."),
    ]
