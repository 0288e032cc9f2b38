"""Long paragraphs sentence by sentence: of several rules in one clause, its words as a whole show only the loudest.

Knows readings and probabilities; must not know features or labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nlp.classify.force import Force
from nlp.classify.reading import KEPT, Reading
from nlp.classify.tokens import Hit, Tokens

LONG = 140
"""Tokens (about 120 words) from which a clause is read by sentences too; shorter drafted test clauses gained nothing by it."""

RESERVE = 0.3
"""How much a label's probability in one sentence must exceed what the whole clause would need: a sentence alone, without its
neighbours, says more than it means. Chosen on drafted test documents among 0.2, 0.3 and 0.4."""

_LEAST = 4


@lru_cache(maxsize=KEPT)
def sentences(reading: Reading) -> list[Reading]:
    """Return the sentences of a long clause, each under the clause's lead-in and heading; nothing for a short or single one."""
    count = len(reading.tokens)
    if count - reading.own < LONG:
        return []
    starts = [reading.own, *(bound for bound in reading.bounds if bound > reading.own), count]
    found = [_part(reading, first, last) for first, last in pairwise(starts) if last - first >= _LEAST]
    return found if len(found) > 1 else []


def _part(reading: Reading, first: int, last: int) -> Reading:
    """Return a reading of the lead-in and of the tokens from `first` to `last`, as already read in the whole clause."""
    own, tokens, force = reading.own, reading.tokens, reading.force
    moved, within = first - own, range(first, last)
    return replace(
        reading,
        tokens=Tokens(
            tokens.stems[:own] + tokens.stems[first:last],
            tokens.starts[:own] + tokens.starts[first:last],
            tokens.ends[:own] + tokens.ends[first:last],
        ),
        hits=[hit for hit in reading.hits if hit.last <= own]
        + [Hit(concept, at - moved, end - moved) for concept, at, end in reading.hits if at in within and end <= last],
        force=Force(
            force.states[:own] + force.states[first:last],
            force.excepted[:own] + force.excepted[first:last],
            [trigger for trigger in force.triggers if trigger[1] <= own]
            + [(at - moved, end - moved, state) for at, end, state in force.triggers if at in within],
        ),
        bounds=[bound for bound in reading.bounds if bound <= own],
    )


def raise_by_parts(
    chances: npt.NDArray[np.float64], parts: npt.NDArray[np.float64], owners: Sequence[int]
) -> npt.NDArray[np.float64]:
    """Return `chances` (clauses x labels) with those raised that a sentence is surer of, `RESERVE` off.

    `parts` is sentences x labels, `owners` the clause each sentence is of.
    """
    raised = chances.copy()
    np.maximum.at(raised, np.asarray(owners, dtype=np.intp), parts - RESERVE)
    return raised
