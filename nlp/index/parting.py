"""Tells corrections of clauses that stand from those that a split or a merge has taken away; knows no engine."""

from __future__ import annotations

from typing import Any

from nlp.index.store import Store


def parted(store: Store) -> tuple[list[dict[str, Any]], int]:
    """Return the corrections that still speak of a clause, and count those of clauses that people split or merged since.

    Those come back when the cut is undone, so the index keeps them. A correction of a document that was never cut, or is not in
    the index, stands whatever its clauses are now.
    """
    found, stands = list(store.corrections()), {}
    for document in {str(correction["document_id"]) for correction in found}:
        if store.cuts(document):
            stands[document] = {row["id"] for row in store.provisions(document)}
    kept = [one for one in found if not stands.get(one["document_id"]) or one["clause_id"] in stands[one["document_id"]]]
    return kept, len(found) - len(kept)
