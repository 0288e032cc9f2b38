"""What the model sees of a clause: stems, concepts, and concepts under the force that rules them.

A feature is a string; a clause is a list of them. Fields are kept apart by a prefix (``h`` heading, ``l`` lead-in, ``t`` text),
so that a word in a heading does not speak as loud as in the rule itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from nlp.classify.reading import KEPT, Reading
from nlp.classify.rules import PAIR_REACH, votes

_NUMBER = "#"


@lru_cache(maxsize=KEPT)
def features(reading: Reading, words: int = 1) -> list[str]:
    """List the features of a clause, repeats included; `words` is the length of the longest word n-gram."""
    stems = [_NUMBER if "0" <= stem < ":" and "(" not in stem else stem for stem in reading.tokens.stems]
    own, lead = stems[reading.own :], stems[: reading.own]
    found = ["t " + stem for stem in own]
    found += ["l " + stem for stem in lead]
    if words > 1:
        found += [f"t {a} {b}" for a, b in pairwise(own)]
    found.extend("h " + stem for stem in reading.heading.stems)
    found.extend("h is " + hit.concept for hit in reading.heading_hits)
    found.extend(_concept_features(reading))
    found.extend("r " + name for name in votes(reading))
    found.append("s ends " + (own[-1] if own and own[-1] in ":;." else "open"))
    found.append("s length " + str(min(8, len(own) // 12)))
    found.extend("s " + " ".join(own[start : start + 2]) for start in range(min(4, len(own))))
    return found


def _concept_features(reading: Reading) -> Iterable[str]:
    """Yield concepts, concepts under their force, and ordered pairs of near concepts, each once."""
    states, excepted = reading.force.states, reading.force.excepted
    recent: list[tuple[int, str]] = []
    seen: set[str] = set()
    for concept, first, last in reading.hits:
        state = states[first] + ("x" if excepted[first] else "")
        place = "t" if first >= reading.own else "l"
        seen.update((f"c {concept}", f"c {place} {concept}", f"c {state} {concept}"))
        while recent and first - recent[0][0] > PAIR_REACH:
            recent.pop(0)
        for _, other in recent:
            if other != concept:
                seen.add(f"p {other} {concept}")
                seen.add(f"p {state} {other} {concept}")
        recent.append((last, concept))
    seen.update(f"c force {state}" for state in set(states))
    return seen
