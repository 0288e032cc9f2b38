"""Make the sample documents from drafted text; it must not know how clausedex reads them.

    python corpora/make_samples.py [OUT]

Every document is set from a plain draft in `corpora/drafts`: paragraphs between blank lines, ``#`` title, ``##`` and ``###``
headings, ``%`` centred line, ``*`` bullet, ``>`` one step of indentation each, ``~~struck~~`` and ``__added__`` words. The same
drafts and library versions give the same bytes.
"""

from __future__ import annotations

import html
import io
import random
import re
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import docx
import docx.shared
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).parent
WIDTH, HEIGHT = 612.0, 792.0
_MARKED = re.compile(r"(~~.+?~~|(?<!_)__(?!_).+?(?<!_)__(?!_))")
_MOMENT = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Piece:
    """A word and whether amended law strikes it out or adds it; `joined` means no space stands before it."""

    text: str
    mark: str = ""
    joined: bool = False


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a draft: `style` is title, heading, subheading, centred, bullet or body."""

    style: str
    indent: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Return the words without marks."""
        return "".join(("" if piece.joined or not index else " ") + piece.text for index, piece in enumerate(self.pieces))


_STYLES = {"###": "subheading", "##": "heading", "#": "title", "%": "centred", "*": "bullet"}


def draft(name: str) -> list[Paragraph]:
    """Read one draft into paragraphs."""
    paragraphs = []
    for block in re.split(r"\n\s*\n|\n(?=[#%])", (HERE / "drafts" / f"{name}.txt").read_text(encoding="utf-8").strip()):
        sign, _, rest = block.partition(" ")
        if sign in _STYLES:
            paragraphs.append(Paragraph(_STYLES[sign], 0, _pieces(rest)))
        elif sign and not sign.strip(">"):
            paragraphs.append(Paragraph("body", len(sign), _pieces(rest)))
        else:
            paragraphs.append(Paragraph("body", 0, _pieces(block)))
    return paragraphs


def _pieces(text: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    joined = False
    for part in _MARKED.split(text):
        if not part:
            continue
        mark = {"~~": "struck", "__": "added"}.get(part[:2], "") if _MARKED.fullmatch(part) else ""
        plain = part[2:-2] if mark else part
        for index, word in enumerate(plain.split()):
            pieces.append(Piece(word, mark, joined if index == 0 and not plain[0].isspace() else False))
        joined = not plain[-1].isspace()
    return tuple(pieces)


@dataclass(frozen=True)
class Layout:
    """How pages are set: margins in points, `foot` in three parts where ``{page}`` and ``{pages}`` stand for numbers."""

    size: float = 11.0
    leading: float = 14.0
    margin: float = 72.0
    gap: float = 7.0
    head: str = ""
    foot: tuple[str, str, str] = ("", "{page}", "")
    numbered: bool = False
    bottom: float = 76.0


@dataclass(frozen=True)
class SetLine:
    """One line on its page: words with their x positions, baseline from the page's bottom."""

    words: tuple[tuple[float, Piece], ...]
    y: float
    font: str


def _font(style: str) -> str:
    return "Times-Bold" if style in {"title", "heading", "subheading"} else "Times-Roman"


def _lines(paragraph: Paragraph, layout: Layout) -> Iterator[list[tuple[float, Piece]]]:
    """Break a paragraph into lines of words with x positions."""
    font = _font(paragraph.style)
    left = layout.margin + 22 * paragraph.indent + (18 if paragraph.style == "bullet" else 0)
    right = WIDTH - layout.margin
    space = stringWidth(" ", font, layout.size)
    line: list[tuple[float, Piece]] = []
    x = left
    for piece in paragraph.pieces:
        width = stringWidth(piece.text, font, layout.size)
        start = x if piece.joined or not line else x + space
        if line and start + width > right:
            yield _centre(line, x, paragraph.style)
            line, start = [], left
        line.append((start, piece))
        x = start + width
    yield _centre(line, x, paragraph.style)


def _centre(line: list[tuple[float, Piece]], end: float, style: str) -> list[tuple[float, Piece]]:
    if style not in {"title", "centred"}:
        return line
    shift = (WIDTH - (end - line[0][0])) / 2 - line[0][0]
    return [(x + shift, piece) for x, piece in line]


def paginate(paragraphs: list[Paragraph], layout: Layout) -> list[list[SetLine]]:
    """Set paragraphs on pages; a heading is kept with the first lines that follow it."""
    pages: list[list[SetLine]] = [[]]
    top = HEIGHT - layout.margin
    y = top
    for paragraph in paragraphs:
        lines = list(_lines(paragraph, layout))
        heading = "heading" in paragraph.style
        if pages[-1] and not layout.numbered:
            y -= layout.gap * (1.6 if heading else 1)
        if heading and y - (len(lines) + 2) * layout.leading < layout.bottom:
            pages.append([])
            y = top
        for index, line in enumerate(lines):
            if y - layout.leading < layout.bottom:
                pages.append([])
                y = top
            y -= layout.leading
            if paragraph.style == "bullet" and index == 0:
                line = [(layout.margin + 4, Piece("\u2022")), *line]
            pages[-1].append(SetLine(tuple(line), y, _font(paragraph.style)))
    return pages


def pdf(paragraphs: list[Paragraph], layout: Layout, title: str) -> bytes:
    """Set a PDF with running head and foot, margin line numbers where asked, strike and underline rules."""
    pages = paginate(paragraphs, layout)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    for number, page in enumerate(pages, start=1):
        _furniture(canvas, layout, number, len(pages))
        for count, line in enumerate(page, start=1):
            if layout.numbered:
                canvas.setFont("Times-Roman", 9)
                canvas.drawRightString(layout.margin - 22, line.y, str(count))
            _draw(canvas, line, layout)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, line: SetLine, layout: Layout) -> None:
    """Draw runs of equal mark, so that a rule passes through the spaces between marked words."""
    canvas.setLineWidth(0.6)
    previous: tuple[float, Piece] | None = None
    for x, piece in line.words:
        canvas.setFont(line.font, layout.size)
        canvas.drawString(x, line.y, piece.text)
        if piece.mark:
            start = x
            if previous is not None and previous[1].mark == piece.mark:
                start = previous[0] + stringWidth(previous[1].text, line.font, layout.size)
            rise = line.y + layout.size * 0.27 if piece.mark == "struck" else line.y - 1.6
            canvas.line(start, rise, x + stringWidth(piece.text, line.font, layout.size), rise)
        previous = (x, piece)


