"""Draws and keeps pictures of pages; it must not know what is laid over them."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlp.errors import ReadError
from nlp.extract import Limits, Reader
from nlp.index import DocumentInfo
from nlp.records import Word
from nlp.web.pages import digest_of

DPI = 110
_PAGES = 200
KEPT = 48 << 20
"""Bytes of pictures that are kept in memory."""


class Pictures:
    """Pictures of the pages of documents in one index; one is drawn at a time, in a worker that untrusted files cannot leave."""

    def __init__(self, db: str) -> None:
        self._beside = Path(db).parent if "://" not in db else Path()
        self._reader = Reader(Limits(seconds=20.0, stall_seconds=20.0))
        self._lock = threading.Lock()
        self._lines: OrderedDict[tuple[str, int], list[tuple[str, float, float, float, float]]] = OrderedDict()
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def file_of(self, document: DocumentInfo) -> Path | None:
        """Return the file a document was read from, if it is there and its bytes are the same."""
        for path in (Path(document.path), self._beside / document.path):
            try:
                status = path.stat()
                if path.is_file() and _digest(path, status.st_mtime_ns, status.st_size) == digest_of(document.id):
                    return path
            except (OSError, ValueError):
                continue
        return None

    def picture(self, document: DocumentInfo, page: int, turn: int) -> bytes:
        """Return a page as PNG; raise `ReadError` where its file is gone or cannot be drawn."""
        key = (document.id, page)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            path = self.file_of(document)
            if path is None:
                raise ReadError("not_found", "the file is no longer where it was read, or has changed since")
            drawn = self._reader.render(path, page, DPI, turn=turn)
            self._kept[key] = drawn
            while sum(map(len, self._kept.values())) > KEPT:
                self._kept.popitem(last=False)
            return drawn

    def lines(self, document: DocumentInfo, page: int, pages: int) -> list[tuple[str, float, float, float, float]]:
        """Return the lines of a page with their boxes, read anew; raise `ReadError` where its file is gone or cannot be read."""
        key = (document.id, page)
        with self._lock:
            if key not in self._lines:
                path = self.file_of(document)
                if path is None:
                    raise ReadError("not_found", "the file is no longer where it was read, or has changed since")
                read = self._reader.read(path, skip=frozenset(range(1, pages + 1)) - {page})
                self._lines[key] = [
                    (read.text[line.start : line.end], line.box.x0, line.box.top, line.box.x1, line.box.bottom)
                    for sheet in read.pages
                    if sheet.number == page
                    for line in sheet.lines
                    if line.box is not None
                ]
                if len(self._lines) > _PAGES:
                    self._lines.popitem(last=False)
            return self._lines[key]

    def words(self, document: DocumentInfo, pages: Collection[int], sheets: Sequence[Mapping[str, Any]], text: str) -> list[Word]:
        """Return the words of some pages, read anew, with offsets in `text`; none of a page that reads otherwise by now.

        `sheets` say where each page's text starts and ends.
        """
        with self._lock:
            path = self.file_of(document)
            if path is None:
                return []
            try:
                read = self._reader.read(path, skip=frozenset(range(1, len(sheets) + 1)) - set(pages))
            except ReadError:
                return []
        spans = {sheet["number"]: (sheet["start"], sheet["end"]) for sheet in sheets if sheet["number"] in pages}
        found: list[Word] = []
        for page in read.pages:
            start, end = spans.get(page.number, (0, 0))
            if start < end and read.text[page.start : page.end].rstrip() == text[start:end].rstrip():
                by = start - page.start
                found += [replace(word, start=word.start + by, end=word.end + by) for line in page.lines for word in line.words]
        return found

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._reader.close()


@lru_cache(maxsize=2000)
def _digest(path: Path, _mtime_ns: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
