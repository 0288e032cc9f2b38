"""Decisions as sheets for spreadsheets, and what a decision says of the model that it corrects."""

from __future__ import annotations

import csv
import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from nlp.errors import CorpusError
from nlp.index import Store, export_corrections, import_corrections, open_store
from nlp.index.schema import MIGRATIONS
from tests.index import making

PATH = "town.pdf"
DOCUMENT = f"sha256:{making.digest(PATH)}"
CLAUSE = f"{making.digest(PATH)[:8]}-1"
HEADER = "document_id,id,labels,modality,note\n"


@pytest.fixture
def town(empty: Store) -> Store:
    making.save(empty, PATH, [making.provision(PATH, 1, "=The town pays for nothing.", ["costs", "term"])])
    return empty


def sheet(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding=encoding)
    return path


def row(store: Store) -> dict[str, Any]:
    return next(iter(store.provisions(DOCUMENT)))


@pytest.mark.parametrize(
    "text",
    [
        f'{HEADER}{DOCUMENT},{CLAUSE},training; oversight,obligation,"two, really"\n',
        f"Modality ,Labels,clause_id,document_id,other\nobligation,training;oversight,{CLAUSE},{DOCUMENT},x\n\n,,,,\n",
        f'document_id;id;labels;modality\r\n{DOCUMENT};{CLAUSE};"training;oversight";obligation\r\n',
        f"document_id\tid\tlabels\tmodality\n{DOCUMENT}\t{CLAUSE}\ttraining;oversight\tobligation\n",
        f"{HEADER.strip()},stance\n{DOCUMENT},{CLAUSE},training;oversight,obligation,,restricts\n",
    ],
    ids=["plain", "other order", "semicolons", "tabs", "stale stance"],
)
def test_a_sheet_corrects_whatever_program_wrote_it(town: Store, tmp_path: Path, text: str) -> None:
    done = import_corrections(town, sheet(tmp_path, text, "utf-8-sig"), reviewer="ada")
    assert (done.corrections, done.provisions, done.absent) == (1, 1, 0)
    found = row(town)
    assert [label["name"] for label in found["labels"]] == ["training", "oversight"]
    assert (found["modality"], found["stance"]) == ("obligation", "safeguards")
    assert [entry["reviewer"] for entry in town.corrections()] == ["ada"]


def test_no_label_is_an_empty_cell(town: Store, tmp_path: Path) -> None:
    import_corrections(town, sheet(tmp_path, f"{HEADER}{DOCUMENT},{CLAUSE},,statement,\n"))
    assert row(town)["labels"] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,labels\nx,costs\n", "line 1: the header has no column document_id, modality"),
        ("document_id,labels,modality\n", "line 1: the header has no column id"),
        ("document_id,id,labels,labels,modality\n", "line 1: the header names labels twice"),
        (f"{HEADER}{DOCUMENT},{CLAUSE},costs\n", "line 2: 3 cells, but the header has 5"),
        (f"{HEADER}{DOCUMENT},{CLAUSE},costs,obligation,\n{DOCUMENT},{CLAUSE},costs,must,\n", "line 3: .*'must' is not one of"),
        (f"{HEADER}{DOCUMENT},{CLAUSE},cost,obligation,\n", "line 2: there is no label 'cost' .*did you mean costs"),
        (f"{HEADER}{DOCUMENT},,costs,obligation,\n", "line 2: .*clause_id is missing"),
        (f'{HEADER}{DOCUMENT},{CLAUSE},"costs,obligation,\n', "no CSV"),
        (HEADER, "no correction in it"),
    ],
)
def test_a_mistake_in_a_sheet_names_its_line_and_changes_nothing(town: Store, tmp_path: Path, text: str, message: str) -> None:
    before = row(town)
    with pytest.raises(CorpusError, match=message):
        import_corrections(town, sheet(tmp_path, text))
    assert row(town) == before
    assert not list(town.corrections())


