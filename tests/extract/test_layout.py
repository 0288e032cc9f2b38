from __future__ import annotations

from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from nlp.extract import Reader
from nlp.records import Document, Line
from tests.extract import paper
from tests.extract.reading import lines


def body_line(document: Document, start: str) -> Line:
    return next(line for page in document.pages for line in page.lines if document.text[line.start : line.end].startswith(start))


def test_margin_line_numbers_are_lines_of_their_own(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        canvas.drawString(72, 760, "2")  # the page's number, which is none of the line numbers
        canvas.drawString(200, 760, "HOUSE BILL 12")
        paper.write(canvas, paper.PROSE, x=100)
        paper.write(canvas, [str(number) for number in range(1, len(paper.PROSE) + 1)], x=72)

    document = reader.read(paper.pdf(tmp_path / "bill.pdf", draw))
    assert lines(document, "line-number") == [str(number) for number in range(1, len(paper.PROSE) + 1)]
    assert lines(document) == ["2 HOUSE BILL 12", *paper.PROSE]


def test_a_numbered_list_is_not_taken_for_margin_numbers(reader: Reader, tmp_path: Path) -> None:
    items = [f"{number}. {line}" for number, line in enumerate(paper.PROSE, 1)]
    document = reader.read(paper.pdf(tmp_path / "list.pdf", lambda canvas, _: paper.write(canvas, items)))
    assert lines(document) == items


def test_columns_of_prose_read_one_after_the_other(reader: Reader, tmp_path: Path) -> None:
    left = [f"left column line {number} of the text" for number in range(12)]
    right = [f"right column line {number} of the text" for number in range(12)]

    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, left, x=72)
        paper.write(canvas, right, x=330)

    assert lines(reader.read(paper.pdf(tmp_path / "columns.pdf", draw))) == [*left, *right]


def test_text_up_the_margin_is_a_stamp(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, paper.PROSE)
        canvas.rotate(90)
        canvas.drawString(200, -30, "FILED WITH THE CLERK")

    document = reader.read(paper.pdf(tmp_path / "margin.pdf", draw))
    assert lines(document, "stamp") == ["FILED WITH THE CLERK"]
    assert lines(document) == list(paper.PROSE)


def test_bold_lines_are_told(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, ["V. REPORTING"], y=750, font="Times-Bold")
        paper.write(canvas, paper.PROSE)

    document = reader.read(paper.pdf(tmp_path / "bold.pdf", draw))
    assert body_line(document, "V. REPORTING").bold
    assert not body_line(document, "The agency").bold
