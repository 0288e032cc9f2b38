"""Clauses of a document: boundaries, number paths, headings and lead-ins."""

from __future__ import annotations

import pytest

from nlp.segment import clauses_of_text, segment
from tests.factories import document


def rows(text: str) -> list[tuple[str, str]]:
    return [(clause.number, clause.text) for clause in segment(document(text)).clauses]


def test_items_carry_their_path_and_lead_in() -> None:
    clauses = clauses_of_text(
        "§ 12-4. Records.\n\n(a) The agency shall keep:\n\n(1) a log; and\n\n(2) a copy of each form.\n\n"
        "(b) Nothing here bars disclosure.\n"
    )
    assert [clause.number for clause in clauses] == ["12-4.a", "12-4.a.1", "12-4.a.2", "12-4.b"]
    assert clauses[1].lead_in == "The agency shall keep:"
    assert clauses[3].lead_in is None
    assert clauses[0].heading == ("§ 12-4. Records.",)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        # I after H is the letter, not Roman one
        ("".join(f"{letter}. The agency shall act.\n\n" for letter in "ABCDEFGHI"), list("ABCDEFGHI")),
        # (i) under (h) is Roman where (ii) follows
        (
            "(g) One rule.\n\n(h) The rule covers:\n\n(i) jails;\n\n(ii) courts.\n\n(i) Last rule.\n",
            ["g", "h", "h.i", "h.ii", "i"],
        ),
    ],
)
def test_ambiguous_letters_follow_their_sequence(text: str, numbers: list[str]) -> None:
    assert [number for number, _ in rows(text)] == numbers


def test_captions_over_captions_are_headings() -> None:
    text = """§ 12. Custody

(1) Removal period

(A) In general

Except as this section says, a person is moved within ninety days of the order of removal.

(B) Beginning of period

The period begins on the day of the order, or on the day a court ends its stay of it.
"""
    clauses = clauses_of_text(text)
    assert [clause.number for clause in clauses] == ["12.1.A", "12.1.B"]
    assert clauses[1].heading == ("§ 12. Custody", "(1) Removal period", "(B) Beginning of period")
