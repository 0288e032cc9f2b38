"""Conditions, actors and exceptions are spans of the clause's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.classify.conditions import actor, conditions, is_exception
from nlp.classify.reading import ClauseText, read

FOUND = [
    (
        "A jail may hold a person only with a warrant signed by a federal magistrate judge.",
        "judicial-warrant",
        "warrant signed by",
    ),
    ("No person is held unless a judge has signed a warrant.", "judicial-warrant", "judge has signed a warrant"),
    ("The person may be held for up to 48 hours.", "hours", "48 hours"),
    ("A copy of Form I-247A is given to the person.", "form", "Form I-247A"),
    ("It applies to a person convicted of a serious felony.", "listed-offence", "convicted of a serious felony"),
    ("Under an agreement with the county, deputies serve papers.", "agreement", "Under an agreement"),
    ("No interview without the written consent of the person.", "consent", "written consent of the person"),
    ("No person is held unless a court has so ordered.", "exception", "unless a court has so ordered"),
]


@pytest.mark.parametrize(("text", "kind", "words"), FOUND)
def test_condition_is_found_with_its_words(text: str, kind: str, words: str) -> None:
    assert any(found.type == kind and words in found.text for found in conditions(text))


PIECES = st.one_of(st.sampled_from([text for text, _, _ in FOUND]), st.text(max_size=30))


@given(st.lists(PIECES, max_size=6).map(" ".join))
def test_conditions_are_slices_of_the_text(text: str) -> None:
    assert all(text[found.start : found.end] == found.text for found in conditions(text))


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (ClauseText("(a) No officer of the city shall ask."), "officer of the city"),
        (ClauseText("(b) Each county jail shall keep a log."), "Each county jail"),
        (ClauseText("(2) keep a log.", lead_in="The sheriff shall:"), "The sheriff"),
        (ClauseText("“Jail” means a lockup."), None),
    ],
)
def test_actor_is_who_the_rule_binds(clause: ClauseText, expected: str | None) -> None:
    assert actor(read(clause), clause.text) == expected


@pytest.mark.parametrize(
    ("text", "lead_in", "expected"),
    [
        ("(c) Subsection (a) does not apply to a criminal warrant.", None, True),
        ("Nothing in this section prohibits an arrest.", None, True),
        ("(1) a felony;", "This section shall not apply to:", True),
        ("No officer shall ask, except as required by law.", None, False),
    ],
)
def test_only_a_clause_of_exceptions_is_an_exception(text: str, lead_in: str | None, expected: bool) -> None:
    assert is_exception(text, lead_in) is expected
