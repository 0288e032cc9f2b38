"""Describes labels, failure codes, fields of a query and rows of JSON as the program has them; it knows no page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from nlp.errors import FAILURE_CODES
from nlp.index import FIELDS, row_schema
from nlp.records import ConditionType
from nlp.taxonomy import codebook

_MEANINGS = {
    "document": "path of the file, as it was given",
    "document_id": "`sha256:` and the hash of the file's bytes",
    "id": "the clause's id: the same for the same clause of the same bytes",
    "number": "path of enumerators, such as `V.A.2`; empty where nothing is numbered",
    "heading": "headings above the clause, outermost first",
    "lead_in": "the line ending in a colon that the clause completes",
    "text": "clean text of the clause",
    "start": "where the clause begins in the document's text, in code points",
    "end": "where it ends, exclusive",
    "pages": "pages it stands on, from 1",
    "boxes": "where it stands: page and rectangle, in points from the top left",
    "kind": "rule, lead-in, item of a list, recital or note",
    "struck": "the old wording that amended law takes out",
    "added": "words that amended law puts in",
    "labels": "labels that apply, best first; `score` is a calibrated probability, 1 after review",
    "stance": "which way the clause runs",
    "modality": "its force",
    "conditions": "conditions the clause sets; offsets are in `text`",
    "cues": "words that decided; offsets are in `text`",
    "model": "`name@version` of the model that spoke",
    "actor": "who is bound or allowed",
    "exception_to": "id of the clause whose rule this one limits",
    "abstained": "true where the model wants a person to look",
    "guesses": "where it abstained: the two likeliest labels, whether or not they apply",
    "reviewed": "true where a person decided",
}


def labels() -> str:
    """Return the codebook as a table for each group."""
    found = codebook()
    groups = dict.fromkeys(label.group for label in found.labels)
    parts = []
    for group in groups:
        rows = ((f"`{label.name}`", label.stance, label.definition) for label in found.labels if label.group == group)
        parts.append(f"## {group.capitalize()}\n\n" + _table(("label", "stance", "a clause that"), rows))
    pairs = ((pair.topic, f"`{pair.restricts}`", f"`{pair.enables}`") for pair in found.opposites)
    return "\n".join([*parts, "## Opposites\n", _table(("topic", "restricts", "enables"), pairs)])


def failures() -> str:
    """Return the failure codes as a table."""
    return _table(("code", "meaning"), ((f"`{code}`", meaning) for code, meaning in FAILURE_CODES.items()))


def fields() -> str:
    """Return the fields of a query as a table."""
    return _table(("field", "takes"), ((f"`{name}:`", _codes(name, takes)) for name, takes in FIELDS.items()))


def rows() -> str:
    """Return the fields of a row as a table, and its JSON Schema."""
    found = row_schema()["properties"]
    table = _table(("field", "type", "what it is"), ((f"`{name}`", _type(part), _MEANINGS[name]) for name, part in found.items()))
    return f"{table}\n## JSON Schema\n\n```json\n{schema()}```\n"


def schema() -> str:
    """Return the JSON Schema of a row as a file."""
    return json.dumps(row_schema(), indent=1) + "\n"


def _codes(name: str, takes: str) -> str:
    if name == "has":
        return ", ".join(f"`{each}`" for each in get_args(ConditionType))
    return takes.replace("<", "\\<").replace(">", "\\>")


def _type(part: dict[str, Any]) -> str:
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if "anyOf" in part:
        return " or ".join(_type(each) for each in part["anyOf"])
    if part["type"] == "array":
        return f"list of {_type(part['items'])}"
    if part["type"] == "object":
        return "{" + ", ".join(part["properties"]) + "}"
    return str(part["type"])


def _table(head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cells)} |"

    def lines() -> Iterator[str]:
        yield line(head)
        yield "|" + "---|" * len(head)
        yield from map(line, body)

    return "\n".join(lines()) + "\n"
