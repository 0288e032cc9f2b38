"""Turns corrections into labelled clauses that a model can learn from or be measured on; knows no engine and no model."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from typing import Any

from nlp.index.parting import parted
from nlp.index.store import Store

HELD_OUT = 5
"""One document in so many measures and never trains."""

_NEAR = 2
"""Headings of a clause that a model reads: the nearest."""


def taught(store: Store, measuring: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield the corrections of an index as rows of a corpus, each with its ``split``.

    The split follows from the document's id alone, so that a document is held out for good. A clause whose words are among
    `measuring`, the texts of clauses that measure already, is held out too. Corrections without a text are
    left out, and so are those of clauses that were split or merged since.
    """
    known = {_wording(text) for text in measuring}
    places: dict[str, dict[str, dict[str, Any]]] = {}
    for correction in parted(store)[0]:
        if not correction["text"].strip():
            continue
        document = str(correction["document_id"])
        if document not in places:
            places = {document: {row["id"]: row for row in store.provisions(document)}}
        stands = places[document].get(correction["clause_id"], {})
        yield {
            "id": f"{document}:{correction['clause_id']}",
            "document": document,
            "heading": list(stands.get("heading", ()))[-_NEAR:],
            "lead_in": stands.get("lead_in"),
            "text": correction["text"],
            "labels": correction["labels"],
            "modality": correction["modality"],
            "split": "test" if held_out(document) or _wording(correction["text"]) in known else "train",
        }


def held_out(document_id: str) -> bool:
    """Tell whether the corrections of a document measure and never train."""
    return int(hashlib.sha256(document_id.encode()).hexdigest()[:8], 16) % HELD_OUT == 0


def _wording(text: str) -> str:
    """Return a text so that differences of case and spacing do not count."""
    return " ".join(text.casefold().split())
