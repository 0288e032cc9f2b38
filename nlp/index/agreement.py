"""How far reviewers agree on the clauses that two of them decided; knows no engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from nlp.index.store import Store

ALL = "all labels"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two reviewers make of a label.

    `agreed` is the share of their common clauses on which they say the same, `kappa` what of that is beyond chance: 1 is full
    agreement, 0 that of chance; None where both always say the same thing, so that there is nothing to tell apart.
    """

    first: str
    second: str
    label: str
    clauses: int
    agreed: float
    kappa: float | None


def agreement(store: Store) -> list[Agreement]:
    """Return Cohen's kappa by pair of reviewers, over all labels and by label.

    The last decision of a reviewer on a clause counts. Decisions without a reviewer's name are left out.
    """
    said: dict[str, dict[tuple[str, str], frozenset[str]]] = defaultdict(dict)
    for correction in store.corrections():
        clause = (str(correction["document_id"]), str(correction["clause_id"]))
        for decision in store.history(*clause):
            if decision["reviewer"]:
                said[decision["reviewer"]][clause] = frozenset(decision["labels"])
    found: list[Agreement] = []
    for first, second in combinations(sorted(said), 2):
        found += _between(first, second, said[first], said[second])
    return found


def _between(
    first: str,
    second: str,
    one: Mapping[tuple[str, str], frozenset[str]],
    other: Mapping[tuple[str, str], frozenset[str]],
) -> list[Agreement]:
    both = sorted(set(one) & set(other))
    labels = sorted({label for clause in both for label in one[clause] | other[clause]})
    by_label = {label: [(label in one[clause], label in other[clause]) for clause in both] for label in labels}
    whole = [pair for pairs in by_label.values() for pair in pairs]
    rows = [(ALL, whole), *by_label.items()] if whole else []
    return [Agreement(first, second, label, len(both), *kappa(pairs)) for label, pairs in rows]


def kappa(pairs: list[tuple[bool, bool]]) -> tuple[float, float | None]:
    """Return the share of agreement and Cohen's kappa of decisions by two people.

    Source: Cohen, A coefficient of agreement for nominal scales (1960).
    """
    size = len(pairs)
    agreed = sum(one == other for one, other in pairs) / size
    one, other = sum(pair[0] for pair in pairs) / size, sum(pair[1] for pair in pairs) / size
    chance = one * other + (1 - one) * (1 - other)
    return round(agreed, 4), None if chance == 1 else round((agreed - chance) / (1 - chance), 4)
