"""The tables of an index behind an engine's SQL: rows in and rows out; knows nothing of what is asked of them or why."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from nlp.errors import UsageError
from nlp.index import rows
from nlp.index.condition import Sql, condition
from nlp.index.tree import Node
from nlp.records import Provision

_CHUNK = 500
"""Keys in one statement: engines bound the number of values."""

Row = Mapping[str, Any]


class Database(ABC):
    """A database that speaks SQL; `run` and its kin are what an engine supplies, the rest is SQL that all engines understand."""

    contains: str
    """The SQL function that gives the place of a string in another, 0 if it is not there."""

    gathers: str
    """The aggregate that joins strings with another between them."""

    @abstractmethod
    def run(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run a statement and return its rows."""

    @abstractmethod
    def many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each sequence of values."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """Run the block in one transaction that no other writer interrupts."""

    @abstractmethod
    def match(self, node: Node) -> Sql:
        """Return the condition that a provision's text matches a tree of text."""

    @abstractmethod
    def ranked(self, node: Node) -> tuple[Sql, Sql, str]:
        """Return where provisions that match a tree of text come from, the condition, and the expression of their score."""

    @abstractmethod
    def scored(self, node: Node) -> tuple[Sql, str]:
        """Return a source of provisions that scores those that match a tree of text and keeps the rest, and the score."""

    @abstractmethod
    def marked(self, node: Node, texts: Mapping[int, str]) -> Mapping[int, str]:
        """Return an excerpt of the text of each provision, by key, with each hit between STX and ETX characters."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def revision(self) -> str:
        """Return what changes with every change of the index."""
        row = self.run("SELECT identity, number FROM revision")[0]
        return f"{row['identity']} {row['number']}"

    def next_key(self, table: str) -> int:
        """Return the key that the next row of a table takes."""
        return int(self.run(f"SELECT coalesce(max(key), 0) + 1 AS key FROM {table}")[0]["key"])

    def add(self, values: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows of provisions."""
        self.many(rows.insert("provisions", rows.PROVISION), values)

    def insert_provisions(self, document: int, provisions: Sequence[Provision], places: Sequence[int] = ()) -> None:
        """Add provisions of a document in order of place; `places` are their positions where others stand between them."""
        first = self.next_key("provisions")
        ordered = sorted(provisions, key=lambda provision: provision.clause.start)
        positions = places or range(len(ordered))
        self.add([rows.provision_row(first + at, document, positions[at], provision) for at, provision in enumerate(ordered)])
        self.many(
            rows.insert("labels", ("provision", "position", "name", "score")),
            [
                (first + at, place, label.name, label.score)
                for at, provision in enumerate(ordered)
                for place, label in enumerate(provision.labels)
            ],
        )
        self.many(
            rows.insert("conditions", ("type", "provision")),
            [
                (kind, first + at)
                for at, provision in enumerate(ordered)
                for kind in sorted({condition.type for condition in provision.conditions})
            ],
        )

    def text(self, document_id: str) -> str:
        """Return the text of a document; raise `UsageError` if it is not in the index."""
        return str(self._one("text", document_id))

    def pages(self, document_id: str) -> list[dict[str, Any]]:
        """Return what is known of each page of a document; raise `UsageError` if it is not in the index."""
        return list(rows.loads(self._one("pages", document_id)))

    def _one(self, column: str, document_id: str) -> Any:
        found = self.run(f"SELECT {column} FROM documents WHERE id = ? ORDER BY path LIMIT 1", (document_id,))
        if not found:
            raise UsageError(f"there is no document {document_id!r} in the index")
        return found[0][column]

    def condition(self, node: Node) -> Sql:
        """Return the condition of a tree in this engine's SQL."""
        found = condition(node, self.match)
        return Sql(found.sql.replace("{contains}", self.contains), found.values)

    def contract(self, where: str, values: Sequence[Any]) -> list[tuple[int, dict[str, Any]]]:
        """Return the key and the contract row of the provisions that a condition over ``p`` holds for, in order of place."""
        labels: dict[int, list[tuple[str, float]]] = defaultdict(list)
        from_where = f"FROM provisions p JOIN documents d ON d.key = p.document WHERE {where}"
        for row in self.run(
            f"SELECT l.provision, l.name, l.score FROM labels l WHERE l.provision IN (SELECT p.key {from_where})"
            " ORDER BY l.provision, l.position",
            values,
        ):
            labels[row["provision"]].append((row["name"], row["score"]))
        found = self.run(
            f"SELECT {rows.columns(rows.PROVISION, 'p.')}, d.source AS source, d.id AS document_id {from_where}"
            " ORDER BY d.path, p.position",
            values,
        )
        return [(row["key"], rows.contract_row(row, row["source"], row["document_id"], labels[row["key"]])) for row in found]

    def contracts(self, keys: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the key and the contract row of provisions, some hundred at a time, each hundred in order of place."""
        for some in portions(keys):
            yield from self.contract(f"p.key IN ({', '.join('?' * len(some))})", some)


def portions(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut keys into portions that one statement takes."""
    for at in range(0, len(keys), _CHUNK):
        yield keys[at : at + _CHUNK]
