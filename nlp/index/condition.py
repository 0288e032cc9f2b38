"""Turns a query tree into an SQL condition with its values beside it; knows nothing of how queries are typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nlp.index.places import code_of
from nlp.index.tree import And, Dated, Everything, Field, Node, Not, Or, is_text, join

DOCUMENT_FIELDS = frozenset(("kind", "state", "jurisdiction", "document"))
"""Fields that a document has, not a provision."""

Value = str | int | float
Matcher = Callable[[Node], "Sql"]


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL over ``p`` (a provision) with ``?`` for each value."""

    sql: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A query split in two: the text every hit holds, for the full-text engine, and the rest."""

    text: Node | None
    rest: Node


def plan(node: Node) -> Plan:
    """Split off what the full-text engine can answer and rank."""
    parts = list(node.parts) if isinstance(node, And) else [node]
    text = [part for part in parts if is_text(part)]
    return Plan(join(text) if text else None, join([part for part in parts if not is_text(part)]))


def condition(node: Node, match: Matcher) -> Sql:
    """Return the condition of a tree; `match` answers its text parts."""
    if is_text(node):
        return match(node)
    if isinstance(node, Not):
        part = condition(node.part, match)
        return Sql(f"NOT ({part.sql})", part.values)
    if isinstance(node, And | Or):
        parts = [condition(part, match) for part in node.parts]
        word = " AND " if isinstance(node, And) else " OR "
        return Sql(word.join(f"({part.sql})" for part in parts), tuple(value for part in parts for value in part.values))
    if isinstance(node, Dated):
        return _of_document(_dated(node))
    if isinstance(node, Field):
        return _field(node)
    if isinstance(node, Everything):
        return Sql("1 = 1")
    raise AssertionError(f"no condition for {node!r}")


def _dated(node: Dated) -> Sql:
    clauses, values = ["d.date IS NOT NULL"], []
    if node.low:
        clauses.append("d.date >= ?")
        values.append(node.low)
    if node.high:
        clauses.append("d.date < ?")
        values.append(node.high)
    return Sql(" AND ".join(clauses), tuple(values))


def _of_document(inner: Sql) -> Sql:
    return Sql(f"p.document IN (SELECT d.key FROM documents d WHERE {inner.sql})", inner.values)


def _any(sql: str, values: tuple[str, ...]) -> Sql:
    return Sql(sql.replace("ANY", f"({', '.join('?' * len(values))})"), values)


def _alternatives(parts: list[Sql]) -> Sql:
    return Sql(" OR ".join(f"({part.sql})" for part in parts), tuple(value for part in parts for value in part.values))


def _field(node: Field) -> Sql:
    name, values = node.name, node.values
    if name == "label":
        return _any("p.key IN (SELECT l.provision FROM labels l WHERE l.name IN ANY)", values)
    if name == "has":
        return _any("p.key IN (SELECT c.provision FROM conditions c WHERE c.type IN ANY)", values)
    if name in ("stance", "modality", "id"):
        return _any(f"p.{name} IN ANY", values)
    if name in ("reviewed", "abstained"):
        return Sql(f"p.{name} = {int(values[0])}")
    if name == "number":
        return _alternatives([_number(value) for value in values])
    if name in ("kind", "state"):
        return _of_document(_any(f"d.{name} IN ANY", values))
    parts = [_place(value) if name == "jurisdiction" else _document(value) for value in values]
    return _of_document(_alternatives(parts))


def _number(value: str) -> Sql:
    return Sql("p.number = ? OR substr(p.number, 1, ?) = ?", (value, len(value) + 1, f"{value}."))


def _place(value: str) -> Sql:
    code = code_of(value)
    if code is not None:
        return Sql("d.state = ?", (code,))
    return Sql("{contains}(d.search_place, ?) > 0", (value.casefold(),))


def _document(value: str) -> Sql:
    if value.startswith("sha256:"):
        return Sql("substr(d.id, 1, ?) = ?", (len(value), value))
    return Sql("{contains}(d.search_names, ?) > 0", (value.casefold(),))
