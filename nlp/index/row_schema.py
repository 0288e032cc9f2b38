"""The JSON Schema of a row of the command-line contract, derived from the records."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from nlp.index.rows import CONTRACT
from nlp.records import Clause, Provision


def row_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one line of ``export --to jsonl``."""
    hints = {**get_type_hints(Clause), **get_type_hints(Provision)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A provision of clausedex",
        "type": "object",
        "properties": {name: _schema(hints[name]) for name in CONTRACT},
        "required": list(CONTRACT),
        "additionalProperties": False,
    }


_PLAIN: Mapping[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


def _schema(hint: Any) -> dict[str, Any]:
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        properties = {name: _schema(inner) for name, inner in hints.items()}
        return {"type": "object", "properties": properties, "required": list(hints), "additionalProperties": False}
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin is tuple:
        return {"type": "array", "items": _schema(inside[0])}
    if origin in (Union, types.UnionType):
        return {"anyOf": [{"type": "null"} if part is type(None) else _schema(part) for part in inside]}
    raise TypeError(f"no schema for {hint!r}")
