"""Facts a document tells about itself, each with where it stands, never over what is told from outside."""

from __future__ import annotations

import pytest

from nlp.records import Document, Fact
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

Date: March 5, 2021
"""


def read(text: str, **told: str) -> Document:
    made = document(text, **told)
    return facts(made, segment(made))


def test_an_agreement_names_its_parties_and_place() -> None:
    found = read(AGREEMENT)
    assert (found.kind, found.jurisdiction, found.agency) == ("agreement", "OH/Marsh County", "Marsh County Sheriff’s Office")
    assert found.date == "2021-03-05"
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
    ("text", "kind"),
    [
        # a contract for beds is no memorandum, and names its kind in capitals or with a hyphen
        ("INTER-GOVERNMENTAL SERVICE AGREEMENT\n\nThe Service Provider shall house detainees.", "agreement"),
        (
            "DETENTION SERVICES CONTRACT NO. 7\n\nThis Contract is made between the Marsh County Jail and the Service.",
            "agreement",
        ),
        ("MEMORANDUM OF AGREEMENT\n\nMarsh County Jail Program\n\nI. PARTIES\n\nThe parties agree.", "agreement"),
        # rules numbered 2.1 are no sections of a code
        ("Marsh Police Department\n\nGeneral Order 4.12: Stops\n\n2. Terms\n\n2.1 Member: any sworn officer.", "policy"),
        (
            "MARSH COUNTY SHERIFF'S OFFICE\n\nPOLICY 428\n\n428.1 PURPOSE AND SCOPE\n\nMembers of this office ask nobody.",
            "policy",
        ),
        ("ORDINANCE NO. 3\n\nThe Council ordains as follows:\n\nSECTION 1. No officer shall ask.", "ordinance"),
        ("A LETTER\n\nDear neighbor, thank you for the plums.", None),
    ],
)
def test_kinds(text: str, kind: str | None) -> None:
    assert read(text).kind == kind


@pytest.mark.parametrize(
    ("text", "jurisdiction"),
    [
        (
            "CITY OF PORT ANSEL\n\nORDINANCE NO. 2\n\nBE IT ORDAINED BY THE COUNCIL OF THE CITY OF PORT ANSEL:\n\nSec. 1. No.",
            "Port Ansel",
        ),
        ("CITY OF PORT ANSEL POLICE DEPARTMENT\n\nPOLICY MANUAL\n\nState of Oregon law governs.", "OR/Port Ansel"),
        (
            "Ordinance No. 4\n\nAn ordinance of the City of St. Marsh. Officers of Marsh shall not ask. Salem, OR 97301",
            "OR/St. Marsh",
        ),
    ],
)
def test_places(text: str, jurisdiction: str) -> None:
    assert read(text).jurisdiction == jurisdiction


def test_the_address_of_the_agency_tells_more_than_that_of_a_federal_office() -> None:
    text = AGREEMENT.replace(
        "The jail is in the State of Ohio.", "OPLA, through its field location at 1 Main Street, Dallas, TX 75001."
    )
    contact = "\nMarsh County Sheriff’s Office\n9 Iowa Avenue\nMarsh, KS 66002\n"
    assert read(text + contact).jurisdiction == "KS/Marsh County"


def test_a_file_name_tells_the_state_that_the_text_leaves_out() -> None:
    text = AGREEMENT.replace("The jail is in the State of Ohio.", "")
    assert read(text, source="in/MarshCountySONE_agreement_2021.pdf").jurisdiction == "NE/Marsh County"
    assert read(text, source="in/OR_or_IN_2021.pdf").jurisdiction == "Marsh County"


@pytest.mark.parametrize(
    ("text", "told", "date"),
    [
        # the last to sign makes the agreement
        ("Date: March 5, 2021\n\nDate. March 2, 2021", {}, "2021-03-05"),
        # nobody has signed in days to come
        ("Date: March 5, 2999", {}, None),
        # the form and the file leave one reading of a digit
        ("Revised 02/15/2021\n\nDate: March 5, 2029", {"file-date": "2021-04-01"}, "2021-03-05"),
        # a file whose clock several dates contradict says nothing
        ("Effective May 1, 2020.\n\nRevised 02/15/2020\n\nDate: March 5, 2021", {"file-date": "2001-01-01"}, "2021-03-05"),
        ("the Home Rule Act, approved December 24, 1973 (87 Stat. 813)", {}, None),
        (
            "This Act shall take effect June 1, 2021. Approved by the Governor, May 2, 2021.",
            {"file-date": "2021-06-04"},
            "2021-06-01",
        ),
    ],
)
def test_dates_of_agreements(text: str, told: dict[str, str], date: str | None) -> None:
    given = tuple(Fact(name, value) for name, value in told.items())
    made = document(f"MEMORANDUM OF AGREEMENT\n\nThe parties agree to help one another in all things.\n\n{text}", facts=given)
    assert facts(made, segment(made)).date == date


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
