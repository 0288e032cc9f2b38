"""The spaCy pipeline component ``clauses``: fills a span group with a Doc's clauses; needs none of the other rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc, Span

from nlp.segment import clauses_of_text

if TYPE_CHECKING:
    from collections.abc import Callable

EXTENSIONS = ("clause_id", "clause_kind", "number", "heading", "lead_in", "clause_text")


@Language.factory("clauses", default_config={"spans_key": "clauses"})
def clauses(nlp: Language, name: str, spans_key: str) -> Callable[[Doc], Doc]:
    """Make the component. Spans are labelled with their number path and carry it and more as ``span._.number`` and the like."""
    for extension in EXTENSIONS:
        if not Span.has_extension(extension):
            Span.set_extension(extension, default=None)

    def component(doc: Doc) -> Doc:
        spans = []
        for clause in clauses_of_text(doc.text):
            span = doc.char_span(clause.start, clause.end, label=clause.number, alignment_mode="expand")
            if span is None:
                continue
            span._.clause_id, span._.clause_kind, span._.number = clause.id, clause.kind, clause.number
            span._.heading, span._.lead_in, span._.clause_text = clause.heading, clause.lead_in, clause.text
            spans.append(span)
        doc.spans[spans_key] = spans
        return doc

    return component
