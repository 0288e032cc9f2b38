"""How far the clauses of an index are from those a model was trained on; it must not know how either is kept."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nlp.classify import Classifier, Place
from nlp.errors import NoInputError

if TYPE_CHECKING:
    from nlp.classify.corpus import Example

BINS = 10
"""Bins that scores are counted in."""
SHIFTED = 0.25
"""Population stability index from which on two distributions are held to differ; the customary reading."""

_ROUNDS = 500
"""Resamplings of the bootstrap."""
_LEAST = 0.02
"""A smaller difference of shares is a trifle, however sure."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Rate:
    """A label's share of clauses in the corpus and in the index; `low` and `high` bound the latter at 95% over documents."""

    label: str
    corpus: float
    index: float
    low: float
    high: float

    @property
    def moved(self) -> bool:
        """Tell whether the difference is more than chance and more than a trifle."""
        return abs(self.index - self.corpus) > _LEAST and not self.low <= self.corpus <= self.high


@dataclass(frozen=True, slots=True)
class Drift:
    """What is different.

    `scores` are shares of the scores of given labels by tenths (corpus, index) and `stability` their population stability index.
    `unknown` are shares of words that the corpus does not hold: of a corpus document in the others, of the index in the corpus;
    `strangest` are the documents of the index with most of them. `abstained` are shares of clauses (corpus, index).
    """

    model: str
    documents: int
    clauses: int
    rates: tuple[Rate, ...]
    scores: tuple[tuple[float, ...], tuple[float, ...]]
    stability: float
    abstained: tuple[float, float]
    unknown: tuple[float, float]
    strangest: tuple[tuple[str, float], ...]


def drift(rows: Iterable[Mapping[str, Any]], examples: Sequence[Example], classifier: Classifier) -> Drift:
    """Compare contract rows of an index with a corpus; what people reviewed counts for label rates but not for scores.

    The model's scores on the corpus are taken on the split that measures, where there is one. Raises `NoInputError` for an index
    without clauses.
    """
    listed = list(rows)
    if not listed:
        raise NoInputError("the index holds no clause")
    measuring = [example for example in examples if example.split == "test"] or list(examples)
    places = [Place(e.document, e.clause.heading, e.clause.lead_in, e.clause.text) for e in measuring]
    said = classifier.predict([example.clause for example in measuring], places)
    before = [label.score for prediction in said for label in prediction.labels]
    after = [label["score"] for row in listed if not row["reviewed"] for label in row["labels"]]
    shares = (_histogram(before), _histogram(after))
    unknown, strangest = _unknown(listed, examples)
    return Drift(
        model=classifier.name,
        documents=len({row["document_id"] for row in listed}),
        clauses=len(listed),
        rates=_rates(listed, examples),
        scores=shares,
        stability=stability(*shares),
        abstained=(
            round(sum(prediction.abstained for prediction in said) / len(said), 4),
            round(sum(bool(row["abstained"]) for row in listed) / len(listed), 4),
        ),
        unknown=unknown,
        strangest=strangest,
    )


def stability(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the population stability index of two distributions over the same bins."""
    first, second = (np.maximum(np.array(shares), 1e-4) for shares in (one, other))
    return round(float(((second - first) * np.log(second / first)).sum()), 4)


def _histogram(scores: Sequence[float]) -> tuple[float, ...]:
    counts, _ = np.histogram(scores, bins=BINS, range=(0, 1))
    return tuple((counts / max(1, counts.sum())).round(4).tolist())


def _rates(rows: Sequence[Mapping[str, Any]], examples: Sequence[Example]) -> tuple[Rate, ...]:
    gold = Counter(label for example in examples for label in example.labels)
    labels = sorted(set(gold) | {label["name"] for row in rows for label in row["labels"]})
    column = {label: at for at, label in enumerate(labels)}
    found: dict[str, npt.NDArray[np.float64]] = defaultdict(lambda: np.zeros(len(labels) + 1))
    for row in rows:
        counts = found[row["document_id"]]
        counts[-1] += 1
        for label in row["labels"]:
            counts[column[label["name"]]] += 1
    table = np.array([found[document] for document in sorted(found)])
    size = len(table)
    weights = np.random.default_rng(0).multinomial(size, np.full(size, 1 / size), size=_ROUNDS).astype(np.float64)
    drawn = weights @ table
    low, high = np.percentile(drawn[:, :-1] / np.maximum(drawn[:, -1:], 1), [2.5, 97.5], axis=0)
    index = table[:, :-1].sum(axis=0) / len(rows)
    rates = [
        Rate(label, *(round(float(value), 4) for value in (gold[label] / len(examples), index[at], low[at], high[at])))
        for label, at in column.items()
    ]
    return tuple(sorted(rates, key=lambda rate: (-abs(rate.index - rate.corpus), rate.label)))


def _unknown(
    rows: Sequence[Mapping[str, Any]], examples: Sequence[Example]
) -> tuple[tuple[float, float], tuple[tuple[str, float], ...]]:
    """Return the shares of unknown words in the corpus and the index, and the documents of the index with the largest."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        written[example.document].update(_words(example.clause.text))
    spread = Counter(word for words in written.values() for word in words)
    alone = sum(count for words in written.values() for word, count in words.items() if spread[word] == 1)
    total = sum(words.total() for words in written.values())
    seen: dict[str, tuple[int, int]] = {}
    for row in rows:
        words = _words(row["text"])
        new, every = seen.get(row["document"], (0, 0))
        seen[row["document"]] = (new + sum(word not in spread for word in words), every + len(words))
    new, every = (sum(counts) for counts in zip(*seen.values(), strict=True))
    shares = [(document, round(part / max(1, whole), 4)) for document, (part, whole) in seen.items()]
    strangest = sorted(shares, key=lambda pair: (-pair[1], pair[0]))[:5]
    return (round(alone / max(1, total), 4), round(new / max(1, every), 4)), tuple(strangest)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
