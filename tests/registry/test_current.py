"""A program that goes on running follows the champion, and keeps its model where the registry fails it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.batch import Intake
from nlp.classify import Classifier
from nlp.index import open_store
from nlp.registry import Current
from nlp.registry.promotion import promote, rollback
from tests.registry.conftest import recorded, rows, write


@pytest.fixture(scope="module", autouse=True)
def _store(tracking: Path, good_corpus: Path) -> None:
    more = [*rows(), {"text": "A dog must be fed.", "labels": ["dogs"], "document": "d9"}]
    recorded(good_corpus, tracking / "good")
    recorded(write(tracking / "more.jsonl", more), tracking / "more")


def _model(folder: str | None) -> str:
    assert folder is not None
    return Classifier.load(Path(folder)).name


def test_the_champion_is_followed_to_the_next_and_back(tracking: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told: list[str] = []
    current = Current("town", told=told.append, patience=0)
    assert current.folder() is None
    promote("town", 1)
    first = current.folder()
    promote("town", 2)
    second = current.folder()
    assert _model(first) != _model(second)
    with monkeypatch.context() as patch:
        (tmp_path / "runs.db").write_text("no database at all, only words")
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/runs.db")
        assert [current.folder(), current.folder()] == [second, second]
    rollback("town")
    assert current.folder() == first
    rollback("town")
    assert current.folder() is None
    assert [message.partition(":")[0] for message in told] == [
        *["using the champion of town"] * 2, "the model in use stays", "using the champion of town", "using the shipped model",
    ]  # fmt: skip


def test_the_registry_is_not_asked_at_every_turn(tracking: Path) -> None:
    current = Current("town", patience=3600)
    assert current.folder() is None
    promote("town", 1)
    assert current.folder() is None
    rollback("town")


def test_files_that_arrive_after_a_promotion_are_labelled_by_the_champion(tracking: Path, tmp_path: Path) -> None:
    db, current = str(tmp_path / "index.db"), Current("town", patience=0)
    promote("town", 1)
    intake = Intake(db, model=current.folder)
    try:
        for number in (1, 2):
            if number == 2:
                promote("town", 2)
            file = tmp_path / f"{number}.txt"
            file.write_text(f"Section 1. The director may regulate kennel {number}.\n\nSection 2. No drums shall be played.\n")
            assert intake.take(file, file.name).code is None
    finally:
        intake.close()
        rollback("town")
        rollback("town")
    with open_store(db, read_only=True) as store:
        models = {row["document"]: row["model"] for row in store.provisions()}
        versions = [entry.versions for entry in store.ledger()]
    assert models["1.txt"] != models["2.txt"]
    assert [version.rpartition(" ")[2] for version in versions] == [models["1.txt"], models["2.txt"]]
