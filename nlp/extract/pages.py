"""Decide for every page of a PDF how it is read, and read it; it must not know of processes or other formats."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from nlp.errors import MissingComponentError, ReadError
from nlp.extract import layout, ocr, pdf, quality, repair
from nlp.extract.draft import Event, Lost, Opened, Row, Sheet, Started, Token
from nlp.extract.limits import Limits
from nlp.extract.plumber import Plumber, TooSlowError
from nlp.extract.rules import Area, Rule, mark, quick_look
from nlp.extract.told import day_of, title_of
from nlp.extract.vote import combine, covers
from nlp.records import FILE_DATE, Method

DPI = 300
"""Dots an inch at which a page is drawn for OCR."""
CLEAR = 0.985
"""A text layer over a scan is kept without a second look from this quality on; below it, fresh OCR often reads better."""
SPOTLESS = 0.997
"""The same for a page of a file whose layers were poor so far: its errors need not show in sense."""
NEARLY = 0.985
"""Fresh OCR is preferred to an older layer even where it makes a little less sense: it errs less where sense cannot tell."""
FAIR = 0.8
"""Two readings of this quality are merged word by word."""
SPARSE = 12_000.0
"""Square points a word of text takes up at most; a picture with fewer words than that on it has no text layer of its own."""
ENOUGH = 60
"""A page over a picture with fewer words than this may be a stamp on a scan."""

MANY = 9
"""A page that underlines as many words one after another may be amended law; fewer are emphasis, or a name on a line to sign."""


@dataclass(slots=True)
class _Pending:
    """A page handed to OCR, with what its text layer gave; `bare` are pictures to be read beside a good layer."""

    sheet: Sheet
    reading: Future[ocr.Reading]
    runs: list[list[Token]]
    bare: list[Area]


def read_pdf(path: Path, limits: Limits, password: str | None, skip: frozenset[int]) -> Iterator[Event]:
    """Read a PDF page by page; pages in `skip` are left out.

    PDFium reads, and pdfplumber reads what PDFium cannot: a file it does not open or finds no page in, or a single page.
    """
    second = Plumber(path, password)
    try:
        try:
            document = pdf.open_pdf(path, password)
        except ReadError as error:
            yield from _second_reading(second, limits, skip, error)
            return
        try:
            if len(document) == 0:
                yield from _second_reading(second, limits, skip, ReadError("zero_pages", "the file opens but holds no page"))
            else:
                yield from _Reading(document, second, limits).events(skip)
        finally:
            document.close()
    finally:
        second.close()


def _check_pages(count: int, limits: Limits) -> None:
    if count > limits.pages:
        raise ReadError("too_large", f"{count} pages; the limit is {limits.pages}")


def _second_reading(second: Plumber, limits: Limits, skip: frozenset[int], failure: ReadError) -> Iterator[Event]:
    """Read a whole file with pdfplumber; where that fails too, the first reader's failure stands."""
    try:
        count = len(second)
    except ReadError as error:
        encrypted = error.code == "encrypted" and failure.code != "encrypted"
        raise (error if encrypted else failure) from error
    if count == 0:
        raise failure
    _check_pages(count, limits)
    yield Opened("pdf", count)
    for number in range(1, count + 1):
        if number not in skip:
            yield Started(number)
            yield _second_page(second, number, limits, str(failure))


def _second_page(second: Plumber, number: int, limits: Limits, why: str) -> Event:
    try:
        width, height, runs = second.read_page(number, limits.stall_seconds / 2)
    except Exception as error:  # noqa: BLE001 - whatever it raises on a broken page, that page is lost and no other
        return Lost(number, "unreadable", f"page {number}: {why}; pdfplumber: {type(error).__name__}: {error}"[:500])
    rows = layout.arrange(pdf.cleaned(runs))
    score = quality.measure(word for row in rows for word in row.words)
    method: Method = "text-layer" if rows else "none"
    return Sheet(number, round(width, 2), round(height, 2), 0, method, score, f"read by pdfplumber: {why}"[:300], rows)


