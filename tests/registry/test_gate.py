"""What the gate objects to, on models made to differ in one thing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp.classify import Classifier
from nlp.classify.corpus import Example, read_corpus
from nlp.classify.training import train
from nlp.registry.gate import Tolerances, _changes, _label, judge
from tests.registry.conftest import write

OPPOSITE = {
    "detainer-limit": "An officer shall not hold a person on a detainer at {}.",
    "detainer-compliance": "An officer shall hold a person on every detainer at {}.",
}
PLACES = [f"the {name} jail" for name in ("north", "south", "east", "west", "old", "new", "county", "city", "river", "hill")]


def _examples(path: Path, *, turned: bool = False) -> Path:
    names = list(OPPOSITE)
    rows = [
        {"text": text.format(place), "labels": [names[1 - at] if turned else label], "document": place}
        for place in PLACES
        for at, (label, text) in enumerate(OPPOSITE.items())
    ]
    return write(path, rows)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Classifier, Classifier, tuple[Example, ...]]:
    folder = tmp_path_factory.mktemp("gate")
    right, turned = _examples(folder / "right.jsonl"), _examples(folder / "turned.jsonl", turned=True)
    made = [train(path, folder / path.stem, jobs=1).classifier for path in (right, turned)]
    return made[0], made[1], read_corpus(right).examples


def test_a_model_passes_against_itself(models: tuple[Classifier, Classifier, tuple[Example, ...]]) -> None:
    right, _, gold = models
    found = judge(right, right, gold)
    assert found.passed
    assert found.overall.low == found.overall.high == 0.0


def test_clauses_turned_around_are_counted_as_such(models: tuple[Classifier, Classifier, tuple[Example, ...]]) -> None:
    right, turned, gold = models
    found = judge(right, turned, gold)
    assert found.flips == (0, 20)
    assert "20 clauses get the opposite direction, 0 before" in found.objections
    assert {change.what: change.after for change in found.labels} == dict.fromkeys(OPPOSITE, 0.0)


def test_tolerances_decide(models: tuple[Classifier, Classifier, tuple[Example, ...]]) -> None:
    right, turned, gold = models
    assert judge(turned, right, gold).passed
    lax = Tolerances(overall=1.0, label=1.0, flips=1.0)
    assert judge(right, turned, gold, lax).objections == ("all labels together lose 1.000 of F1 (1.000 to 0.000)",)


@pytest.mark.parametrize(("lost", "refused"), [(2, False), (8, True)])
def test_a_label_that_loses_a_clause_or_two_of_many_may_have_done_so_by_chance(lost: int, refused: bool) -> None:
    truth = np.ones((14, 1), dtype=np.int8)
    after = truth.copy()
    after[:lost] = 0
    _, (change,) = _changes(truth, truth, after, ["costs"])
    assert change.before - change.after > Tolerances().label
    assert bool(_label(change, Tolerances())) is refused
