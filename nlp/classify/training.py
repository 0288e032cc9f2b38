"""Training a classifier on any labelled corpus, with its settings chosen by its own cross-validation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import Pipeline

from nlp.classify import context, estimator
from nlp.classify.corpus import Corpus, Example, read_corpus
from nlp.classify.features import features
from nlp.classify.leads import with_whole_leads
from nlp.classify.metrics import micro_f1
from nlp.classify.model import FORMAT, Classifier, Manifest, confidence, save
from nlp.classify.reading import ClauseText, Place, read
from nlp.errors import CorpusError
from nlp.taxonomy import codebook

Targets = npt.NDArray[np.int8]
Fold = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]

STRENGTHS = (0.3, 1.0, 3.0)
"""Inverse regularisation strengths tried."""

WORDS = (1, 2)
"""Longest word n-grams tried."""

SEARCHED_STRENGTHS = (0.1, 10.0)
SEARCHED_WORDS = (1, 2, 3)
"""What a wider search draws from: strengths between these, evenly by their logarithms, and these longest word n-grams."""

TIE = 0.002
"""Settings within this of the best micro-F1 count as equal, since folds cannot tell them apart; the most regularised is taken."""

FOLDS = 5
SEARCH_LIMIT = 30_000
"""Most clauses to cross-validate on; larger corpora are sampled, whole groups at a time, and the final fit uses all."""

ABSTAIN_SHARE = 0.15
"""Share of held-out clauses, least certain first, on which the model is set to abstain."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting and its micro-F1 over held-out folds; `balanced` says whether rare labels weigh more."""

    strength: float
    words: int
    micro: float
    balanced: bool = False


