"""Makes a Document of a plain string, so that text without a file can be segmented; knows nothing of clauses."""

from __future__ import annotations

import hashlib
import re

from nlp.records import Document, Line, Page, Word

_WORD = re.compile(r"\S+")


def document_of_text(text: str, source: str = "-") -> Document:
    """Make a one-page Document of a string; blank lines part its blocks."""
    lines: list[Line] = []
    block, start, blank = 0, 0, False
    for raw in text.split("\n"):
        if raw.strip():
            block += blank
            blank = False
            words = tuple(Word(start + match.start(), start + match.end()) for match in _WORD.finditer(raw))
            lines.append(Line(start, start + len(raw), 1, None, words, block=block))
        else:
            blank = True
        start += len(raw) + 1
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    page = Page(1, 0.0, 0.0, 0, "markup", 0.0, "plain text given", 0, len(text), tuple(lines))
    return Document(source, digest, "text", text, (page,))
