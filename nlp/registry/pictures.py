"""Pictures of a training and of an index, drawn without a screen; it must not measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nlp.classify.training import Training
    from nlp.registry.figures import Inside

_MOST = 30
_BINS = 10


def confusion(training: Training, inside: Inside) -> Figure:
    """Draw which labels clauses were given, by the label they have, in shares of the clauses that have it."""
    from matplotlib.figure import Figure

    gold, given = training.targets.astype(float), inside.given.astype(float)
    order = np.argsort(-gold.sum(axis=0), kind="stable")[:_MOST]
    names = [training.classifier.manifest.labels[at] for at in order]
    extra = given * (1 - gold)
    shares = (gold.T @ extra + np.diag((gold * given).sum(axis=0))) / np.maximum(gold.sum(axis=0), 1)[:, None]
    shares = shares[np.ix_(order, order)]
    size = 3 + 0.28 * len(names)
    figure = Figure(figsize=(size + 1, size), layout="constrained")
    axes = figure.subplots()
    picture = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xlabel("given (beside the diagonal: wrongly)")
    axes.set_ylabel("gold")
    figure.colorbar(picture, ax=axes, shrink=0.6, label="share of the gold label's clauses")
    return figure


def calibration(training: Training) -> Figure:
    """Draw how often a label applies among clauses given about the same chance of it, on held-out folds."""
    from matplotlib.figure import Figure

    chances, truth = training.chances.ravel(), training.targets.ravel()
    cell = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    size = np.bincount(cell, minlength=_BINS)
    filled = size > 0
    said = np.bincount(cell, weights=chances, minlength=_BINS)[filled] / size[filled]
    found = np.bincount(cell, weights=truth, minlength=_BINS)[filled] / size[filled]
    figure = Figure(figsize=(4.5, 4.5), layout="constrained")
    axes = figure.subplots()
    axes.plot((0, 1), (0, 1), color="0.7", linewidth=1)
    axes.plot(said, found, marker="o")
    axes.set_xlabel("chance the model gives")
    axes.set_ylabel("share that has the label")
    return figure
