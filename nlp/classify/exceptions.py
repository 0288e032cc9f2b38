"""Links from a clause that only excepts to the clause whose rule it limits; reads provisions, decides no label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.classify.conditions import is_exception
from nlp.records import Provision

_REACH = 40
"""How many clauses back a limited rule is looked for."""

_REFERENCE = re.compile(r"\b(?:subsection|paragraph|subdivision|section)s? \(?([\w.]+)\)?", re.IGNORECASE)


def link_exceptions(provisions: Sequence[Provision]) -> list[Provision]:
    """Fill `exception_to` where a clause only takes cases out of an earlier rule of the same document.

    A number it names decides ("Subsection (b) does not apply"); else the nearest rule before it under the same heading that
    restricts or enables.
    """
    linked: list[Provision] = []
    for index, provision in enumerate(provisions):
        target = None
        if is_exception(provision.clause.text, provision.clause.lead_in):
            before = [
                other
                for other in provisions[max(0, index - _REACH) : index]
                if other.clause.heading[:1] == provision.clause.heading[:1]
            ]
            target = _named(provision, before) or _nearest(before)
        linked.append(replace(provision, exception_to=target.clause.id) if target else provision)
    return linked


def _named(provision: Provision, before: Sequence[Provision]) -> Provision | None:
    match = _REFERENCE.search(provision.clause.lead_in or provision.clause.text)
    if not match:
        return None
    number = match[1].lower()
    for other in reversed(before):
        if other.clause.number.lower().rsplit(".", 1)[-1] == number and other.stance in ("restricts", "enables", "mixed"):
            return other
    return None


def _nearest(before: Sequence[Provision]) -> Provision | None:
    for other in reversed(before):
        if other.stance in ("restricts", "enables", "mixed") and not is_exception(other.clause.text, other.clause.lead_in):
            return other
    return None
