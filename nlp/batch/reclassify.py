"""Bring an index to another model without reading its documents again; it must not know rules or how an index is kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from nlp.index import LedgerEntry, open_store

_MODEL = ", model "


@dataclass(frozen=True, slots=True)
class Reclassified:
    """What became of an index: `skipped` documents had the model's labels already or were saved anew meanwhile."""

    model: str
    done: int
    skipped: int
    provisions: int


def reclassify(
    db: str, model: str | None = None, *, told: Callable[[LedgerEntry, int], None] = lambda entry, count: None
) -> Reclassified:
    """Classify the clauses of an index again where another model did; people's corrections stay.

    Each document is one transaction, so a run that is stopped goes on where it ended. `told` hears of each document and how many
    provisions it has. `model` is a folder, None for the shipped model.
    """
    from nlp.classify import Classifier

    classifier = Classifier.load(Path(model) if model else None)
    done = provisions = skipped = 0
    with closing(open_store(db)) as store:
        for entry in list(store.ledger()):
            if entry.state != "done":
                continue
            wanted = _with_model(entry.versions, classifier.name)
            if wanted == entry.versions:
                skipped += 1
                continue
            found = classifier.provisions(store.clauses(entry.path))
            if not store.relabel(entry, wanted, found):
                skipped += 1
                continue
            done += 1
            provisions += len(found)
            told(entry, len(found))
    return Reclassified(classifier.name, done, skipped, provisions)


def _with_model(versions: str, model: str) -> str:
    """Return the versions a document was read by, with another model."""
    before, found, _ = versions.rpartition(_MODEL)
    return f"{before if found else versions}{_MODEL}{model}"
