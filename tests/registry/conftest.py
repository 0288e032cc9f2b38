"""A real SQLite store of MLflow in a folder of its own, and small corpora of town rules to train on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from nlp.classify.corpus import read_corpus
from nlp.classify.training import train
from nlp.registry.runs import recording

TOPICS = {
    "noise": ("sound", "amplified music", "horns", "leaf blowers", "drums"),
    "dogs": ("a dog", "a kennel", "the leash", "a dangerous animal", "a rabies tag"),
    "taxes": ("a levy", "the assessment roll", "an occupancy tax", "the tax collector", "a refund"),
}
FRAMES = (
    "No person shall cause {} after ten in the evening.",
    "The director may regulate {} by rule.",
    "An owner must register {} with the clerk within thirty days.",
    "This section does not apply to {} on federal land.",
    "A complaint about {} is heard by the magistrate.",
    "The council reviews {} each year.",
)


def rows(*, spoiled: Sequence[str] = ()) -> list[dict[str, object]]:
    """Return labelled clauses, of which the last two frames measure; clauses of `spoiled` topics that train are mislabelled."""
    made: list[dict[str, object]] = []
    for number, frame in enumerate(FRAMES):
        split = "train" if number < 4 else "test"
        for topic, things in TOPICS.items():
            for thing in things:
                label = "noise" if topic in spoiled and split == "train" else topic
                made.append({"text": frame.format(thing), "labels": [label], "document": f"d{number}-{topic}", "split": split})
    return made


def write(path: Path, listed: Sequence[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in listed), encoding="utf-8")
    return path


def recorded(corpus: Path, out: Path, name: str = "town") -> int:
    """Train as the command does and return the number of the version."""
    with recording({"corpus": corpus.name}) as run:
        return run.keep(train(corpus, out, name=name, jobs=1, tried=run.tried), out, read_corpus(corpus))


@pytest.fixture(scope="session")
def good_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("good") / "town.jsonl", rows())


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory, monkeypatch_module: pytest.MonkeyPatch) -> Path:
    """An empty store, used by every test of the module."""
    folder = tmp_path_factory.mktemp("runs")
    monkeypatch_module.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/runs.db")
    monkeypatch_module.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    return folder


@pytest.fixture(scope="module")
def monkeypatch_module() -> pytest.MonkeyPatch:
    with pytest.MonkeyPatch.context() as patch:
        yield patch
