"""Pictures of a training and of an index, drawn without a screen; it must not measure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nlp.classify.training import Training
    from nlp.registry.curve import Curve
    from nlp.registry.drift import Drift
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


def drifted(found: Drift) -> Figure:
    """Draw label rates of corpus and index side by side, and how the scores are spread."""
    from matplotlib.figure import Figure

    rates = sorted(found.rates[:_MOST], key=lambda rate: rate.index)
    figure = Figure(figsize=(11, 2 + 0.24 * len(rates)), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    for at, rate in enumerate(rates):
        left.plot((rate.corpus, rate.index), (at, at), color="0.6", linewidth=1)
        left.plot((rate.low, rate.high), (at, at), color="tab:blue", linewidth=3, alpha=0.3)
    left.plot([rate.corpus for rate in rates], range(len(rates)), "o", color="0.4", label="corpus")
    left.plot([rate.index for rate in rates], range(len(rates)), "o", color="tab:blue", label="index")
    left.set_yticks(range(len(rates)), [f"{rate.label} *" if rate.moved else rate.label for rate in rates], fontsize=7)
    left.set_xlabel("share of clauses (* differs beyond chance)")
    left.legend()
    tenths = np.arange(len(found.scores[0])) / len(found.scores[0])
    for shares, name, colour, shift in zip(found.scores, ("corpus", "index"), ("0.4", "tab:blue"), (0.0, 0.05), strict=True):
        right.bar(tenths + shift, shares, width=0.045, align="edge", color=colour, label=name)
    right.set_xlabel(f"score of given labels (stability index {found.stability:.2f})")
    right.set_title(f"unknown words: corpus {found.unknown[0]:.1%}, index {found.unknown[1]:.1%}", fontsize=9)
    right.legend()
    return figure


def learning(found: Curve) -> Figure:
    """Draw F1 by the number of clauses trained on, and the law that goes on to twice as many."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    sizes = np.linspace(found.sizes[0], 2 * found.sizes[-1], 200)
    axes.plot(sizes, 1 - found.factor * sizes**-found.power, color="0.6", linewidth=1, label="power law, then forecast")
    axes.plot(found.sizes, found.micro, "o-", color="tab:blue", label=f"measured on {found.measured_on}")
    axes.set_xlabel("clauses trained on")
    axes.set_ylabel("micro-F1")
    axes.set_title(f"100 more labels: about {found.gain:+.4f}", fontsize=10)
    axes.legend()
    return figure


def saved(figure: Figure, path: Path) -> None:
    """Write a picture; the ending of the name says in which format. Raises `UsageError` where that cannot be done."""
    try:
        figure.savefig(path, dpi=120)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be written: {error}") from error
