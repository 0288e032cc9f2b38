"""Which words of a clause weighed most for each of its labels; reads the linear model, decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nlp.classify.features import features
from nlp.classify.rules import rules
from nlp.records import Cue

if TYPE_CHECKING:
    from nlp.classify.model import Classifier, Prediction

MOST = 3
"""How many word groups to show for a label."""


def label_cues(classifier: Classifier, prediction: Prediction, text: str) -> tuple[Cue, ...]:
    """Return, for each decided label, the spans of the clause's own text that spoke most for it, best first."""
    if not prediction.labels:
        return ()
    reading = prediction.reading
    pipeline = classifier.pipeline
    row = pipeline[1].transform(pipeline[0].transform([features(reading, classifier.manifest.words)])).tocsr()
    names = classifier.feature_names
    weights, _ = classifier.linear
    places = _places(prediction)
    cues: list[Cue] = []
    for label in prediction.labels:
        column = classifier.manifest.labels.index(label.name)
        worth = row.data * weights[row.indices, column]
        weight_of: dict[tuple[int, int], float] = {}
        for position in np.argsort(-worth)[:40]:
            if worth[position] <= 0:
                break
            for place in places.get(names[row.indices[position]], ()):
                weight_of[place] = weight_of.get(place, 0.0) + float(worth[position])
        best = sorted(weight_of, key=lambda place: (-weight_of[place], place))
        chosen: list[tuple[int, int]] = []
        for first, last in best:
            if all(last <= a or first >= b for a, b in chosen):
                chosen.append((first, last))
            if len(chosen) == MOST:
                break
        cues.extend(Cue(text[a:b], a, b, "topic", label.name) for a, b in chosen)
    return tuple(cues)


def _places(prediction: Prediction) -> dict[str, list[tuple[int, int]]]:
    """Map features to the spans of the clause's own text that gave rise to them."""
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
    for rule in rules():
        spans = [span for part in rule.wanted for name in part for span in by_concept.get(name.rpartition(":")[2], ())]
        if spans:
            places[f"r {rule.name}"] = spans
    return places
