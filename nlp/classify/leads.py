"""Lead-ins of lead-ins: an item's whole governing text, gathered from the clauses above it in its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.classify.reading import ClauseText, Place

_DEPTH = 4


def with_whole_leads(clauses: Sequence[ClauseText], places: Sequence[Place]) -> list[ClauseText]:
    """Prepend to each lead-in the lead-in that it completes itself, and so on up.

    "(A) grant access to a cell" under "(4) except for persons held on federal charges:" under "the department shall not:" is
    barred by words two levels up. A lead-in's own clause is found by its text within the document.
    """
    above = {(place.document, _key(place.text)): place.lead_in for place in places if place.document}
    whole = []
    for clause, place in zip(clauses, places, strict=True):
        chain, current = [clause.lead_in], place.lead_in
        while current and len(chain) < _DEPTH and (parent := above.get((place.document, _key(current)))) and parent not in chain:
            chain.insert(0, parent)
            current = parent
        whole.append(replace(clause, lead_in=" ".join(chain)) if len(chain) > 1 else clause)
    return whole


def _key(text: str) -> str:
    return "".join(text.split()).lower()
