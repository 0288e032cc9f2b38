"""Decide for every page of a PDF how it is read, and read it; it must not know of processes or other formats."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.errors import ReadError
from nlp.extract import layout, ocr, pdf, quality
from nlp.extract.draft import Event, Lost, Opened, Sheet, Started, Token
from nlp.extract.limits import Limits
from nlp.records import Method

DPI = 300
GOOD = 0.93
"""A text layer of this quality is kept without a second look."""


@dataclass(slots=True)
class _Pending:
    """A page handed to OCR, with what its text layer gave."""

    sheet: Sheet
    words: Future[list[list[Token]]]


def read_pdf(path: Path, limits: Limits, password: str | None, skip: frozenset[int]) -> Iterator[Event]:
    """Read a PDF page by page; pages in `skip` are left out."""
    document = pdf.open_pdf(path, password)
    try:
        count = len(document)
        if count == 0:
            raise ReadError("zero_pages", "the file opens but holds no page")
        if count > limits.pages:
            raise ReadError("too_large", f"{count} pages; the limit is {limits.pages}")
        if document.get_formtype():
            document.init_forms()
        yield Opened("pdf", count, _title(document))
        yield from _read_pages(document, count, limits, skip)
    finally:
        document.close()


def _title(document: Any) -> str | None:
    title = " ".join(pdf.clean(document.get_metadata_value("Title")).split())
    return title[:500] or None


def _read_pages(document: Any, count: int, limits: Limits, skip: frozenset[int]) -> Iterator[Event]:
    waiting: deque[_Pending] = deque()
    with ThreadPoolExecutor(max_workers=limits.ocr_threads) as pool:
        for number in range(1, count + 1):
            if number in skip:
                continue
            while waiting and (len(waiting) > limits.ocr_threads or waiting[0].words.done()):
                yield _finish(waiting.popleft())
            yield Started(number)
            try:
                found = _read_page(document, number, limits, pool)
            except ReadError as error:
                yield Lost(number, error.code, str(error))
                continue
            if isinstance(found, _Pending):
                yield Started(number, slow=True)
                waiting.append(found)
            else:
                yield found
        while waiting:
            yield _finish(waiting.popleft())


def _read_page(document: Any, number: int, limits: Limits, pool: ThreadPoolExecutor) -> Sheet | _Pending:
    import pypdfium2

    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise ReadError("unreadable", f"page {number}: PDFium cannot load it: {error}") from error
    try:
        if document.formenv is not None and page.flatten() == pypdfium2.raw.FLATTEN_SUCCESS:
            page.close()
            page = document[number - 1]
        return _choose(page, number, limits, pool)
    finally:
        page.close()


def _choose(page: Any, number: int, limits: Limits, pool: ThreadPoolExecutor) -> Sheet | _Pending:
    layer = pdf.PageText(page)
    runs = [[token._replace(text=word) for token in run if (word := pdf.clean(token.text))] for run in layer.runs]
    words = [token.text for run in layer.runs for token in run]
    score = quality.measure(words)
    sheet = Sheet(
        number,
        round(layer.width, 2),
        round(layer.height, 2),
        layer.rotation,
        "text-layer",
        score,
        f"text layer scores {score:.2f}",
    )
    if score >= GOOD and len(words) >= 60:
        sheet.rows = layout.arrange(runs)
        return sheet
    share = pdf.picture_share(page)
    reason = _doubt(len(words), score, share, pdf.has_ink(page))
    sheet.rows = layout.arrange(runs)
    if reason is None:
        if not words:
            sheet.method, sheet.reason = "none", "the page is blank"
        return sheet
    sheet.reason = reason
    image = pdf.render(page, DPI, limits.page_points)
    dpi = 72 * image.width / max(1.0, page.get_width())
    return _Pending(sheet, pool.submit(ocr.recognise, image, dpi))


def _doubt(words: int, score: float, share: float, ink: bool) -> str | None:
    """Say why a page should be read by OCR, or None where its text layer is enough."""
    if not words:
        return "no text layer" if ink else None
    if share > 0.5 and words < 60:
        return f"only {words} words over a picture of the page"
    if score < 0.6 and words > 20:
        return f"text layer scores {score:.2f}"
    if score < GOOD and share > 0.5:
        return f"OCR layer of the file scores {score:.2f}"
    return None


def _finish(pending: _Pending) -> Event:
    """Keep the better of the text layer and the fresh reading."""
    sheet = pending.sheet
    try:
        runs = pending.words.result()
    except Exception as error:  # noqa: BLE001 - whatever the engine raises, the page keeps what it has
        if sheet.rows:
            sheet.reason += f"; OCR failed: {error}"
            return sheet
        return Lost(sheet.number, "unreadable", f"page {sheet.number}: OCR failed: {error}")
    words = [token.text for run in runs for token in run]
    score = quality.measure(words)
    old = sum(len(row.words) for row in sheet.rows)
    method: Method = "ocr"
    if score * len(words) > sheet.quality * old + 0.005 * len(words):
        sheet.rows = layout.arrange(runs)
        sheet.reason += f"; read afresh at {score:.2f}"
        sheet.method, sheet.quality = method, score
    elif not words and not old:
        sheet.method, sheet.reason = "none", f"{sheet.reason}; OCR finds no word"
    else:
        sheet.reason += f"; a fresh reading scores {score:.2f}, layer kept"
    return sheet
