"""Tell a file's format from its bytes; it must not know how any format is read."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from nlp.errors import ReadError
from nlp.records import Format

_HEAD = 4096
"""Bytes by which text is told from binary data."""
_PDF_SEARCH = 1 << 16
"""Bytes in which the objects of a PDF without a header are looked for."""
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|body|head|div|article|section|main|table|ol|ul|p|h[1-6])[\s>]", re.IGNORECASE)
_XML = re.compile(rb"\s*(?:<\?xml[\s?]|<!doctype\s|<[a-z_][\w.-]*(?::[\w.-]+)?(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_PDF_PARTS = re.compile(rb"%PDF-\d|\d+\s+\d+\s+obj\b|\btrailer\b|\bstartxref\b|/Type\s*/(?:Catalog|Pages|Page)\b")


def sniff(path: Path) -> Format:
    """Tell the format of a file by its content, whatever its name.

    Raises `ReadError` with code ``not_a_document`` where nothing is recognised.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_PDF_SEARCH)
    except OSError as error:
        raise ReadError("unreadable", f"{path}: cannot be opened: {error.strerror or error}") from error
    found = sniff_bytes(head)
    if found is None and head[:4] == b"PK\x03\x04" and _is_docx(path):
        return "docx"
    if found is None:
        what = "the file is empty" if not head else f"starts with {head[:16]!r}"
        raise ReadError("not_a_document", f"{path}: {what}; expected PDF, DOCX, HTML, XML, RTF, plain text, PNG, TIFF or JPEG")
    return found


def sniff_bytes(head: bytes) -> Format | None:
    """Tell the format from a file's first bytes, or return None."""
    if not head.strip(b"\x00 \t\r\n\x0c"):
        return None
    if head.startswith(_IMAGES):
        return "image"
    if b"%PDF-" in head[:1024] or _looks_like_pdf(head):
        return "pdf"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(b"PK\x03\x04"):
        return None
    text = _as_ascii(head)
    if text is None:
        return None
    markup = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    return _markup_format(markup) if markup.startswith(b"<") else "text"


def _markup_format(text: bytes) -> Format:
    body = re.sub(rb"(?s)\A(?:\s|<!--.*?-->|<\?xml.*?\?>)*", b"", text[:_PDF_SEARCH])
    if re.match(rb"(?i)<!doctype\s+html|<html[\s>]", body):
        return "html"
    if text[:5].lower() == b"<?xml":
        return "xml"
    if _HTML.match(body):
        return "html"
    return "xml" if _XML.match(body) else "text"


def _looks_like_pdf(head: bytes) -> bool:
    """Recognise a PDF whose header is missing or misspelt by the objects that follow."""
    return len({part.split()[0] for part in _PDF_PARTS.findall(head)}) >= 2


def _as_ascii(head: bytes) -> bytes | None:
    """Return bytes that are text, UTF-16 thinned to one byte a character, or None for binary data."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[2:].replace(b"\x00", b"")
    for odd in (0, 1):
        if len(head) > 64 and head[odd::2].count(0) > 0.4 * len(head) / 2 and head[1 - odd :: 2].count(0) == 0:
            return head.replace(b"\x00", b"")
    sample = head[:_HEAD]
    control = sum(sample.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 26, 27))
    return head if control <= len(sample) // 200 else None


def _is_docx(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("word/") and name.endswith(".xml") for name in archive.namelist()[:5000])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return False
