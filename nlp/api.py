"""The face of clausedex for programs: read a file, classify its clauses, open an index; it must not know how any of it is done.

    import nlp

    ordinance = nlp.read("ordinance.pdf")
    for provision in nlp.classify(ordinance):
        print(provision.clause.pages, provision.stance, [label.name for label in provision.labels])

    with nlp.Index.open("law.db") as index:
        for hit in index.search("48 hours", label="detainer-compliance").hits:
            print(hit.document.path, hit.page, hit.snippet.text)

The records are those of `nlp.records`; every error is a `nlp.errors.ClausedexError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from nlp.classify import classify as classify
from nlp.records import Clause, Document, Provision

if TYPE_CHECKING:
    from pandas import DataFrame

    from nlp.batch import Summary
    from nlp.index import DocumentInfo, Filters, Matrix, SearchResult, Store

Names = str | Sequence[str]
"""One value or several alternatives."""


@dataclass(frozen=True, eq=False, repr=False)
class Read:
    """A file that was read: its document with pages, words and boxes, and the clauses it is divided into."""

    document: Document
    clauses: tuple[Clause, ...]

    def __repr__(self) -> str:
        return f"<Read {self.document.source}: {len(self.document.pages)} pages, {len(self.clauses)} clauses>"

    @property
    def text(self) -> str:
        """Return clean text: no running heads, page numbers or line numbers; pages are parted by form feeds."""
        from nlp.extract import text

        return text(self.document)

    @cached_property
    def provisions(self) -> tuple[Provision, ...]:
        """Return the clauses as the shipped model classifies them."""
        return tuple(classify(self))


def read(path: str | PathLike[str], *, password: str | None = None) -> Read:
    """Read a PDF, scan, DOCX, HTML, XML, RTF or text file, in a process of its own.

    Raises `nlp.errors.ReadError` where the file gives no document; pages that failed are `Document.problems`.
    """
    from nlp.extract import read as read_document
    from nlp.segment import facts, segment

    document = read_document(Path(path), password=password)
    segmentation = segment(document)
    return Read(facts(document, segmentation), segmentation.clauses)


class Index:
    """An index of provisions, in a SQLite file or a PostgreSQL database; use it with ``with``, or close it.

    ``Index("law.db")`` is `Index.open`.
    """

    def __init__(self, db: str | PathLike[str], *, create: bool = False) -> None:
        from nlp.index import open_store

        self.db = str(db)
        self.store: Store = open_store(self.db, create=create)

    @classmethod
    def open(cls, db: str | PathLike[str], *, create: bool = False) -> Index:
        """Open the index at a path or ``postgresql://`` address; raises `nlp.errors.StoreError` if there is none.

        `create` makes it instead.
        """
        return cls(db, create=create)

    def add(self, *paths: str | PathLike[str], jobs: int = 1) -> Summary:
        """Read files, folders or patterns into the index, as ``clausedex index`` does: what is unchanged is skipped.

        A file that cannot be read costs only itself: `Summary.codes` counts those by reason, and the ledger names them. Raises
        `nlp.errors.NoInputError` where there is nothing to read.
        """
        from nlp.batch import Options, run

        return run([str(path) for path in paths], self.db, Options(jobs=jobs))

    def search(
        self, query: str = "", *, limit: int = 20, offset: int = 0, facets: bool = False, fold: bool = False, **filters: Names
    ) -> SearchResult:
        """Find provisions, best first.

        `filters` are ``label``, ``stance``, ``modality``, ``jurisdiction`` and ``kind``, each one value or several. `facets`
        counts the values of each over all hits, `fold` joins near-identical clauses into one hit. Raises
        `nlp.errors.QueryError` where the query cannot be read and `nlp.errors.UsageError` for a value that cannot be.
        """
        return self.store.search(query, _filters(filters), limit, offset, facets=facets, fold=fold)

    def provisions(self, query: str = "", **filters: Names) -> Iterator[dict[str, Any]]:
        """Yield the provisions that a search finds, or all, as rows of the JSON contract, by document and place."""
        return self.store.provisions(query=query, filters=_filters(filters))

    def frame(self, query: str = "", **filters: Names) -> DataFrame:
        """Return the same provisions as a pandas frame, one row a provision: document facts, labels, stance, page, text."""
        import pandas as pd

        columns = (
            "jurisdiction", "kind", "date", "document", "page", "number", "labels", "stance", "modality", "text", "model",
            "reviewed", "id",
        )  # fmt: skip
        known = {info.id: info for info in self.store.documents()}
        rows = []
        for row in self.provisions(query, **filters):
            info = known[row["document_id"]]
            facts = {"jurisdiction": info.jurisdiction, "kind": info.kind, "date": info.date}
            names = [label["name"] for label in row["labels"]]
            rows.append({**row, **facts, "page": min(row["pages"], default=None), "labels": names})
        return pd.DataFrame(rows, columns=list(columns))

    def documents(self) -> Iterator[DocumentInfo]:
        """Yield the documents of the index without their text, by path."""
        return self.store.documents()

    def compare(self, *, columns: str = "labels", **filters: Names) -> Matrix:
        """Return jurisdictions by labels: each cell restricts, requires or permits, both, is silent, or was not read.

        `columns` may also be ``topics`` or the name of an outside scheme, as for ``clausedex compare``. Raises
        `nlp.errors.UsageError` for any other.
        """
        from nlp.index import compare

        return compare(self.store, columns=columns, filters=_filters(filters))

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _filters(given: dict[str, Names]) -> Filters:
    from nlp.errors import UsageError
    from nlp.index import Filters

    known = ("label", "stance", "modality", "jurisdiction", "kind")
    for name in given:
        if name not in known:
            raise UsageError(f"no filter {name!r}; one of {', '.join(known)}")
    return Filters(**{name: (value,) if isinstance(value, str) else tuple(value) for name, value in given.items()})
