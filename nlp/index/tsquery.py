"""Writes texts and trees of text in PostgreSQL's full-text types; lets nothing in but letters and digits."""

from __future__ import annotations

from collections import defaultdict

from nlp.index.query import MAX_DISTANCE
from nlp.index.stems import stem, stems
from nlp.index.tree import And, Near, Node, Or, Phrase

GAP = MAX_DISTANCE + 10
"""Places left between the parts of a provision, so that no phrase or NEAR reaches from one into the next."""
LAST_POSITION = 16383
MOST_POSITIONS = 255
"""What PostgreSQL keeps: places up to here, and so many of one word."""


def vector(heading: str, lead_in: str | None, text: str) -> str:
    """Return the ``tsvector`` literal of a provision: the heading in weight A, with gaps that no phrase or NEAR bridges."""
    positions: dict[str, list[str]] = defaultdict(list)
    at = 0
    for part, weight in ((heading, "A"), (lead_in or "", ""), (text, "")):
        for token, _, _ in stems(part):
            at += 1
            if at <= LAST_POSITION and len(positions[token]) < MOST_POSITIONS:
                positions[token].append(f"{at}{weight}")
        at += GAP
    return " ".join(f"'{token}':{','.join(found)}" for token, found in positions.items() if found)


def expression(node: Node) -> str:
    """Return the ``tsquery`` literal of a tree of phrases, `Near`, `And` and `Or`."""
    if isinstance(node, Phrase):
        return _phrase(node)
    if isinstance(node, Near):
        left, right = _phrase(node.left), _phrase(node.right)
        ways = (f"({a} <{distance}> {b})" for distance in range(node.distance + 2) for a, b in ((left, right), (right, left)))
        return f"({' | '.join(ways)})"
    if isinstance(node, And | Or):
        word = " & " if isinstance(node, And) else " | "
        return f"({word.join(expression(part) for part in node.parts)})"
    raise AssertionError(f"no full-text expression for {node!r}")


def _phrase(phrase: Phrase) -> str:
    tokens = [f"'{stem(word)}'" for word in phrase.words]
    if phrase.prefix:
        tokens[-1] += ":*"
    return tokens[0] if len(tokens) == 1 else f"({' <-> '.join(tokens)})"
