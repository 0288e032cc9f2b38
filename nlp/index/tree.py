"""The tree a search query is read into; knows nothing of how a query is typed or of how an engine answers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

FieldName = Literal[
    "label", "stance", "modality", "jurisdiction", "state", "kind", "has", "document", "number", "reviewed", "abstained", "id"
]


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every provision: the query that says nothing."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another in the text, heading or lead-in; `prefix` lets the last word go on.

    `words` hold letters and digits alone, whatever was typed.
    """

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Two phrases, in either order, with at most `distance` words between them."""

    left: Phrase
    right: Phrase
    distance: int


@dataclass(frozen=True, slots=True)
class Field:
    """A provision or its document has this value of a field; several `values` are alternatives."""

    name: FieldName
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """The document's date lies in ``[low, high)``; an empty string is an open end."""

    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """Every part matches."""

    parts: tuple[Node, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Or:
    """Some part matches."""

    parts: tuple[Node, ...] = field(default=())


Node: TypeAlias = Everything | Phrase | Near | Field | Dated | Not | And | Or


def join(parts: list[Node]) -> Node:
    """Return the tree that holds where every part holds, without nested `And` or `Everything`."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, And):
            flat.extend(part.parts)
        elif not isinstance(part, Everything):
            flat.append(part)
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def is_text(node: Node) -> bool:
    """Tell whether a full-text engine can answer the node alone."""
    if isinstance(node, Phrase | Near):
        return True
    return isinstance(node, And | Or) and all(is_text(part) for part in node.parts)


def wanted(node: Node) -> list[Phrase]:
    """Return the phrases that make a provision a hit, those under `Not` left out."""
    if isinstance(node, Phrase):
        return [node]
    if isinstance(node, Near):
        return [node.left, node.right]
    if isinstance(node, And | Or):
        return [phrase for part in node.parts for phrase in wanted(part)]
    return []
