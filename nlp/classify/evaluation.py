"""Measuring a classifier on gold clauses: figures per label and overall, and the errors themselves; trains nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from nlp.classify import metrics
from nlp.classify.corpus import Example, read_corpus
from nlp.classify.model import Classifier
from nlp.classify.prediction import Prediction
from nlp.classify.reading import Place
from nlp.errors import CorpusError

INSTRUMENT = "instrument"
"""The label group that `core` figures leave out."""


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One label's figures; `low` and `high` bound F1 at 95% by bootstrap over clauses."""

    label: str
    support: int
    given: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """A clause whose labels or modality were decided wrongly, with how sure the model was."""

    id: str
    document: str
    lead_in: str
    text: str
    gold: tuple[str, ...]
    given: tuple[str, ...]
    confidence: float
    abstained: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything measured on one gold set.

    `core` leaves out the instrument group, `directed` keeps labels that restrict or enable; both are None for other taxonomies.
    `kept` is the share of clauses on which the model did not abstain and `kept_micro` micro-F1 on them.
    """

    gold: str
    model: str
    clauses: int
    micro: float
    micro_low: float
    micro_high: float
    macro: float
    exact: float
    core: float | None
    directed: float | None
    direction_flips: float | None
    modality: float | None
    calibration_error: float
    kept: float
    kept_micro: float
    labels: tuple[LabelFigures, ...]
    mistakes: tuple[Mistake, ...]

    def as_json(self) -> str:
        """Return the figures and mistakes as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def evaluate(gold: Path, classifier: Classifier, *, split: str | None = None) -> Figures:
    """Measure a classifier on a labelled JSONL file, or on one `split` of it.

    Raises `CorpusError` where no gold label is one the model knows: the file is of another taxonomy.
    """
    corpus = read_corpus(gold)
    examples = [example for example in corpus.examples if split is None or example.split == split]
    if not examples:
        raise CorpusError(f"{gold}: no clause with split {split!r}")
    return figures_of(str(gold), examples, classifier)


def figures_of(name: str, examples: Sequence[Example], classifier: Classifier) -> Figures:
    """Measure a classifier on labelled clauses."""
    places = [Place(e.document, e.clause.heading, e.clause.lead_in, e.clause.text) for e in examples]
    predictions = classifier.predict([example.clause for example in examples], places)
    known = list(classifier.manifest.labels)
    unknown = sorted({label for example in examples for label in example.labels} - set(known))
    if len(unknown) and not any(label in known for example in examples for label in example.labels):
        raise CorpusError(f"{name}: none of its labels is known to {classifier.name} (it has {', '.join(unknown[:4])} ...)")
    columns = known + unknown
    gold = np.array([[label in example.labels for label in columns] for example in examples], dtype=np.int8)
    given = np.array([[label in _names(prediction) for label in columns] for prediction in predictions], dtype=np.int8)
    chances = np.array([prediction.chances for prediction in predictions])
    kept = np.array([not prediction.abstained for prediction in predictions])
    bounds, micro_bounds = metrics.f1_intervals(gold, given)
    directed = _columns(classifier, columns, {"restricts", "enables"})
    core = [i for i, label in enumerate(columns) if label in _core_names(classifier)]
    with_modality = [(e.modality, p.modality) for e, p in zip(examples, predictions, strict=True) if e.modality]
    return Figures(
        gold=name,
        model=classifier.name,
        clauses=len(examples),
        micro=_round(metrics.micro_f1(gold, given)),
        micro_low=_round(micro_bounds[0]),
        micro_high=_round(micro_bounds[1]),
        macro=_round(metrics.macro_f1(gold, given)),
        exact=_round(float((gold == given).all(axis=1).mean())),
        core=_round(metrics.micro_f1(gold, given, core)) if core else None,
        directed=_round(metrics.micro_f1(gold, given, directed)) if directed else None,
        direction_flips=_round(metrics.direction_flips(gold, given, columns, classifier.taxonomy)) if directed else None,
        modality=_round(sum(a == b for a, b in with_modality) / len(with_modality)) if with_modality else None,
        calibration_error=_round(metrics.calibration_error(gold[:, : len(known)], chances)),
        kept=_round(float(kept.mean())),
        kept_micro=_round(metrics.micro_f1(gold[kept], given[kept])),
        labels=_per_label(columns, gold, given, bounds),
        mistakes=_mistakes(examples, predictions),
    )


def _names(prediction: Prediction) -> set[str]:
    return {label.name for label in prediction.labels}


def _round(value: float) -> float:
    return round(float(value), 4)


def _columns(classifier: Classifier, columns: Sequence[str], stances: set[str]) -> list[int]:
    wanted = {label.name for label in classifier.taxonomy.labels if label.stance in stances}
    return [index for index, label in enumerate(columns) if label in wanted]


def _core_names(classifier: Classifier) -> set[str]:
    return {label.name for label in classifier.taxonomy.labels if label.group != INSTRUMENT}


def _per_label(
    columns: Sequence[str], gold: metrics.Targets, given: metrics.Targets, bounds: metrics.Matrix
) -> tuple[LabelFigures, ...]:
    rows = []
    for label, (hits, extra, missed), (low, high) in zip(columns, metrics.counts(gold, given), bounds, strict=True):
        if hits + extra + missed:
            precision, recall = hits / max(1, hits + extra), hits / max(1, hits + missed)
            rows.append(
                LabelFigures(
                    label,
                    int(hits + missed),
                    int(hits + extra),
                    _round(precision),
                    _round(recall),
                    _round(metrics.f1(hits, extra, missed)),
                    _round(low),
                    _round(high),
                )
            )
    return tuple(sorted(rows, key=lambda row: (-row.support, row.label)))


def _mistakes(examples: Sequence[Example], predictions: Sequence[Prediction]) -> tuple[Mistake, ...]:
    """List the clauses with wrong labels, the surest mistakes first."""
    wrong = [
        Mistake(
            example.id,
            example.document,
            example.clause.lead_in,
            example.clause.text,
            tuple(sorted(example.labels)),
            tuple(sorted(_names(prediction))),
            _round(prediction.confidence),
            prediction.abstained,
        )
        for example, prediction in zip(examples, predictions, strict=True)
        if _names(prediction) != example.labels
    ]
    return tuple(sorted(wrong, key=lambda mistake: -mistake.confidence))
