"""The gate: a challenger against the champion on the same gold clauses; it must not know where models or clauses come from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlp.classify import Classifier, Place, metrics

if TYPE_CHECKING:
    from nlp.classify.corpus import Example

ROUNDS = 1000
"""Resamplings of the bootstrap."""
_TIMED = 300
"""Clauses that speed is measured on."""
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How much worse a challenger may be.

    `overall` and `label` are drops of F1; a label counts from `support` gold clauses on, and only where the interval of its
    change lies below zero: with dozens of labels some always lose a clause or two by chance. `flips` is a share of the clauses
    with a direction, `slower` a factor of the time taken; calibration and speed count from `enough` gold clauses on, as they mean
    little on fewer.
    """

    overall: float = 0.005
    label: float = 0.05
    support: int = 5
    flips: float = 0.01
    calibration: float = 0.02
    slower: float = 2.0
    enough: int = 200


DEFAULT = Tolerances()


@dataclass(frozen=True, slots=True)
class Change:
    """F1 before and after; `low` and `high` bound the difference at 95% by paired bootstrap."""

    what: str
    support: int
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate found; `objections` say what fell too far, and none of them means that the challenger may pass.

    Pairs are (champion, challenger): clauses given the opposite direction, calibration error, clauses a second.
    """

    champion: str
    challenger: str
    clauses: int
    overall: Change
    labels: tuple[Change, ...]
    flips: tuple[int, int]
    calibration: tuple[float, float]
    speed: tuple[float, float]
    objections: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Tell whether nothing that matters fell beyond its tolerance."""
        return not self.objections


def judge(champion: Classifier, challenger: Classifier, gold: Sequence[Example], limits: Tolerances = DEFAULT) -> Judgement:
    """Compare two models on the same clauses, resampled together."""
    labels = sorted(
        {name for example in gold for name in example.labels} | set(champion.manifest.labels) | set(challenger.manifest.labels)
    )
    truth = np.array([[name in example.labels for name in labels] for example in gold], dtype=np.int8)
    old, new = (_Answer(model, gold, truth, labels) for model in (champion, challenger))
    overall, changes = _changes(truth, old.given, new.given, labels)
    flips = (old.flips, new.flips)
    calibration = (old.calibration, new.calibration)
    speed = (_speed(champion, gold), _speed(challenger, gold))
    objections = [
        *_overall(overall, limits),
        *(text for change in changes if (text := _label(change, limits))),
        *_flipped(flips, old.directed, limits),
        *(_measured(calibration, speed, limits) if len(gold) >= limits.enough else ()),
    ]
    return Judgement(champion.name, challenger.name, len(gold), overall, changes, flips, calibration, speed, tuple(objections))


class _Answer:
    """A model's decisions on the gold clauses."""

    def __init__(self, model: Classifier, gold: Sequence[Example], truth: metrics.Targets, labels: Sequence[str]) -> None:
        predictions = model.predict([example.clause for example in gold], _places(gold))
        names = [{label.name for label in prediction.labels} for prediction in predictions]
        self.given = np.array([[label in found for label in labels] for found in names], dtype=np.int8)
        known = [labels.index(label) for label in model.manifest.labels]
        self.calibration = round(
            metrics.calibration_error(truth[:, known], np.array([prediction.chances for prediction in predictions])), 4
        )
        self.directed = _directed(truth, labels, model)
        self.flips = round(metrics.direction_flips(truth, self.given, labels, model.taxonomy) * self.directed)


def _directed(truth: metrics.Targets, labels: Sequence[str], model: Classifier) -> int:
    ways = {label.name: label.stance for label in model.taxonomy.labels}
    columns = [at for at, name in enumerate(labels) if ways.get(name) in {"restricts", "enables"}]
    return int(truth[:, columns].any(axis=1).sum())


