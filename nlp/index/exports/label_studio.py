"""Writes provisions as tasks of Label Studio, with the model's answer as a prediction or a reviewer's as an annotation."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, BinaryIO, get_args
from xml.sax.saxutils import quoteattr

from nlp.index.exports.selection import Selection
from nlp.records import MODALITIES, Stance
from nlp.taxonomy import codebook

CHOICES = ("labels", "stance", "modality")


def write(selection: Selection, stream: BinaryIO) -> None:
    """Write a JSON list of tasks, one a line; `config` is the labelling interface that goes with them."""
    stream.write(b"[")
    for at, row in enumerate(selection.rows):
        line = json.dumps(_task(row, selection), ensure_ascii=False)
        stream.write((",\n" if at else "\n").encode() + line.encode("utf-8"))
    stream.write(b"\n]\n")


def config(names: Collection[str] = ()) -> str:
    """Return the labelling interface of Label Studio for the tasks: labels, stance and modality as choices.

    `names` are the labels that provisions carry: those of the codebook are offered with what they mean, and any other after them.
    Where provisions carry others alone, an index of a taxonomy of its own, the codebook is left out.
    """
    hints = {label.name: label.definition for label in codebook().labels}
    others = sorted(set(names) - set(hints))
    offered = [*(hints if not others or set(names) & set(hints) else ()), *others]
    labels = "".join(
        f"\n    <Choice value={quoteattr(name)}" + (f" hint={quoteattr(hints[name])}/>" if name in hints else "/>")
        for name in offered
    )

    def choices(name: str, values: tuple[str, ...]) -> str:
        inner = "".join(f"\n    <Choice value={quoteattr(value)}/>" for value in values)
        return f'  <Choices name="{name}" toName="text" choice="single" showInline="true">{inner}\n  </Choices>\n'

    return (
        '<View>\n  <Header value="$heading"/>\n  <Text name="lead_in" value="$lead_in"/>\n  <Text name="text" value="$text"/>\n'
        f'  <Choices name="labels" toName="text" choice="multiple">{labels}\n  </Choices>\n'
        f"{choices('stance', get_args(Stance))}{choices('modality', MODALITIES)}</View>\n"
    )


def _task(row: Mapping[str, Any], selection: Selection) -> dict[str, Any]:
    document = selection.documents[row["document"]]
    answer = {"labels": [label["name"] for label in row["labels"]], "stance": [row["stance"]], "modality": [row["modality"]]}
    result = [
        {"id": f"{row['id']}-{name}", "from_name": name, "to_name": "text", "type": "choices", "value": {"choices": answer[name]}}
        for name in CHOICES
        if answer[name]
    ]
    data = {
        "text": row["text"], "lead_in": row["lead_in"] or "", "heading": " > ".join(row["heading"]), "number": row["number"],
        "document": row["document"], "document_id": row["document_id"], "clause_id": row["id"], "pages": row["pages"],
        "jurisdiction": document.jurisdiction or "", "title": document.title or "", "stance": row["stance"],
        "modality": row["modality"], "abstained": row["abstained"],
    }  # fmt: skip
    if row["reviewed"]:
        return {"data": data, "annotations": [{"result": result}]}
    scores = [label["score"] for label in row["labels"]]
    prediction = {"model_version": row["model"], "result": result, **({"score": min(scores)} if scores else {})}
    return {"data": data, "predictions": [prediction]}
