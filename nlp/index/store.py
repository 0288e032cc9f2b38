"""The protocol of an index, whichever engine keeps it, and the way to open one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from nlp.index.columns import Columns
from nlp.index.cutting import Cut
from nlp.index.ledger import LedgerEntry
from nlp.index.recutting import Classify
from nlp.index.results import NO_FILTERS, DocumentInfo, Filters, Outline, SearchResult
from nlp.records import Clause, Document, Provision, Word

POSTGRES = ("postgresql://", "postgres://")


class Store(Protocol):
    """An index: ledger, documents, provisions with full text, and corrections.

    Every method raises `nlp.errors.StoreError` if the engine fails. Order never depends on the order of saving: documents come by
    path, provisions by their place in the document.
    """

    def save(
        self,
        entry: LedgerEntry,
        document: Document | None,
        provisions: Sequence[Provision],
        classify: Classify | None = None,
    ) -> None:
        """Keep what one path gave, in one transaction, in place of whatever that path gave before.

        Corrections of the document's clauses are applied again. `document` is None where reading failed. Where people split or
        joined clauses of it that is done again too and `classify` labels them; without it the clauses stay as they are given.
        """

    def clauses(self, path: str) -> list[Clause]:
        """Return the clauses of the document at a path, in order; none where there is no document."""

    def relabel(self, entry: LedgerEntry, versions: str, provisions: Sequence[Provision]) -> bool:
        """Put provisions in place of those of a path, in one transaction, and write `versions` into its line of the ledger.

        Corrections are applied again. Return False, and do nothing, where the path was saved anew since `entry` was read, or has
        other clauses by now.
        """

    def move(self, entry: LedgerEntry, path: str) -> bool:
        """Take what a path gave over to another path that now holds the same bytes, in one transaction.

        Return False, and do nothing, where the old path was saved anew since `entry` was read.
        """

    def forget(self, path: str) -> None:
        """Drop a path from the ledger with its document and provisions; corrections stay."""

    def ledger(self) -> Iterator[LedgerEntry]:
        """Yield what became of each path, by path."""

    def documents(self) -> Iterator[DocumentInfo]:
        """Yield the documents, by path."""

    def document(self, document_id: str) -> DocumentInfo:
        """Return a document without its text; raise `UsageError` if it is not in the index."""

    def text(self, document_id: str) -> str:
        """Return the text of a document, which offsets of clauses count in; raise `UsageError` if it is not in the index."""

    def pages(self, document_id: str) -> list[dict[str, Any]]:
        """Return number, size, rotation, method, quality, reason, start and end of each page of a document."""

    def labels(self) -> frozenset[str]:
        """Return the codebook's labels and any other that provisions carry."""

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

    def provisions(
        self, document_id: str | None = None, *, query: str = "", filters: Filters = NO_FILTERS
    ) -> Iterator[dict[str, Any]]:
        """Yield rows of the command-line contract: all of them, those of one document, or those that a query finds."""

    def outlines(self, *, query: str = "", filters: Filters = NO_FILTERS) -> Iterator[Outline]:
        """Yield provisions in short, all of them or those that a query finds; quicker than `provisions`."""

    def tallies(self) -> Mapping[str, Mapping[tuple[str, ...], int]]:
        """Return, for each path, how many provisions have each set of labels, those without labels left out."""

    def waiting(self) -> int:
        """Count the provisions that the model left to a person and nobody has decided."""

    def unsure(self, most: int) -> list[dict[str, Any]]:
        """Return contract rows of at most so many of the provisions that are waiting, the least certain first."""

    def corrections(self) -> Iterator[dict[str, Any]]:
        """Yield the corrections, in order of ids.

        Each has document_id, clause_id, text, labels, stance, modality, note, reviewer, decided (when), and the model that had
        labelled the clause with its old_labels.
        """

    def correct(self, corrections: Iterable[Mapping[str, Any]]) -> int:
        """Keep corrections, apply them to the provisions in the index and return how many provisions they changed.

        The later correction of a clause wins. See `nlp.index.corrections` for what files of corrections look like.
        """

    def undo(self, document_id: str, clause_id: str) -> bool:
        """Take back the last correction of a clause: the one before stands again, or what the model said.

        Return False where there is none.
        """

    def history(self, document_id: str, clause_id: str) -> Iterator[dict[str, Any]]:
        """Yield the corrections of a clause that stand, the oldest first, each with the time it was made."""

    def cuts(self, document_id: str) -> list[Cut]:
        """Return the cuts of a document that stand, in the order they were made."""

    def split(
        self, document_id: str, clause_id: str, at: int, classify: Classify, *, reviewer: str = "", words: Sequence[Word] = ()
    ) -> tuple[str, ...]:
        """Split a clause in two before the word that begins at an offset of its text; return the ids of the pieces.

        `classify` labels the pieces; they are boxed by `words`, with offsets in the document's text, or by the whole clause's
        box. Corrections of the clause stay in its history and apply again when the cut is taken back. A split where two clauses
        were joined takes that back, and the other way round. Raises `UsageError` where there is nothing to split.
        """

    def join(
        self, document_id: str, clause_id: str, classify: Classify, *, reviewer: str = "", words: Sequence[Word] = ()
    ) -> tuple[str, ...]:
        """Join a clause to the one before, as `split` does; return the id of the whole."""

    def uncut(self, document_id: str, number: int, classify: Classify, *, words: Sequence[Word] = ()) -> tuple[str, ...] | None:
        """Take back a cut, and return the ids of the clauses that came back; None where there is no such cut."""

    def tell(self, document_id: str, facts: Mapping[str, str | None]) -> None:
        """Keep a person's word on a document's title, kind, jurisdiction, agency and date, also when it is read anew.

        A fact that is left out or empty is not known. Raises `UsageError` for a document that is not in the index or a fact
        that cannot be.
        """

    def revision(self) -> str:
        """Return what changes with every change of the index."""

    def close(self) -> None:
        """Let go of the database."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


def open_store(db: str, *, create: bool = False, read_only: bool = False, columns: Columns | None = None) -> Store:
    """Open an index: a SQLite file by its path, or a PostgreSQL database by its ``postgresql://`` address.

    `create` makes the index if there is none. `columns` make searches of a SQLite index quicker where a process opens it again
    and again: all those stores are given the same ones. Raises `StoreError` if there is no index, if it is another program's
    database or of a newer version, and `MissingComponentError` if the engine's package is not installed.
    """
    if db.startswith(POSTGRES):
        from nlp.index.postgres import PostgresStore

        return PostgresStore(db, create=create, read_only=read_only)
    from nlp.index.sqlite import SqliteStore

    return SqliteStore(db, create=create, read_only=read_only, columns=columns)


def quicken(db: str) -> bool:
    """Build the fast index beside a SQLite index, for searches over hundreds of thousands of provisions.

    Return False, and do nothing, for PostgreSQL. It is used until the index changes; build it again after each batch. Raises
    `MissingComponentError` if its packages are not installed.
    """
    if db.startswith(POSTGRES):
        return False
    from nlp.index import fast
    from nlp.index.sqlite import SqliteStore

    with SqliteStore(db) as store:
        fast.build(store, store.path)
    return True
