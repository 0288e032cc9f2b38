"""PDF through pdfplumber: ruled lines that strike or underline words, and a second reading where PDFium fails.

It must not decide when either is wanted.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from nlp.errors import ReadError
from nlp.extract.draft import Token
from nlp.extract.rules import SHORT, THIN, Rule


class TooSlowError(Exception):
    """A page took longer than its budget."""


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Interrupt Python code that runs longer; only the main thread can be interrupted, others run on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_: int, __: FrameType | None) -> None:
        raise TooSlowError(f"took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Plumber:
    """A PDF opened with pdfplumber on first use."""

    def __init__(self, path: Path, password: str | None) -> None:
        self._path = path
        self._password = password
        self._pdf: Any = None

    def __len__(self) -> int:
        return len(self._open().pages)

    def close(self) -> None:
        """Close the file."""
        if self._pdf is not None:
            self._pdf.close()
            self._pdf = None

    def _open(self) -> Any:
        if self._pdf is None:
            import pdfplumber
            from pdfminer.pdfdocument import PDFPasswordIncorrect

            try:
                self._pdf = pdfplumber.open(self._path, password=self._password or "", raise_unicode_errors=False)
                self._pdf.pages  # noqa: B018 - the page tree is read here or not at all
            except Exception as error:
                locked = isinstance(error, PDFPasswordIncorrect) or any(
                    isinstance(arg, PDFPasswordIncorrect) for arg in error.args
                )
                code = "encrypted" if locked else "unreadable"
                raise ReadError(code, f"pdfplumber cannot open the file: {type(error).__name__}: {error}"[:300]) from error
        return self._pdf

    def rules(self, number: int, seconds: float) -> list[Rule]:
        """Return the thin horizontal rules of a page, as the page is displayed."""
        page = self._open().pages[number - 1]
        with budget(seconds):
            left, top = page.cropbox[0] - page.mediabox[0], page.mediabox[3] - page.cropbox[3]
            if page.rotation:
                left = top = 0.0
            found = [
                Rule(100 * (shape["x0"] - left), 50 * (shape["top"] + shape["bottom"] - 2 * top), 100 * (shape["x1"] - left))
                for shape in [*page.rects, *page.lines, *page.curves]
                if shape["bottom"] - shape["top"] <= THIN and shape["x1"] - shape["x0"] >= SHORT and not _invisible(shape)
            ]
            page.close()
        return found

    def read_page(self, number: int, seconds: float) -> tuple[float, float, list[list[Token]]]:
        """Return the size of a page and its words, line by line."""
        page = self._open().pages[number - 1]
        with budget(seconds):
            words = page.extract_words(keep_blank_chars=False, use_text_flow=True)
            size = float(page.width), float(page.height)
            page.close()
        runs: list[list[Token]] = []
        for word in words:
            token = Token(word["text"], word["x0"], word["top"], word["x1"], word["bottom"])
            if runs and abs(runs[-1][-1].top - token.top) < 2 and token.x0 >= runs[-1][-1].x0:
                runs[-1].append(token)
            else:
                runs.append([token])
        return *size, runs


def _invisible(shape: dict[str, Any]) -> bool:
    """Tell a shape that is filled with the colour of the paper or not drawn at all."""
    if not shape.get("fill") and not shape.get("stroke"):
        return True
    color = shape.get("stroking_color") if shape.get("stroke") else shape.get("non_stroking_color")
    values = color if isinstance(color, tuple | list) else (color,)
    numbers = [value for value in values if isinstance(value, int | float)]
    if len(numbers) == 4:
        return sum(numbers) < 0.05
    return bool(numbers) and min(numbers) > 0.95
