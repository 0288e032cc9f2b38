"""Writes a tree of text in the query language of SQLite's FTS5; lets nothing in but letters and digits."""

from __future__ import annotations

from nlp.index.tree import And, Near, Node, Or, Phrase


def expression(node: Node) -> str:
    """Return the FTS5 expression of a tree of phrases, `Near`, `And` and `Or`."""
    if isinstance(node, Phrase):
        return f'"{" ".join(node.words)}"{" *" if node.prefix else ""}'
    if isinstance(node, Near):
        return f"NEAR({expression(node.left)} {expression(node.right)}, {node.distance})"
    if isinstance(node, And | Or):
        word = " AND " if isinstance(node, And) else " OR "
        return f"({word.join(expression(part) for part in node.parts)})"
    raise AssertionError(f"no full-text expression for {node!r}")
