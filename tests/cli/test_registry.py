"""Training, judging and choosing models from the command line, over a store in a folder of its own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from nlp.cli import call
from tests.cli.conftest import SAMPLES
from tests.registry.conftest import rows, write


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/store/runs.db")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("CLAUSEDEX_MODEL_NAME", "town")
    return tmp_path


def test_training_records_a_version_and_models_lists_it(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write(store / "town.jsonl", rows())
    assert call(["train", "--corpus", str(corpus), "--out", str(store / "model"), "--name", "town", "--jobs", "1"]) == 0
    assert "recorded as version 1 of town" in capsys.readouterr().err
    assert call(["models", "list", "--format", "json"]) == 0
    (version,) = json.loads(capsys.readouterr().out)
    assert (version["number"], version["aliases"], version["clauses"]) == (1, ["challenger"], 60)
    assert call(["models", "list"]) == 0
    assert "challenger" in capsys.readouterr().out


def test_training_goes_on_without_a_store_that_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/town.jsonl")
    corpus = write(tmp_path / "town.jsonl", rows())
    arguments = ["train", "--corpus", str(corpus), "--name", "town", "--jobs", "1"]
    assert call([*arguments, "--out", str(tmp_path / "model")]) == 0
    assert "not recorded: " in capsys.readouterr().err
    assert (tmp_path / "model" / "model.json").is_file()
    assert call(arguments) == 1


def test_an_untracked_run_needs_a_place_for_its_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["train", "--corpus", os.devnull, "--no-track"]) == 1
    assert "--out" in capsys.readouterr().err


def test_the_champion_is_used_until_it_is_rolled_back(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = write(store / "good.jsonl", rows()), write(store / "bad.jsonl", rows(spoiled=["dogs"]))
    for corpus in (good, bad):
        assert call(["train", "--corpus", str(corpus), "--name", "town", "--jobs", "1"]) == 0
    clauses = write(store / "clauses.jsonl", [{"id": 1, "text": "The director may regulate a kennel by rule."}])
    classify = ["classify", "--clauses", str(clauses)]
    capsys.readouterr()
    assert call(classify) == 0
    assert json.loads(capsys.readouterr().out)["model"].startswith("clausedex@")
    assert call(["promote", "1"]) == 0
    capsys.readouterr()
    assert call(["promote", "2"]) == 4
    told = capsys.readouterr()
    assert "against: dogs loses" in told.err
    assert "version 1 stays champion" in told.err
    assert "opposite direction: 0 clauses" in told.out
    assert call(classify) == 0
    assert json.loads(capsys.readouterr().out)["model"].startswith("town@")
    assert call([*classify, "--model", "shipped"]) == 0
    assert json.loads(capsys.readouterr().out)["model"].startswith("clausedex@")
    assert call(["rollback"]) == 0
    assert "shipped model" in capsys.readouterr().err


def test_force_and_reason_go_together(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["promote", "1", "--force"]) == 1
    assert "--reason" in capsys.readouterr().err
    assert call(["promote", "1"]) == 1
    assert "nothing was recorded yet" in capsys.readouterr().err


def test_a_store_that_does_not_answer_names_the_way_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clauses = write(tmp_path / "clauses.jsonl", [{"id": 1, "text": "A dog barks."}])
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{clauses}")
    assert call(["classify", "--clauses", str(clauses)]) == 1
    assert "--model shipped" in capsys.readouterr().err
    assert call(["classify", "--clauses", str(clauses), "--model", "shipped"]) == 0


def test_an_index_is_brought_to_the_champion_and_reading_then_skips(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document, db = SAMPLES / "dunmere-ordinance-88-noise.txt", str(store / "rules.db")
    index = ["index", str(document), "--db", db, "--jobs", "1"]
    assert call(index) == 0
    assert call(["train", "--corpus", str(write(store / "town.jsonl", rows())), "--name", "town", "--jobs", "1"]) == 0
    assert call(["promote", "1"]) == 0
    capsys.readouterr()
    assert call(["index", "--reclassify", "--db", db, "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["state"] == "reclassified"
    assert "reclassified 1 documents" in told.err
    assert call(["search", "", "--db", db, "--format", "json"]) == 0
    hits = json.loads(capsys.readouterr().out)
    assert {hit["model"].partition("@")[0] for hit in hits} == {"town"}
    assert {label["name"] for hit in hits for label in hit["labels"]} <= {"noise", "dogs", "taxes"}
    assert call(index) == 0
    assert "done 0, failed 0, skipped 1 of 1" in capsys.readouterr().err


def test_reclassifying_takes_no_files(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["index", "x.txt", "--reclassify", "--db", str(store / "none.db")]) == 1
    assert call(["index", "--db", str(store / "none.db")]) == 1
    assert "--reclassify" in capsys.readouterr().err


def test_corrections_join_the_training_and_the_record(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from nlp.index import open_store
    from tests.index import making

    db = str(store / "rules.db")
    with open_store(db, create=True) as opened:
        for at in range(12):
            making.save(opened, f"d{at}", [making.provision(f"d{at}", 1, f"Vendors of stall {at} pay a fee.", ["noise"])])
        for row in list(opened.provisions()):
            decided = {"document_id": row["document_id"], "clause_id": row["id"], "labels": ["vendors"], "modality": "obligation"}
            opened.correct([{**decided, "reviewer": "ada"}])
    corpus = write(store / "town.jsonl", rows())
    assert call(["train", "--corpus", str(corpus), "--db", db, "--name", "town", "--out", str(store / "m"), "--jobs", "1"]) == 0
    assert "12 corrections: " in capsys.readouterr().err
    clauses = write(store / "clauses.jsonl", [{"id": 1, "text": "Vendors of stall 77 pay a fee."}])
    assert call(["classify", "--clauses", str(clauses), "--model", str(store / "m")]) == 0
    assert [label["name"] for label in json.loads(capsys.readouterr().out)["labels"]] == ["vendors"]
    assert call(["review", "queue", "--db", db]) == 0
    assert "every clause of the index is reviewed" in capsys.readouterr().err
    assert call(["review", "agreement", "--db", db]) == 0
    assert "no clause was decided by two" in capsys.readouterr().err
