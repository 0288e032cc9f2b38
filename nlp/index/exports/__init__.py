"""Writes the provisions of an index to files that other programs read, and reads reviewers' corrections back in."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from nlp.errors import UsageError
from nlp.index.exports import annotation, docbin, label_studio, sheets, tables
from nlp.index.exports.reading import Imported, check_labels, import_corrections, known_labels
from nlp.index.exports.selection import Selection
from nlp.index.parting import parted
from nlp.index.results import NO_FILTERS, Filters
from nlp.index.store import Store

__all__ = [
    "FORMATS",
    "Imported",
    "check_labels",
    "export",
    "export_corrections",
    "import_corrections",
    "known_labels",
    "labelling_interface",
]


Writer = Callable[[Selection, BinaryIO], None]

FORMATS: dict[str, Writer] = {
    "jsonl": tables.write_jsonl,
    "csv": tables.write_csv,
    "parquet": tables.write_parquet,
    "label-studio": label_studio.write,
    "spacy": docbin.write,
    "w3c": annotation.write,
}
"""The writer of each format."""


def export(store: Store, to: str, out: str | Path | BinaryIO, *, query: str = "", filters: Filters = NO_FILTERS) -> int:
    """Write provisions in a format of `FORMATS` and return how many; all of them, or those that a query finds.

    Rows come by path and place, so that the same index gives the same bytes. A file appears when it is whole: a failed export
    leaves what stood there. Raises `UsageError` for an unknown format or a place that cannot be written.
    """
    if to not in FORMATS:
        raise UsageError(f"there is no export format {to!r}; one of {', '.join(FORMATS)}")
    total = store.search(query, filters, limit=0).clauses
    documents = {document.source: document for document in store.documents()}
    selection = Selection(store.provisions(query=query, filters=filters), total, documents, store.text)
    if isinstance(out, str | Path):
        _replace(Path(out), lambda stream: FORMATS[to](selection, stream))
    else:
        FORMATS[to](selection, out)
    return total


def labelling_interface(store: Store) -> str:
    """Return the labelling interface of Label Studio for the tasks of an index, XML to paste into a project's settings."""
    return label_studio.config({label for outline in store.outlines() for label in outline.labels})


def export_corrections(store: Store, out: str | Path) -> int:
    """Write the corrections kept in an index, which `import_corrections` reads, and return how many.

    Those of clauses that were split or merged since are left out; `nlp.index.parted` counts them. A name that ends in
    ``.csv`` gets a sheet, any other JSONL.
    """
    found, path = parted(store)[0], Path(out)
    write = sheets.write if path.suffix.lower() == ".csv" else tables.write_lines
    _replace(path, functools.partial(write, found))
    return len(found)


def _replace(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file beside its place and move it there."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)
