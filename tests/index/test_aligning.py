from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.index import Store, difference, fewest, unusual
from nlp.index.aligning import CHANGES
from tests.index import making


def clauses(*texts: str) -> list[dict[str, Any]]:
    return [{"text": text, "number": str(at)} for at, text in enumerate(texts, 1)]


STANDARD = clauses(
    "The agency shall nominate officers for training.",
    "ICE will pay for the training of officers.",
    "Complaints are reported to ICE within 48 hours.",
    "This agreement may be ended by either party at any time.",
)


def changes(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entry.change, (entry.new or entry.old or {})["text"]) for entry in difference(old, new).entries]


def test_same_documents_differ_in_nothing() -> None:
    found = difference(STANDARD, STANDARD)
    assert found.counts == {**dict.fromkeys(CHANGES, 0), "same": 4}


def test_reworded_added_and_removed_clauses_are_told_apart() -> None:
    new = clauses(
        STANDARD[0]["text"],
        "Complaints are reported to ICE and to the mayor within 24 hours.",
        "The county council is told of every detainer that is honoured.",
        STANDARD[3]["text"].upper(),
    )
    assert changes(STANDARD, new) == [
        ("same", new[0]["text"]),
        ("removed", STANDARD[1]["text"]),
        ("reworded", new[1]["text"]),
        ("added", new[2]["text"]),
        ("same", new[3]["text"]),
    ]


def test_word_difference_shows_what_changed() -> None:
    old, new = clauses("Complaints go to ICE within 48 hours."), clauses("Complaints go to ICE and the mayor within 24 hours.")
    assert difference(old, new).entries[0].marked() == "Complaints go to ICE {+and the mayor+} within [-48-] {+24+} hours."


def test_typographic_marks_and_case_are_no_difference() -> None:
    old, new = (
        clauses("The “agency's” officers MAY hold a person (1)."),
        clauses('The "agency’s" officers may hold one person (1).'),
    )
    assert difference(old, new).entries[0].marked() == 'The "agency’s" officers may hold [-a-] {+one+} person (1).'


def test_names_and_numbers_alone_make_a_clause_renamed() -> None:
    old = clauses(
        "The Bay County Sheriff shall report to ICE by May 1.", "Persons are held for no more than 48 hours after release is due."
    )
    new = clauses(
        "The La Paz County Sheriff shall report to ICE by June 3.",
        "Persons are held for no more than 24 hours after release is due.",
    )
    assert [entry.change for entry in difference(old, new).entries] == ["renamed", "reworded"]


def test_words_run_together_are_no_difference() -> None:
    assert difference(clauses("The United Statesin view."), clauses("The United States in view.")).counts["same"] == 1


def test_moved_clause_is_neither_added_nor_removed() -> None:
    new = [STANDARD[3], *STANDARD[:3]]
    assert difference(STANDARD, new).counts == {**dict.fromkeys(CHANGES, 0), "same": 3, "moved": 1}


FORM = "The officers shall perform their duties lawfully and shall not exceed the authority that they have."


@pytest.mark.parametrize(
    ("written", "change"),
    [
        (FORM.replace("perform", "perfonn"), "respelled"),  # rn for m
        (FORM.replace("authority", "authorlty"), "respelled"),
        (FORM.replace("exceed", "exce&d"), "respelled"),
        (FORM.replace("authority that", "authority l that").replace("duties", "dutles"), "reworded"),
        (FORM.replace("lawfully", "unlawfully"), "reworded"),  # a negation is no misreading
        (FORM.replace("shall not", "shall"), "reworded"),
        (FORM.replace("perform", "preform their work and"), "reworded"),
        (FORM.replace("duties", "debts"), "reworded"),
        (FORM.replace("officers", "officers of Ashby"), "reworded"),
    ],
)
def test_words_read_wrongly_are_told_from_words_changed(written: str, change: str) -> None:
    other = clauses(FORM, "Lawfully.", "They perform what they perform, and perform it with authority; the authority is theirs.")
    found = difference(other, clauses(written, *(row["text"] for row in other[1:])))
    assert found.entries[0].change == change


COMMON = (
    "a and bring detain detained hold hours lawful library minutes not officer on or person persons police retain shall ten"
    " the them there to unlawful warrant within"
)
LANGUAGE = frozenset(COMMON.split())


def known(word: str) -> bool:
    return word in LANGUAGE


TYPED = "The officer shall bring a person to the library within ten hours on a lawful warrant and not hold them there."