@dataclass(frozen=True, slots=True)
class Training:
    """A trained classifier with what cross-validation said of it.

    `examples` are the clauses cross-validated on: all that train, or a sample of a large corpus. `chances` are their held-out
    probabilities (clauses x labels) in that order; `trials` begin with the one chosen.
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
    search: int = 0,
    progress: Callable[[str], None] = lambda message: None,
    tried: Callable[[Trial], None] = lambda trial: None,
) -> Training:
    """Train on a JSONL corpus and write a model directory to `out`.

    Clauses whose `split` is ``test`` are left out: they measure. `search` is how many settings drawn at random are tried beside
    the usual ones. `progress` is told of each step in a few words, `tried` of each setting when its figure is known.
    """
    if not _NAME.fullmatch(name):
        raise CorpusError(f"model name {name!r}: letters, digits, dots, dashes and underscores only")
    read_in = read_corpus(corpus)
    training = fit(read_in, name=name, version=version, jobs=jobs, search=search, progress=progress, tried=tried)
    saved = save(training.classifier, out)
    return Training(saved, training.examples, training.chances, training.targets, training.trials)


def fit(
    corpus: Corpus,
    *,
    name: str,
    version: str,
    jobs: int,
    search: int = 0,
    progress: Callable[[str], None],
    tried: Callable[[Trial], None] = lambda trial: None,
) -> Training:
    """Choose the settings by cross-validation over groups, then fit on everything that is not held out."""
    examples = tuple(example for example in corpus.examples if example.split != "test")
    labels = _label_order(Corpus(examples, corpus.sha256))
    if len(labels) < 2 or len(examples) < 2 * FOLDS:
        raise CorpusError(
            f"{len(examples)} clauses with {len(labels)} labels: training needs at least {2 * FOLDS} clauses and 2 labels"
        )
    exclusive = all(len(example.labels) == 1 for example in examples)
    sample = _sample(examples)
    progress(f"reading {len(examples)} clauses" + (f", {len(sample)} of them to cross-validate on" if sample != examples else ""))
    places, material = _read(sample, SEARCHED_WORDS if search else WORDS)
    targets = targets_of(sample, labels)
    folds = _folds(sample)
    chosen, trials = _search(
        material, targets, folds, exclusive=exclusive, jobs=jobs, more=_drawn(search), progress=progress, told=tried
    )
    best = chosen.trial
    progress(f"fitting {len(examples)} clauses (C={best.strength:g}, word n-grams to {best.words})")
    every = material[best.words] if sample == examples else _read(examples, (best.words,))[1][best.words]
    pipeline = every.fit(targets_of(examples, labels), np.arange(len(examples)), best.strength, balanced=best.balanced)
    limits = estimator.thresholds(chosen.chances, targets)
    second, chances, context_limits = _second_reading(places, chosen.chances, targets, folds, exclusive=exclusive, jobs=jobs)
    last_limits = limits if second is None else context_limits
    sure = confidence(chances, np.broadcast_to(last_limits, chances.shape), exclusive=exclusive)
    manifest = Manifest(
        format=FORMAT,
        name=name,
        version=version or corpus.sha256[:8],
        sha256="",
        labels=labels,
        lines=tuple((float(a), float(b)) for a, b in chosen.lines),
        thresholds=_rounded(limits),
        context_thresholds=_rounded(context_limits) if second is not None else (),
        words=best.words,
        exclusive=exclusive,
        doubt=round(float(np.quantile(sure, ABSTAIN_SHARE)), 6),
        corpus=corpus.sha256,
    )
    return Training(Classifier(manifest, pipeline, second), sample, chances, targets, trials)


def _sample(examples: tuple[Example, ...]) -> tuple[Example, ...]:
    """Return the clauses to cross-validate on: all, or whole groups drawn at random up to `SEARCH_LIMIT`, in order."""
    if len(examples) <= SEARCH_LIMIT:
        return examples
    sizes = Counter(example.group for example in examples)
    names = sorted(sizes)
    drawn: set[str] = set()
    room = SEARCH_LIMIT
    for index in np.random.default_rng(0).permutation(len(names)):
        if sizes[names[index]] <= room:
            drawn.add(names[index])
            room -= sizes[names[index]]
    return tuple(example for example in examples if example.group in drawn) if drawn else examples[:SEARCH_LIMIT]


@dataclass(frozen=True, slots=True)
class _Material:
    """The counted features of clauses, and those of items read once more with their lead-in as one text.

    `whole` holds for each such second reading the number of its clause. Law states the same rule now as a sentence, now as a
    lead-in and its items; seen both ways, it is known either way. Features are counted once for all folds: the vocabulary, and
    nothing else, has then seen the clauses that a fold holds out.
    """

    counter: estimator.FeatureCounter
    counts: sparse.csr_matrix
    joined: sparse.csr_matrix
    whole: npt.NDArray[np.intp]

    def fit(self, targets: Targets, inside: npt.NDArray[np.intp], strength: float, *, balanced: bool) -> Pipeline:
        """Fit to the clauses numbered `inside`."""
        again = np.flatnonzero(np.isin(self.whole, inside))
        counts = sparse.vstack([self.counts[inside], self.joined[again]], format="csr")
        sought = targets[np.concatenate([inside, self.whole[again]])]
        return estimator.build(self.counter, counts, sought, strength, balanced=balanced)


def _read(examples: Sequence[Example], lengths: Sequence[int]) -> tuple[list[Place], dict[int, _Material]]:
    """Return where each clause stands, and its features for each n-gram length."""
    places = [Place(e.document, e.clause.heading, e.clause.lead_in, e.clause.text) for e in examples]
    clauses = with_whole_leads([example.clause for example in examples], places)
    whole = [index for index, clause in enumerate(clauses) if clause.lead_in]
    joined = [ClauseText(f"{clauses[i].lead_in} {clauses[i].text}", heading=clauses[i].heading) for i in whole]
    readings = [read(clause) for clause in [*clauses, *joined]]
    material = {}
    for words in lengths:
        listed = [features(reading, words) for reading in readings]
        counter = estimator.FeatureCounter(least=2 if len(listed) > 500 else 1).fit(listed)
        counts = counter.transform(listed)
        material[words] = _Material(counter, counts[: len(clauses)], counts[len(clauses) :], np.array(whole, dtype=np.intp))
    return places, material


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A setting tried, with its held-out probabilities and calibration."""

    trial: Trial
    chances: estimator.Matrix
    lines: estimator.Matrix


