"""What a training run leaves in the store."""

from __future__ import annotations

import csv
import io
import os
import signal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from mlflow.entities import Run

from nlp.classify.corpus import read_corpus
from nlp.classify.training import TIE, Trial, train
from nlp.errors import TrackingError
from nlp.registry import versions
from nlp.registry.figures import Inside, errors_csv
from nlp.registry.runs import recording
from nlp.registry.store import address, existing, exists, opened, shown
from tests.registry.conftest import recorded, write


@pytest.fixture(scope="module")
def number(tracking: Path, good_corpus: Path) -> int:
    return recorded(good_corpus, tracking / "model")


def test_a_run_holds_data_figures_pictures_and_the_model(number: int) -> None:
    (version,) = versions("town")
    assert (version.number, version.aliases, version.clauses) == (number, ("challenger",), 60)
    assert version.cv is not None
    assert version.test is not None
    client = opened().client
    run = client.get_run(version.run)
    assert (run.info.status, run.info.run_name) == ("FINISHED", version.model)
    assert {"corpus", "strength", "words"} <= set(run.data.params)
    assert {"cv/dogs/f1", "cv/calibration_error", "test/micro"} <= set(run.data.metrics)
    assert {dataset.dataset.name for dataset in run.inputs.dataset_inputs} == {"corpus-training", "corpus-testing"}
    kept = {item.path for item in client.list_artifacts(version.run)}
    assert kept >= {"confusion.png", "calibration.png", "errors-cv.csv", "test.json", "gold.jsonl", "environment.txt", "model"}
    inside = client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{version.run}'")
    assert len(inside) > 1
    assert all("cv/micro" in child.data.metrics for child in inside)
    (chosen,) = (child for child in inside if "chosen" in child.data.tags)
    assert chosen.data.params["strength"] == run.data.params["strength"]


def test_mlflow_itself_loads_the_model_and_takes_a_frame_of_one_column(number: int) -> None:
    import mlflow.pyfunc
    import pandas as pd

    mlflow.set_tracking_uri(address())
    try:
        model = mlflow.pyfunc.load_model(f"models:/town/{number}")
        answer = model.predict(pd.DataFrame({"text": ["The director may regulate a kennel by rule."]}))
    finally:
        mlflow.set_tracking_uri(None)
    assert "dogs" in answer["labels"][0]
    assert answer["model"][0].startswith("town@")


def test_an_interrupted_run_is_marked_so(tracking: Path) -> None:
    with pytest.raises(KeyboardInterrupt), recording({"corpus": "x"}) as run:
        raise KeyboardInterrupt
    assert opened().client.get_run(run.id).info.status == "KILLED"


def test_a_run_that_is_told_to_end_is_marked_so(tracking: Path) -> None:
    with pytest.raises(KeyboardInterrupt), recording({"corpus": "x"}) as run:
        signal.raise_signal(signal.SIGTERM)
    assert opened().client.get_run(run.id).info.status == "KILLED"
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_a_wider_search_keeps_the_best_and_records_every_setting(tracking: Path, good_corpus: Path) -> None:
    with recording({"corpus": "searched"}) as run:
        made = train(good_corpus, tracking / "searched", name="searched", jobs=2, search=4, tried=run.tried)
        run.keep(made, tracking / "searched", read_corpus(good_corpus))
    usual = train(good_corpus, tracking / "usual", name="searched", jobs=1)
    assert len(made.trials) == len(usual.trials) + 4
    assert made.trials[0].micro >= max(trial.micro for trial in made.trials) - TIE
    assert {trial.strength for trial in made.trials} > {trial.strength for trial in usual.trials}
    assert len(_inside(run.id)) == len(made.trials)
    again = train(good_corpus, tracking / "again", name="searched", jobs=1, search=4)
    assert set(again.trials) == set(made.trials)


def test_a_search_that_is_interrupted_keeps_what_it_found(tracking: Path, good_corpus: Path) -> None:
    def stopping(trial: Trial) -> None:
        run.tried(trial)
        if len(_inside(run.id)) == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), recording({"corpus": "stopped"}) as run:
        train(good_corpus, tracking / "stopped", name="stopped", jobs=1, search=4, tried=stopping)
    assert opened().client.get_run(run.id).info.status == "KILLED"
    assert [child.info.status for child in _inside(run.id)] == ["FINISHED"] * 6
    assert not versions("stopped")


def _inside(run: str) -> list[Run]:
    client = opened().client
    return list(client.search_runs([opened().experiment()], f"tags.mlflow.parentRunId = '{run}'"))


def test_no_cell_of_the_sheet_of_errors_is_a_formula(tmp_path: Path) -> None:
    row = {"id": "=1+1", "document": "@town", "text": "＝SUM(A1)", "labels": ["dogs"]}
    examples = read_corpus(write(tmp_path / "hostile.jsonl", [row])).examples
    named = SimpleNamespace(manifest=SimpleNamespace(labels=("dogs",)))
    training = SimpleNamespace(classifier=named, examples=examples, targets=np.array([[1]]), chances=np.array([[0.2]]))
    sheet = errors_csv(training, Inside(np.array([[0]]), 0.0, 0.0, 0.0, ()))
    assert list(csv.reader(io.StringIO(sheet)))[1] == ["'=1+1", "'@town", "dogs", "", "0.800", "'＝SUM(A1)"]


def test_nothing_is_sent_or_unpickled_whatever_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/runs.db")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "false")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "true")
    opened()
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] == "false"


def test_a_store_that_is_not_there_is_told_and_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/none/runs.db")
    assert not exists()
    with pytest.raises(TrackingError, match="nothing was recorded yet"):
        existing()
    assert not (tmp_path / "none").exists()


def test_a_store_that_cannot_be_used_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "runs.db").write_text("no database at all, only words")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/runs.db")
    with pytest.raises(TrackingError, match="cannot be used"):
        opened()


def test_passwords_of_addresses_are_not_shown() -> None:
    assert shown("postgresql://ada:secret@host/db") == "postgresql://ada:***@host/db"
