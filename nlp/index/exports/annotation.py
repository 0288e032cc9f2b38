"""Writes provisions as a collection of W3C Web Annotations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO
from urllib.parse import quote

from nlp.index.exports.selection import Selection

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PDF_FRAGMENT = "http://tools.ietf.org/rfc/rfc3778"
AROUND = 32
"""Code points quoted from either side of a clause, by which it is found again where offsets have shifted."""


def write(selection: Selection, stream: BinaryIO) -> None:
    """Write one AnnotationCollection: each provision classifies a span of its document's text and, in PDFs, its pages.

    The source is ``urn:sha256:`` with the hash of the document's bytes; offsets count code points of the extracted text.
    """
    head = {"@context": CONTEXT, "id": "urn:clausedex:provisions", "type": "AnnotationCollection", "total": selection.total}
    opening = json.dumps(head)[:-1] + ', "first": {"id": "urn:clausedex:provisions:1", "type": "AnnotationPage", "items": ['
    stream.write(opening.encode())
    document, text = "", ""
    for at, row in enumerate(selection.rows):
        if row["document_id"] != document:
            document, text = row["document_id"], selection.text(row["document_id"])
        line = json.dumps(_annotation(row, text, selection.documents[row["document"]].format), ensure_ascii=False)
        stream.write((",\n" if at else "\n").encode() + line.encode("utf-8"))
    stream.write(b"\n]}}\n")


def _annotation(row: Mapping[str, Any], text: str, form: str) -> dict[str, Any]:
    start, end = row["start"], row["end"]
    selectors: list[dict[str, Any]] = [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - AROUND) : start],
            "suffix": text[end : end + AROUND],
        },
    ]
    if form == "pdf":
        selectors.extend(
            {"type": "FragmentSelector", "conformsTo": PDF_FRAGMENT, "value": f"page={page}"} for page in row["pages"]
        )
    bodies = [
        *({"type": "TextualBody", "purpose": "classifying", "value": label["name"]} for label in row["labels"]),
        {"type": "TextualBody", "purpose": "tagging", "value": f"stance:{row['stance']}"},
        {"type": "TextualBody", "purpose": "tagging", "value": f"modality:{row['modality']}"},
    ]
    return {
        "id": f"urn:clausedex:{quote(row['document_id'], safe=':')}:{quote(row['id'], safe=':')}",
        "type": "Annotation",
        "motivation": "classifying",
        "generator": {"type": "Software", "name": row["model"]},
        "body": bodies,
        "target": {"source": f"urn:{row['document_id']}", "selector": selectors},
    }
