"""PDF pages through PDFium: words with boxes, and pictures of pages; it must not know how words become lines."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import ReadError
from nlp.extract.draft import Token

if TYPE_CHECKING:
    from PIL.Image import Image

Frame = Callable[[float, float, float, float], tuple[float, float, float, float]]

_BOLD = 600
"""The weight of a font from which its letters are bold: semi-bold as CSS and PDF count."""
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_PIECE = re.compile(r"[^\s\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]|[\r\n]+")
_CONTROL = dict.fromkeys([*range(32), *range(127, 160), 65534, 65535])


def open_pdf(path: Path, password: str | None) -> Any:
    """Open a PDF with the password given, else with an empty one; raises `ReadError` where neither opens it."""
    import pypdfium2

    for attempt in [password, ""] if password else [None, ""]:
        try:
            return pypdfium2.PdfDocument(path, password=attempt)
        except pypdfium2.PdfiumError as error:
            failure = error
            if getattr(error, "err_code", None) != pypdfium2.raw.FPDF_ERR_PASSWORD:
                break
    code = getattr(failure, "err_code", None)
    if code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY):
        hint = "the password given does not open it" if password else "give one with --password"
        raise ReadError("encrypted", f"the file needs a password; {hint}")
    raise ReadError("unreadable", f"PDFium cannot open the file: {failure}")


class PageText:
    """The text layer of a page: its words in the order of the file, in the frame of an upright reader.

    `runs` are the words of its lines; `aside` are those that stand across them, such as a stamp up the margin.
    """

    def __init__(self, page: Any) -> None:
        import pypdfium2.raw as raw

        self._raw = raw
        self.runs: list[list[Token]] = []
        self.aside: list[list[Token]] = []
        self._font_name = ctypes.create_string_buffer(128)
        self._font_flags = ctypes.c_int()
        self.text_page = raw.FPDFText_LoadPage(page.raw)
        if not self.text_page:
            raise ReadError("unreadable", "PDFium cannot read the page's text")
        try:
            self.text = self._read_text()
            self.turn = self._upright(page.get_rotation())
            self.width, self.height, frame = page_frame(page, self.turn)
            self.rotation = (page.get_rotation() - self.turn) % 360
            self._words(frame)
        finally:
            raw.FPDFText_ClosePage(self.text_page)

    def _read_text(self) -> str:
        """Return one character for every character index of the page."""
        raw = self._raw
        count = raw.FPDFText_CountChars(self.text_page)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        written = raw.FPDFText_GetText(self.text_page, 0, count, buffer)
        text = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        get = raw.FPDFText_GetUnicode
        codes = [get(self.text_page, at) for at in range(count)]
        return "".join(chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd" for code in codes)

    def _upright(self, rotation: int) -> int:
        """Return the clockwise turn of the page's own space that sets most of its letters upright."""
        letters = [at for at, char in enumerate(self.text) if char > " "]
        if not letters:
            return rotation
        votes: Counter[int] = Counter()
        for at in letters[:: max(1, len(letters) // 24)]:
            turn = self._turn_at(at)
            if turn is not None:
                votes[turn] += 1
        return votes.most_common(1)[0][0] if votes else rotation

    def _turn_at(self, at: int) -> int | None:
        """Return the clockwise turn, in quarters, that sets a letter upright."""
        angle = self._raw.FPDFText_GetCharAngle(self.text_page, at)
        return None if angle < 0 else -round(math.degrees(angle) / 90) * 90 % 360

    def _words(self, frame: Frame) -> None:
        """Cut the text into words and place each by its first and last letter; only this loop runs once a word."""
        raw, page = self._raw, self.text_page
        loose, rect = raw.FPDFText_GetLooseCharBox, raw.FS_RECTF()
        here = ctypes.byref(rect)
        run: list[Token] = []
        first = end = 0
        for piece in _PIECE.finditer(self.text):
            word = piece.group()
            if word[0] in "\r\n":
                self._keep(run, first, end - 1)
                run = []
                continue
            start, end = piece.span()
            if not run:
                first = start
            loose(page, start, here)
            left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
            if end - start > 1:
                loose(page, end - 1, here)
                left = rect.left if rect.left < left else left  # noqa: FURB136 - once a word
                bottom = rect.bottom if rect.bottom < bottom else bottom  # noqa: FURB136 - once a word
                right = rect.right if rect.right > right else right  # noqa: FURB136 - once a word
                top = rect.top if rect.top > top else top  # noqa: FURB136 - once a word
            if not 0.5 < top - bottom < 200:
                left, bottom, right, top = self._tight(start, end)
            if word[-1] in "\x02\ufffe":
                word = word[:-1] + "-"
            run.append(Token(word, *frame(left, bottom, right, top)))
        self._keep(run, first, end - 1)

    def _keep(self, run: list[Token], first: int, last: int) -> None:
        """Keep a run of words: bold if its ends and its middle are, and aside where it stands across the page's lines."""
        if not run:
            return
        if self._turn_at(first) not in (None, self.turn):
            self.aside.append(run)
            return
        if self._is_bold(first) and self._is_bold(last) and self._is_bold((first + last) // 2):
            run = [token._replace(bold=True) for token in run]
        self.runs.append(run)

    def _is_bold(self, at: int) -> bool:
        """Tell by its font's weight, or by its name where the file does not embed it, whether a letter is bold."""
        raw = self._raw
        if raw.FPDFText_GetFontWeight(self.text_page, at) >= _BOLD:
            return True
        flags, name = self._font_flags, self._font_name
        length = raw.FPDFText_GetFontInfo(self.text_page, at, name, len(name), ctypes.byref(flags))
        return 0 < length <= len(name) and b"bold" in name.raw[:length].lower()

    def _tight(self, start: int, end: int) -> tuple[float, float, float, float]:
        """Return the box of a word's ink, for fonts that do not tell their height."""
        sides = [ctypes.c_double() for _ in range(4)]
        here = [ctypes.byref(side) for side in sides]
        boxes = [
            [side.value for side in sides] for at in range(start, end) if self._raw.FPDFText_GetCharBox(self.text_page, at, *here)
        ]
        if not boxes:
            return 0.0, 0.0, 0.0, 0.0
        left, right, bottom, top = zip(*boxes, strict=True)
        return min(left), min(bottom), max(right), max(top)


def page_frame(page: Any, turn: int) -> tuple[float, float, Frame]:
    """Return the size of a page turned clockwise by `turn`, and the map from PDF space to its top left corner."""
    left, bottom, right, top = page.get_bbox()
    frames: dict[int, Frame] = {
        0: lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0),
        90: lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
        180: lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom),
        270: lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0),
    }
    wide, high = right - left, top - bottom
    return (*((wide, high) if turn in (0, 180) else (high, wide)), frames[turn])


def clean(word: str) -> str:
    """Drop control characters that no reader can see."""
    return word.translate(_CONTROL)


def cleaned(runs: list[list[Token]]) -> list[list[Token]]:
    """Drop control characters from every word, and words that hold nothing else."""
    if not any(_UNSEEN.search(token.text) for run in runs for token in run):
        return runs
    return [[token._replace(text=word) for token in run if (word := clean(token.text))] for run in runs]


def has_ink(page: Any) -> bool:
    """Tell whether the page shows anything at all."""
    import pypdfium2.raw as raw

    return bool(raw.FPDFPage_CountObjects(page.raw) > 0)


def render(page: Any, dpi: int, max_points: float, *, grey: bool = True) -> Image:
    """Draw a page, at a lower resolution where it is huge."""
    width, height = page.get_size()
    scale = dpi / 72
    longest = max(width, height, 1.0)
    scale = min(scale, 72 * 200 / longest / 2) if longest > max_points else scale
    scale = min(scale, 6000 / longest)
    picture: Image = page.render(scale=scale, grayscale=grey, may_draw_forms=True).to_pil()
    return picture
