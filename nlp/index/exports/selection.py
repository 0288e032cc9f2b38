"""What an export writes: rows, their documents and the documents' texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nlp.index.results import DocumentInfo


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be written: contract rows in order, how many there are, and the documents they come from.

    `documents` maps a row's ``document`` to what is known of it; `text` gives a document's text by its id.
    """

    rows: Iterator[dict[str, Any]]
    total: int
    documents: Mapping[str, DocumentInfo]
    text: Callable[[str], str]
