"""Read the formats that have no fixed pages; it must not know of processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nlp.errors import ReadError
from nlp.extract import quality
from nlp.extract.draft import Event, Opened, Row, Sheet, Started
from nlp.extract.limits import Limits
from nlp.extract.told import title_of
from nlp.records import Format, Method


def read_flow(path: Path, found: Format, limits: Limits) -> Iterator[Event]:
    """Read text or markup; plain text has a page for every form feed, the others are one page."""
    method: Method = "text-layer" if found == "text" else "markup"
    title, pages, dates = _rows(path, found, limits)
    yield Opened(found, len(pages), title_of(title), dates)
    for number, rows in enumerate(pages, 1):
        yield Started(number)
        score = quality.measure(word for row in rows for word in row.words)
        yield Sheet(number, method=method, quality=score, reason=f"read as {found}", rows=rows)


def _rows(path: Path, found: Format, limits: Limits) -> tuple[str | None, list[list[Row]], dict[str, str]]:
    if found == "docx":
        from nlp.extract.docx import read_docx

        return *read_docx(path, limits), {}
    data = path.read_bytes()
    if found == "html":
        from nlp.extract.markup import read_html

        return *read_html(data), {}
    if found == "xml":
        from nlp.extract.xml import read_xml

        return read_xml(data)
    from nlp.extract import plaintext

    if found == "rtf":
        from nlp.extract.rtf import read_rtf

        return *read_rtf(data), {}
    if found == "text":
        return None, plaintext.read_text(plaintext.decode(data)), {}
    raise ReadError("not_a_document", f"{path}: no reader for {found}")
