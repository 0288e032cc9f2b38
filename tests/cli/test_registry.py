"""Training, judging and choosing models from the command line, over a store in a folder of its own."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
import skops.io

from nlp.cli import call
from nlp.registry import versions
from nlp.registry.store import opened as tracking
from tests.cli.conftest import SAMPLES, environment
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
    assert "next: clausedex promote 2 --name town" in capsys.readouterr().err
    assert call(classify) == 0
    assert json.loads(capsys.readouterr().out)["model"].startswith("clausedex@")
    assert call(["promote", "1"]) == 0
    assert "'clausedex rollback --name town' undoes it" in capsys.readouterr().err
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
    told = capsys.readouterr().err
    assert "nothing was recorded yet" in told
    assert "the shipped model is used" in told


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
    assert "reclassified 1 document (" in told.err
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
    (version,) = versions("town")
    inputs = tracking().client.get_run(version.run).inputs.dataset_inputs
    names = {given.dataset.name: given.dataset.profile for given in inputs}
    counts = {name: json.loads(profile)["clauses"] for name, profile in names.items()}
    assert set(counts) == {"corpus-training", "corpus-testing", "corrections-training", "corrections-testing"}
    assert counts["corrections-training"] + counts["corrections-testing"] == 12
    clauses = write(store / "clauses.jsonl", [{"id": 1, "text": "Vendors of stall 77 pay a fee."}])
    assert call(["classify", "--clauses", str(clauses), "--model", str(store / "m")]) == 0
    assert [label["name"] for label in json.loads(capsys.readouterr().out)["labels"]] == ["vendors"]
    assert call(["review", "queue", "--db", db]) == 0
    assert "every clause of the index is reviewed" in capsys.readouterr().err
    assert call(["review", "agreement", "--db", db]) == 0
    assert "no clause was decided by two" in capsys.readouterr().err


def test_a_wider_search_is_asked_for_and_told(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write(store / "town.jsonl", rows())
    assert call(["train", "--corpus", str(corpus), "--name", "town", "--jobs", "2", "--search", "3"]) == 0
    assert capsys.readouterr().err.count("  C=") == 8
    client, (version,) = tracking().client, versions("town")
    assert client.get_run(version.run).data.params["search"] == "3"


def test_training_that_is_told_to_end_leaves_a_run_marked_so(store: Path) -> None:
    corpus = write(store / "town.jsonl", rows())
    line = [sys.executable, "-m", "nlp.cli", "train", "--corpus", str(corpus), "--name", "town", "--jobs", "1", "--search", "500"]
    place = {"MLFLOW_TRACKING_URI": os.environ["MLFLOW_TRACKING_URI"], "CLAUSEDEX_TRACK": "1"}
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env={**environment(), **place}) as training:
        assert training.stderr is not None
        next(line for line in training.stderr if line.startswith("  C="))
        training.terminate()
        told = training.stderr.read()
    assert training.returncode == 130
    assert "interrupted; the run is marked as killed" in told
    assert "Traceback" not in told
    runs = tracking().client.search_runs([tracking().experiment()])
    assert [run.info.status for run in runs if "mlflow.parentRunId" not in run.data.tags] == ["KILLED"]
    assert versions("town") == []


def test_a_refused_version_is_promoted_for_a_reason_that_the_list_shows(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, spoiled in (("good", []), ("bad", ["dogs"])):
        corpus = write(store / f"{name}.jsonl", rows(spoiled=spoiled))
        assert call(["train", "--corpus", str(corpus), "--name", "town", "--jobs", "1"]) == 0
    assert call(["promote", "1"]) == 0
    assert call(["promote", "2"]) == 4
    capsys.readouterr()
    assert call(["promote", "2", "--force", "--reason", "dogs are another office's", "--format", "json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["judgement"]["objections"]
    assert "against: dogs loses" in told.err
    assert "version 2 is champion of town in place of version 1" in told.err
    assert call(["models", "list"]) == 0
    assert "forced (dogs are another office's)" in " ".join(capsys.readouterr().out.split())
    assert call(["promote", "2"]) == 1
    assert "champion already" in capsys.readouterr().err
    assert call(["promote", "1", "--reason", "no force"]) == 1
    assert call(["rollback"]) == 0
    assert "rolled back from version 2 of town: version 1 is champion" in capsys.readouterr().err
    assert call(["rollback"]) == 0
    assert call(["rollback"]) == 1
    assert "no version of town is champion" in capsys.readouterr().err


def test_drift_tells_how_far_an_index_is_from_the_corpus(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from nlp.index import open_store
    from tests.index import making

    db, corpus, picture = str(store / "rules.db"), write(store / "town.jsonl", rows()), store / "drift.png"
    assert call(["train", "--corpus", str(corpus), "--name", "town", "--out", str(store / "m"), "--jobs", "1"]) == 0
    with open_store(db, create=True) as opened:
        for at in range(6):
            clauses = [making.provision(f"d{at}", number, f"Zebras graze at glacier {number}.", ["dogs"]) for number in range(4)]
            making.save(opened, f"d{at}", clauses)
    drift = ["models", "drift", "--db", db, "--corpus", str(corpus), "--model", str(store / "m")]
    capsys.readouterr()
    assert call([*drift, "--picture", str(picture)]) == 0
    told = capsys.readouterr()
    assert "24 clauses of 6 documents against the corpus of town@" in told.out
    assert "differs" in told.out
    assert "labelled by made@1, not town@" in told.err
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert call([*drift, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["clauses"], found["documents"]) == (24, 6)
    assert found["unknown"][1] > 0.7
    with open_store(str(store / "empty.db"), create=True):
        pass
    assert call(["models", "drift", "--db", str(store / "empty.db"), "--corpus", str(corpus), "--model", str(store / "m")]) == 2


def test_the_curve_tells_what_more_labels_would_bring(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus, picture = write(store / "town.jsonl", rows()), store / "curve.svg"
    curve = ["models", "curve", "--corpus", str(corpus), "--jobs", "1"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nlp.registry.curve.SHARES", (0.5, 1.0))
        assert call([*curve, "--picture", str(picture)]) == 0
        assert "100 more labels would add about" in capsys.readouterr().out
        assert "<svg" in picture.read_text()
        assert call([*curve, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["sizes"] == [30, 60]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda model: (model / "model.skops").write_bytes(pickle.dumps({"first": print})), "altered since it was trained"),
        (lambda model: _sealed(model, pickle.dumps({"first": print})), "not a skops model"),
        (lambda model: _sealed(model, skops.io.dumps({"first": PurePosixPath("x"), "second": None})), "not trusted: pathlib"),
        (lambda model: (model / "model.json").write_text("[]"), "not a model manifest"),
    ],
    ids=["swapped file", "pickle", "unknown type", "no manifest"],
)
def test_a_hostile_model_is_refused_in_one_line(
    store: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object], message: str
) -> None:
    corpus, model = write(store / "town.jsonl", rows()), store / "model"
    assert call(["train", "--corpus", str(corpus), "--name", "town", "--out", str(model), "--jobs", "1", "--no-track"]) == 0
    spoil(model)
    clauses = write(store / "clauses.jsonl", [{"id": 1, "text": "A dog barks."}])
    capsys.readouterr()
    assert call(["classify", "--clauses", str(clauses), "--model", str(model)]) == 1
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def _sealed(model: Path, data: bytes) -> None:
    """Put a file in place of the model's and its hash into the manifest, as who means harm would."""
    manifest = json.loads((model / "model.json").read_text())
    (model / "model.skops").write_bytes(data)
    (model / "model.json").write_text(json.dumps({**manifest, "sha256": hashlib.sha256(data).hexdigest()}))


def test_listing_before_anything_was_trained_is_no_fault(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["models", "list"]) == 0
    assert "the shipped model is used" in capsys.readouterr().err
    assert call(["models", "list", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
