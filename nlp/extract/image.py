"""Pictures (PNG, TIFF, JPEG): every frame is a page read by OCR; it must not know PDF."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.errors import ReadError
from nlp.extract import layout, ocr
from nlp.extract.draft import Event, Lost, Opened, Sheet, Started
from nlp.extract.limits import Limits

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS = 80_000_000
"""A picture of more than twice as many is refused before it is decoded."""
_LONGEST = 6000
"""Pixels along the longer side that OCR gets; a larger frame is made smaller."""


def read_image(path: Path, limits: Limits, skip: frozenset[int]) -> Iterator[Event]:
    """Read every frame of a picture but those in `skip`; raises `ReadError` where there are too many or it cannot be opened."""
    with opened(path) as picture:
        count = getattr(picture, "n_frames", 1)
        if count > limits.pages:
            raise ReadError("too_large", f"{count} frames; the limit is {limits.pages}")
        yield Opened("image", count)
        with ThreadPoolExecutor(max_workers=limits.ocr_threads) as pool:
            yield from _frames(picture, count, skip, pool, limits.ocr_threads)


@contextmanager
def opened(path: Path) -> Iterator[Image]:
    """Open a picture for the block; raises `ReadError` where that fails, or where a frame of it is too large."""
    import PIL.Image

    PIL.Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        with PIL.Image.open(path, formats=("PNG", "TIFF", "JPEG")) as picture:
            yield picture
    except PIL.Image.DecompressionBombError as error:
        raise ReadError("too_large", f"more than {PIXELS} pixels") from error
    except PIL.UnidentifiedImageError as error:
        raise ReadError("unreadable", "the picture cannot be opened") from error


def _frames(picture: Image, count: int, skip: frozenset[int], pool: ThreadPoolExecutor, ahead: int) -> Iterator[Event]:
    waiting: list[tuple[Sheet, Future[ocr.Reading]]] = []
    for number in range(1, count + 1):
        if number in skip:
            continue
        yield Started(number, slow=True)
        try:
            picture.seek(number - 1)
            frame, dpi = _prepare(picture)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            yield Lost(number, "unreadable", f"page {number}: {error}")
            continue
        sheet = Sheet(number, reason="a picture")
        waiting.append((sheet, pool.submit(ocr.recognise, frame, dpi)))
        if len(waiting) > ahead:
            yield _finish(*waiting.pop(0))
    for entry in waiting:
        yield _finish(*entry)


def _prepare(picture: Image) -> tuple[Image, float]:
    """Return an upright grey frame and its resolution, told by the file or guessed from a letter page."""
    from PIL import ImageOps

    frame = ImageOps.exif_transpose(picture).convert("L")
    dpi = resolution(picture, frame)
    if max(frame.size) > _LONGEST:
        scale = _LONGEST / max(frame.size)
        frame = frame.resize((round(frame.width * scale), round(frame.height * scale)))
        dpi *= scale
    return frame, dpi


def resolution(picture: Image, frame: Image) -> float:
    """Return dots an inch as the file tells them for a frame of it, or as a letter page would have."""
    told = picture.info.get("dpi", (0, 0))
    return float(told[0]) if told and 50 <= float(told[0]) <= 1200 else max(70.0, max(frame.size) / 11)


def _finish(sheet: Sheet, words: Future[ocr.Reading]) -> Event:
    try:
        reading = words.result()
    except (RuntimeError, ValueError, OSError) as error:
        return Lost(sheet.number, "unreadable", f"page {sheet.number}: OCR failed: {error}")
    sheet.rows, sheet.quality, sheet.rotation = layout.arrange(reading.runs), reading.quality, reading.turn
    sheet.width, sheet.height = reading.width, reading.height
    sheet.method = "ocr" if sheet.rows else "none"
    return sheet
