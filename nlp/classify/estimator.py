"""The estimator: weighted feature fields, one calibrated linear model a label; knows nothing of what the labels mean.

Trained on lists of features and sets of label names, so any taxonomy will do. Every part is a scikit-learn estimator, and the
whole is one scikit-learn pipeline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

Matrix = npt.NDArray[np.float64]

FIELDS: dict[str, float] = {"t": 1.0, "l": 0.5, "h": 0.5, "c": 0.5, "p": 0.5, "s": 0.4, "r": 0.5}
"""Weight of each feature field, by the feature's first letter; settled by cross-validation on the drafted corpus."""


class FeatureCounter(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type information
    """Count listed features into a sparse matrix, clauses x features.

    The vocabulary is kept as one text, a feature a line: a model file of one text loads many times faster than one of 60,000
    entries. Features seen in fewer than `least` clauses are left out.
    """

    def __init__(self, least: int = 1) -> None:
        self.least = least

    def fit(self, listed: Sequence[Sequence[str]], y: object = None) -> Self:
        """Learn the vocabulary, in alphabetical order."""
        seen = Counter(chain.from_iterable(set(features) for features in listed))
        self.vocabulary_ = "\n".join(sorted(name for name, count in seen.items() if count >= self.least))
        return self

    @property
    def names(self) -> list[str]:
        """Return the features by column."""
        return self.vocabulary_.split("\n")

    def transform(self, listed: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return the counts; unknown features are passed over."""
        if not hasattr(self, "_column"):
            self._column = {name: column for column, name in enumerate(self.names)}
        column = self._column
        columns: list[int | None] = []
        counts: list[int] = []
        ends = [0]
        for features in listed:
            found = Counter(map(column.get, features))
            found.pop(None, None)
            columns.extend(found)
            counts.extend(found.values())
            ends.append(len(columns))
        shape = (len(listed), len(column))
        return sparse.csr_matrix((np.array(counts, dtype=np.float64), np.array(columns, dtype=np.int32), ends), shape=shape)

    def __getstate__(self) -> dict[str, object]:
        return {"least": self.least} | ({"vocabulary_": self.vocabulary_} if hasattr(self, "vocabulary_") else {})


class FieldScaler(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type information
    """Scale counts field by field: ``(1 + log tf) * idf``, each field normalised by itself and then weighted.

    Fields are kept apart so that a long lead-in does not drown the item's own words. `columns` names the field of each column
    by its first letter.
    """

    def __init__(self, columns: Sequence[str] = ()) -> None:
        self.columns = columns

    def fit(self, counts: sparse.csr_matrix, y: object = None) -> Self:
        """Learn the inverse document frequencies of the columns (smoothed as in scikit-learn's own TF-IDF)."""
        documents = counts.shape[0]
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        self.idf_ = np.log((1 + documents) / (1 + frequency)) + 1
        names = sorted(set(self.columns))
        self.field_ = np.array([names.index(letter) for letter in self.columns])
        self.weight_ = np.array([FIELDS[name] for name in names])
        return self

    def transform(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return the scaled matrix."""
        scaled = counts.astype(np.float64).tocsr()
        np.log(scaled.data, out=scaled.data)
        scaled.data += 1
        scaled.data *= self.idf_[scaled.indices]
        rows = np.repeat(np.arange(scaled.shape[0]), np.diff(scaled.indptr))
        cell = rows * len(self.weight_) + self.field_[scaled.indices]
        norms = np.sqrt(np.bincount(cell, weights=scaled.data**2, minlength=scaled.shape[0] * len(self.weight_)))
        scaled.data *= self.weight_[self.field_[scaled.indices]] / np.maximum(norms[cell], 1e-12)
        return scaled


class LinearLabels(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type information
    """One linear support vector machine a label, their weights kept as one array.

    `strength` is the inverse regularisation; `balanced` makes rare labels weigh more.
    """

    def __init__(self, strength: float = 1.0, balanced: bool = False) -> None:
        self.strength = strength
        self.balanced = balanced

    def fit(self, rows: sparse.csr_matrix, targets: npt.NDArray[np.int8]) -> Self:
        """Fit to `targets`, rows x labels (0 or 1); a label without a positive row is never given."""
        self.weights_ = np.zeros((rows.shape[1], targets.shape[1]), dtype=np.float32)
        self.offsets_ = np.full(targets.shape[1], -20.0, dtype=np.float32)
        for label in range(targets.shape[1]):
            if targets[:, label].any():
                machine = LinearSVC(C=self.strength, class_weight="balanced" if self.balanced else None, random_state=0)
                machine.fit(rows, targets[:, label])
                self.weights_[:, label] = machine.coef_[0]
                self.offsets_[label] = machine.intercept_[0]
        return self

    def decision_function(self, rows: sparse.csr_matrix) -> Matrix:
        """Return raw scores, rows x labels: distances from the separating planes, before calibration."""
        return np.asarray(rows.astype(np.float32) @ self.weights_ + self.offsets_, dtype=np.float64)


def build(
    counter: FeatureCounter,
    counts: sparse.csr_matrix,
    targets: npt.NDArray[np.int8],
    strength: float,
    *,
    balanced: bool = False,
) -> Pipeline:
    """Fit the pipeline to clauses already counted by `counter`; `targets` is clauses x labels (0 or 1)."""
    fields = FieldScaler("".join(name[0] for name in counter.names))
    labels = LinearLabels(strength, balanced).fit(fields.fit_transform(counts), targets)
    return Pipeline([("counts", counter), ("fields", fields), ("labels", labels)])


def calibrate(scores: Matrix, targets: npt.NDArray[np.int8], *, shared: bool = False) -> Matrix:
    """Fit Platt's sigmoid to held-out scores, a label a row: ``p = 1 / (1 + exp(-(a * score + b)))``.

    Source: Platt, Probabilistic outputs for support vector machines (1999), with his smoothed targets left to the
    regularisation of the logistic fit. Labels with fewer than 5 positive examples keep the raw score. With `shared`, all labels
    get one sigmoid, so that the order of their scores is kept: for labels that exclude each other.
    """
    lines = np.tile(np.array([1.0, 0.0]), (targets.shape[1], 1))
    if shared:
        fit = LogisticRegression(C=1.0).fit(scores.reshape(-1, 1), targets.ravel())
        lines[:] = max(fit.coef_[0, 0], 1e-3), fit.intercept_[0]
        return lines
    for index in range(targets.shape[1]):
        if targets[:, index].sum() >= 5:
            fit = LogisticRegression(C=1.0).fit(scores[:, [index]], targets[:, index])
            if fit.coef_[0, 0] > 0:
                lines[index] = fit.coef_[0, 0], fit.intercept_[0]
    return lines


def probabilities(scores: Matrix, lines: Matrix) -> Matrix:
    """Turn raw scores into calibrated probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores * lines[:, 0] + lines[:, 1], -30, 30))))


def thresholds(chances: Matrix, targets: npt.NDArray[np.int8], shrink: float = 300.0) -> Matrix:
    """Choose for each label the probability at which its F1 on held-out clauses is best, drawn toward the best common one.

    `shrink` is the number of positive examples at which a label's own choice counts as much as the common one. It is high because
    a label's own best point follows the habits of those who wrote the corpus, and law is written by others.
    """
    grid = np.linspace(0.1, 0.8, 36)
    positives = targets.sum(axis=0)
    hits = np.stack([((chances >= t) & (targets == 1)).sum(axis=0) for t in grid])
    given = np.stack([(chances >= t).sum(axis=0) for t in grid])
    common = grid[np.argmax(2 * hits.sum(axis=1) / (given.sum(axis=1) + positives.sum()))]
    own = grid[np.argmax(2 * hits / np.maximum(given + positives, 1), axis=0)]
    trust = positives / (positives + shrink)
    return np.asarray(trust * own + (1 - trust) * common)
