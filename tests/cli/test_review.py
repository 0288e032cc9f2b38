"""Correcting from the command line: one clause by its id, many by a sheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from nlp.cli import call
from nlp.index import open_store
from tests.index import making

PATH = "town.pdf"
CLAUSE = f"{making.digest(PATH)[:8]}-1"


@pytest.fixture
def town(tmp_path: Path) -> str:
    db = str(tmp_path / "town.db")
    with open_store(db, create=True) as store:
        made = [
            making.provision(PATH, 1, "The town pays for nothing.", ["costs"], abstained=True),
            making.provision(PATH, 2, "Deputies are trained.", ["training"]),
        ]
        making.save(store, PATH, made)
    return db


def shown(db: str) -> dict[str, object]:
    with open_store(db, read_only=True) as store:
        return next(store.provisions(query=f"id:{CLAUSE}"))


def test_one_clause_is_corrected_accepted_and_put_back(town: str, capsys: pytest.CaptureFixture[str]) -> None:
    edit = ["review", "edit", CLAUSE, "--db", town]
    assert call([*edit, "--label", "term", "--label", "oversight", "--note", "both", "--reviewer", "ada"]) == 0
    told = capsys.readouterr().out
    assert "term, oversight" in told
    assert "decided by ada, made@1 had said costs" in told
    with open_store(town, read_only=True) as store:
        (stands,) = store.corrections()
    assert (stands["note"], stands["labels"], stands["modality"]) == ("both", ["term", "oversight"], "obligation")
    assert call([*edit, "--no-label", "--modality", "statement"]) == 0
    assert (shown(town)["labels"], shown(town)["modality"], shown(town)["stance"]) == ([], "statement", "neutral")
    assert call([*edit, "--undo"]) == 0
    assert call([*edit, "--undo"]) == 0
    assert (shown(town)["reviewed"], shown(town)["abstained"]) == (False, True)
    assert call([*edit, "--accept", "--reviewer", "ben"]) == 0
    assert shown(town)["labels"] == [{"name": "costs", "score": 1.0}]
    assert shown(town)["reviewed"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "say what changes"),
        (["--accept", "--label", "costs"], "say what changes"),
        (["--label", "costs", "--no-label"], "contradict"),
        (["--label", "cost"], "did you mean costs?"),
        (["--modality", "must"], "is not one of"),
        (["--stance", "against"], "is not one of"),
        (["--undo"], "nobody decided"),
        (["--accept", "--document", "sha256:0"], "there is no clause"),
    ],
)
def test_what_cannot_be_decided_changes_nothing(
    town: str, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = shown(town)
    assert call(["review", "edit", CLAUSE, "--db", town, *arguments]) == 1
    assert message in capsys.readouterr().err
    assert shown(town) == before


def test_a_clause_that_is_not_there_is_told(town: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["review", "edit", "nothing", "--db", town, "--accept"]) == 1
    assert "there is no clause 'nothing'" in capsys.readouterr().err


def test_the_queue_names_each_clause_once(town: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["review", "queue", "--db", town, "--format", "json", "--limit", "3"]) == 0
    ids = [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]
    assert call(["review", "queue", "--db", town, "--limit", "3"]) == 0
    shown = capsys.readouterr().out
    assert [shown.count(name) for name in ids] == [1] * len(ids) != []


def test_the_queue_as_a_sheet_comes_back_corrected(town: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["review", "queue", "--db", town, "--format", "csv", "--reviewer", "ada"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["text"] for row in rows} == {"The town pays for nothing.", "Deputies are trained."}
    wrong = next(row for row in rows if row["id"] == CLAUSE)
    wrong["labels"] = "term;oversight"
    sheet = tmp_path / "sheet.csv"
    with sheet.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(wrong))
        writer.writeheader()
        writer.writerow(wrong)
    assert call(["review", "import", str(sheet), "--db", town]) == 0
    assert "1 correction kept, 1 provision corrected" in capsys.readouterr().err
    assert [label["name"] for label in shown(town)["labels"]] == ["term", "oversight"]  # type: ignore[attr-defined]  # rows of JSON are typed as objects
    out = tmp_path / "kept.jsonl"
    assert call(["review", "export", str(out), "--db", town]) == 0
    kept = json.loads(out.read_text())
    assert (kept["reviewer"], kept["model"], kept["old_labels"]) == ("ada", "made@1", ["costs"])


def test_a_mistake_in_a_sheet_is_told_by_line(town: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"document_id,id,labels,modality\nsha256:1,{CLAUSE},costs,always\n")
    assert call(["review", "import", str(sheet), "--db", town]) == 1
    assert "sheet.csv, line 2: " in capsys.readouterr().err
    sheet.write_text("document_id,id,labels,modality\nsha256:1,1,costs,obligation\n")
    assert call(["review", "import", str(sheet), "--db", town]) == 0
    assert "1 of them is of a clause that is not in the index" in capsys.readouterr().err
