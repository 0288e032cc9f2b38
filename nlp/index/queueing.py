"""The order in which clauses are best reviewed: doubtful ones, unlike each other, and some at random; knows no engine."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nlp.errors import UsageError
from nlp.index.doubting import doubt
from nlp.index.store import Store

RANDOM_SHARE = 0.2
"""Share of the queue drawn at random: only those clauses tell honestly how good the model is."""

_POOL = 10
"""So many doubtful clauses for each place in the queue are weighed against each other."""
_LIKENESS_WEIGHT = 0.5
"""How much doubt, of 1, a clause loses that is the same as one in the queue."""
_WORD = re.compile(r"\w{3,}")


def queue(store: Store, limit: int, *, share: float = RANDOM_SHARE, seed: int = 0, query: str = "") -> list[dict[str, Any]]:
    """Return contract rows of clauses nobody reviewed, each with ``why``: ``doubt`` or ``random``, and its ``doubt``.

    Only clauses that `query` finds are looked through, where one is given.
    The same index and seed give the same queue. Near-identical clauses do not follow one another: what is like a clause that was
    chosen already waits. Raises `UsageError` for a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise UsageError(f"a share of {share} is not between 0 and 1")
    open_rows = [{**row, "doubt": round(doubt(row), 4)} for row in store.provisions(query=query) if not row["reviewed"]]
    drawn = random.Random(seed).sample(open_rows, min(len(open_rows), round(limit * share)))  # noqa: S311 - no secret
    taken = {_name(row) for row in drawn}
    rest = sorted((row for row in open_rows if _name(row) not in taken), key=lambda row: -row["doubt"])
    doubtful = _spread(rest[: _POOL * limit], limit - len(drawn))
    return _woven([{**row, "why": "doubt"} for row in doubtful], [{**row, "why": "random"} for row in drawn])


def unsure(store: Store, limit: int) -> list[dict[str, Any]]:
    """Return the queue of the clauses the model left to a person, none drawn at random; quick in a large index."""
    rows = [{**row, "doubt": round(doubt(row), 4)} for row in store.unsure(_POOL * limit)]
    return [{**row, "why": "doubt"} for row in _spread(rows, limit)]


def _name(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["document"]), str(row["id"])


def _spread(rows: Sequence[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """Choose rows one by one, each as doubtful and as unlike those chosen as can be.

    Source: Carbonell and Goldstein, The use of MMR, diversity-based reranking (1998), with the likeness of sets of words.
    """
    words = [frozenset(_WORD.findall(row["text"].casefold())) for row in rows]
    likeness = [0.0] * len(rows)
    left = set(range(len(rows)))
    chosen: list[dict[str, Any]] = []
    while left and len(chosen) < limit:
        best = min(left, key=lambda at: (_LIKENESS_WEIGHT * likeness[at] - rows[at]["doubt"], at))
        left.discard(best)
        chosen.append(rows[best])
        for at in left:
            shared = len(words[at] & words[best])
            likeness[at] = max(likeness[at], shared / max(1, len(words[at]) + len(words[best]) - shared))
    return chosen


def _woven(many: list[dict[str, Any]], few: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the few evenly among the many."""
    total = len(many) + len(few)
    woven: list[dict[str, Any]] = []
    used = 0
    for at in range(total):
        due = (at + 1) * len(few) // total
        woven.append(few[used] if used < due else many[at - used])
        used = max(used, due)
    return woven
