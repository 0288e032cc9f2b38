"""The gate, the champion and the way back, over a real store."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import pytest

from nlp.classify import Classifier
from nlp.errors import ModelError, TrackingError, UsageError
from nlp.registry import Version, champion, folder, versions
from nlp.registry.promotion import promote, rollback
from nlp.registry.store import opened
from tests.registry.conftest import recorded, rows, write

GOOD, SPOILED, BETTER = 1, 2, 3


@pytest.fixture(scope="module", autouse=True)
def _store(tracking: Path, good_corpus: Path) -> None:
    """Three versions: a good one, one whose dogs were called noise, and one trained on more."""
    spoiled = write(tracking / "spoiled.jsonl", rows(spoiled=["dogs"]))
    more = [*rows(), {"text": "A dog must be fed.", "labels": ["dogs"], "document": "d9"}]
    recorded(good_corpus, tracking / "good")
    recorded(spoiled, tracking / "worse")
    recorded(write(tracking / "more.jsonl", more), tracking / "more")


def _version(number: int) -> Version:
    return next(version for version in versions("town") if version.number == number)


def test_1_the_first_version_of_a_taxonomy_has_nothing_to_beat() -> None:
    assert champion("town") is None
    done = promote("town", GOOD)
    assert done.promoted
    assert done.replaced is None
    assert done.judgement is None
    found = champion("town")
    assert found is not None
    assert Classifier.load(found).name.startswith("town@")
    with pytest.raises(UsageError, match="champion already"):
        promote("town", GOOD)


def test_2_a_spoiled_challenger_is_refused_and_told_which_label_lost_what() -> None:
    done = promote("town", SPOILED)
    assert not done.promoted
    assert done.judgement is not None
    assert any(text.startswith("dogs loses ") for text in done.judgement.objections)
    assert any(text.startswith("all labels together") for text in done.judgement.objections)
    assert not any(text.startswith("taxes") for text in done.judgement.objections)
    worst = done.judgement.labels[0]
    assert (worst.what, worst.support, worst.after) == ("dogs", 10, 0.0)
    assert "champion" in _version(GOOD).aliases
    assert _version(SPOILED).gate == "refused"


def test_3_force_promotes_it_and_keeps_the_reason() -> None:
    assert promote("town", SPOILED, reason="dogs are another office's").promoted
    version = _version(SPOILED)
    assert (version.gate, version.reason) == ("forced", "dogs are another office's")
    assert "champion" in version.aliases
    kept = [item.path for item in opened().client.list_artifacts(version.run) if item.path.startswith("gate-")]
    account = json.loads(_text(version.run, max(kept)))
    assert account["judgement"]["objections"]


def test_4_rollback_goes_back_step_by_step_to_the_shipped_model() -> None:
    assert rollback("town") == (SPOILED, GOOD)
    assert promote("town", BETTER).promoted
    assert _version(BETTER).gate == "passed"
    assert rollback("town") == (BETTER, GOOD)
    assert rollback("town") == (GOOD, None)
    assert champion("town") is None
    with pytest.raises(TrackingError, match="nothing to roll back"):
        rollback("town")


def test_gold_clauses_that_trained_are_left_out(tmp_path: Path) -> None:
    fresh = {"text": "A kennel and its dog were seen by the clerk.", "labels": ["dogs"]}
    trained = [row for row in rows() if row["split"] == "train"]
    gold = write(tmp_path / "gold.jsonl", [*({**row, "split": None} for row in trained[:4]), fresh])
    done = promote("town", BETTER, gold=gold)
    assert done.left_out == 4
    with pytest.raises(UsageError, match="trained on every clause"):
        promote("town", GOOD, gold=write(tmp_path / "all.jsonl", trained[:4]))


def test_a_version_that_is_not_there_is_told() -> None:
    with pytest.raises(TrackingError, match="no version 99 of town"):
        promote("town", 99)
    assert champion("village") is None


@pytest.mark.parametrize("file", ["model.skops", "model.json"])
def test_a_file_swapped_in_the_store_is_refused(tracking: Path, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tracking / f"fresh-{file}"))
    kept = _artifact(BETTER) / file
    before = kept.read_bytes()
    kept.write_bytes(pickle.dumps({"first": print}) if file == "model.skops" else before.replace(b'"doubt": ', b'"doubt": 1'))
    try:
        with pytest.raises(ModelError, match=f"{file} is not the file that was registered"):
            folder("town", BETTER)
    finally:
        kept.write_bytes(before)
    assert folder("town", BETTER).is_dir()


def test_a_hostile_model_registered_by_hand_is_refused(tracking: Path) -> None:
    client, hostile = opened().client, tracking / "hostile"
    shutil.copytree(_artifact(BETTER), hostile / "data" / "clausedex")
    run = client.create_run(opened().experiment())
    client.log_artifacts(run.info.run_id, str(hostile), "model")
    made = client.create_model_version("town", f"runs:/{run.info.run_id}/model", run.info.run_id)
    with pytest.raises(ModelError, match="no SHA-256 on record"):
        folder("town", int(made.version))


def _artifact(number: int) -> Path:
    return _kept(_version(number).run) / "model" / "data" / "clausedex"


def _text(run: str, path: str) -> str:
    return (_kept(run) / path).read_text(encoding="utf-8")


def _kept(run: str) -> Path:
    """The folder in which the store keeps a run's artifacts."""
    return Path(opened().client.get_run(run).info.artifact_uri.removeprefix("file://"))
