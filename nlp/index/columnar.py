"""Answers a planned search from columns in memory: one pass over what matches counts, folds and ranks it; knows no SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from nlp.index.columns import BY_DOCUMENT, BY_PROVISION, Table
from nlp.index.condition import DOCUMENT_FIELDS, Plan
from nlp.index.listing import Listed, Member, ranking
from nlp.index.results import FACETS
from nlp.index.tree import And, Dated, Everything, Field, Node, Not, Or, is_text

if TYPE_CHECKING:
    from nlp.index.columns import Real, Truth, Whole

    Scores = Callable[[Node, Whole | None], tuple[Whole, Real]]

Keys = Callable[[Node], Sequence[int]]
_FEW = 2
"""Where less than one in so many provisions can match, only those are scored."""


class Columnar:
    """A table of columns with the three questions that it puts to the database.

    `scores` gives the keys of the provisions that match a tree of text, of some keys or of all, each with its score; `documents`
    the keys of the documents that a condition on documents holds for; `provisions` those of the provisions that any other does.
    """

    def __init__(self, table: Table, scores: Scores, documents: Keys, provisions: Keys) -> None:
        self._table = table
        self._scores = scores
        self._documents = documents
        self._provisions = provisions

    def listed(self, plan: Plan, limit: int, offset: int, *, facets: bool, fold: bool) -> Listed:
        """Return the members of one page of hits, how many hits there are in all and, if asked for, the facets."""
        rows, scores = self._matching(plan)
        counts = self._facets(rows) if facets else {}
        if fold:
            members, hits = self._folded(rows, scores, limit, offset)
        else:
            members, hits = self._apart(rows, scores, limit, offset), len(rows)
        return Listed(members, hits, len(rows), counts)

    def _matching(self, plan: Plan) -> tuple[Whole, Real]:
        """Return the rows of the provisions that match, in order, and their scores."""
        import numpy as np

        table = self._table
        fitting = None if isinstance(plan.rest, Everything) else np.flatnonzero(self._fits(plan.rest))
        text = plan.text if plan.text is not None else ranking(plan.rest)
        few = None if fitting is None or len(fitting) * _FEW > len(table.place) else table.columns["key"][fitting]
        found, scores = self._scores(text, few) if text is not None else (np.zeros(0, np.int64), np.zeros(0))
        rows = table.rows(found)
        if plan.text is not None and (fitting is None or few is not None):
            return rows, scores
        every = np.zeros(len(table.place))
        every[rows] = scores
        if fitting is None:
            return np.arange(len(every)), every
        chosen = fitting if plan.text is None else np.intersect1d(fitting, rows, assume_unique=True)
        return chosen, every[chosen]

    def _fits(self, node: Node) -> Truth:
        """Tell of each row whether a condition holds for it."""
        import numpy as np

        table = self._table
        if isinstance(node, Not):
            return ~self._fits(node.part)
        if isinstance(node, And | Or) and not is_text(node):
            return reduce(np.logical_and if isinstance(node, And) else np.logical_or, map(self._fits, node.parts))
        if isinstance(node, Dated) or (isinstance(node, Field) and node.name in DOCUMENT_FIELDS):
            return np.isin(table.documents, list(self._documents(node)))[table.path]
        if isinstance(node, Field) and node.name in BY_PROVISION:
            return np.isin(table.columns[node.name], table.names[node.name].numbered(node.values))
        fits = np.zeros(len(table.place), np.bool_)
        if isinstance(node, Field) and node.name == "label":
            fits[table.labelled[np.isin(table.label, table.names["label"].numbered(node.values))]] = True
        else:
            keys = self._scores(node, None)[0] if is_text(node) else np.array(self._provisions(node), np.int64)
            fits[table.rows(keys)] = True
        return fits

    def _facets(self, rows: Whole) -> Mapping[str, Mapping[str, int]]:
        import numpy as np

        table = self._table
        chosen = np.zeros(len(table.place), np.bool_)
        chosen[rows] = True
        counts = {"label": table.names["label"].counted(table.label[chosen[table.labelled]])}
        for name in BY_PROVISION:
            counts[name] = table.names[name].counted(table.columns[name][rows])
        documents = np.bincount(table.path[rows], minlength=len(table.documents))
        for name in BY_DOCUMENT:
            counts[name] = table.names[name].counted(table.told[name], documents)
        return {name: counts[name] for name in FACETS}

    def _apart(self, rows: Whole, scores: Real, limit: int, offset: int) -> tuple[Member, ...]:
        best = _best(scores, [self._table.place[rows]], limit, offset)
        keys = self._table.columns["key"][rows[best]].tolist()
        return tuple(Member(key, key, score) for key, score in zip(keys, scores[best].tolist(), strict=True))

    def _folded(self, rows: Whole, scores: Real, limit: int, offset: int) -> tuple[tuple[Member, ...], int]:
        """Fold near-identical provisions: a hit scores as its best member, and stands where the first of them stands."""
        import numpy as np

        table = self._table
        fold = table.fold[rows]
        best = np.full(table.folds, -np.inf)
        np.maximum.at(best, fold, scores)
        first, position = (np.full(table.folds, np.iinfo(np.int64).max) for _ in range(2))
        np.minimum.at(first, fold, table.path[rows])
        np.minimum.at(position, fold, table.columns["position"][rows])
        there = np.flatnonzero(best > -np.inf)
        chosen = there[_best(best[there], [first[there], position[there], there], limit, offset)]
        members = np.flatnonzero(np.isin(fold, chosen))
        groups, keys = fold[members].tolist(), table.columns["key"][rows[members]].tolist()
        return tuple(map(Member, groups, keys, scores[members].tolist())), len(there)


def _best(scores: Real, then: Sequence[Whole], limit: int, offset: int) -> Whole:
    """Return which places of one page are best by score and, where scores are equal, first by each of `then` in turn.

    Only what can stand on the page or before it is sorted.
    """
    import numpy as np

    until = offset + limit
    if until == 0:
        return np.zeros(0, np.int64)
    candidates = np.arange(len(scores))
    if until < len(candidates):
        least = np.partition(scores, -until)[-until]
        candidates, ties = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
        room, order = until - len(candidates), then[0][ties]
        if room < len(ties):
            ties = ties[order <= np.partition(order, room - 1)[room - 1]]
        candidates = np.concatenate((candidates, ties))
    ordered = np.lexsort((*(order[candidates] for order in reversed(then)), -scores[candidates]))
    return candidates[ordered[offset:until]]


def tallies(table: Table) -> list[dict[tuple[str, ...], int]]:
    """Return, for each document in order of path, how many provisions have each set of labels, those without left out."""
    import numpy as np

    found: list[dict[tuple[str, ...], int]] = [{} for _ in table.documents]
    if not len(table.label):
        return found
    order = np.lexsort((table.label, table.labelled))
    rows, labels = table.labelled[order], table.label[order]
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    lengths = np.diff(starts, append=len(rows))
    names, sets = table.names["label"].names, np.zeros(len(starts), np.int64)
    known: list[tuple[str, ...]] = [()]
    for at in range(int(lengths.max())):  # sets of one more label each time
        longer = np.flatnonzero(lengths > at)
        grown, which = np.unique(sets[longer] * len(names) + labels[starts[longer] + at], return_inverse=True)
        sets[longer] = len(known) + which
        known.extend((*known[pair // len(names)], names[pair % len(names)]) for pair in grown.tolist())
    ordered = [tuple(sorted(one)) for one in known]
    pairs, counts = np.unique(table.path[rows[starts]] * len(known) + sets, return_counts=True)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        found[pair // len(known)][ordered[pair % len(known)]] = count
    return found
