"""Which labels a person is offered: the codebook's by group, and those of the index's own taxonomy; it must not know pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from nlp.index import Store
from nlp.taxonomy import LabelDefinition, codebook
from nlp.web.asking import Asked
from nlp.web.kept import Kept
from nlp.web.searching import answer


@dataclass(frozen=True, slots=True)
class Offered:
    """Labels to choose from; `own` are those outside the codebook, with how many clauses have them.

    `groups` are empty where the index has labels of its own and none of the codebook: it is of another taxonomy then.
    """

    groups: dict[str, list[LabelDefinition]]
    own: dict[str, int]


def offered(kept: Kept, store: Store, thought_of: Collection[str] = ()) -> Offered:
    """Return the labels that fit an index; `thought_of` are any others that a model or a person gave."""
    counts = answer(kept, store, Asked()).facets.get("label", {})
    carried = {*counts, *thought_of}
    own = sorted(carried - set(codebook().names))
    groups: dict[str, list[LabelDefinition]] = {}
    for label in codebook().labels if not own or carried - set(own) else ():
        groups.setdefault(label.group, []).append(label)
    return Offered(groups, {name: counts.get(name, 0) for name in own})
