"""Which words of a clause weighed most for each of its labels; reads the linear model, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from nlp.classify.prediction import Prediction
from nlp.classify.reading import Reading
from nlp.classify.rules import rules_by_name
from nlp.records import Cue

MOST = 3
"""How many word groups to show for a label."""

_LOOKED_AT = 24
"""How many of a label's loudest features are looked for in the text; those beyond weigh next to nothing."""


def pointable(names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell which features can be pointed at in a clause's own text: single words, concepts and the rules over these."""
    return np.array([name.startswith(("c ", "r ")) or (name.startswith("t ") and " " not in name[2:]) for name in names])


class Explainer:
    """A linear model seen from its features: `names` by column, `weights` features x labels, `labels` by name."""

    def __init__(self, names: Sequence[str], weights: npt.NDArray[np.float32], labels: Sequence[str]) -> None:
        self._names = names
        self._weights = weights
        self._number = {label: number for number, label in enumerate(labels)}
        self._pointable = pointable(names)
        self._kept: WeakKeyDictionary[Reading, dict[tuple[str, ...], tuple[Cue, ...]]] = WeakKeyDictionary()

    def cues(self, prediction: Prediction, text: str) -> tuple[Cue, ...]:
        """Return, for each label of a clause, the spans of its own text that spoke most for it, best first.

        They follow from the clause as read and its labels, and are kept as long as the reading is.
        """
        if not prediction.labels:
            return ()
        kept = self._kept.setdefault(prediction.reading, {})
        labels = tuple([label.name for label in prediction.labels])
        if labels not in kept:
            kept[labels] = self._pointed(prediction, text)
        return kept[labels]

    def _pointed(self, prediction: Prediction, text: str) -> tuple[Cue, ...]:
        columns, values = prediction.weighed
        kept = self._pointable[columns]
        columns, values = columns[kept], values[kept]
        numbers = [self._number[label.name] for label in prediction.labels]
        worths = values[:, None] * self._weights[columns[:, None], numbers]
        spoke = [_loudest(columns, worth, self._names) for worth in worths.T]
        places = _places(prediction, {name for loudest in spoke for name, _ in loudest})
        return tuple(
            Cue(text[first:last], first, last, "topic", label.name)
            for label, loudest in zip(prediction.labels, spoke, strict=True)
            for first, last in _best(loudest, places)
        )


def _best(loudest: Sequence[tuple[str, float]], places: Mapping[str, Sequence[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Return the spans on which the most weight falls, none overlapping another."""
    weight_of: dict[tuple[int, int], float] = {}
    for name, worth in loudest:
        for place in places.get(name, ()):
            weight_of[place] = weight_of.get(place, 0.0) + worth
    chosen: list[tuple[int, int]] = []
    for _, (first, last) in sorted([(-weight, place) for place, weight in weight_of.items()]):
        if all(last <= a or first >= b for a, b in chosen):
            chosen.append((first, last))
            if len(chosen) == MOST:
                break
    return chosen


def _loudest(columns: npt.NDArray[np.int32], worth: npt.NDArray[np.float64], names: Sequence[str]) -> list[tuple[str, float]]:
    """Return the features that spoke most for a label, best first, with what each was worth."""
    order = np.argsort(-worth)[:_LOOKED_AT]
    loudest = zip(columns[order].tolist(), worth[order].tolist(), strict=True)
    return [(names[column], value) for column, value in loudest if value > 0]


def _places(prediction: Prediction, wanted: set[str]) -> dict[str, list[tuple[int, int]]]:
    """Map the wanted features to the spans of the clause's own text that gave rise to them."""
    reading = prediction.reading
    tokens, own = reading.tokens, reading.own
    states, excepted, _ = reading.force
    places: dict[str, list[tuple[int, int]]] = {}
    by_concept: dict[str, list[tuple[int, int]]] = {}
    by_force: dict[str, list[tuple[int, int]]] = {}
    stems = {name[2:] for name in wanted if name[0] == "t" and len(name) > 4}
    rules = rules_by_name()
    ruled = [rule for name in wanted if name[0] == "r" and (rule := rules.get(name[2:]))]
    for index, stem in enumerate(tokens.stems[own:], own):
        if stem in stems:
            places.setdefault(f"t {stem}", []).append((tokens.starts[index], tokens.ends[index]))
    voiced = {name.rpartition(" ")[2] for name in wanted if name[0] == "c"}.union(*[rule.voiced for rule in ruled])
    for concept, first, last in reading.hits:
        if first < own or concept not in voiced:
            continue
        span = (tokens.starts[first], tokens.ends[last - 1])
        by_concept.setdefault(concept, []).append(span)
        force = f"{states[first]}x" if excepted[first] else states[first]
        by_force.setdefault(f"{force} {concept}", []).append(span)
    for name in wanted:
        if name[0] == "c" and (spans := by_force.get(name[2:]) or by_concept.get(name[2:].removeprefix("t "))):
            places[name] = spans
    for rule in ruled:
        if spans := [span for concept in rule.voiced for span in by_concept.get(concept, ())]:
            places[f"r {rule.name}"] = spans
    return places