@pytest.mark.parametrize(
    ("written", "change"),
    [
        (TYPED.replace("warrant", "wassant"), "misread"),
        (TYPED.replace("library", "brary").replace("lawful", "lawfui"), "misread"),
        (TYPED.replace("hold them", "l hold them").replace("warrant", "wassant"), "misread"),
        (TYPED.replace("warrant", "wassant").replace("ten hours", "10 hours"), "reworded"),
        (TYPED.replace("warrant", "wassant").replace("ten hours", "tvvn hours"), "reworded"),  # a number, though ill read
        (TYPED.replace("warrant", "wassant").replace("and not", "and mott"), "reworded"),
        (TYPED.replace("warrant", "wassant").replace("and not hold", "and hold"), "reworded"),
        (TYPED.replace("warrant", "wassant").replace("lawful", "unlawful"), "reworded"),
        (TYPED.replace("warrant", "wassant").replace("lawful", "uniawfui"), "reworded"),
        (TYPED.replace("warrant", "wassant").replace("hours", "minutes"), "reworded"),
        (TYPED.replace("warrant", "wassant").replace("a person", "a detained person"), "reworded"),
        (TYPED.replace("warrant", "wassant").replace("a person", "persons (b)"), "reworded"),
    ],
)
def test_slips_of_ocr_are_told_from_changes(written: str, change: str) -> None:
    old, new = [{**row, "pages": [1]} for row in clauses(TYPED)], [{**row, "pages": [4]} for row in clauses(written)]
    assert [entry.change for entry in difference(old, new, known=known).entries] == ["reworded"]
    scanned = difference(old, new, known=known, scanned=(frozenset(), frozenset((3, 4))))
    assert [entry.change for entry in scanned.entries] == [change]
    turned = difference(new, old, known=known, scanned=(frozenset((3, 4)), frozenset()))
    assert [entry.change for entry in turned.entries] == [change]


def test_a_word_of_the_language_is_never_taken_for_another_read_wrongly() -> None:
    old, new = clauses(TYPED.replace("hold", "detain")), clauses(TYPED.replace("hold", "retain"))
    assert [entry.change for entry in difference(old, new, known=known).entries] == ["reworded"]


def test_a_changed_sum_is_no_misreading() -> None:
    old, new = clauses("The agency pays $500 a month for every bed."), clauses("The agency pays 600$ a month for every bed.")
    assert [entry.change for entry in difference(old, new).entries] != ["respelled"]


def test_a_clause_cut_in_two_is_recut() -> None:
    first, second = "The agency shall nominate officers for the training.", "ICE will pay for the training of all officers."
    old, new = clauses(f"{first} {second} {FORM}"), clauses(first, second, FORM)
    assert [entry.change for entry in difference(old, new).entries if entry.old is None] == ["recut", "recut"]


TEXTS = st.lists(st.text("ab ", max_size=12), max_size=8)


@given(TEXTS, TEXTS)
def test_every_clause_of_both_documents_appears_once(old: list[str], new: list[str]) -> None:
    left, right = clauses(*old), clauses(*new)
    entries = difference(left, right).entries
    assert sorted(entry.old["number"] for entry in entries if entry.old) == sorted(row["number"] for row in left)
    assert [entry.new["number"] for entry in entries if entry.new] == [row["number"] for row in right]


@pytest.fixture
def agreements(empty: Store) -> Store:
    shared = [row["text"] + " It says so in this form of agreement." for row in STANDARD]
    for at in range(12):
        path = f"moa/{at:02}.pdf"
        texts = [text.replace("agency", f"Town{at} Police") for text in shared]
        if at == 3:
            texts.append("The sheriff shall give the county council a yearly account of every person who was questioned.")
        if at == 5:
            texts[1] = f"{texts[1]} {texts.pop(2)}"
        if at == 9:
            texts[2] = "Complaiots arc rcported to ICB witbin 48 bours. lt says so in tbis fonn of agrecment."
        if at == 7:
            texts[3] = texts[3].replace("either party", "eithcr party")
        making.save(
            empty, path, [making.provision(path, n, text, ["costs"]) for n, text in enumerate(texts, 1)], kind="agreement"
        )
    return empty


def test_unusual_finds_what_is_custom_and_nothing_else(agreements: Store) -> None:
    found = unusual(agreements)
    assert [(item.provision["document"], item.provision["number"], item.documents, item.of) for item in found] == [
        ("moa/03.pdf", "5", 1, 12)
    ]


def test_a_kind_of_so_few_documents_that_one_is_no_small_share_is_passed_over(agreements: Store) -> None:
    few: dict[str, int] = {}
    assert unusual(agreements, share=0.08, passed_over=few.__setitem__) == []
    assert few == {"agreement": 12}
    assert fewest(0.1) == 10
    assert fewest(1 / 3) == 3
    assert fewest(1) == 3
