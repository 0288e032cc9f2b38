"""Describes the face for programs by its signatures and docstrings; it must not know what they do."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from nlp import api, batch, errors, index, records

_RECORDS = ("Document", "Page", "Line", "Word", "Box", "Clause", "Provision", "Label", "Condition", "Cue", "Problem", "Fact")
_RESULTS = ("SearchResult", "Hit", "Snippet", "DocumentInfo", "Place", "Matrix", "MatrixRow", "Cell")


def page() -> str:
    """Return the description of `nlp.api` and of the records it gives, as Markdown."""
    parts = ["## Functions\n", *_function(api.read, "nlp.read"), *_function(api.classify, "nlp.classify")]
    parts += ["## Classes\n", *_class(api.Read, "nlp.Read"), *_class(api.Index, "nlp.Index")]
    parts += ["## Records\n", f"{_text(records)}\n"]
    parts += [line for name in _RECORDS for line in _class(getattr(records, name), f"nlp.records.{name}")]
    parts += ["## Results\n"]
    parts += [line for name in _RESULTS for line in _class(getattr(index, name), f"nlp.index.{name}")]
    parts += [*_class(batch.Summary, "nlp.batch.Summary"), "## Errors\n", f"{_text(errors)}\n"]
    return "\n".join(parts)


def _class(found: type, name: str) -> Iterator[str]:
    """Yield what a class is, its fields, and its public methods."""
    source = inspect.getsource(found)
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.ClassDef)
    fields = [ast.get_source_segment(source, part) or "" for part in node.body if isinstance(part, ast.AnnAssign)]
    yield f"### {name}\n"
    yield f"{_text(found)}\n"
    if fields:
        yield "```python\n" + "\n".join(fields) + "\n```\n"
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
            yield from _described(part, f"{found.__name__}.{part.name}", ast.get_docstring(part) or "")


def _function(found: Any, name: str) -> Iterator[str]:
    (node,) = ast.parse(inspect.getsource(found)).body
    assert isinstance(node, ast.FunctionDef)
    yield f"### {name}\n"
    yield from _described(node, name, ast.get_docstring(node) or "")


def _described(node: ast.FunctionDef, name: str, docstring: str) -> Iterator[str]:
    kinds = {ast.unparse(decorator) for decorator in node.decorator_list}
    arguments = ast.unparse(node.args).replace("=", " = ")  # every argument is typed
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    if kinds & {"property", "cached_property"}:
        yield f"```python\n{name}: {returns.removeprefix(' -> ')}\n```\n"
    else:
        bare = re.sub(r"^(self|cls)(, )?", "", arguments)
        yield f"```python\n{name}({bare}){returns}\n```\n"
    yield f"{_plain(docstring)}\n"


def _text(found: Any) -> str:
    return _plain(inspect.getdoc(found) or "")


def _plain(docstring: str) -> str:
    """Turn the little markup of our docstrings into Markdown: double backticks, and code that is set in."""
    parts = []
    for paragraph in docstring.split("\n\n"):
        if paragraph.startswith("    "):
            parts.append(f"```text\n{textwrap.dedent(paragraph)}\n```")
        else:
            parts.append(" ".join(paragraph.split()).replace("``", "`"))
    return "\n\n".join(parts)
