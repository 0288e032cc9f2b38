"""Writes provisions as JSONL, CSV and Parquet."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO

from nlp.index.exports.selection import Selection
from nlp.index.rows import CONTRACT

FACTS = ("title", "kind", "jurisdiction", "state", "agency", "date")
CSV_COLUMNS = (
    "document", "document_id", "document_title", "document_kind", "document_jurisdiction", "document_state", "document_agency",
    "document_date", "id", "number", "heading", "lead_in", "text", "pages", "labels", "scores", "stance", "modality",
    "conditions", "exception_to", "actor", "abstained", "reviewed", "model", "kind", "struck", "start", "end",
)  # fmt: skip
_FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")
GROUP = 10_000
"""Rows written to Parquet at once: what is held in memory."""


def write_lines(rows: Iterable[Mapping[str, Any]], stream: BinaryIO) -> None:
    """Write one JSON object a line."""
    stream.writelines(json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n" for row in rows)


def write_jsonl(selection: Selection, stream: BinaryIO) -> None:
    """Write the rows of the command-line contract, one a line; `nlp.index.row_schema` is their JSON Schema."""
    write_lines(selection.rows, stream)


def neutral(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: one that starts like a formula gets an apostrophe in front."""
    if isinstance(value, str) and (value[:1] in _FORMULA or value.lstrip()[:1] in _FORMULA):
        return f"'{value}"
    return value


def plain(cell: str) -> str:
    """Return what a cell held before `neutral` made it safe."""
    return cell[1:] if cell[:1] == "'" and neutral(cell[1:]) == cell else cell


def write_csv(selection: Selection, stream: BinaryIO) -> None:
    """Write a table for spreadsheets: UTF-8, lists joined by semicolons, headings by `` > ``, no cell a formula."""
    writer = csv.writer(codecs.getwriter("utf-8")(stream), lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for row in _with_facts(selection):
        flat = row | {
            "heading": " > ".join(row["heading"]),
            "pages": ";".join(map(str, row["pages"])),
            "labels": ";".join(label["name"] for label in row["labels"]),
            "scores": ";".join(f"{label['score']:.4f}" for label in row["labels"]),
            "conditions": ";".join(f"{condition['type']}: {condition['text']}" for condition in row["conditions"]),
        }
        writer.writerow([neutral(_cell(flat[name])) for name in CSV_COLUMNS])


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return "" if value is None else value


def _with_facts(selection: Selection) -> Iterator[dict[str, Any]]:
    for row in selection.rows:
        document = selection.documents[row["document"]]
        yield row | {f"document_{name}": getattr(document, name) for name in FACTS}


def write_parquet(selection: Selection, stream: BinaryIO) -> None:
    """Write a Parquet table: the contract's rows with nested lists, and the document's facts in columns of their own."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _parquet_schema(pa)
    rows = _with_facts(selection)
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        while group := list(islice(rows, GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def _parquet_schema(pa: Any) -> Any:
    text, integer, real, flag = pa.string(), pa.int64(), pa.float64(), pa.bool_()
    span = [("text", text), ("start", integer), ("end", integer)]
    label = pa.list_(pa.struct([("name", text), ("score", real)]))
    lists = {
        "heading": pa.list_(text),
        "pages": pa.list_(integer),
        "boxes": pa.list_(pa.struct([("page", integer), *((side, real) for side in ("x0", "top", "x1", "bottom"))])),
        "added": pa.list_(text),
        "labels": label,
        "guesses": label,
        "conditions": pa.list_(pa.struct([("type", text), *span])),
        "cues": pa.list_(pa.struct([*span, ("role", text), ("label", text)])),
    }
    plain = {"start": integer, "end": integer, "abstained": flag, "reviewed": flag}

    names = (*CONTRACT, *(f"document_{name}" for name in FACTS))
    return pa.schema([(name, lists.get(name) or plain.get(name) or text) for name in names])
