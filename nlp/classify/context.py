"""What the clauses around a clause say of it: labels of siblings, neighbours, section and document, as a second opinion.

A list item of five words, or a step of a procedure, often cannot be read alone. The first reading of all clauses of a document
(label probabilities) is turned into features for a second one. This is stacked generalisation (Wolpert, 1992) over a sequence,
and knows nothing of words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from nlp.classify.reading import Place

Matrix = npt.NDArray[np.float64]

OWN_WEIGHT = 3.0
"""How much louder a label's own probability around the clause speaks than those of other labels."""

OTHER_WEIGHT = 0.1
STRENGTH = 0.1
"""Inverse regularisation of the second reading; it has few features and should move the first only for good reason."""

_MARGIN = 0.002


def surroundings(chances: Matrix, places: Sequence[Place]) -> list[Matrix]:
    """Return six arrays, clauses x labels: mean of siblings, section and document without the clause, previous, next, lead-in.

    Where there is no such clause, the row is zero. Clauses of a document must be in order.
    """
    count = len(places)
    previous, following, lead = (np.zeros_like(chances) for _ in range(3))
    where = {(place.document, place.text): index for index, place in enumerate(places)}
    for index, place in enumerate(places):
        if index and places[index - 1].document == place.document:
            previous[index] = chances[index - 1]
        if index + 1 < count and places[index + 1].document == place.document:
            following[index] = chances[index + 1]
        if place.lead_in and (at := where.get((place.document, place.lead_in))) is not None:
            lead[index] = chances[at]
    return [
        _others(chances, [(place.document, place.lead_in) if place.lead_in else None for place in places]),
        _others(chances, [(place.document, place.heading) for place in places]),
        _others(chances, [place.document for place in places]),
        previous,
        following,
        lead,
    ]


def _others(chances: Matrix, keys: Sequence[Hashable]) -> Matrix:
    """Return for each clause the mean of the other clauses with its key; a key of None groups nothing."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        if key is not None:
            groups[key].append(index)
    means = np.zeros_like(chances)
    for members in groups.values():
        if len(members) > 1:
            total = chances[members].sum(axis=0)
            means[members] = (total - chances[members]) / (len(members) - 1)
    return means


def _log_odds(chances: Matrix) -> Matrix:
    inside = np.clip(chances, _MARGIN, 1 - _MARGIN)
    return np.asarray(np.log(inside / (1 - inside)))


def _columns(odds: Matrix, around: Sequence[Matrix], label: int) -> Matrix:
    """Return what the second reading of a label sees: its own log-odds, those of all, then the same of each surrounding."""
    own = [odds[:, [label]], odds * OTHER_WEIGHT]
    return np.hstack(own + [np.hstack([part[:, [label]] * OWN_WEIGHT, part]) for part in around])


def fit(chances: Matrix, places: Sequence[Place], targets: npt.NDArray[np.int8]) -> Matrix:
    """Fit the second reading on held-out probabilities: labels x (weights and, last, the offset)."""
    odds, around = _log_odds(chances), surroundings(chances, places)
    rows = []
    for label in range(targets.shape[1]):
        features = _columns(odds, around, label)
        if targets[:, label].any():
            model = LogisticRegression(C=STRENGTH, max_iter=300).fit(features, targets[:, label])
            rows.append(np.append(model.coef_[0], model.intercept_[0]))
        else:
            rows.append(np.append(np.zeros(features.shape[1]), -20.0))
    return np.array(rows)


def revise(chances: Matrix, places: Sequence[Place], weights: Matrix) -> Matrix:
    """Return the second reading's probabilities, clauses x labels."""
    odds, around = _log_odds(chances), surroundings(chances, places)
    count = chances.shape[1]
    scores = odds * weights[:, 0] + (odds * OTHER_WEIGHT) @ weights[:, 1 : count + 1].T + weights[:, -1]
    for number, part in enumerate(around):
        start = (number + 1) * (count + 1)
        scores += part * (OWN_WEIGHT * weights[:, start]) + part @ weights[:, start + 1 : start + count + 1].T
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))))


def alone(places: Sequence[Place]) -> npt.NDArray[np.bool_]:
    """Tell which clauses stand alone: without a document, or the only one of it. They have no second reading."""
    sizes: dict[str, int] = defaultdict(int)
    for place in places:
        sizes[place.document] += 1
    return np.array([not place.document or sizes[place.document] < 3 for place in places], dtype=bool)
