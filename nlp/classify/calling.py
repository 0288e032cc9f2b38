"""What ``nlp.classify(...)`` does: classify whatever has clauses, clauses, or bare texts; must not know how clauses are made."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Protocol, runtime_checkable

from nlp.classify.model import Classifier
from nlp.records import Clause, Provision


@runtime_checkable
class HasClauses(Protocol):
    """What is divided into the clauses of one document, such as a file that was read."""

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses, in order."""


def classify(what: str | HasClauses | Sequence[str | Clause], *, model: str | PathLike[str] | None = None) -> list[Provision]:
    """Say what each clause does: of a file that was read, of clauses of one document in order, or of bare texts.

    `model` is a model directory (default: the shipped model). Bare texts are judged each by itself, without heading, lead-in
    or neighbours, so less surely. Raises `nlp.errors.ModelError` where the model cannot be loaded.
    """
    classifier = _classifier(None if model is None else str(model))
    if isinstance(what, HasClauses):
        return classifier.provisions(what.clauses)
    if isinstance(what, str):
        what = [what]
    clauses = [each for each in what if isinstance(each, Clause)]
    if len(clauses) == len(what):
        return classifier.provisions(clauses)
    return [
        provision
        for number, each in enumerate(what, start=1)
        for provision in classifier.provisions([each if isinstance(each, Clause) else _bare(each, number)])
    ]


@lru_cache(maxsize=2)
def _classifier(model: str | None) -> Classifier:
    return Classifier.load(None if model is None else Path(model))


def _bare(text: str, number: int) -> Clause:
    return Clause(
        id=str(number), document="", document_id="", number="", heading=(), lead_in=None, text=text, start=0, end=len(text),
        pages=(), boxes=(),
    )  # fmt: skip
