"""The estimator: weighted feature fields, one calibrated linear model a label; knows nothing of what the labels mean.

Trained on lists of features and sets of label names, so any taxonomy will do. Every part is a scikit-learn estimator, and the
whole is one scikit-learn pipeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

Matrix = npt.NDArray[np.float64]

FIELDS: dict[str, float] = {"t": 1.0, "l": 0.5, "h": 0.5, "c": 0.5, "p": 0.5, "s": 0.4, "r": 0.5}
"""Weight of each feature field, by the feature's first letter; settled by cross-validation on the drafted corpus."""


def as_given(features: Iterable[str]) -> Iterable[str]:
    """Hand features through: the vectorizer must not split them again."""
    return features


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


def build(
    features: Sequence[Sequence[str]], targets: npt.NDArray[np.int8], strength: float, *, balanced: bool = False
) -> Pipeline:
    """Fit the pipeline; `targets` is clauses x labels (0 or 1), `strength` the inverse regularisation.

    `balanced` makes rare labels weigh more.
    """
    counts = CountVectorizer(analyzer=as_given, min_df=2 if len(features) > 500 else 1)
    counts.fit(features)
    columns = [name[0] for name in counts.get_feature_names_out()]
    machine = LinearSVC(C=strength, class_weight="balanced" if balanced else None, random_state=0)
    pipeline = Pipeline(
        [("counts", counts), ("fields", FieldScaler("".join(columns))), ("labels", OneVsRestClassifier(machine, n_jobs=1))]
    )
    scaled = pipeline[1].fit_transform(counts.transform(features))
    pipeline[2].fit(scaled, targets)
    return pipeline


def decide(pipeline: Pipeline, features: Sequence[Sequence[str]]) -> Matrix:
    """Return raw scores, clauses x labels: distances from the separating plane, before calibration."""
    scaled = pipeline[1].transform(pipeline[0].transform(features))
    weights, offsets = linear_parts(pipeline)
    return np.asarray(scaled @ weights + offsets)


def linear_parts(pipeline: Pipeline) -> tuple[Matrix, Matrix]:
    """Return the weights (features x labels) and offsets (labels) of the linear models."""
    models: list[Any] = pipeline[2].estimators_
    width = len(pipeline[0].vocabulary_)
    weights = np.zeros((width, len(models)))
    offsets = np.full(len(models), -20.0)
    for index, model in enumerate(models):
        if hasattr(model, "coef_"):  # a label without a positive example has no model and is never given
            weights[:, index] = model.coef_[0]
            offsets[index] = model.intercept_[0]
    return weights, offsets


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


def thresholds(chances: Matrix, targets: npt.NDArray[np.int8], shrink: float = 30.0) -> Matrix:
    """Choose for each label the probability at which its F1 on held-out clauses is best, drawn toward the best common one.

    `shrink` is the number of positive examples at which a label's own choice counts as much as the common one.
    """
    grid = np.linspace(0.1, 0.8, 36)
    positives = targets.sum(axis=0)
    hits = np.stack([((chances >= t) & (targets == 1)).sum(axis=0) for t in grid])
    given = np.stack([(chances >= t).sum(axis=0) for t in grid])
    common = grid[np.argmax(2 * hits.sum(axis=1) / (given.sum(axis=1) + positives.sum()))]
    own = grid[np.argmax(2 * hits / np.maximum(given + positives, 1), axis=0)]
    trust = positives / (positives + shrink)
    return np.asarray(trust * own + (1 - trust) * common)