class _Reading:
    """One PDF that PDFium opened."""

    def __init__(self, document: Any, second: Plumber, limits: Limits) -> None:
        self._document = document
        self._second = second
        self._limits = limits
        self._filled = False
        self._scores: list[float] = []

    def events(self, skip: frozenset[int]) -> Iterator[Event]:
        """Read the pages in order; those that need OCR are drawn here and recognised by threads."""
        count = len(self._document)
        _check_pages(count, self._limits)
        if self._document.get_formtype():
            self._document.init_forms()
            self._filled = self._document.formenv is not None
        yield Opened("pdf", count, *_told(self._document))
        waiting: deque[_Pending] = deque()
        with ThreadPoolExecutor(max_workers=self._limits.ocr_threads) as pool:
            for number in range(1, count + 1):
                if number in skip:
                    continue
                while waiting and (len(waiting) > self._limits.ocr_threads or waiting[0].reading.done()):
                    yield _finish(waiting.popleft())
                yield Started(number)
                found = self._page(number, pool)
                if isinstance(found, _Pending):
                    yield Started(number, slow=True)
                    waiting.append(found)
                else:
                    yield found
            while waiting:
                yield _finish(waiting.popleft())

    def _page(self, number: int, pool: ThreadPoolExecutor) -> Event | _Pending:
        import pypdfium2

        try:
            page = self._document[number - 1]
            if self._filled and page.flatten() == pypdfium2.raw.FLATTEN_SUCCESS:
                page.close()
                page = self._document[number - 1]
        except pypdfium2.PdfiumError as error:
            return _second_page(self._second, number, self._limits, f"PDFium cannot load the page: {error}")
        try:
            return self._choose(page, number, pool)
        except ReadError as error:
            return _second_page(self._second, number, self._limits, str(error))
        finally:
            page.close()

    def _choose(self, page: Any, number: int, pool: ThreadPoolExecutor) -> Sheet | _Pending:
        layer = pdf.PageText(page)
        mended, repairs = repair.mend(layer.runs)
        runs = pdf.cleaned(mended)
        words = [token.text for run in runs for token in run]
        score = quality.measure(words)
        sheet = Sheet(number, round(layer.width, 2), round(layer.height, 2), layer.rotation, "text-layer", score)
        sheet.rows = layout.arrange(runs) + [Row.of(run, "stamp") for run in pdf.cleaned(layer.aside) if run]
        sheet.reason = f"text layer scores {score:.2f}" + (f" with {' and '.join(repairs)} mended" if repairs else "")
        if not words and not pdf.has_ink(page):
            sheet.method, sheet.reason = "none", "the page is blank"
            return sheet
        rules, pictures = quick_look(page, layer.turn)
        bare = [picture for picture in pictures if _is_bare(picture, sheet, runs)]
        doubt = _doubt(len(words), score, pictures, sheet, self._clear())
        if len(words) >= ENOUGH:
            self._scores.append(score)
        if doubt is None and not bare:
            self._mark(rules, layer, sheet)
            return sheet
        sheet.reason = doubt or f"{sheet.reason}; a picture without text layer"
        image = pdf.render(page, DPI, self._limits.page_points)
        dpi = 72 * image.width / max(1.0, page.get_width())
        return _Pending(sheet, pool.submit(ocr.recognise, image, dpi), runs, [] if doubt else bare)

    def _clear(self) -> float:
        """Return the quality a text layer over a scan needs, given the pages before."""
        poor = self._scores and fmean(self._scores) < CLEAR
        return SPOTLESS if poor else CLEAR

    def _mark(self, quick: list[Rule], layer: pdf.PageText, sheet: Sheet) -> None:
        """Mark struck and underlined words.

        PDFium's page objects give a quick look; where it finds amended law rather than an underlined heading, pdfplumber, which
        knows colours and every kind of shape, has the last word.
        """
        struck, underlined = mark(sheet.rows, quick)
        if layer.rotation or not (struck or underlined >= MANY):
            return
        try:
            rules = self._second.rules(sheet.number, self._limits.stall_seconds / 3)
        except TooSlowError as error:
            sheet.reason += f"; ruled lines by PDFium: {error}"
        except Exception as error:  # noqa: BLE001 - whatever the second reader raises, the quick look stands
            sheet.reason += f"; ruled lines by PDFium: {type(error).__name__}"
        else:
            for row in sheet.rows:
                row.marks = {}
            mark(sheet.rows, rules)


def _told(document: Any) -> tuple[str | None, dict[str, str]]:
    """Return the title and the last date of the file that its metadata give."""
    days = [day for name in ("CreationDate", "ModDate") if (day := day_of(document.get_metadata_value(name))) is not None]
    return title_of(pdf.clean(document.get_metadata_value("Title"))), {FILE_DATE: max(days)} if days else {}


