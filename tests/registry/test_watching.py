"""Drift of an index against its corpus, and the learning curve."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.classify import Classifier
from nlp.classify.corpus import read_corpus
from nlp.classify.training import train
from nlp.errors import NoInputError, UsageError
from nlp.registry.curve import curve, law
from nlp.registry.drift import drift, stability
from nlp.registry.pictures import drifted, learning, saved


@pytest.fixture(scope="module")
def model(good_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return train(good_corpus, tmp_path_factory.mktemp("watched"), name="town", jobs=1).classifier


def _row(text: str, document: str, *labels: str, score: float = 0.9) -> dict[str, object]:
    named = [{"name": label, "score": score} for label in labels]
    return {"text": text, "document": document, "document_id": document, "labels": named, "reviewed": False, "abstained": False}


def test_an_index_like_the_corpus_has_not_moved(model: Classifier, good_corpus: Path) -> None:
    examples = read_corpus(good_corpus).examples
    rows = [_row(example.clause.text, example.document, *example.labels) for example in examples]
    found = drift(rows, examples, model)
    assert not [rate for rate in found.rates if rate.moved]
    assert found.unknown[1] == 0.0


def test_other_documents_show_in_rates_words_and_scores(model: Classifier, good_corpus: Path, tmp_path: Path) -> None:
    rows = [_row("Zebras graze beside quiet glaciers.", f"d{at}", "dogs", score=0.31) for at in range(30)]
    rows[0]["text"] = "The director may regulate a kennel by rule."
    found = drift(rows, read_corpus(good_corpus).examples, model)
    assert {rate.label for rate in found.rates if rate.moved} == {"dogs", "noise", "taxes"}
    assert found.unknown[1] > 0.9
    assert found.strangest[0][1] == 1.0
    assert found.stability > 1
    saved(drifted(found), tmp_path / "drift.png")
    assert (tmp_path / "drift.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UsageError, match="cannot be written"):
        saved(drifted(found), tmp_path / "drift.nonsense")


def test_an_empty_index_cannot_drift(model: Classifier, good_corpus: Path) -> None:
    with pytest.raises(NoInputError):
        drift([], read_corpus(good_corpus).examples, model)


def test_stability_is_nought_for_the_same_and_grows_with_difference() -> None:
    assert stability((0.5, 0.5), (0.5, 0.5)) == 0
    assert stability((0.5, 0.5), (0.9, 0.1)) > stability((0.5, 0.5), (0.6, 0.4)) > 0


def test_the_curve_grows_by_whole_groups_and_can_be_drawn(
    good_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nlp.registry.curve.SHARES", (0.5, 1.0))
    found = curve(read_corpus(good_corpus), jobs=1)
    assert found.sizes == (30, 60)
    assert found.measured_on == "test"
    assert found.gain >= 0
    saved(learning(found), tmp_path / "curve.svg")
    assert "<svg" in (tmp_path / "curve.svg").read_text()


def test_the_law_is_found_again() -> None:
    factor, power = law([100, 200, 400], [1 - 2 * size**-0.5 for size in (100, 200, 400)])
    assert (round(factor, 3), round(power, 3)) == (2.0, 0.5)
