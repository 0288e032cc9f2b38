"""Measure the shipped model beside the plain baseline: TF-IDF word n-grams and a linear SVM trained on the same corpus.

Run: python benchmarks/baseline.py GOLD.jsonl...
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from nlp.classify import Classifier, metrics
from nlp.classify.corpus import Example, read_corpus
from nlp.classify.evaluation import INSTRUMENT, evaluate
from nlp.taxonomy import codebook

CORPUS = Path(__file__).parent.parent / "corpora" / "clauses"


def main() -> None:
    train = [example for example in read_corpus(CORPUS).examples if example.split != "test"]
    labels = codebook().names
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    machine = OneVsRestClassifier(LinearSVC(class_weight="balanced")).fit(
        words.fit_transform(texts(train)), targets(train, labels)
    )
    core = [i for i, label in enumerate(codebook().labels) if label.group != INSTRUMENT]
    directed = [i for i, label in enumerate(codebook().labels) if label.stance in ("restricts", "enables")]
    model = Classifier.load()
    print(f"{'set':28s} {'reader':10s}  micro  core  directed  macro  flips")
    for name in sys.argv[1:]:
        gold = read_corpus(Path(name)).examples
        wanted, given = targets(gold, labels), machine.predict(words.transform(texts(gold))).astype(np.int8)
        row = [metrics.micro_f1(wanted, given), metrics.micro_f1(wanted, given, core), metrics.micro_f1(wanted, given, directed)]
        row += [metrics.macro_f1(wanted, given), metrics.direction_flips(wanted, given, labels, codebook())]
        show(name, "baseline", row)
        figures = evaluate(Path(name), model)
        show(name, "clausedex", [figures.micro, figures.core, figures.directed, figures.macro, figures.direction_flips])


def show(name: str, reader: str, row: list[float | None]) -> None:
    print(f"{Path(name).name:28s} {reader:10s}  " + "  ".join("-" if value is None else f"{value:.3f}" for value in row))


def texts(examples: list[Example] | tuple[Example, ...]) -> list[str]:
    return [f"{example.clause.lead_in} {example.clause.text}" for example in examples]


def targets(examples: list[Example] | tuple[Example, ...], labels: tuple[str, ...]) -> metrics.Targets:
    return np.array([[label in example.labels for label in labels] for example in examples], dtype=np.int8)


if __name__ == "__main__":
    main()
