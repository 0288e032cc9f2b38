"""Facts a document tells about itself, each with where it stands, never over what is told from outside."""

from __future__ import annotations

import pytest

from nlp.records import Document
from nlp.segment import facts, segment
from nlp.segment.citations import citations
from nlp.segment.jurisdictions import normalise
from tests.factories import document

AGREEMENT = """MEMORANDUM OF AGREEMENT

I. PARTIES

This Memorandum of Agreement constitutes an agreement between United States Immigration and Customs Enforcement (ICE), and the
Marsh County Sheriff’s Office (LEA), pursuant to which ICE delegates authority.

II. PLACE

The jail is in the State of Ohio. See Roe v. Texas, 1 U.S. 2 (1999).

Date: March 5, 2031
"""


def read(text: str, **told: str) -> Document:
    made = document(text, **told)
    return facts(made, segment(made))


def test_an_agreement_names_its_parties_and_place() -> None:
    found = read(AGREEMENT)
    assert (found.kind, found.jurisdiction, found.agency) == ("agreement", "OH/Marsh County", "Marsh County Sheriff’s Office")
    assert found.date == "2031-03-05"
    assert next(fact.value for fact in found.facts if fact.name == "party") == "United States Immigration and Customs Enforcement"
    for fact in found.facts:
        if fact.name in ("party", "citation") and fact.start is not None:
            assert found.text[fact.start : fact.end].split() == fact.value.split()


def test_what_is_told_stays() -> None:
    found = read(AGREEMENT, kind="policy", jurisdiction="ME", title="Told", date="1999-01-01", agency="Told Office")
    assert (found.kind, found.jurisdiction, found.title, found.date, found.agency) == (
        "policy",
        "ME",
        "Told",
        "1999-01-01",
        "Told Office",
    )


@pytest.mark.parametrize(
    ("text", "kind", "jurisdiction"),
    [
        ("§ 12-4. Records.\n\nN.C. Gen. Stat. § 12-4 governs. The State of North Carolina shall act.", "statute", "NC"),
        ("SENATE BILL 9\n\nA BILL ENTITLED\n\nAN ACT concerning records of Vermont", "bill", "VT"),
        (
            "ORDINANCE NO. 12\n\nAN ORDINANCE OF THE City of Marsh, Iowa\n\nBe it ordained:\n\nSection 1. No officer shall ask.",
            "ordinance",
            "IA/Marsh",
        ),
        ("EXECUTIVE ORDER 5\n\nI, the Governor of the State of Maine, order:", "order", "ME"),
        ("# kind: ordinance\n# jurisdiction: Marsh, OR\n\nSec. 1. Rule.\n\nNo officer shall ask.", "ordinance", "OR/Marsh"),
    ],
)
def test_kind_and_jurisdiction(text: str, kind: str, jurisdiction: str) -> None:
    found = read(text)
    assert (found.kind, found.jurisdiction) == (kind, jurisdiction)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Maryland", "MD"),
        ("Md.", "MD"),
        ("United States (federal)", "US"),
        ("Marsh County, CA", "CA/Marsh County"),
        ("nowhere", None),
    ],
)
def test_jurisdictions_are_normalised(written: str, code: str | None) -> None:
    assert normalise(written) == code


@pytest.mark.parametrize(
    "cited",
    [
        "8 U.S.C. § 1357(g)",
        "8 C.F.R. § 287.5(e)(3)",
        "Public Law 107-296",
        "G.S. 14-54",
        "20 V.S.A. § 4651",
        "Session Laws 2015-201",
        "D.C. Law 19-194",
    ],
)
def test_citations(cited: str) -> None:
    assert [fact.value for fact in citations(f"as {cited}, provides")] == [cited]