def _is_bare(picture: Area, sheet: Sheet, runs: list[list[Token]]) -> bool:
    """Tell whether a picture is large and the text layer has hardly a word on it."""
    x0, top, x1, bottom = max(0.0, picture[0]), max(0.0, picture[1]), min(sheet.width, picture[2]), min(sheet.height, picture[3])
    area = max(0.0, x1 - x0) * max(0.0, bottom - top)
    if area < 0.15 * sheet.width * sheet.height:
        return False
    inside = sum(
        x0 < (token.x0 + token.x1) / 2 < x1 and top < (token.top + token.bottom) / 2 < bottom for run in runs for token in run
    )
    return inside < area / SPARSE


def _doubt(words: int, score: float, pictures: list[Area], sheet: Sheet, clear: float) -> str | None:
    """Say why a page should be read by OCR, or None where its text layer is enough."""
    if not words:
        return "no text layer"
    if score >= clear and words >= ENOUGH:
        return None
    if quality.other_script(word for row in sheet.rows for word in row.words):
        sheet.reason = "text in another script"
        return None
    whole = max(1.0, sheet.width * sheet.height)
    share = max(((x1 - x0) * (bottom - top) / whole for x0, top, x1, bottom in pictures), default=0.0)
    if share > 0.5 and words < ENOUGH:
        return f"only {words} words over a picture of the page"
    if score < 0.6 and words > 20:
        return f"text layer scores {score:.2f}"
    if score < clear and share > 0.5:
        return f"OCR layer of the file scores {score:.2f}"
    return None


def _finish(pending: _Pending) -> Event:
    """Keep the better of the text layer and the fresh reading, or add what stands on pictures alone."""
    sheet = pending.sheet
    try:
        reading = pending.reading.result()
    except MissingComponentError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the engine raises, the page keeps what it has
        if sheet.rows:
            sheet.reason += f"; OCR failed: {error}"
            return sheet
        return Lost(sheet.number, "unreadable", f"page {sheet.number}: OCR failed: {error}")
    if pending.bare:
        _fill(pending, reading)
        return sheet
    _merge(sheet, reading)
    return sheet


def _merge(sheet: Sheet, reading: ocr.Reading) -> None:
    """Keep the better reading of a page, mended where the other makes more sense."""
    old = sum(len(row.words) for row in sheet.rows)
    if not reading.words and not old:
        sheet.method, sheet.reason = "none", f"{sheet.reason}; OCR finds no word"
        return
    rows = layout.arrange(reading.runs)
    comparable = min(sheet.quality, reading.quality) > FAIR and sheet.rotation == reading.turn and old > 0.5 * reading.words
    if reading.worth > NEARLY * sheet.quality * old:
        sheet.reason += f"; read afresh at {reading.quality:.2f}"
        sheet.method, sheet.rotation, sheet.width, sheet.height = "ocr", reading.turn, reading.width, reading.height
        sheet.rows, rows = rows, sheet.rows
    else:
        sheet.reason += f"; a fresh reading scores {reading.quality:.2f}, layer kept"
    if comparable:
        sheet.rows, taken = combine(sheet.rows, rows)
        if taken:
            sheet.method = "mixed"
            sheet.reason += f"; {taken} words taken from the other reading"
    sheet.quality = quality.measure(word for row in sheet.rows for word in row.words)


def _fill(pending: _Pending, reading: ocr.Reading) -> None:
    """Add the words that OCR finds on bare pictures to those of the text layer."""
    sheet = pending.sheet
    if sheet.rotation != reading.turn or reading.quality < 0.5:
        return
    taken = [token for run in pending.runs for token in run]
    added = [
        [token for token in run if _on(token, pending.bare) and not any(covers(old, token) for old in taken)]
        for run in reading.runs
    ]
    if sum(map(len, added)) >= 3:
        sheet.rows = layout.arrange([*pending.runs, *[run for run in added if run]])
        sheet.method = "mixed"
        sheet.quality = quality.measure(word for row in sheet.rows for word in row.words)


def _on(token: Token, areas: list[Area]) -> bool:
    x, y = (token.x0 + token.x1) / 2, (token.top + token.bottom) / 2
    return any(x0 < x < x1 and top < y < bottom for x0, top, x1, bottom in areas)
