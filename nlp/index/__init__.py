"""The searchable index of provisions: store, query language, comparison and export; knows nothing of reading or models."""

from __future__ import annotations

from nlp.index.aligning import difference
from nlp.index.comparing import Matrix, compare
from nlp.index.conflicts import conflicts
from nlp.index.custom import unusual
from nlp.index.drawing import as_csv, as_html, as_map
from nlp.index.exports import export, export_corrections, import_corrections
from nlp.index.ledger import LedgerEntry
from nlp.index.results import DocumentInfo, Filters, Hit, Place, SearchResult, Snippet
from nlp.index.row_schema import row_schema
from nlp.index.similar import similar
from nlp.index.store import Store, open_store, quicken

__all__ = [
    "DocumentInfo",
    "Filters",
    "Hit",
    "LedgerEntry",
    "Matrix",
    "Place",
    "SearchResult",
    "Snippet",
    "Store",
    "as_csv",
    "as_html",
    "as_map",
    "compare",
    "conflicts",
    "difference",
    "export",
    "export_corrections",
    "import_corrections",
    "open_store",
    "quicken",
    "row_schema",
    "similar",
    "unusual",
]
