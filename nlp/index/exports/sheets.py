"""Reviewers' decisions as a sheet for spreadsheets, CSV out and in; it must not know how decisions are kept."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from nlp.errors import CorpusError
from nlp.index.exports.tables import neutral, plain

NEEDED = ("document_id", "labels", "modality")
IDS = ("id", "clause_id")
"""The column that names the clause; one of them is needed."""

OPTIONAL = ("text", "note", "reviewer", "decided", "model", "old_labels")
COLUMNS = ("document_id", "id", "labels", "modality", "note", "reviewer", "decided", "model", "old_labels", "text")
"""The header that is written."""

_LISTS = ("labels", "old_labels")
_DELIMITERS = ",;\t"


def write(corrections: Iterable[Mapping[str, Any]], stream: BinaryIO) -> None:
    """Write corrections under the header `COLUMNS`: UTF-8, labels joined by semicolons, no cell a formula."""
    writer = csv.writer(codecs.getwriter("utf-8")(stream), lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in corrections:
        flat = {**row, "id": row["clause_id"], **{name: ";".join(row[name]) for name in _LISTS}}
        writer.writerow([neutral(flat[name]) for name in COLUMNS])


def corrections(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place and the correction of each row of a sheet.

    The header names `NEEDED` and one of `IDS`, perhaps some of `OPTIONAL`, in any order; others are passed over, ``stance`` too,
    since it follows from the labels. Labels are joined by semicolons. Cells may be parted by commas, semicolons or tabs.
    Raises `CorpusError`, with file and line, where a sheet is none of that.
    """
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        _check(path, header)
        here = next(name for name in IDS if name in header)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            place = f"line {reader.line_num}"
            if len(cells) != len(header):
                raise CorpusError(f"{path}, {place}: {len(cells)} cells, but the header has {len(header)}")
            row = {name: plain(cell.strip()) for name, cell in zip(header, cells, strict=True)}
            found: dict[str, Any] = {name: row[name] for name in ("document_id", "modality", *OPTIONAL) if name in row}
            lists = {name: [part.strip() for part in row[name].split(";") if part.strip()] for name in _LISTS if name in row}
            yield place, {**found, **lists, "clause_id": row[here]}
    except csv.Error as error:
        raise CorpusError(f"{path}, line {reader.line_num}: no CSV: {error}") from error


def _check(path: Path, header: list[str]) -> None:
    wanted = f"{', '.join(NEEDED)} and {' or '.join(IDS)}"
    missing = [name for name in NEEDED if name not in header]
    if not any(name in header for name in IDS):
        missing.append(IDS[0])
    if missing:
        raise CorpusError(f"{path}, line 1: the header has no column {', '.join(missing)}; it must name {wanted}")
    twice = sorted({name for name in header if name in (*NEEDED, *IDS, *OPTIONAL) and header.count(name) > 1})
    if twice:
        raise CorpusError(f"{path}, line 1: the header names {', '.join(twice)} twice")