def _changes(
    truth: metrics.Targets, old: metrics.Targets, new: metrics.Targets, labels: Sequence[str], seed: int = 0
) -> tuple[Change, tuple[Change, ...]]:
    """Resample clauses with both models' decisions on them, so that what is hard for both does not blur the difference."""
    size = len(truth)
    weights = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=ROUNDS).astype(np.float64)
    tables = [_table(truth, given, weights) for given in (old, new)]
    by_label = [_f1(table) for table in tables]
    whole = [_f1(table.sum(axis=2)) for table in tables]
    plain = [metrics.counts(truth, given) for given in (old, new)]
    support = truth.sum(axis=0).tolist()
    changes = []
    for at, label in enumerate(labels):
        before, after = (metrics.f1(*table[at].tolist()) for table in plain)
        if support[at] or plain[0][at].any() or plain[1][at].any():
            changes.append(_change(label, support[at], before, after, by_label[1][:, at] - by_label[0][:, at]))
    before, after = metrics.micro_f1(truth, old), metrics.micro_f1(truth, new)
    overall = _change("all labels", int(truth.sum()), before, after, whole[1] - whole[0])
    return overall, tuple(sorted(changes, key=lambda change: (change.after - change.before, change.what)))


def _table(truth: metrics.Targets, given: metrics.Targets, weights: metrics.Matrix) -> metrics.Matrix:
    """Return hits, extra and missed x rounds x labels."""
    parts = (truth & given, given & (1 - truth), truth & (1 - given))
    return np.stack([weights @ part.astype(np.float64) for part in parts])


def _f1(table: metrics.Matrix) -> metrics.Matrix:
    found: metrics.Matrix = 2 * table[0] / np.maximum(2 * table[0] + table[1] + table[2], 1)
    return found


def _change(what: str, support: int, before: float, after: float, differences: metrics.Matrix) -> Change:
    low, high = np.percentile(differences, [2.5, 97.5])
    return Change(what, support, *(round(float(value), 4) for value in (before, after, low, high)))


def _places(gold: Sequence[Example]) -> list[Place]:
    """Tell where each clause stands in its document."""
    return [Place(example.document, example.clause.heading, example.clause.lead_in, example.clause.text) for example in gold]


def _speed(model: Classifier, gold: Sequence[Example]) -> float:
    """Return clauses a second, the best of a few turns: the machine has other work."""
    some = gold[:_TIMED]
    clauses, places = [example.clause for example in some], _places(some)
    best = float("inf")
    for _ in range(_REPEATS):
        started = time.perf_counter()
        model.predict(clauses, places)
        best = min(best, time.perf_counter() - started)
    return round(len(some) / max(best, 1e-9), 1)


def _overall(change: Change, limits: Tolerances) -> list[str]:
    drop = change.before - change.after
    if drop > limits.overall or change.high < 0:
        return [f"all labels together lose {drop:.3f} of F1 ({change.before:.3f} to {change.after:.3f})"]
    return []


def _label(change: Change, limits: Tolerances) -> str:
    drop = change.before - change.after
    if change.support < limits.support or drop <= limits.label or change.high >= 0:
        return ""
    clauses = "1 clause" if change.support == 1 else f"{change.support} clauses"
    return f"{change.what} loses {drop:.3f} of F1 ({change.before:.3f} to {change.after:.3f} on {clauses})"


def _flipped(flips: tuple[int, int], directed: int, limits: Tolerances) -> list[str]:
    if flips[1] > flips[0] + max(1.0, limits.flips * directed):
        return [f"{flips[1]} clauses get the opposite direction, {flips[0]} before"]
    return []


def _measured(calibration: tuple[float, float], speed: tuple[float, float], limits: Tolerances) -> list[str]:
    said = []
    if calibration[1] > calibration[0] + limits.calibration:
        said.append(f"the calibration error rises from {calibration[0]:.3f} to {calibration[1]:.3f}")
    if speed[1] * limits.slower < speed[0]:
        said.append(f"it classifies {speed[1]:.0f} clauses a second, {speed[0]:.0f} before")
    return said
