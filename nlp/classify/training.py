"""Training a classifier on any labelled corpus, with its settings chosen by its own cross-validation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.model_selection import GroupKFold, KFold

from nlp.classify import estimator
from nlp.classify.corpus import Corpus, Example, read_corpus
from nlp.classify.features import features
from nlp.classify.metrics import micro_f1
from nlp.classify.model import FORMAT, Classifier, Manifest, save
from nlp.classify.reading import read
from nlp.errors import CorpusError
from nlp.taxonomy import codebook

Targets = npt.NDArray[np.int8]

STRENGTHS = (1.0, 3.0, 10.0)
"""Inverse regularisation strengths tried."""

WORDS = (1, 2)
"""Longest word n-grams tried."""

FOLDS = 5
ABSTAIN_SHARE = 0.15
"""Share of held-out clauses, least certain first, on which the model is set to abstain."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting and its micro-F1 over held-out folds."""

    strength: float
    words: int
    micro: float


@dataclass(frozen=True, slots=True)
class Training:
    """A trained classifier with what cross-validation said of it.

    `chances` are held-out probabilities (clauses x labels) in the order of `examples`; `trials` are best first.
    """

    classifier: Classifier
    examples: tuple[Example, ...]
    chances: estimator.Matrix
    targets: Targets
    trials: tuple[Trial, ...]


def targets_of(examples: Sequence[Example], labels: Sequence[str]) -> Targets:
    """Return clauses x labels as 0 and 1."""
    return np.array([[label in example.labels for label in labels] for example in examples], dtype=np.int8)


def train(
    corpus: Path,
    out: Path,
    *,
    name: str = "clausedex",
    version: str = "",
    jobs: int = 2,
    progress: Callable[[str], None] = lambda message: None,
) -> Training:
    """Train on a JSONL corpus and write a model directory to `out`.

    Clauses whose `split` is ``test`` are left out: they measure. `progress` is told of each step in a few words.
    """
    if not _NAME.fullmatch(name):
        raise CorpusError(f"model name {name!r}: letters, digits, dots, dashes and underscores only")
    read_in = read_corpus(corpus)
    training = fit(read_in, name=name, version=version, jobs=jobs, progress=progress)
    saved = save(training.classifier, out)
    progress(f"wrote {out}")
    return Training(saved, training.examples, training.chances, training.targets, training.trials)


def fit(corpus: Corpus, *, name: str, version: str, jobs: int, progress: Callable[[str], None]) -> Training:
    """Choose the settings by cross-validation grouped by document, then fit on everything that is not held out."""
    examples = tuple(example for example in corpus.examples if example.split != "test")
    labels = _label_order(corpus)
    if len(labels) < 2 or len(examples) < 2 * FOLDS:
        raise CorpusError(
            f"{len(examples)} clauses with {len(labels)} labels: training needs at least {2 * FOLDS} clauses and 2 labels"
        )
    targets = targets_of(examples, labels)
    progress(f"reading {len(examples)} clauses")
    readings = [read(example.clause) for example in examples]
    listed = {words: [features(reading, words) for reading in readings] for words in WORDS}
    folds = _folds(examples)
    settings = list(product(STRENGTHS, WORDS))
    progress(f"cross-validating {len(settings)} settings in {len(folds)} folds")
    scored = Parallel(n_jobs=jobs)(delayed(_held_out)(listed[words], targets, folds, strength) for strength, words in settings)
    trials = []
    best: tuple[float, int, estimator.Matrix, estimator.Matrix] | None = None
    exclusive = bool((targets.sum(axis=1) == 1).all())
    for (strength, words), scores in zip(settings, scored, strict=True):
        lines = estimator.calibrate(scores, targets)
        chances = estimator.probabilities(scores, lines)
        micro = micro_f1(targets, _decisions(chances, targets, exclusive=exclusive))
        trials.append(Trial(strength, words, round(micro, 4)))
        if best is None or micro > max(trial.micro for trial in trials[:-1]):
            best = (strength, words, chances, lines)
    assert best is not None  # noqa: S101  # there is at least one setting
    strength, words, chances, lines = best
    progress(f"fitting {len(examples)} clauses (C={strength}, word n-grams to {words})")
    pipeline = estimator.build(listed[words], targets, strength)
    limits = estimator.thresholds(chances, targets)
    manifest = Manifest(
        format=FORMAT,
        name=name,
        version=version or corpus.sha256[:8],
        sha256="",
        labels=labels,
        lines=tuple((float(a), float(b)) for a, b in lines),
        thresholds=tuple(round(float(limit), 4) for limit in limits),
        words=words,
        exclusive=exclusive,
        doubt=0.0,
        corpus=corpus.sha256,
    )
    doubtful = Classifier(manifest, pipeline).with_doubt(chances, ABSTAIN_SHARE)
    return Training(doubtful, examples, chances, targets, tuple(sorted(trials, key=lambda trial: -trial.micro)))


def _label_order(corpus: Corpus) -> tuple[str, ...]:
    """Return the labels in codebook order where they are all the codebook's, else by name."""
    known = codebook().names
    return tuple(name for name in known if name in corpus.labels) if set(corpus.labels) <= set(known) else corpus.labels


def _folds(examples: Sequence[Example]) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Split by document where there are enough documents, else by clause."""
    groups = [example.document for example in examples]
    if len(set(groups)) >= FOLDS:
        return list(GroupKFold(FOLDS, shuffle=True, random_state=0).split(examples, groups=groups))
    return list(KFold(FOLDS, shuffle=True, random_state=0).split(examples))


def _held_out(
    listed: Sequence[Sequence[str]],
    targets: Targets,
    folds: Sequence[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]],
    strength: float,
) -> estimator.Matrix:
    """Score every clause by a model that has not seen its document."""
    scores = np.zeros(targets.shape)
    for inside, outside in folds:
        pipeline = estimator.build([listed[i] for i in inside], targets[inside], strength)
        scores[outside] = estimator.decide(pipeline, [listed[i] for i in outside])
    return scores


def _decisions(chances: estimator.Matrix, targets: Targets, *, exclusive: bool) -> Targets:
    if exclusive:
        decided = np.zeros(targets.shape, dtype=np.int8)
        decided[np.arange(len(decided)), chances.argmax(axis=1)] = 1
        return decided
    return (chances >= estimator.thresholds(chances, targets)).astype(np.int8)
