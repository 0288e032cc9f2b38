"""Running heads and feet: told by their repetition and by their place, even where a scan reads each one differently."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nlp.extract import furniture, specks
from nlp.extract.draft import Row, Sheet, Token
from nlp.records import Role

VOCABULARY = (
    "judge water bus language sheriff fee midnight Sunday clerk jail bond cell hour notice parent school court ledger harbor"
    " winter county bread blanket lawyer phone paper seal door key wagon orchard"
)
BODY = ("The officers of the county shall keep a register of", "every person whom they hold, and shall show it to", "the clerk.")


def row(text: str, top: float, left: float = 72.0) -> Row:
    tokens = []
    for word in text.split():
        tokens.append(Token(word, left, top, left + 6 * len(word), top + 12))
        left += 6 * len(word) + 6
    return Row.of(tokens)


def roles(pages: Sequence[Sequence[tuple[float, str]]]) -> dict[str, Role]:
    """Return the role of each line, by its text."""
    sheets = [Sheet(n, 612, 792, rows=[row(text, top) for top, text in page]) for n, page in enumerate(pages, 1)]
    furniture.assign(sheets)
    return {line.text: line.role for sheet in sheets for line in sheet.rows}


def page(number: int, foot: str, *, at: float = 745, head: str = "") -> list[tuple[float, str]]:
    words = VOCABULARY.split()
    body = [(300.0 + 14 * line, f"{text} {number}") for line, text in enumerate(BODY)]
    full = [
        (688.0 + 14 * line, " ".join(words[(line + 9 * number + k * (2 * number + line)) % 31] for k in range(7)))
        for line in range(3)
    ]
    return [*([(40.0, head)] if head else []), *body, *full, (at, foot)]


def test_a_foot_that_every_page_reads_differently_is_known_by_its_place() -> None:
    feet = ["Marsh County Jail, Ohio 1 Rev 2", "Marsh County Jail, Ohio 2 Rev 2", "Marsh County Jail, Ohio 3 Rev 2",
            "Hie Mersh Coutny lait, Qhio 4 Rcv 2", "Nfarsb Gounty Jgil. Ohia b Hev 7", "of Mar5h ,,"]  # fmt: skip
    found = roles([page(number, foot, at=745 + number % 2) for number, foot in enumerate(feet, 1)])
    assert {found[foot] for foot in feet} == {"foot"}
    assert all(role == "body" for text, role in found.items() if text not in feet)


def test_text_that_runs_on_to_the_place_of_the_foot_is_text() -> None:
    pages = [page(number, f"Marsh County Jail, Ohio {number}") for number in range(1, 6)]
    long = [*page(6, "and so the last line of the page comes down to the foot")[:-1], (730.0, "one more line of the rule"),
            (744.0, "and so the last line of the page comes down to the foot")]  # fmt: skip
    assert roles([*pages, long])["and so the last line of the page comes down to the foot"] == "body"


def test_the_title_at_the_place_of_later_heads_is_no_head() -> None:
    pages = [page(1, "Page 1 of 5", head="AGREEMENT ON DETENTION")]
    pages += [page(number, f"Page {number} of 5", head=f"Marsh County contract {number}") for number in range(2, 6)]
    found = roles(pages)
    assert found["AGREEMENT ON DETENTION"] == "body"
    assert found["Marsh County contract 3"] == "head"
    assert found["Page 3 of 5"] == "foot"


@pytest.mark.parametrize("foot", [", Page 3", "- 3 -", "|Page 3 of 17|", "[3]"])
def test_page_numbers_with_what_a_scan_puts_around_them(foot: str) -> None:
    assert roles([page(1, "nothing else"), page(3, foot)])[foot] == "foot"


def test_a_numbered_rule_that_a_form_repeats_on_top_of_its_pages_is_text() -> None:
    rule = "(a) The officer shall show the badge to the person."
    found = roles([[(60.0, rule), *page(number, f"Form 9, page {number}")] for number in range(1, 6)])
    assert found[rule] == "body"


def test_a_letter_that_ends_line_after_line_is_no_text() -> None:
    lines = [row(f"{text} e", 100 + 14 * at) for at, text in enumerate(BODY * 3)]
    kept = [row("He lives in building e", 400), row("This is item e", 414)]
    specks.drop(lines)
    specks.drop([*kept, *(row(text, 430) for text in BODY * 3)])
    assert [line.text for line in lines] == list(BODY * 3)
    assert [line.text for line in kept] == ["He lives in building e", "This is item e"]
    assert all(len(line.coords) == 4 * len(line.words) for line in lines)
