"""Divides documents into clauses and reads facts about them; must not know how files are read or clauses classified."""

from __future__ import annotations

from nlp.records import Clause
from nlp.segment.clauses import SEGMENTER_VERSION, segment
from nlp.segment.facts import facts
from nlp.segment.plain import document_of_text
from nlp.segment.sentences import sentences

__all__ = ["SEGMENTER_VERSION", "clauses_of_text", "document_of_text", "facts", "segment", "sentences"]


def clauses_of_text(text: str) -> list[Clause]:
    """Segment a plain string; spans are offsets into it."""
    return list(segment(document_of_text(text)).clauses)
