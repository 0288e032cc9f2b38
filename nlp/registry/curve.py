"""What more labels would bring: quality by the number of clauses trained on; it must not know how a model is trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlp.classify.evaluation import figures_of

if TYPE_CHECKING:
    from nlp.classify.corpus import Corpus, Example

SHARES = (0.125, 0.25, 0.5, 1.0)
"""Shares of the corpus that are trained on."""

MORE = 100
"""How many more labelled clauses the forecast is for."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Micro-F1 by clauses trained on, and the power law ``error = factor * clauses ** -power`` through it.

    `measured_on` is ``test`` or ``folds``; `gain` is what `MORE` clauses would add to F1 by that law: a forecast, not a promise.
    """

    sizes: tuple[int, ...]
    micro: tuple[float, ...]
    measured_on: str
    factor: float
    power: float
    gain: float


def curve(corpus: Corpus, *, jobs: int, progress: Callable[[str], None] = lambda message: None) -> Curve:
    """Train on growing parts of a corpus, whole groups at a time, and measure each on the split that measures.

    Without such a split the held-out folds of each part measure. Takes about twice as long as training once.
    """
    from nlp.classify.corpus import Corpus
    from nlp.classify.training import fit

    training = [example for example in corpus.examples if example.split != "test"]
    gold = [example for example in corpus.examples if example.split == "test"]
    sizes, scores = [], []
    for share in SHARES:
        part = _part(training, share)
        progress(f"training on {len(part)} of {len(training)} clauses")
        made = fit(Corpus(tuple(part), corpus.sha256), name="curve", version="", jobs=jobs, progress=lambda _: None)
        sizes.append(len(part))
        scores.append(figures_of("test", gold, made.classifier).micro if gold else made.trials[0].micro)
    factor, power = law(sizes, scores)
    gain = factor * (sizes[-1] ** -power - (sizes[-1] + MORE) ** -power)
    return Curve(tuple(sizes), tuple(scores), "test" if gold else "folds", factor, power, round(max(0.0, gain), 4))


def law(sizes: list[int], scores: list[float]) -> tuple[float, float]:
    """Fit a power law to the error by least squares of the logarithms."""
    errors = np.log(np.maximum(1 - np.array(scores), 1e-4))
    slope, start = np.polyfit(np.log(np.array(sizes)), errors, 1)
    return round(float(np.exp(start)), 6), round(float(-slope), 6)


def _part(examples: list[Example], share: float) -> list[Example]:
    """Draw whole groups until a share of the clauses is reached; a smaller share's groups are among a larger one's."""
    names = sorted({example.group for example in examples})
    order = {names[at]: place for place, at in enumerate(np.random.default_rng(0).permutation(len(names)))}
    ranked = sorted(examples, key=lambda example: order[example.group])
    wanted = ranked[: max(1, round(share * len(ranked)))]
    kept = {example.group for example in wanted}
    return [example for example in examples if example.group in kept]
