"""Which words of a clause weighed most for each of its labels; reads the linear model, decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nlp.classify.rules import rules
from nlp.records import Cue

if TYPE_CHECKING:
    from nlp.classify.model import Classifier, Prediction

MOST = 3
"""How many word groups to show for a label."""

_LOOKED_AT = 40


def label_cues(classifier: Classifier, predictions: Sequence[Prediction], texts: Sequence[str]) -> list[tuple[Cue, ...]]:
    """Return, for each clause and each of its labels, the spans of the clause's own text that spoke most for it, best first."""
    return [_of_clause(classifier, prediction, text) for prediction, text in zip(predictions, texts, strict=True)]


def _of_clause(classifier: Classifier, prediction: Prediction, text: str) -> tuple[Cue, ...]:
    if not prediction.labels:
        return ()
    names, weights = classifier.feature_names, classifier.pipeline[2].weights_
    columns, values = prediction.weighed
    places = _places(prediction, {names[column] for column in columns.tolist() if names[column].startswith("r ")})
    cues: list[Cue] = []
    for label in prediction.labels:
        worth = values * weights[columns, classifier.manifest.labels.index(label.name)]
        weight_of: dict[tuple[int, int], float] = {}
        for position in np.argsort(-worth)[:_LOOKED_AT]:
            if worth[position] <= 0:
                break
            for place in places.get(names[columns[position]], ()):
                weight_of[place] = weight_of.get(place, 0.0) + float(worth[position])
        chosen: list[tuple[int, int]] = []
        for first, last in sorted(weight_of, key=lambda place: (-weight_of[place], place)):
            if len(chosen) < MOST and all(last <= a or first >= b for a, b in chosen):
                chosen.append((first, last))
        cues.extend(Cue(text[a:b], a, b, "topic", label.name) for a, b in chosen)
    return tuple(cues)


def _places(prediction: Prediction, voted: set[str]) -> dict[str, list[tuple[int, int]]]:
    """Map features to the spans of the clause's own text that gave rise to them; `voted` are the rules' features."""
    reading = prediction.reading
    tokens, own = reading.tokens, reading.own
    places: dict[str, list[tuple[int, int]]] = {}
    by_concept: dict[str, list[tuple[int, int]]] = {}
    for index in range(own, len(tokens)):
        if len(tokens.stems[index]) > 2:
            places.setdefault(f"t {tokens.stems[index]}", []).append((tokens.starts[index], tokens.ends[index]))
    for concept, first, last in reading.hits:
        if first < own:
            continue
        span = (tokens.starts[first], tokens.ends[last - 1])
        by_concept.setdefault(concept, []).append(span)
        state = reading.force.states[first] + ("x" if reading.force.excepted[first] else "")
        for name in (f"c {concept}", f"c t {concept}", f"c {state} {concept}"):
            places.setdefault(name, []).append(span)
    for rule in rules() if voted else ():
        if f"r {rule.name}" not in voted:
            continue
        spans = [span for part in rule.wanted for name in part for span in by_concept.get(name.rpartition(":")[2], ())]
        if spans:
            places[f"r {rule.name}"] = spans
    return places