def _search(
    material: Mapping[int, _Material],
    targets: Targets,
    folds: Sequence[Fold],
    *,
    exclusive: bool,
    jobs: int,
    more: Sequence[tuple[float, int, bool]],
    progress: Callable[[str], None],
    told: Callable[[Trial], None],
) -> tuple[_Chosen, tuple[Trial, ...]]:
    """Settle the n-gram length first, then the strength, then the weight of rare labels, each by the held-out decisions.

    The settings of `more` are tried beside the one that came of it.
    """
    tried: list[_Chosen] = []

    def attempt(settings: Sequence[tuple[float, int, bool]]) -> Trial:
        several = "1 setting" if len(settings) == 1 else f"{len(settings)} settings"
        progress(f"cross-validating {several} in {len(folds)} folds")
        work = (
            delayed(_held_out)(material[words], targets, fold, strength, even)
            for strength, words, even in settings
            for fold in folds
        )
        done = Parallel(n_jobs=jobs, return_as="generator")(work)
        for strength, words, balanced in settings:
            scores = np.zeros(targets.shape)
            for (_, outside), held_out in zip(folds, done, strict=False):
                scores[outside] = held_out
            lines = estimator.calibrate(scores, targets, shared=exclusive)
            chances = estimator.probabilities(scores, lines)
            micro = micro_f1(targets, _decisions(chances, targets, exclusive=exclusive))
            tried.append(_Chosen(Trial(strength, words, round(micro, 4), balanced), chances, lines))
            told(tried[-1].trial)
        top = max(chosen.trial.micro for chosen in tried)
        tried.sort(
            key=lambda chosen: (chosen.trial.micro < top - TIE, chosen.trial.strength, chosen.trial.words, -chosen.trial.micro)
        )
        return tried[0].trial

    middle = STRENGTHS[len(STRENGTHS) // 2]
    best = attempt([(middle, words, False) for words in WORDS])
    best = attempt([(strength, best.words, False) for strength in STRENGTHS if strength != middle])
    attempt([(best.strength, best.words, True)])
    if more:
        attempt(more)
    return tried[0], tuple(chosen.trial for chosen in tried)


def _drawn(count: int) -> list[tuple[float, int, bool]]:
    """Draw settings for a wider search, the same ones every time."""
    drawing = np.random.default_rng(0)
    low, high = np.log10(SEARCHED_STRENGTHS)
    return [
        (float(f"{10 ** drawing.uniform(low, high):.3g}"), int(drawing.choice(SEARCHED_WORDS)), bool(drawing.integers(2)))
        for _ in range(count)
    ]


def _second_reading(
    places: Sequence[Place], chances: estimator.Matrix, targets: Targets, folds: Sequence[Fold], *, exclusive: bool, jobs: int
) -> tuple[estimator.Matrix | None, estimator.Matrix, estimator.Matrix]:
    """Fit the second reading where most clauses stand in documents: its weights, its held-out probabilities, its thresholds."""
    if exclusive or context.alone(places).mean() > 0.5:
        return None, chances, np.zeros(targets.shape[1])
    every = np.arange(len(places))
    seen = [inside for inside, _ in folds] + [every]
    *by_fold, whole = Parallel(n_jobs=jobs)(
        delayed(context.fit)(chances[part], [places[i] for i in part], targets[part]) for part in seen
    )
    revised = np.zeros_like(chances)
    for (_, outside), weights in zip(folds, by_fold, strict=True):
        revised[outside] = context.revise(chances[outside], [places[i] for i in outside], weights)
    return whole, revised, estimator.thresholds(revised, targets)


def _rounded(values: estimator.Matrix) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)


def _label_order(corpus: Corpus) -> tuple[str, ...]:
    """Return the labels in codebook order where they are all the codebook's, else by name."""
    known = codebook().names
    return tuple(name for name in known if name in corpus.labels) if set(corpus.labels) <= set(known) else corpus.labels


def _folds(examples: Sequence[Example]) -> list[Fold]:
    """Split by group (see `Example`) where there are enough of them, else by clause."""
    groups = [example.group for example in examples]
    if len(set(groups)) >= FOLDS:
        return list(GroupKFold(FOLDS, shuffle=True, random_state=0).split(examples, groups=groups))
    return list(KFold(FOLDS, shuffle=True, random_state=0).split(examples))


def _held_out(material: _Material, targets: Targets, fold: Fold, strength: float, balanced: bool) -> estimator.Matrix:
    """Score the clauses outside a fold by a model that has seen none of their groups."""
    inside, outside = fold
    pipeline = material.fit(targets, inside, strength, balanced=balanced)
    return np.asarray(pipeline[1:].decision_function(material.counts[outside]))


def _decisions(chances: estimator.Matrix, targets: Targets, *, exclusive: bool) -> Targets:
    if exclusive:
        decided = np.zeros(targets.shape, dtype=np.int8)
        decided[np.arange(len(decided)), chances.argmax(axis=1)] = 1
        return decided
    return (chances >= estimator.thresholds(chances, targets)).astype(np.int8)
