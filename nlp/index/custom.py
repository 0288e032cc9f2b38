"""Finds clauses that few documents of their kind have: what is custom in one agreement among many of its model."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from nlp.index.aligning import words
from nlp.index.fingerprint import FEWEST_WORDS, kernel
from nlp.index.results import NO_FILTERS, DocumentInfo, Filters
from nlp.index.store import Store

SHARE = 0.1
"""Clauses that stand in no more than this share of the documents of their kind are unusual."""
ALIKE = 0.7
"""A document has a clause if it has this share of its runs of words."""
RUN = 3
"""Words in a run."""
FEWEST_DOCUMENTS = 3
"""Of fewer documents nothing can be said to be usual."""
CHUNK = 2000
"""Clauses that are compared with all others at once: what is held in memory."""
NEAREST = 5
"""So many usual clauses, the nearest by their words, may be what a rare one is a wrong reading of."""
AS_READ = 0.85
"""A rare clause is a wrong reading of a usual one if this share of its words stands there, letters read otherwise let be."""
LETTERS = 0.5
"""Words are read otherwise, not other words, if their letters are as alike as this."""
MOST_SPLIT = 2
"""A wrong reading cuts a few words into at most so many more, or glues as many."""
TOLERANCE = 1e-9
"""Keeps a third of three documents from being less than one."""


@dataclass(frozen=True, slots=True)
class Unusual:
    """A clause (a contract row) and in how many of the documents of its kind its words stand.

    `closest` is the largest share of its runs of words that any other of those documents has.
    """

    provision: Mapping[str, Any]
    kind: str
    documents: int
    of: int
    closest: float


def unusual(
    store: Store,
    *,
    query: str = "",
    filters: Filters = NO_FILTERS,
    share: float = SHARE,
    alike: float = ALIKE,
    passed_over: Callable[[str, int], object] = lambda kind, documents: None,
) -> list[Unusual]:
    """Return clauses whose words stand in at most `share` of the documents of their kind, the rarest first.

    A document has a clause's words if it has at least `alike` of its runs of three words, wherever it cuts its own clauses; so
    other cuts do not make a clause rare, nor do names and numbers, which are left out. A clause that is a usual one read wrongly,
    word for word in all but letters, is passed over too, and so are clauses of fewer than eight words. A kind of so few documents
    that one of them is more than `share` is passed over, since each clause that is not copied would be called unusual; so is one
    of fewer than three. `passed_over` is told its name and how many documents it has. Narrow by `query` and `filters` what is
    compared.
    """
    found: list[Unusual] = []
    documents = {document.source: document for document in store.documents()}
    kinds: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in store.provisions(query=query, filters=filters):
        kinds[_kind(documents[row["document"]])][row["document_id"]].append(row)
    for kind in sorted(kinds):
        if len(kinds[kind]) >= fewest(share):
            found.extend(_of_kind(kind, kinds[kind], share, alike))
        else:
            passed_over(kind, len(kinds[kind]))
    return sorted(found, key=lambda item: (item.documents / item.of, item.closest))


def fewest(share: float) -> int:
    """Return how many documents of a kind there must be for one of them to be no more than a share of them, above 0."""
    return max(FEWEST_DOCUMENTS, math.ceil(1 / share - TOLERANCE))


def _kind(document: DocumentInfo) -> str:
    return document.kind or "unknown"


def _of_kind(kind: str, documents: Mapping[str, Sequence[dict[str, Any]]], share: float, alike: float) -> Iterator[Unusual]:
    import numpy as np
    from scipy.sparse import csr_matrix

    ids = sorted(documents)
    rows = [(at, row) for at, document in enumerate(ids) for row in documents[document]]
    numbers: dict[tuple[str, ...], int] = {}
    runs = [[numbers.setdefault(run, len(numbers)) for run in _runs(row["text"])] for _, row in rows]
    lengths = np.array([len(found) for found in runs])
    columns = np.fromiter((number for found in runs for number in found), dtype=np.int64)
    clause_of = np.repeat(np.arange(len(rows)), lengths)
    document_of = np.repeat([at for at, _ in rows], lengths)
    clauses = csr_matrix((np.ones(len(columns), np.float32), (clause_of, columns)), (len(rows), len(numbers)))
    whole = csr_matrix((np.ones(len(columns), np.float32), (document_of, columns)), (len(ids), len(numbers)))
    whole.data[:] = 1
    most = int(share * len(ids) + TOLERANCE)
    rare: dict[int, Unusual] = {}
    for first in range(0, len(rows), CHUNK):
        shared = (clauses[first : first + CHUNK] @ whole.T).toarray()
        for at, counts in enumerate(shared, first):
            length, (own, row) = int(lengths[at]), rows[at]
            having = int((counts >= alike * length).sum())
            if length > FEWEST_WORDS and having <= most:
                counts[own] = 0
                rare[at] = Unusual(row, kind, having, len(ids), round(float(counts.max()) / length, 4))
    misread = _misread([words(row["text"]) for _, row in rows], sorted(rare))
    yield from (item for at, item in rare.items() if at not in misread)


def _misread(texts: Sequence[tuple[str, ...]], rare: Sequence[int]) -> set[int]:
    """Return which of the rare clauses are copies of a clause that is not rare, read wrongly."""
    import numpy as np
    from scipy.sparse import csr_matrix

    numbers: dict[str, int] = {}
    columns = np.array([numbers.setdefault(word, len(numbers)) for text in texts for word in text], dtype=np.int64)
    lengths = np.array([len(text) for text in texts])
    counts = csr_matrix(
        (np.ones(len(columns), np.float32), (np.repeat(np.arange(len(texts)), lengths), columns)), (len(texts), len(numbers))
    )
    counts.data[:] = 1
    usual = np.setdiff1d(np.arange(len(texts)), rare)
    found: set[int] = set()
    if not len(usual):
        return found
    sizes = np.asarray(counts.sum(axis=1)).ravel()
    for first in range(0, len(rare), CHUNK):
        some = list(rare[first : first + CHUNK])
        shared = (counts[some] @ counts[usual].T).toarray()
        for at, row in zip(some, shared, strict=True):
            near = np.argsort(-row / (sizes[at] + sizes[usual] + 1))[:NEAREST]
            if any(_as_read(texts[at], texts[int(usual[place])]) >= AS_READ for place in near):
                found.add(at)
    return found


def _as_read(text: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return the share of a text's words that stand in another, in order, as they are or with letters read otherwise."""
    same = 0.0
    for kind, a, b, c, d in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
        if kind == "equal":
            same += b - a
        elif kind == "replace" and abs((b - a) - (d - c)) <= MOST_SPLIT:
            alike = SequenceMatcher(None, "".join(text[a:b]), "".join(other[c:d]), autojunk=False).ratio()
            same += (b - a) if alike >= LETTERS else 0
    return same / len(text)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = kernel(text)
    return {words[at : at + RUN] for at in range(len(words) - RUN + 1)}