def _furniture(canvas: Canvas, layout: Layout, number: int, total: int) -> None:
    canvas.setFont("Times-Roman", 9)
    if layout.head and number > 1:
        canvas.drawString(layout.margin, HEIGHT - 46, layout.head)
    left, middle, right = (part.format(page=number, pages=total) for part in layout.foot)
    canvas.drawString(layout.margin, 44, left)
    canvas.drawCentredString(WIDTH / 2, 44, middle)
    canvas.drawRightString(WIDTH - layout.margin, 44, right)


def scan(source: bytes, title: str, sideways: int) -> bytes:
    """Turn a PDF into pictures of its pages: 170 dpi, grey, slightly askew and noisy; page `sideways` is turned by 90 degrees."""
    chance = random.Random(287)  # noqa: S311 - noise, not a secret
    buffer = io.BytesIO()
    document = pypdfium2.PdfDocument(source)
    canvas = Canvas(buffer, invariant=1)
    canvas.setTitle(title)
    for number, page in enumerate(document, start=1):
        picture = page.render(scale=170 / 72, grayscale=True).to_pil()
        picture = picture.rotate(chance.uniform(-0.7, 0.7), resample=Image.Resampling.BICUBIC, fillcolor=255)
        picture = _speckle(picture.filter(ImageFilter.GaussianBlur(0.5)), chance)
        if number == sideways:
            picture = picture.transpose(Image.Transpose.ROTATE_90)
        packed = io.BytesIO()
        picture.save(packed, "JPEG", quality=38)
        packed.seek(0)
        width, height = (HEIGHT, WIDTH) if number == sideways else (WIDTH, HEIGHT)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(packed), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _speckle(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Scatter dark and light specks, as a worn scanner glass does."""
    width, height = picture.size
    for _ in range(width * height // 900):
        picture.putpixel((chance.randrange(width), chance.randrange(height)), chance.choice((60, 110, 150, 230)))
    return picture


def webpage(paragraphs: list[Paragraph], title: str) -> bytes:
    """Write a page as a code publisher would: headings, and paragraphs indented by class."""
    tags = {"title": "h1", "heading": "h2", "subheading": "h3"}
    body = []
    for paragraph in paragraphs:
        tag = tags.get(paragraph.style, "p")
        indent = f' class="in{paragraph.indent}"' if paragraph.indent else ""
        body.append(f"<{tag}{indent}>{html.escape(paragraph.text, quote=False)}</{tag}>")
    style = "<style>" + " ".join(f".in{level} {{ margin-left: {2 * level}em }}" for level in (1, 2, 3)) + "</style>"
    head = f'<head><meta charset="utf-8"><title>{html.escape(title)}</title>{style}</head>'
    nav = '<nav><a href="#">Vandermere Code Online</a> <a href="#">Previous chapter</a> <a href="#">Next chapter</a></nav>'
    lines = ["<!DOCTYPE html>", '<html lang="en">', head, "<body>", nav, "<main>", *body, "</main>"]
    return "\n".join([*lines, "<footer>Current through the 2024 session.</footer>", "</body>", "</html>", ""]).encode()


def plain(paragraphs: list[Paragraph]) -> bytes:
    """Write plain text, wrapped at 78 columns, as a clerk's office posts it."""
    blocks = []
    for paragraph in paragraphs:
        if paragraph.style in {"title", "centred"}:
            blocks.append("\n".join(line.center(78).rstrip() for line in textwrap.wrap(paragraph.text, 70)))
        else:
            pad = " " * 4 * paragraph.indent
            blocks.append(textwrap.fill(paragraph.text, 78, initial_indent=pad, subsequent_indent=pad, break_on_hyphens=False))
    return ("\n\n".join(blocks) + "\n").encode()


def word(paragraphs: list[Paragraph], title: str) -> bytes:
    """Write a DOCX with heading styles and automatic bullets; the clock does not enter its bytes."""
    file = docx.Document()
    file.core_properties.title = title
    file.core_properties.author = "Dunmere Police Department"
    file.core_properties.created = file.core_properties.modified = _MOMENT
    styles = {"title": "Title", "heading": "Heading 1", "subheading": "Heading 2", "bullet": "List Bullet"}
    for paragraph in paragraphs:
        added = file.add_paragraph(paragraph.text, style=styles.get(paragraph.style, "Normal"))
        if paragraph.indent:
            added.paragraph_format.left_indent = docx.shared.Pt(18 * paragraph.indent)
    file.sections[0].footer.paragraphs[0].text = "General Order 4.12"
    raw, steady = io.BytesIO(), io.BytesIO()
    file.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(entry, _MOMENT.timetuple()[:6]), old.read(entry), zipfile.ZIP_DEFLATED)
    return steady.getvalue()


