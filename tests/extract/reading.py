"""What tests ask of a document that was read."""

from __future__ import annotations

from nlp.extract import text
from nlp.records import Document


def lines(document: Document, role: str = "body") -> list[str]:
    """Return the text of the lines of a role."""
    return [document.text[line.start : line.end] for page in document.pages for line in page.lines if line.role == role]


def flat(document: Document) -> str:
    """Return the clean text with single blanks between its words."""
    return " ".join(text(document).split())


def marked(document: Document, mark: str) -> list[str]:
    """Return the words that carry a mark."""
    found = [word for page in document.pages for line in page.lines for word in line.words if mark in word.marks]
    return [document.text[word.start : word.end] for word in found]
