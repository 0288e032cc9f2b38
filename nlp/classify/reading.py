"""A clause as every rule and feature of this room reads it: tokens, concepts, forces and sentences, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nlp.classify.force import Force, force, sentence_bounds
from nlp.classify.tokens import Hit, Tokens, concepts, tokenize

KEPT = 512
"""So many clauses are remembered with what was found in them: agreements on one template share most of theirs word for word."""


@dataclass(frozen=True, slots=True)
class ClauseText:
    """The three texts a clause is judged by."""

    text: str
    lead_in: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause stands: its document, heading, lead-in, and its own text (by which an item finds its lead-in's clause)."""

    document: str
    heading: str
    lead_in: str
    text: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Reading:
    """A clause as read: lead-in and text as one run of tokens, `own` being the first token of the text itself.

    The same clause is read once, so readings are told apart by identity, and what follows from one can be kept by it.
    `lead_in` is the text its first tokens were read from. `bounds` holds the token index at which each sentence but the first
    begins. `heading` and `heading_hits` are the heading's words and concepts.
    """

    tokens: Tokens
    own: int
    hits: list[Hit]
    force: Force
    bounds: list[int]
    heading: Tokens
    heading_hits: list[Hit]
    lead_in: str


@lru_cache(maxsize=KEPT)
def read(clause: ClauseText) -> Reading:
    """Read a clause once for all rules and features."""
    lead = _lead_in(clause.lead_in)
    text = tokenize(clause.text)
    whole = Tokens(lead.stems + text.stems, lead.starts + text.starts, lead.ends + text.ends) if lead.stems else text
    heading, heading_hits = _heading(clause.heading)
    return Reading(whole, len(lead), concepts(whole), force(whole), sentence_bounds(whole), heading, heading_hits, clause.lead_in)


@lru_cache(maxsize=512)
def _lead_in(text: str) -> Tokens:
    """Read a lead-in, which the items under it share."""
    return tokenize(text)


@lru_cache(maxsize=512)
def _heading(text: str) -> tuple[Tokens, list[Hit]]:
    """Read a heading, which the clauses under it share."""
    tokens = tokenize(text)
    return tokens, concepts(tokens)
