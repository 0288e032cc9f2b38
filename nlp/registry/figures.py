"""Figures of a training for the record: what cross-validation says by label, and the errors; it must not record them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlp.classify import metrics
from nlp.classify.evaluation import Figures, figures_of
from nlp.index import neutral

if TYPE_CHECKING:
    from nlp.classify import Classifier
    from nlp.classify.corpus import Example
    from nlp.classify.training import Training


@dataclass(frozen=True, slots=True)
class Inside:
    """What held-out folds said: decisions (clauses x labels) and the figures of them."""

    given: metrics.Targets
    micro: float
    macro: float
    calibration_error: float
    by_label: tuple[tuple[str, float, float, float], ...]

    def metrics(self, prefix: str) -> dict[str, float]:
        """Return the figures under names that MLflow takes."""
        found = {"micro": self.micro, "macro": self.macro, "calibration_error": self.calibration_error}
        for label, precision, recall, f1 in self.by_label:
            name = plain(label)
            found |= {f"{name}/precision": precision, f"{name}/recall": recall, f"{name}/f1": f1}
        return {f"{prefix}/{name}": value for name, value in found.items()}


@dataclass(frozen=True, slots=True)
class Outside:
    """What the split that never trained said."""

    figures: Figures

    def metrics(self, prefix: str) -> dict[str, float]:
        """Return the figures under names that MLflow takes."""
        of = self.figures
        found = {
            "micro": of.micro,
            "macro": of.macro,
            "exact": of.exact,
            "core": of.core,
            "direction_flips": of.direction_flips,
            "modality": of.modality,
            "calibration_error": of.calibration_error,
            **{f"{plain(label.label)}/f1": label.f1 for label in of.labels},
        }
        return {f"{prefix}/{name}": value for name, value in found.items() if value is not None}

    def as_json(self) -> str:
        """Return all figures and mistakes."""
        return self.figures.as_json()


def plain(label: str) -> str:
    """Return a label in characters that names of metrics may have."""
    return re.sub(r"[^\w .:/-]", "_", label)


def cross_validated(training: Training) -> Inside:
    """Decide every held-out clause by the thresholds of the finished model and measure the decisions."""
    manifest, chances, gold = training.classifier.manifest, training.chances, training.targets
    if manifest.exclusive:
        given = np.zeros_like(gold)
        given[np.arange(len(given)), chances.argmax(axis=1)] = 1
    else:
        given = (chances >= np.array(manifest.context_thresholds or manifest.thresholds)).astype(np.int8)
    rows = []
    for label, (hits, extra, missed) in zip(manifest.labels, metrics.counts(gold, given).tolist(), strict=True):
        precision, recall = hits / max(1, hits + extra), hits / max(1, hits + missed)
        rows.append((label, precision, recall, metrics.f1(hits, extra, missed)))
    return Inside(
        given, metrics.micro_f1(gold, given), metrics.macro_f1(gold, given), metrics.calibration_error(gold, chances), tuple(rows)
    )


def held_out(gold: Sequence[Example], classifier: Classifier) -> Outside:
    """Measure the finished model on the split that never trained."""
    return Outside(figures_of("test", gold, classifier))


def errors_csv(training: Training, inside: Inside) -> str:
    """Return the clauses decided wrongly on held-out folds as CSV, the surest mistakes first."""
    labels = training.classifier.manifest.labels
    wrong = np.flatnonzero((inside.given != training.targets).any(axis=1))
    off = np.abs(training.chances - training.targets).max(axis=1)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("id", "document", "gold", "given", "off_by", "text"))
    for at in sorted(wrong.tolist(), key=lambda index: -off[index]):
        example = training.examples[at]
        given = " ".join(label for label, on in zip(labels, inside.given[at], strict=True) if on)
        row = (example.id, example.document, " ".join(sorted(example.labels)), given, f"{off[at]:.3f}", example.clause.text)
        writer.writerow(map(neutral, row))
    return written.getvalue()
