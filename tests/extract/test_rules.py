from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from nlp.extract import Reader, text
from tests.extract import paper
from tests.extract.reading import lines, marked


@pytest.mark.parametrize("shape", ["rect", "line", "path"])
def test_struck_and_underlined_words_are_marked(reader: Reader, tmp_path: Path, shape: str) -> None:
    def rule(canvas: Canvas, x0: float, x1: float, y: float) -> None:
        if shape == "rect":
            canvas.rect(x0, y, x1 - x0, 0.6, stroke=0, fill=1)
        elif shape == "line":
            canvas.line(x0, y, x1, y)
        else:
            path = canvas.beginPath()
            for begin in (x0, (x0 + x1) / 2):
                path.moveTo(begin, y)
                path.lineTo(begin + (x1 - x0) / 2, y)
            canvas.drawPath(path)

    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, paper.PROSE)
        canvas.setFont("Times-Roman", 12)
        x = 72.0
        for word, height in (("The", None), ("sheriff", 3.2), ("chief", -1.5), ("may", None), ("not", 3.2), ("hold", None)):
            width = canvas.stringWidth(word, "Times-Roman", 12)
            canvas.drawString(x, 500, word)
            if height is not None:
                rule(canvas, x, x + width, 500 + height)
            x += width + 4

    document = reader.read(paper.pdf(tmp_path / "amended.pdf", draw))
    assert marked(document, "struck") == ["sheriff", "not"]
    assert marked(document, "added") == ["chief"]
    assert "The ~~sheriff~~ chief may ~~not~~ hold" in text(document)


def test_an_underlined_heading_is_emphasis_and_no_amendment(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(72, 750, "Purpose of this agreement")
        canvas.line(72, 748, 72 + canvas.stringWidth("Purpose of this agreement", "Times-Roman", 12), 748)
        paper.write(canvas, paper.PROSE)

    document = reader.read(paper.pdf(tmp_path / "heading.pdf", draw))
    assert marked(document, "added") == []


def test_the_borders_of_a_table_mark_nothing(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, paper.PROSE)
        for row in range(5):
            y = 450 - 20 * row
            canvas.line(72, y - 6, 540, y - 6)
            for column, cell in enumerate(("Form", "Purpose", "Days")):
                canvas.drawString(80 + 160 * column, y, f"{cell} {row}")

    document = reader.read(paper.pdf(tmp_path / "table.pdf", draw))
    assert marked(document, "struck") == marked(document, "added") == []
    assert lines(document, "table") == [f"Form {row} Purpose {row} Days {row}" for row in range(5)]
