"""The clauses that wait for a person, in the order the index puts them in; it must not know how that order comes about."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from nlp.index import Store, queue, unsure

_BATCH = 100
_FEW = 20_000
"""From so many clauses on only the unsure ones are looked through, and none is drawn at random: that would take seconds."""


class Waiting:
    """A batch of clauses to decide on, drawn once and gone through; another is drawn when it is done or files were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawn: list[Mapping[str, Any]] = []
        self._documents = -1

    def left(self, store: Store) -> list[Mapping[str, Any]]:
        """Return the clauses of the batch that nobody has decided yet, each with ``why``: ``doubt`` or ``random``."""
        decided = {(one["document_id"], one["clause_id"]) for one in store.corrections()}
        documents = sum(1 for _ in store.documents())
        with self._lock:
            found = [row for row in self._drawn if (row["document_id"], row["id"]) not in decided]
            if documents != self._documents or not found:
                self._documents = documents
                self._drawn = _drawn(store)
                found = list(self._drawn)
            return found

    def forget(self, document_id: str) -> None:
        """Let go of the clauses of a document that was cut: some of them are no more."""
        with self._lock:
            self._drawn = [row for row in self._drawn if row["document_id"] != document_id]


def _drawn(store: Store) -> list[Mapping[str, Any]]:
    if not store.waiting():
        return []
    rows = queue(store, _BATCH) if store.search("", limit=0).clauses <= _FEW else unsure(store, _BATCH)
    return [row for row in rows if row["abstained"] or row["why"] == "random"]
