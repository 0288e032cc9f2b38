"""The searchable index of provisions: store, query language, comparison and export; knows nothing of reading or models."""

from __future__ import annotations

from nlp.index.agreement import Agreement, agreement
from nlp.index.aligning import Difference, Entry, Piece, difference
from nlp.index.columns import Columns
from nlp.index.comparing import MEANING, By, Cell, Matrix, MatrixRow, compare, not_known, timeline
from nlp.index.conflicts import NOTICE, Conflict, conflicts
from nlp.index.counting import Counted, by_document
from nlp.index.custom import Unusual, fewest, unusual
from nlp.index.cutting import Cut
from nlp.index.drawing import as_csv, as_html, as_map
from nlp.index.exports import (
    Imported,
    check_labels,
    export,
    export_corrections,
    import_corrections,
    known_labels,
    labelling_interface,
)
from nlp.index.exports.tables import neutral
from nlp.index.hinting import hint
from nlp.index.ledger import LedgerEntry, stored
from nlp.index.parting import parted
from nlp.index.places import State, states
from nlp.index.query import FIELDS
from nlp.index.queueing import queue, unsure
from nlp.index.redline import as_redline, heading_of, places_of, slight, summary
from nlp.index.results import DocumentInfo, Filters, Hit, Outline, Place, SearchResult, Snippet
from nlp.index.reviewing import FACTS
from nlp.index.row_schema import row_schema
from nlp.index.similar import Similar, similar
from nlp.index.store import Store, open_store, quicken
from nlp.index.tallying import Tallies, tallied, tallied_years
from nlp.index.teaching import taught

__all__ = [
    "Agreement",
    "By",
    "Cell",
    "Columns",
    "Conflict",
    "Counted",
    "Cut",
    "Difference",
    "DocumentInfo",
    "Entry",
    "FACTS",
    "FIELDS",
    "Filters",
    "Hit",
    "Imported",
    "LedgerEntry",
    "MEANING",
    "Matrix",
    "MatrixRow",
    "NOTICE",
    "Outline",
    "Piece",
    "Place",
    "SearchResult",
    "Similar",
    "Snippet",
    "State",
    "Store",
    "Tallies",
    "Unusual",
    "agreement",
    "as_csv",
    "as_html",
    "as_map",
    "as_redline",
    "by_document",
    "check_labels",
    "compare",
    "conflicts",
    "difference",
    "export",
    "export_corrections",
    "fewest",
    "heading_of",
    "hint",
    "import_corrections",
    "known_labels",
    "labelling_interface",
    "neutral",
    "not_known",
    "open_store",
    "parted",
    "places_of",
    "queue",
    "quicken",
    "row_schema",
    "similar",
    "slight",
    "states",
    "stored",
    "summary",
    "tallied",
    "tallied_years",
    "taught",
    "timeline",
    "unsure",
    "unusual",
]
