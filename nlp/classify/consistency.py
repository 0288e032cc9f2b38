"""Label-pair consistency: a clause rarely bans and requires one act at once; knows the taxonomy's opposites, no model."""

from __future__ import annotations

from collections.abc import Mapping

from nlp.classify.force import BAR, DUTY, LIMITED, MAY, NONE, SAVE, TURNED
from nlp.classify.reading import Reading
from nlp.taxonomy import Taxonomy

_ENABLING = frozenset((DUTY, MAY, LIMITED, TURNED, SAVE, NONE))


def settle(chosen: Mapping[str, float], taxonomy: Taxonomy, reading: Reading) -> dict[str, float]:
    """Drop the weaker of two opposite labels unless the clause bars in one place and commands or allows in another.

    `chosen` maps labels above their thresholds to probabilities. Returns what is left of it.
    """
    kept = dict(chosen)
    states = {state for _, _, state in reading.force.triggers}
    says_both = BAR in states and not states.isdisjoint(_ENABLING) and any(reading.force.excepted)
    for pair in taxonomy.opposites:
        if pair.restricts in kept and pair.enables in kept and not says_both:
            weaker = min((pair.restricts, pair.enables), key=lambda name: kept[name])
            del kept[weaker]
    return kept
