"""Figures on decided labels against gold: counts, F1 in its kinds, direction flips, calibration error, bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nlp.taxonomy import Taxonomy

Targets = npt.NDArray[np.int8]
Matrix = npt.NDArray[np.float64]


def f1(hits: float, extra: float, missed: float) -> float:
    """Return F1 from counts; 0 where there is nothing to find and nothing found."""
    total = 2 * hits + extra + missed
    return 2 * hits / total if total else 0.0


def counts(gold: Targets, given: Targets) -> npt.NDArray[np.int64]:
    """Return labels x (hits, extra, missed)."""
    hits = ((gold == 1) & (given == 1)).sum(axis=0)
    return np.stack([hits, given.sum(axis=0, dtype=np.int64) - hits, gold.sum(axis=0, dtype=np.int64) - hits], axis=1)


def micro_f1(gold: Targets, given: Targets, columns: Sequence[int] | None = None) -> float:
    """Return micro-F1 over all labels, or over some columns."""
    table = counts(gold, given)
    hits, extra, missed = (table if columns is None else table[list(columns)]).sum(axis=0)
    return f1(hits, extra, missed)


def macro_f1(gold: Targets, given: Targets, support: int = 3) -> float:
    """Return the mean F1 of the labels with at least `support` gold clauses."""
    rows = [f1(*row) for row in counts(gold, given) if row[0] + row[2] >= support]
    return float(np.mean(rows)) if rows else 0.0


def direction_flips(gold: Targets, given: Targets, labels: Sequence[str], taxonomy: Taxonomy) -> float:
    """Return the share of clauses with a direction that were given only the opposite one."""
    stance = {label.name: label.stance for label in taxonomy.labels}
    restricts = [i for i, name in enumerate(labels) if stance.get(name) == "restricts"]
    enables = [i for i, name in enumerate(labels) if stance.get(name) == "enables"]
    want_r, want_e = gold[:, restricts].any(axis=1), gold[:, enables].any(axis=1)
    got_r, got_e = given[:, restricts].any(axis=1), given[:, enables].any(axis=1)
    flips = (want_r & ~want_e & got_e & ~got_r) | (want_e & ~want_r & got_r & ~got_e)
    directed = (want_r | want_e).sum()
    return float(flips.sum() / directed) if directed else 0.0


def calibration_error(gold: Targets, chances: Matrix, bins: int = 10) -> float:
    """Return the expected calibration error over all clause-label pairs with a probability above 0.05.

    Pairs below that are nearly all right and would hide the rest. Source: Naeini et al., Obtaining well calibrated
    probabilities using Bayesian binning (2015), with bins of equal width.
    """
    flat, truth = chances.ravel(), gold.ravel()
    keep = flat > 0.05
    flat, truth = flat[keep], truth[keep]
    if not len(flat):
        return 0.0
    cell = np.minimum((flat * bins).astype(int), bins - 1)
    size = np.bincount(cell, minlength=bins)
    gap = np.abs(np.bincount(cell, weights=flat, minlength=bins) - np.bincount(cell, weights=truth, minlength=bins))
    return float(gap.sum() / size.sum())


def f1_intervals(gold: Targets, given: Targets, rounds: int = 500, seed: int = 0) -> tuple[Matrix, tuple[float, float]]:
    """Return 95% bootstrap intervals: labels x (low, high) of F1, and of micro-F1, resampling clauses."""
    generator = np.random.default_rng(seed)
    size = len(gold)
    hits, extra, missed = (gold & given), (given & (1 - gold)), (gold & (1 - given))
    weights = generator.multinomial(size, np.full(size, 1 / size), size=rounds).astype(np.float64)
    table = [weights @ part.astype(np.float64) for part in (hits, extra, missed)]
    per_label = 2 * table[0] / np.maximum(2 * table[0] + table[1] + table[2], 1)
    total = [part.sum(axis=1) for part in table]
    micro = 2 * total[0] / np.maximum(2 * total[0] + total[1] + total[2], 1)
    low, high = np.percentile(micro, [2.5, 97.5])
    return np.percentile(per_label, [2.5, 97.5], axis=0).T, (float(low), float(high))
