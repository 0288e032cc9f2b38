"""Bringing an index to another model: what changes, what stays, and that nothing is done twice or over another's work."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nlp import batch
from nlp.classify.training import train
from nlp.index import LedgerEntry, open_store
from tests.index import making

TEXTS = ("The director may regulate a kennel by rule.", "No person shall cause horns after ten.", "A dog must be fed.")
VERSIONS = "reader 1, segmenter 1, model old@1"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    things = {
        "noise": ("horns", "drums", "music", "sirens", "bells"),
        "dogs": ("a dog", "a kennel", "a leash", "a tag", "a hound"),
    }
    frames = ("No person shall cause {} after ten.", "The director may regulate {} by rule.", "{} must be fed.")
    rows = [
        {"text": frame.format(thing), "labels": [label]} for label, named in things.items() for thing in named for frame in frames
    ]
    (folder / "town.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    train(folder / "town.jsonl", folder / "model", name="town", jobs=1)
    return folder / "model"


@pytest.fixture
def db(tmp_path: Path) -> str:
    path = str(tmp_path / "town.db")
    with open_store(path, create=True) as store:
        for name in ("a.txt", "b.txt"):
            made = making.document(name)
            found = [making.provision(name, at, text, ["old"], heading=("Title",)) for at, text in enumerate(TEXTS, 1)]
            store.save(LedgerEntry(name, made.sha256, "done", versions=VERSIONS), made, found)
        store.save(LedgerEntry("bad.pdf", "", "failed", code="no_text", versions=VERSIONS), None, [])
        clause = next(store.provisions())
        store.correct(
            [{"document_id": clause["document_id"], "clause_id": clause["id"], "labels": ["taxes"], "modality": "statement"}]
        )
    return path


def test_labels_are_those_of_the_model_and_corrections_stay(db: str, model: Path) -> None:
    with open_store(db) as store:
        before = list(store.provisions())
    done = batch.reclassify(db, str(model))
    assert (done.done, done.skipped, done.provisions) == (2, 0, 6)
    with open_store(db) as store:
        after = list(store.provisions())
        assert [row["labels"][0]["name"] for row in after] == ["taxes", "noise", "dogs", "dogs", "noise", "dogs"]
        assert [row["reviewed"] for row in after] == [True, False, False, False, False, False]
        assert {row["model"] for row in after} == {done.model}
        same = (
            "id",
            "document",
            "number",
            "heading",
            "text",
            "start",
            "end",
            "pages",
            "boxes",
            "kind",
            "struck",
            "added",
            "lead_in",
        )
        assert [[row[name] for name in same] for row in before] == [[row[name] for name in same] for row in after]
        assert store.undo(after[0]["document_id"], after[0]["id"])
        assert next(store.provisions())["labels"][0]["name"] == "dogs"
        assert [hit.provision["text"] for hit in store.search("label:dogs kennel").hits] == [TEXTS[0]] * 2
        entries = {entry.path: entry.versions for entry in store.ledger()}
    assert entries["a.txt"] == f"reader 1, segmenter 1, model {done.model}"
    assert entries["bad.pdf"] == VERSIONS


def test_a_second_time_there_is_nothing_to_do(db: str, model: Path) -> None:
    heard: list[str] = []
    batch.reclassify(db, str(model), told=lambda entry, count: heard.append(f"{entry.path} {count}"))
    again = batch.reclassify(db, str(model), told=lambda entry, count: heard.append(entry.path))
    assert heard == ["a.txt 3", "b.txt 3"]
    assert (again.done, again.skipped) == (0, 2)


def test_a_path_that_was_read_anew_meanwhile_is_left_alone(db: str) -> None:
    with open_store(db) as store:
        entry = next(store.ledger())
        assert not store.relabel(replace(entry, sha256="0" * 64), "later", [])
        assert len(store.clauses(entry.path)) == 3
        assert next(store.ledger()).versions == VERSIONS
