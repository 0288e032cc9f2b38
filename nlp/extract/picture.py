"""Draws one page as a PNG for a person to look at, inside the worker; it must not know of words or of processes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.errors import ReadError
from nlp.extract.limits import Limits
from nlp.extract.sniff import sniff

if TYPE_CHECKING:
    from PIL.Image import Image

_LONGEST = 4000


def draw(path: Path, page: int, dpi: int, turn: int, limits: Limits, password: str | None) -> bytes:
    """Return a page of a PDF or a frame of a picture as PNG, with a clockwise `turn` in degrees undone.

    Raises `ReadError` where the file has no such page or its format has no pages.
    """
    found = sniff(path)
    if found == "pdf":
        picture = _of_pdf(path, page, dpi, limits, password)
    elif found == "image":
        picture = _of_image(path, page, dpi)
    else:
        raise ReadError("not_a_document", f"{path}: {found} has no pages to draw")
    if turn % 360:
        picture = picture.rotate(turn % 360, expand=True)
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=4)
    return out.getvalue()


def _of_pdf(path: Path, page: int, dpi: int, limits: Limits, password: str | None) -> Image:
    from nlp.extract import pdf

    document = pdf.open_pdf(path, password)
    try:
        if not 1 <= page <= len(document):
            raise ReadError("not_found", f"{path}: there is no page {page}; the file has {len(document)}")
        if document.get_formtype():
            document.init_forms()
        return pdf.render(document[page - 1], dpi, limits.page_points, grey=False)
    finally:
        document.close()


def _of_image(path: Path, page: int, dpi: int) -> Image:
    from PIL import ImageOps

    from nlp.extract.image import opened, resolution

    with opened(path) as picture:
        if not 1 <= page <= getattr(picture, "n_frames", 1):
            raise ReadError("not_found", f"{path}: there is no page {page}")
        picture.seek(page - 1)
        frame = ImageOps.exif_transpose(picture).convert("RGB")
        scale = min(dpi / resolution(picture, frame), _LONGEST / max(frame.size))
    return frame.resize((max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))) if scale < 1 else frame