def make() -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of every sample."""
    yield "vandermere-code-40.html", webpage(draft("vandermere-code-40"), "Vandermere Code, Title 9, Chapter 40")
    bill = Layout(size=12, leading=22, margin=100, numbered=True, head="HOUSE BILL 118", foot=("", "- {page} -", ""))
    yield "vandermere-hb-118.pdf", pdf(draft("vandermere-hb-118"), bill, "House Bill 118")
    ordinance = Layout(foot=("Port Ansel Ordinance 2024-17", "", "Page {page} of {pages}"))
    yield "port-ansel-ordinance-2024-17.pdf", pdf(draft("port-ansel-ordinance-2024-17"), ordinance, "Ordinance No. 2024-17")
    yield "harrowgate-ordinance-512.txt", plain(draft("harrowgate-ordinance-512"))
    yield "dunmere-ordinance-88-noise.txt", plain(draft("dunmere-ordinance-88-noise"))
    yield "dunmere-police-policy-4-12.docx", word(draft("dunmere-police-policy-4-12"), "General Order 4.12")
    memorandum = Layout(
        size=11.5, leading=15, head="Memorandum of Agreement", foot=("Thornbury County", "{page}", "Form 12 (rev. 01/2025)")
    )
    yield (
        "thornbury-county-287g.pdf",
        pdf(draft("thornbury-county-287g"), memorandum, "Memorandum of Agreement, Thornbury County"),
    )
    jail = Layout(size=12, leading=15.5, foot=("Quillan County", "Page {page}", ""))
    printed = pdf(draft("quillan-county-287g-scan"), jail, "Scan")
    yield "quillan-county-287g-scan.pdf", scan(printed, "Scan 0412", sideways=2)


def main(out: Path) -> None:
    """Write every sample into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    for name, data in make():
        (out / name).write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "samples")
