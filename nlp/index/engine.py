"""What both engines do alike, in SQL that both understand; each engine adds its full text and its connection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from types import TracebackType
from typing import Any, Self

from nlp.errors import UsageError
from nlp.index import corrections as corrected
from nlp.index import doubting, recutting, relabelling, reviewing, rows
from nlp.index.condition import Sql, condition, plan
from nlp.index.cutting import Cut
from nlp.index.fast import Found
from nlp.index.ledger import LedgerEntry, stored
from nlp.index.query import parse
from nlp.index.recutting import Classify
from nlp.index.results import NO_FILTERS, DocumentInfo, Filters, Outline, SearchResult
from nlp.index.reviewing import insert
from nlp.index.searching import Searcher
from nlp.index.tree import Everything, Node, join
from nlp.records import Clause, Document, Provision, Word
from nlp.taxonomy import codebook

CHUNK = 500
_BETWEEN = "\x1f"
Row = Mapping[str, Any]

_LABELS = """
WITH RECURSIVE found (name) AS (
    SELECT min(name) FROM labels
    UNION ALL SELECT (SELECT min(l.name) FROM labels l WHERE l.name > found.name) FROM found WHERE found.name IS NOT NULL
)
SELECT name FROM found WHERE name IS NOT NULL
"""
"""Each label once, by leaps through the index on names: quick however many provisions there are."""


class Engine(ABC):
    """An index over a database that speaks SQL; `run` and its kin are what an engine supplies."""

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

    def save(
        self,
        entry: LedgerEntry,
        document: Document | None,
        provisions: Sequence[Provision],
        classify: Classify | None = None,
    ) -> None:
        """Keep what one path gave, in one transaction, in place of whatever that path gave before."""
        with self.writing():
            self.run("DELETE FROM ledger WHERE path = ?", (stored(entry.path),))
            self.many(insert("ledger", rows.LEDGER), [rows.ledger_row(entry)])
            if document is None:
                return
            document = reviewing.with_told(self, document)
            key = self._next("documents")
            self.many(insert("documents", rows.DOCUMENT), [rows.document_row(key, entry.path, document)])
            provisions = recutting.recut(self, document, provisions, classify)
            known = self.run("SELECT * FROM corrections WHERE document_id = ?", (document.id,))
            changed = corrected.apply(provisions, known)
            reviewing.keep_verdicts(self, document.id, provisions, changed)
            self.insert_provisions(key, changed)

    def insert_provisions(self, document: int, provisions: Sequence[Provision], places: Sequence[int] = ()) -> None:
        """Add provisions of a document in order of place; `places` are their positions where others stand between them."""
        first = self._next("provisions")
        ordered = sorted(provisions, key=lambda provision: provision.clause.start)
        positions = places or range(len(ordered))
        self.add([rows.provision_row(first + at, document, positions[at], provision) for at, provision in enumerate(ordered)])
        self.many(
            insert("labels", ("provision", "position", "name", "score")),
            [
                (first + at, place, label.name, label.score)
                for at, provision in enumerate(ordered)
                for place, label in enumerate(provision.labels)
            ],
        )
        self.many(
            insert("conditions", ("type", "provision")),
            [
                (kind, first + at)
                for at, provision in enumerate(ordered)
                for kind in sorted({condition.type for condition in provision.conditions})
            ],
        )

    def add(self, values: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows of provisions."""
        self.many(insert("provisions", rows.PROVISION), values)

    def _next(self, table: str) -> int:
        return int(self.run(f"SELECT coalesce(max(key), 0) + 1 AS key FROM {table}")[0]["key"])

    def clauses(self, path: str) -> list[Clause]:
        """Return the clauses of the document at a path, in order."""
        return relabelling.clauses(self, path)

    def relabel(self, entry: LedgerEntry, versions: str, provisions: Sequence[Provision]) -> bool:
        """Put provisions in place of those of a path; return False where the path was saved anew since `entry`."""
        with self.writing():
            return relabelling.relabel(self, entry, versions, provisions)

    def move(self, entry: LedgerEntry, path: str) -> bool:
        """Take what a path gave over to another path; return False where it was saved anew since `entry`."""
        with self.writing():
            return relabelling.move(self, entry, path)

    def forget(self, path: str) -> None:
        """Drop a path from the ledger with its document and provisions; corrections stay."""
        with self.writing():
            self.run("DELETE FROM ledger WHERE path = ?", (stored(path),))

    def ledger(self) -> Iterator[LedgerEntry]:
        """Yield what became of each path, by path."""
        for row in self.run(f"SELECT {rows.columns(rows.LEDGER)} FROM ledger ORDER BY path"):
            yield LedgerEntry(**row)

    def documents(self) -> Iterator[DocumentInfo]:
        """Yield the documents, by path."""
        for row in self.run(f"SELECT {rows.columns(rows.INFO)} FROM documents ORDER BY path"):
            yield rows.info(row)

    def _one(self, column: str, document_id: str) -> Any:
        found = self.run(f"SELECT {column} FROM documents WHERE id = ? ORDER BY path LIMIT 1", (document_id,))
        if not found:
            raise UsageError(f"there is no document {document_id!r} in the index")
        return found[0][column]

    def text(self, document_id: str) -> str:
        """Return the text of a document; raise `UsageError` if it is not in the index."""
        return str(self._one("text", document_id))

    def pages(self, document_id: str) -> list[dict[str, Any]]:
        """Return what is known of each page of a document."""
        return list(rows.loads(self._one("pages", document_id)))

    def labels(self) -> frozenset[str]:
        """Return the codebook's labels and any other that provisions carry."""
        return frozenset(codebook().names) | {str(row["name"]) for row in self.run(_LABELS)}

    def node(self, query: str, filters: Filters) -> Node:
        """Return the tree of a query and its filters together."""
        asks = bool(filters.label) or "label:" in query.lower()
        labels = self.labels() if asks else frozenset()
        return join([parse(query, labels=labels), filters.node(labels)])

    def condition(self, node: Node) -> Sql:
        """Return the condition of a tree in this engine's SQL."""
        found = condition(node, self.match)
        return Sql(found.sql.replace("{contains}", self.contains), found.values)

    def search(
        self,
        query: str,
        filters: Filters = NO_FILTERS,
        limit: int = 20,
        offset: int = 0,
        *,
        facets: bool = False,
        fold: bool = False,
    ) -> SearchResult:
        """Find provisions, best first; `fold` joins near-identical ones. Raise `QueryError` if the query cannot be read."""
        if not (0 <= limit <= 100_000 and 0 <= offset <= 10**9):
            raise UsageError(f"limit {limit} and offset {offset}: limit is 0 to 100,000, offset 0 to 1,000,000,000")
        node = self.node(query, filters)
        found = None if fold else self.quick(node, limit, offset, facets=facets)
        if found is not None:
            return Searcher(self).shown(plan(node), found.hits, found.total, found.facets)
        return Searcher(self).search(plan(node), limit, offset, facets=facets, fold=fold)

    def quick(self, node: Node, limit: int, offset: int, *, facets: bool) -> Found | None:
        """Answer from an index derived from this one, if there is one that can."""
        return None

    def provisions(
        self, document_id: str | None = None, *, query: str = "", filters: Filters = NO_FILTERS
    ) -> Iterator[dict[str, Any]]:
        """Yield rows of the command-line contract: all of them, those of one document, or those that a query finds."""
        node = self.node(query, filters)
        if document_id is not None or isinstance(node, Everything):
            where = self.condition(node)
            narrowed, values = (" WHERE id = ?", (document_id,)) if document_id is not None else ("", ())
            for found in self.run(f"SELECT key FROM documents{narrowed} ORDER BY path", values):
                for _, row in self.contract(f"p.document = ? AND ({where.sql})", (found["key"], *where.values)):
                    yield row
            return
        keys = self._keys(node)
        for at in range(0, len(keys), CHUNK):
            some = keys[at : at + CHUNK]
            for _, row in self.contract(f"p.key IN ({', '.join('?' * len(some))})", some):
                yield row

    def _keys(self, node: Node) -> list[int]:
        """Return the keys of the provisions a tree finds, in order of path and place."""
        where = self.condition(node)
        sql = (
            f"SELECT p.key FROM provisions p JOIN documents d ON d.key = p.document WHERE {where.sql} ORDER BY d.path, p.position"
        )
        return [int(row["key"]) for row in self.run(sql, where.values)]

    def document(self, document_id: str) -> DocumentInfo:
        """Return a document without its text; raise `UsageError` if it is not in the index."""
        found = self.run(f"SELECT {rows.columns(rows.INFO)} FROM documents WHERE id = ? ORDER BY path LIMIT 1", (document_id,))
        if not found:
            raise UsageError(f"there is no document {document_id!r} in the index")
        return rows.info(found[0])

    def outlines(self, *, query: str = "", filters: Filters = NO_FILTERS) -> Iterator[Outline]:
        """Yield provisions in short, all of them or those that a query finds."""
        where = self.condition(self.node(query, filters))
        found = self.run(
            "SELECT p.key, p.id, p.pages, p.number, p.stance, p.modality, d.path, d.source, l.name FROM provisions p"
            " JOIN documents d ON d.key = p.document LEFT JOIN labels l ON l.provision = p.key"
            f" WHERE {where.sql} ORDER BY d.path, p.position, l.position",
            where.values,
        )
        for _, group in groupby(found, key=lambda row: row["key"]):
            members = list(group)
            row, pages = members[0], rows.loads(members[0]["pages"])
            yield Outline(
                row["path"],
                row["source"],
                row["id"],
                pages[0] if pages else None,
                row["number"],
                tuple(member["name"] for member in members if member["name"] is not None),
                row["stance"],
                row["modality"],
            )

    def tallies(self) -> dict[str, dict[tuple[str, ...], int]]:
        """Return, for each path, how many provisions have each set of labels, those without labels left out."""
        found: dict[str, dict[tuple[str, ...], int]] = {}
        sets = (
            f"SELECT p.document, {self.gathers}(l.name, ?) AS names FROM provisions p JOIN labels l ON l.provision = p.key"
            " GROUP BY p.document, p.key"
        )
        for row in self.run(
            f"SELECT d.path, s.names, count(*) AS number FROM ({sets}) s JOIN documents d ON d.key = s.document"
            " GROUP BY d.path, s.names",
            (_BETWEEN,),
        ):
            counts = found.setdefault(row["path"], {})
            names = tuple(sorted(row["names"].split(_BETWEEN)))
            counts[names] = counts.get(names, 0) + int(row["number"])
        return found

    def waiting(self) -> int:
        """Count the provisions that the model left to a person and nobody has decided."""
        return doubting.waiting(self)

    def unsure(self, most: int) -> list[dict[str, Any]]:
        """Return contract rows of at most so many of the provisions that are waiting, the least certain first."""
        return doubting.unsure(self, most)

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

    def corrections(self) -> Iterator[dict[str, Any]]:
        """Yield the corrections, in order of ids."""
        return reviewing.standing(self)

    def correct(self, corrections: Iterable[Mapping[str, Any]]) -> int:
        """Keep corrections, apply them to the provisions in the index and return how many provisions they changed."""
        found = [corrected.checked(correction) for correction in corrections]
        with self.writing():
            return sum(reviewing.decide(self, correction) for correction in found)

    def undo(self, document_id: str, clause_id: str) -> bool:
        """Take back the last correction of a clause; return False where there is none."""
        with self.writing():
            return reviewing.undo(self, document_id, clause_id)

    def history(self, document_id: str, clause_id: str) -> Iterator[dict[str, Any]]:
        """Yield the corrections of a clause that stand, the oldest first, each with the time it was made."""
        return reviewing.history(self, document_id, clause_id)

    def cuts(self, document_id: str) -> list[Cut]:
        """Return the cuts of a document that stand, in the order they were made."""
        return recutting.cuts(self, document_id)

    def split(
        self, document_id: str, clause_id: str, at: int, classify: Classify, *, reviewer: str = "", words: Sequence[Word] = ()
    ) -> tuple[str, ...]:
        """Split a clause in two at a word of its text, and return the ids of the pieces."""
        with self.writing():
            return recutting.cut(self, (document_id, clause_id), at, reviewer, classify, words)

    def join(
        self, document_id: str, clause_id: str, classify: Classify, *, reviewer: str = "", words: Sequence[Word] = ()
    ) -> tuple[str, ...]:
        """Join a clause to the one before, and return the id of the whole."""
        with self.writing():
            return recutting.cut(self, (document_id, clause_id), None, reviewer, classify, words)

    def uncut(self, document_id: str, number: int, classify: Classify, *, words: Sequence[Word] = ()) -> tuple[str, ...] | None:
        """Take back a cut, and return the ids of the clauses that came back; None where there is no such cut."""
        with self.writing():
            return recutting.undo(self, document_id, number, classify, words)

    def tell(self, document_id: str, facts: Mapping[str, str | None]) -> None:
        """Keep a person's word on a document's title, kind, jurisdiction, agency and date, also when it is read anew."""
        with self.writing():
            reviewing.tell(self, document_id, facts)