def test_a_sheet_that_is_not_utf8_names_the_remedy(town: Store, tmp_path: Path) -> None:
    text = f"{HEADER}{DOCUMENT},{CLAUSE},costs,obligation,café\n"
    with pytest.raises(CorpusError, match="save it as UTF-8"):
        import_corrections(town, sheet(tmp_path, text, "cp1252"))


def test_labels_of_ones_own_are_taken_when_asked(town: Store, tmp_path: Path) -> None:
    path = sheet(tmp_path, f"{HEADER}{DOCUMENT},{CLAUSE},vendors,obligation,\n")
    import_corrections(town, path, new_labels=True)
    assert [label["name"] for label in row(town)["labels"]] == ["vendors"]
    import_corrections(town, path)


def test_a_decision_keeps_who_when_and_what_which_model_had_said(town: Store, tmp_path: Path) -> None:
    for reviewer, label in (("ada", "training"), ("ben", "oversight")):
        decision = {"document_id": DOCUMENT, "clause_id": CLAUSE, "labels": [label], "modality": "obligation"}
        town.correct([{**decision, "reviewer": reviewer}])
    past = list(town.history(DOCUMENT, CLAUSE))
    assert [(entry["model"], entry["old_labels"]) for entry in past] == [("made@1", ["costs", "term"])] * 2
    (stands,) = town.corrections()
    assert (stands["reviewer"], stands["model"], stands["old_labels"]) == ("ben", "made@1", ["costs", "term"])
    assert stands["decided"] == past[1]["decided"]
    assert town.undo(DOCUMENT, CLAUSE)
    (stands,) = town.corrections()
    assert (stands["reviewer"], stands["old_labels"]) == ("ada", ["costs", "term"])


@pytest.mark.parametrize("name", ["kept.csv", "kept.jsonl"])
def test_corrections_go_to_another_index_whole(town: Store, tmp_path: Path, name: str) -> None:
    import_corrections(town, sheet(tmp_path, f'{HEADER}{DOCUMENT},{CLAUSE},training,obligation,"=1+1, said ada"\n'))
    export_corrections(town, tmp_path / name)
    with open_store(str(tmp_path / "other.db"), create=True) as other:
        assert import_corrections(other, tmp_path / name).absent == 1
        assert list(other.corrections()) == list(town.corrections())
    if name == "kept.csv":
        (line,) = csv.DictReader(io.StringIO((tmp_path / name).read_text()))
        assert (line["model"], line["old_labels"]) == ("made@1", "costs;term")
        assert line["text"].startswith("'=")


def test_label_studio_tells_which_model_had_spoken(town: Store, tmp_path: Path) -> None:
    import json

    result = [{"from_name": "labels", "type": "choices", "value": {"choices": ["costs"]}}]
    task = {
        "data": {"document_id": DOCUMENT, "clause_id": CLAUSE, "text": "x", "modality": "obligation"},
        "annotations": [{"result": []}],
        "predictions": [{"model_version": "older@7", "result": result}],
    }
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps([task]))
    import_corrections(town, path)
    (stands,) = town.corrections()
    assert (stands["labels"], stands["model"], stands["old_labels"]) == ([], "older@7", ["costs"])


def test_an_index_made_before_models_were_named_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with open_store(str(path), create=True) as store:
        making.save(store, PATH, [making.provision(PATH, 1, "The town pays.", ["costs"])])
        store.correct([{"document_id": DOCUMENT, "clause_id": CLAUSE, "labels": ["term"], "modality": "obligation"}])
    with sqlite3.connect(path) as old:
        for table in ("corrections", "decisions"):
            for column in ("model", "old_labels"):
                old.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        old.execute("PRAGMA user_version = 3")
    old.close()
    with open_store(str(path)) as store:
        (stands,) = store.corrections()
        assert (stands["labels"], stands["model"], stands["old_labels"]) == (["term"], "", [])
        assert [entry["model"] for entry in store.history(DOCUMENT, CLAUSE)] == [""]
    assert len(MIGRATIONS) > 3
