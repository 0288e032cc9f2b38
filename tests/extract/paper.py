"""Makes documents from known text, so that reading has an oracle of its own."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

PROSE = (
    "The agency shall keep a record of each request for notice that it receives under this part.",
    "A person who is held in custody shall be told of the request in a language that the person understands.",
    "No officer may hold a person beyond the time at which the person is otherwise due for release.",
    "The record shall state the date of the request, the name of the officer and the action that was taken.",
    "Nothing in this part limits the power of a court to order that a person be held or released.",
    "The department shall publish the number of requests for each quarter within thirty days of its end.",
    "An officer who breaks a rule of this part is subject to discipline under the policy of the department.",
    "This part takes effect on the first day of the month that follows its adoption by the council.",
)


def pdf(path: Path, draw: Callable[[Canvas, int], None], pages: int = 1, **options: Any) -> Path:
    """Write a PDF whose pages `draw` fills; it is called with the canvas and the number of the page."""
    canvas = Canvas(str(path), pagesize=(612, 792), **options)
    for number in range(1, pages + 1):
        draw(canvas, number)
        canvas.showPage()
    canvas.save()
    return path


def write(
    canvas: Canvas,
    lines: Sequence[str],
    x: float = 72,
    y: float = 720,
    size: float = 11,
    step: float = 15,
    font: str = "Times-Roman",
) -> None:
    """Write lines below one another; `y` is the base line of the first, from the foot of the page."""
    canvas.setFont(font, size)
    for at, line in enumerate(lines):
        canvas.drawString(x, y - at * step, line)


def picture(lines: Sequence[str], dpi: int = 200, turn: int = 0, noise: int = 0) -> Any:
    """Return a page of text as a grey picture, turned clockwise by `turn`, with so many specks."""
    import random

    import pypdfium2

    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(612, 792))
    write(canvas, lines, size=12, step=20)
    canvas.showPage()
    canvas.save()
    document = pypdfium2.PdfDocument(page.getvalue())
    image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    document.close()
    dice = random.Random(7)
    for _ in range(noise):
        image.putpixel((dice.randrange(image.width), dice.randrange(image.height)), dice.randrange(120))
    return image.rotate(-turn, expand=True)


def scan(path: Path, lines: Sequence[str], turn: int = 0, over: Callable[[Canvas], None] | None = None) -> Path:
    """Write a PDF that holds a picture of text, and what `over` draws upon it."""
    image = picture(lines, turn=turn)

    def draw(canvas: Canvas, _: int) -> None:
        wide = turn in (90, 270)
        canvas.setPageSize((792, 612) if wide else (612, 792))
        canvas.drawImage(ImageReader(image), 0, 0, *((792, 612) if wide else (612, 792)))
        if over:
            over(canvas)

    return pdf(path, draw)


def raw(path: Path, objects: Sequence[bytes], trailer: bytes = b"") -> Path:
    """Write a PDF of objects as given, the first of which is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    path.write_bytes(out)
    return path


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object's body."""
    return b"<</Length %d%s>>\nstream\n" % (len(content), extra) + content + b"\nendstream"


def contents(
    path: Path, *pages: bytes, extra: bytes = b"", font: bytes = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
) -> Path:
    """Write a PDF of pages with content streams as given."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)), font]
    for at, content in enumerate(pages):
        resources = b"/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]%s/Contents %d 0 R>>" % (resources, 5 + 2 * at))
        objects.append(stream(content, extra))
    return raw(path, objects)


def bomb(size: int, unit: bytes = b" ") -> bytes:
    """Return a small Flate stream that unpacks to about `size` bytes."""
    block = unit * max(1, (1 << 20) // len(unit))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    # after a full flush a block stands for itself and may be repeated; readers of PDF do not look at the checksum
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + packed * max(1, size // len(block)) + b"\x03\x00\0\0\0\0"
