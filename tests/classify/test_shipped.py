"""The model that ships: direction, exceptions, explanation and abstention on sentences a user would try."""

import pytest

from nlp.classify import Classifier, ClauseText
from nlp.records import Clause
from nlp.taxonomy import codebook

DIRECTION = [
    ("No law enforcement agency shall detain a person on the basis of an immigration detainer.", "detainer-limit"),
    ("The sheriff shall honor each immigration detainer and hold the person for up to 48 hours.", "detainer-compliance"),
    ("A law enforcement officer shall not inquire into the immigration status of any person.", "status-inquiry-ban"),
    ("A peace officer shall determine the immigration status of each person who is arrested.", "status-inquiry-duty"),
    ("A county may not enter into an agreement under 8 U.S.C. 1357(g).", "deputization-ban"),
    (
        "The sheriff shall enter into a written agreement under section 287(g) of the Immigration and Nationality Act.",
        "deputization",
    ),
    ("No city funds or personnel shall be used to assist in the enforcement of federal immigration law.", "resource-ban"),
    ("A municipality may not adopt a policy that prohibits cooperation with federal immigration authorities.", "anti-sanctuary"),
]


@pytest.mark.parametrize(("text", "label"), DIRECTION)
def test_plain_rules_get_their_label(shipped: Classifier, text: str, label: str) -> None:
    (prediction,) = shipped.predict([ClauseText(text)])
    assert label in {found.name for found in prediction.labels}


def clause(number: str, text: str, lead_in: str | None = None) -> Clause:
    return Clause(f"c{number}", "x.txt", "sha256:0", number, ("Sec. 4. Detainers",), lead_in, text, 0, len(text), (1,), ())


def test_exception_is_linked_to_the_rule_it_limits(shipped: Classifier) -> None:
    found = shipped.provisions(
        [
            clause("a", "No county jail shall hold a person past release on the basis of an immigration detainer."),
            clause("b", "The department shall publish a report each year."),
            clause("c", "Subsection (a) does not apply to a person named in a criminal warrant."),
        ]
    )
    assert [provision.exception_to for provision in found] == [None, None, "ca"]


def test_cues_are_words_of_the_clause_and_name_their_label(shipped: Classifier) -> None:
    text = "No county jail shall hold a person on the basis of an immigration detainer."
    (provision,) = shipped.provisions([clause("a", text)])
    assert all(text[cue.start : cue.end] == cue.text for cue in provision.cues)
    topics = {cue.text for cue in provision.cues if cue.label == "detainer-limit"}
    assert any("detainer" in words for words in topics)
    assert any(cue.role == "negation" for cue in provision.cues)


def test_other_law_with_the_same_words_is_left_alone(shipped: Classifier) -> None:
    rows = shipped.predict(
        [
            ClauseText("The fire marshal may place a hold on a building permit until the fee is paid."),
            ClauseText("The task force on tourism shall meet twice a year in the council chamber."),
        ]
    )
    directed = {label.name for label in codebook().labels if label.stance in ("restricts", "enables")}
    assert all(directed.isdisjoint(found.name for found in row.labels) for row in rows)


DOUBTFUL = (
    "Information about a person may be given to the federal government on request.",
    "Members shall not stop or question any person solely because they suspect that the person is in the country unlawfully.",
    "refuse help with an arrest that rests on an administrative warrant alone; and",
    "The officer complained of performs no delegated function until the Service has decided whether the inquiry permits it.",
)
"""Clauses that could go more than one way by themselves; a model sure of every one of them would be sure of anything."""


def test_abstaining_rows_carry_the_two_best_guesses(shipped: Classifier) -> None:
    texts = [*(text for text, _ in DIRECTION), *DOUBTFUL, "as aforesaid"]
    rows = shipped.rows([{"id": at, "text": text} for at, text in enumerate(texts)])
    assert {row["abstained"] for row in rows} == {True, False}
    assert all((len(row["guesses"]) == 2) is row["abstained"] for row in rows)
    assert {row["modality"] for row in rows} <= {"prohibition", "obligation", "permission", "statement"}
    assert all(0 < label["score"] <= 1 for row in rows for label in row["labels"])


def test_clauses_of_one_wording_are_judged_each_by_its_lead_in_and_alike_again(shipped: Classifier) -> None:
    given = [
        clause("1", "honor an immigration detainer;", "The sheriff shall not:"),
        clause("2", "honor an immigration detainer;", "The sheriff shall:"),
    ]
    first = shipped.provisions(given)
    assert [found.modality for found in first] == ["prohibition", "obligation"]
    assert shipped.provisions(given) == first
    assert [found.modality for found in shipped.provisions(given[::-1])] == ["obligation", "prohibition"]
