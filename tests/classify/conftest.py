"""A small corpus and a model trained on it, for the tests of classification."""

import json
from pathlib import Path

import pytest

from nlp.classify import Classifier
from nlp.classify.training import train

TOPICS = {
    "noise": ("sound", "amplified music", "horns", "leaf blowers", "construction noise"),
    "dogs": ("a dog", "a kennel", "the leash", "a dangerous animal", "a rabies tag"),
    "taxes": ("a levy", "the assessment roll", "an occupancy tax", "the tax collector", "a refund of taxes"),
}
FRAMES = (
    "No person shall cause {} after ten in the evening.",
    "The director may regulate {} by rule.",
    "An owner must register {} with the clerk within thirty days.",
    "This section does not apply to {} on federal land.",
    "A complaint about {} is heard by the magistrate.",
)


def rows() -> list[dict[str, object]]:
    made = []
    for number, frame in enumerate(FRAMES):
        for topic, things in TOPICS.items():
            made += [
                {
                    "id": f"{topic}{number}{place}",
                    "text": frame.format(thing),
                    "labels": [topic],
                    "document": f"d{number}-{topic}",
                }
                for place, thing in enumerate(things)
            ]
    return made


@pytest.fixture(scope="session")
def corpus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "town.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def model_folder(corpus_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    train(corpus_file, folder, name="town", jobs=1)
    return folder


@pytest.fixture(scope="session")
def shipped() -> Classifier:
    return Classifier.load()
