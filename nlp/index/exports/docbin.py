"""Writes provisions as a spaCy DocBin for training text classifiers."""

from __future__ import annotations

from typing import BinaryIO

from nlp.index.exports.selection import Selection
from nlp.taxonomy import codebook


def write(selection: Selection, stream: BinaryIO) -> None:
    """Write one Doc a clause, cut by the blank English tokenizer.

    Labels are ``cats`` (1 or 0 for each label of the codebook), cues ``spans["cues"]``, ids and the rest ``user_data``.
    """
    import spacy
    from spacy.tokens import DocBin, Span

    language = spacy.blank("en")
    docs = DocBin(store_user_data=True)
    names = codebook().names
    for row in selection.rows:
        doc = language.make_doc(row["text"])
        given = {label["name"] for label in row["labels"]}
        doc.cats = {name: float(name in given) for name in (*names, *sorted(given - set(names)))}
        cues = [(doc.char_span(cue["start"], cue["end"], label=cue["role"], alignment_mode="expand"), cue) for cue in row["cues"]]
        doc.spans["cues"] = [Span(doc, span.start, span.end, label=cue["role"]) for span, cue in cues if span is not None]
        doc.user_data = {
            name: row[name] for name in ("document", "document_id", "id", "number", "stance", "modality", "reviewed", "model")
        }
        docs.add(doc)
    stream.write(docs.to_bytes())
