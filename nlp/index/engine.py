"""What both engines do alike; each engine adds its full text and its connection. Knows nothing of files or models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from typing import Any

from nlp.errors import UsageError
from nlp.index import corrections as corrected
from nlp.index import doubting, recutting, relabelling, reviewing, rows
from nlp.index.condition import Plan, plan
from nlp.index.cutting import Cut
from nlp.index.database import Database
from nlp.index.fast import Found
from nlp.index.ledger import LedgerEntry, stored
from nlp.index.listing import Listed, Member
from nlp.index.query import parse
from nlp.index.recutting import Classify
from nlp.index.results import NO_FILTERS, DocumentInfo, Filters, Outline, SearchResult
from nlp.index.searching import Searcher
from nlp.index.snippets import mark_each
from nlp.index.tree import Everything, Node, join
from nlp.records import Clause, Document, Provision, Word
from nlp.taxonomy import codebook

_BETWEEN = "\x1f"

_LABELS = """
WITH RECURSIVE found (name) AS (
    SELECT min(name) FROM labels
    UNION ALL SELECT (SELECT min(l.name) FROM labels l WHERE l.name > found.name) FROM found WHERE found.name IS NOT NULL
)
SELECT name FROM found WHERE name IS NOT NULL
"""
"""Each label once, by leaps through the index on names: quick however many provisions there are."""


class Engine(Database):
    """An index over a database: what `nlp.index.store.Store` promises."""

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
            self.many(rows.insert("ledger", rows.LEDGER), [rows.ledger_row(entry)])
            if document is None:
                return
            document = reviewing.with_told(self, document)
            key = self.next_key("documents")
            self.many(rows.insert("documents", rows.DOCUMENT), [rows.document_row(key, entry.path, document)])
            provisions = recutting.recut(self, document, provisions, classify)
            self.insert_provisions(key, reviewing.reapplied(self, document.id, provisions))

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

    def labels(self) -> frozenset[str]:
        """Return the codebook's labels and any other that provisions carry."""
        return frozenset(codebook().names) | {str(row["name"]) for row in self.run(_LABELS)}

    def node(self, query: str, filters: Filters) -> Node:
        """Return the tree of a query and its filters together."""
        asks = bool(filters.label) or "label:" in query.lower()
        labels = self.labels() if asks else frozenset()
        return join([parse(query, labels=labels), filters.node(labels)])

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
        with self.reading():
            node = self.node(query, filters)
            planned, searcher = plan(node), Searcher(self)
            found = None if fold else self.quick(node, limit, offset, facets=facets)
            if found is not None:
                members = tuple(Member(key, key, score) for key, score in found.hits)
                return searcher.result(planned, Listed(members, found.total, found.total, found.facets), mark_each)
            listed = self.listed(planned, limit, offset, facets=facets, fold=fold)
            if listed is None:
                listed = searcher.listed(planned, limit, offset, facets=facets, fold=fold)
            return searcher.result(planned, listed)

    def reading(self) -> AbstractContextManager[None]:
        """Run the block so that all its statements see the index as it was at the first one, if the engine can."""
        return nullcontext()

    def listed(self, plan: Plan, limit: int, offset: int, *, facets: bool, fold: bool) -> Listed | None:
        """List what a search finds from columns in memory, if the engine holds such."""
        return None

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
        for _, row in self.contracts(self._keys(node)):
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
