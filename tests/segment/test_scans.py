"""What scans do to headings: numerals misread, pages set bold throughout, headings after a list of contacts."""

from __future__ import annotations

from dataclasses import replace

from nlp.records import Document
from nlp.segment import segment
from tests import factories

RULE = "The officers of the county shall keep a register of those whom they hold and show it."


def scan(*headings: str, before: dict[str, list[str]] | None = None) -> Document:
    """Draw each heading over a rule of its own, on pages that OCR read; `before` maps a heading to lines above it."""
    placed, top = [], 72.0
    for heading in headings:
        for line in (before or {}).get(heading, []):
            placed.append((72.0, top, line))
            top += 20
        placed += [(72.0, top, heading), (72.0, top + 24, f"{RULE} {heading.split()[-1].lower()}.")]
        top += 60
    made = factories.pdf([placed])
    return replace(made, pages=tuple(replace(page, method="ocr") for page in made.pages))


def numbers(document: Document) -> list[str]:
    return [clause.number for clause in segment(document).clauses if clause.text.startswith("The officers")]


def test_numerals_misread_are_mended_by_their_neighbours() -> None:
    made = scan(
        "IL PARTIES", "II. PURPOSE", "ID. AUTHORITY", "IV. TASKS", "V. REPORTS", "VI. CHANGES", "VU. PLACES", "VI. EFFECTIVE DATE"
    )
    assert numbers(made) == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"]


def test_an_outline_that_begins_anew_is_no_misprint() -> None:
    made = scan("I. PARTIES", "II. PURPOSE", "III. TASKS", "APPENDIX A FORMS", "I. PAPER", "II. INK")
    assert numbers(made) == ["I", "II", "III", "App.A", "App.A.I", "App.A.II"]


def test_a_misread_heading_after_contacts_is_no_contact() -> None:
    contacts = [
        "The points of contact for the parties are:",
        "For the County: Sheriff of Marsh",
        "For the Service: Field Director",
    ]
    made = scan("VI. CHANGES", "VII. PLACES", "VUI. EFFECTIVE DATE", before={"VUI. EFFECTIVE DATE": contacts})
    assert numbers(made)[-1] == "VIII"


def test_a_page_set_bold_throughout_has_no_heading_by_its_boldness() -> None:
    lines = [f"The sheriff keeps the register of the year {year} in the hall of the county." for year in range(1990, 2000)]
    placed = [(72.0, 72.0, "IV. RECORDS")]
    for at, line in enumerate(lines):
        placed += [(72.0, 100.0 + 42 * at, line), (72.0, 114.0 + 42 * at, f"Whoever asks may read the book of {1990 + at}.")]
    made = factories.pdf([placed], bold=frozenset(text for _, _, text in placed))
    assert {clause.heading for clause in segment(made).clauses} == {("IV. RECORDS",)}
    assert len(segment(made).clauses) == len(lines)
