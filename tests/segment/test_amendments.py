"""Bills: what is struck, what is added, what only announces, what is no part of the law."""

from __future__ import annotations

import pytest

from nlp.segment import segment
from tests.factories import document

BILL = """HOUSE BILL 12

By: Delegate Example

AN ACT concerning

Records – Requests

FOR the purpose of requiring a custodian to keep certain records.

SECTION 1. BE IT ENACTED BY THE GENERAL ASSEMBLY, That the Laws read as follows:

Article – Public Records

4–101.

(a) A custodian shall [destroy] KEEP A COPY OF each request.

(B) A CUSTODIAN SHALL:

(1) POST A NOTICE; AND

(2) REPORT TO THE BOARD EACH YEAR.

EXPLANATION: CAPITALS INDICATE WORDS ADDED TO EXISTING LAW.
[Brackets] indicate matter deleted from existing law.

SECTION 2. AND BE IT FURTHER ENACTED, That this Act shall take effect October 1, 2031.
"""


def test_struck_words_are_kept_apart_and_additions_marked() -> None:
    clauses = {clause.number: clause for clause in segment(document(BILL)).clauses}
    assert clauses["4-101.a"].text == "A custodian shall KEEP A COPY OF each request."
    assert clauses["4-101.a"].struck == "destroy"
    assert clauses["4-101.a"].added == ("KEEP A COPY OF",)
    assert clauses["4-101.B.2"].lead_in == "A CUSTODIAN SHALL:"
    assert clauses["2"].text.startswith("AND BE IT FURTHER ENACTED")


def test_title_purpose_and_explanation_are_no_clauses() -> None:
    bill = document(BILL)
    segmentation = segment(bill)
    texts = " ".join(clause.text for clause in segmentation.clauses)
    assert "FOR the purpose" not in texts
    assert "Brackets" not in texts
    kinds = {bill.text[block.start : block.end].split(" – ")[0][:11]: block.kind for block in segmentation.blocks}
    assert kinds["FOR the pur"] == "title"
    assert kinds["EXPLANATION"] == "note"


def test_capitals_of_an_amended_law_are_no_headings() -> None:
    numbers = [clause.number for clause in segment(document(BILL)).clauses]
    assert numbers == ["4-101.a", "4-101.B", "4-101.B.1", "4-101.B.2", "2"]


def test_editorial_brackets_of_a_code_stay() -> None:
    clauses = segment(document("§ 9-1. Term.\n\n(a) The term ends in [June] each year.\n")).clauses
    assert clauses[0].text == "The term ends in [June] each year."
    assert clauses[0].struck is None


def test_margin_line_numbers_are_taken_off() -> None:
    words = ("one", "two", "three", "four", "five", "six", "seven")
    lines = [f"{number} line {word} of the rule that the agency" for number, word in enumerate(words, 1)]
    text = "\n".join([*lines, "8 shall obey."])
    clause = segment(document(text)).clauses[0]
    assert clause.text.startswith("line one of the rule")
    assert clause.text.endswith("the agency shall obey.")


def test_history_and_editor_notes_are_set_apart() -> None:
    text = """§ 53-12. Escape.

A person who escapes commits a felony.

(1985, c. 63; 1990, c. 4.)

Applied in A v. B, 1 F.2d 3 (1986).

§ 53-13. Duty.

The warden shall report each escape to the court.
"""
    segmentation = segment(document(text))
    assert [(clause.number, clause.text) for clause in segmentation.clauses] == [
        ("53-12", "A person who escapes commits a felony."),
        ("53-13", "The warden shall report each escape to the court."),
    ]
    assert [block.kind for block in segmentation.blocks].count("note") == 2


def test_recitals_are_told_from_rules() -> None:
    text = "WHEREAS, the city values trust;\n\nNOW, THEREFORE, BE IT ORDAINED:\n\nSection 1. No officer shall inquire.\n"
    kinds = [clause.kind for clause in segment(document(text)).clauses]
    assert kinds[0] == "recital"
    assert kinds[-1] == "clause"


LEGEND = "EXPLANATION: CAPITALS INDICATE WORDS ADDED TO EXISTING LAW.\n[Brackets] indicate matter deleted from existing law.\n"


@pytest.mark.parametrize(
    "legend",
    [
        # the marks themselves tell
        "",
        "Matter in CAPITALS is new; matter in [brackets] is to be omitted.\n",
        "Deleted text is enclosed in [brackets]. New text appears in CAPITAL LETTERS.\n",
    ],
)
def test_what_is_struck_and_added_is_known_without_a_stock_legend(legend: str) -> None:
    segmentation = segment(document(BILL.replace(LEGEND, legend)))
    clauses = {clause.number: clause for clause in segmentation.clauses}
    assert clauses["4-101.a"].text == "A custodian shall KEEP A COPY OF each request."
    assert (clauses["4-101.a"].struck, clauses["4-101.a"].added) == ("destroy", ("KEEP A COPY OF",))
    assert clauses["4-101.B.1"].added == ("POST A NOTICE; AND",)
    assert not any("brackets" in clause.text for clause in segmentation.clauses)


def test_brackets_and_capitals_of_what_is_no_act_stay() -> None:
    text = (
        "AGREEMENT\n\n1. The County shall hold [the person] in a cell.\n\n"
        "2. THE COUNTY MAKES NO WARRANTY AND SHALL NOT BE LIABLE.\n\n"
        "3. The clerk [or a deputy] SHALL NOT lend the book to anyone."
    )
    clauses = segment(document(text)).clauses
    assert [clause.struck for clause in clauses] == [None, None, None]
    assert not any(clause.added for clause in clauses)


def test_names_and_headings_in_capitals_add_nothing() -> None:
    text = """ORDINANCE NO. 4

BE IT ORDAINED BY THE COUNCIL OF THE CITY OF MARSH:

SECTION 1. DEFINITIONS.

(a) "City" means the CITY OF MARSH and its boards.

SECTION 2. DUTIES OF THE CLERK.

(a) The clerk of the CITY OF MARSH shall answer each request.
"""
    assert not any(clause.added for clause in segment(document(text)).clauses)


def test_pages_of_a_converted_bill_leave_no_numbers_or_heads() -> None:
    heads = ("Ch. 7 2031 LAWS OF THE STATE", "JANE DOE, Governor Ch. 7")
    pages = [
        f"{heads[at % 2]}\n\n({at}) The clerk shall keep book number {at} and\nits copy.\n\n– {at} –\n" for at in range(1, 8)
    ]
    clauses = segment(document("BE IT ENACTED BY THE PEOPLE, That:\n\n" + "\n".join(pages))).clauses
    assert [clause.text for clause in clauses] == [f"The clerk shall keep book number {at} and its copy." for at in range(1, 8)]


def test_a_line_that_opens_with_scheduled_is_no_schedule() -> None:
    text = "Sec. 1. Release.\n\n(a) A person is held until the time of\n\nSCHEDULED RELEASE.\n\n(b) Nobody is held longer."
    assert [clause.number for clause in segment(document(text)).clauses][-1] == "1.b"
