"""What a search lists before its hits are looked up: keys and scores, totals, facets; knows no engine."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from nlp.index.tree import Node, Or, wanted


@dataclass(frozen=True, slots=True)
class Member:
    """A provision of a hit: near-identical ones that are folded into one hit share its `group`."""

    group: Hashable
    key: int
    score: float


@dataclass(frozen=True, slots=True)
class Listed:
    """The members of the hits of one page, in any order; `hits` counts all hits, `clauses` all provisions that match."""

    members: tuple[Member, ...]
    hits: int
    clauses: int
    facets: Mapping[str, Mapping[str, int]]


def ranking(node: Node) -> Node | None:
    """Return the text whose presence makes a hit better, where text and fields are mixed."""
    phrases = wanted(node)
    return Or(tuple(phrases)) if phrases else None
