"""Pictures of pages: drawn upright in the worker, where the words' boxes say the words are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from nlp.errors import ReadError
from nlp.extract import Limits, Reader, render

SAMPLES = Path(__file__).parents[2] / "corpora" / "samples"


def ink(picture: Image.Image, box: tuple[float, float, float, float], scale: float) -> float:
    """Return the share of dark points inside a box given in PDF points."""
    part = picture.convert("L").crop(tuple(round(side * scale) for side in box))
    data = part.tobytes()
    return sum(value < 128 for value in data) / max(1, len(data))


@pytest.mark.parametrize(("name", "page"), [("port-ansel-ordinance-2024-17.pdf", 1), ("quillan-county-287g-scan.pdf", 2)])
def test_words_are_drawn_where_their_boxes_are(name: str, page: int) -> None:
    with Reader() as reader:
        document = reader.read(SAMPLES / name)
        sheet = document.pages[page - 1]
        picture = Image.open(io.BytesIO(reader.render(SAMPLES / name, page, 72, turn=sheet.rotation)))
    assert picture.size == pytest.approx((sheet.width, sheet.height), abs=2)
    boxes = [word.box for line in sheet.lines for word in line.words if word.box is not None and word.end - word.start > 2]
    inked = [ink(picture, (box.x0, box.top, box.x1, box.bottom), 1) for box in boxes]
    assert sum(share > 0.03 for share in inked) / len(inked) > 0.95
    assert ink(picture, (0, 0, 40, sheet.height), 1) < 0.02


def test_a_picture_file_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    Image.new("RGB", (1700, 2200), "white").save(path, dpi=(200, 200))
    assert Image.open(io.BytesIO(render(path, 1, 100))).size == (850, 1100)


def test_what_cannot_be_drawn_is_told_and_the_reader_goes_on(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Section 1. Plain words.\n")
    with Reader() as reader:
        with pytest.raises(ReadError, match="no page 99"):
            reader.render(SAMPLES / "vandermere-hb-118.pdf", 99)
        with pytest.raises(ReadError, match="no pages to draw"):
            reader.render(note, 1)
        assert reader.render(SAMPLES / "vandermere-hb-118.pdf", 1).startswith(b"\x89PNG")


def test_a_worker_that_dies_while_drawing_costs_that_picture_only() -> None:
    with Reader(Limits(memory=96 << 20)) as reader, pytest.raises(ReadError):
        reader.render(SAMPLES / "quillan-county-287g-scan.pdf", 1, 300)
