"""Finds the clauses most like a given one; knows nothing of engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nlp.errors import UsageError
from nlp.index.aligning import word_pairs
from nlp.index.query import words
from nlp.index.results import NO_FILTERS, Filters, Hit
from nlp.index.store import Store

SHORTEST = 5
"""Letters of a word that tells one clause from another."""
MOST_WORDS = 24
"""Words that full text is asked for: more of them make it slow and find no others."""
CANDIDATES = 200
"""Hits that are compared word by word."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A clause like the one that was asked for; `alike` is the share of word pairs both have, 0 to 1."""

    hit: Hit
    alike: float


def similar(store: Store, clause_id: str, *, filters: Filters = NO_FILTERS, limit: int = 10) -> list[Similar]:
    """Return the clauses most like the one of this id, the most alike first, near-identical ones folded.

    Candidates are what full text ranks best for the clause's longest words. Raises `UsageError` if there is no such clause.
    """
    asked: Mapping[str, Any] | None = next(store.provisions(query=f'id:"{clause_id}"'), None)
    if asked is None:
        raise UsageError(f"there is no clause {clause_id!r} in the index")
    longest = sorted({word.lower() for word in words(asked["text"])}, key=lambda word: (-len(word), word))
    chosen = [word for word in longest if len(word) >= SHORTEST][:MOST_WORDS] or longest[:MOST_WORDS]
    if not chosen:
        return []
    own = word_pairs(asked["text"])
    found = []
    for hit in store.search(" OR ".join(chosen), filters, CANDIDATES, fold=True).hits:
        other = _other(store, hit, str(asked["id"]))
        if other is not None:
            theirs = word_pairs(str(other.provision["text"]))
            found.append(Similar(other, round(2 * (own & theirs).total() / (own.total() + theirs.total()), 4)))
    return sorted(found, key=lambda item: (-item.alike, item.hit.document.path, item.hit.provision["start"]))[:limit]


def _other(store: Store, hit: Hit, asked: str) -> Hit | None:
    """Return a hit that is not the clause asked for: another of its fold, or None if it stands alone."""
    if hit.provision["id"] != asked:
        return hit
    for place in hit.others:
        for found in store.search(f'id:"{place.id}"', limit=1).hits:
            if place.id != asked:
                return replace(found, documents=hit.documents, others=tuple(rest for rest in hit.others if rest != place))
    return None
