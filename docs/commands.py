"""Describes the commands as the application has them; it must not know what a command does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer.main

from nlp.cli.app import app
from nlp.cli.wording import takes

_ASIDE = re.compile(r"\s*\[([^\[\]]*)\]$")
_EXAMPLE = re.compile(r"^Examples?: |^(?=clausedex )")


def commands() -> dict[str, Any]:
    """Return every command by its full name, those of groups as ``review queue``, in the order of the program's help."""
    found: dict[str, Any] = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]  # the application is a group
        inner = getattr(command, "commands", None)
        found.update({f"{name} {each}": part for each, part in inner.items()} if inner else {name: command})
    return found


def page() -> str:
    """Return the description of all commands as Markdown."""
    return "\n".join(line for name, command in commands().items() for line in _command(name, command))


def _command(name: str, command: Any) -> Iterator[str]:
    context = command.make_context(name, [], resilient_parsing=True)
    parameters = sorted((each for each in command.params if not each.hidden), key=lambda each: each.param_type_name != "argument")
    yield f"## {name}\n"
    yield f"```text\nclausedex {name} {' '.join(_usage(parameters))}\n```\n"
    paragraphs = f"{command.help}\n\n{command.epilog or ''}".strip().split("\n\n")
    yield from (f"{_escaped(' '.join(text.split()))}\n" for text in paragraphs if not _EXAMPLE.match(text))
    examples = [_EXAMPLE.sub("", text, count=1) for text in paragraphs if _EXAMPLE.match(text)]
    if examples:
        yield "```bash\n" + "\n".join(examples) + "\n```\n"
    yield "| argument or option | what it is for |\n|---|---|"
    for each in parameters:
        yield _row(each, *each.get_help_record(context))
    yield ""


def _usage(parameters: Any) -> Iterator[str]:
    """Yield the arguments and the options that must be given, as they are typed."""
    for each in parameters:
        if each.param_type_name == "argument":
            yield each.metavar or each.name.upper()
        elif each.required:
            yield f"{each.opts[0]} {each.metavar or 'FORMAT'}"
    yield "[OPTION...]"


def _row(parameter: Any, left: str, right: str) -> str:
    left = parameter.metavar or parameter.name.upper() if parameter.param_type_name == "argument" else takes(left)
    aside = _ASIDE.search(right)
    text = _ASIDE.sub("", right).strip()
    notes = [_note(note) for note in aside[1].split("; ")] if aside else []
    return f"| `{_celled(left)}` | {_escaped(text)}{''.join(f' {note}.' for note in notes)} |"


def _note(note: str) -> str:
    name, _, value = note.partition(": ")
    if name == "env var":
        return f"Also from `{value}`"
    if name == "default":
        return f"Default: {_escaped(value.removeprefix('(').removesuffix(')'))}"
    return "Required" if note == "required" else f"Bounds: `{_celled(note)}`"


def _celled(text: str) -> str:
    return text.replace("|", "\\|")


def _escaped(text: str) -> str:
    """Keep signs that Markdown would take for its own, and show options as code."""
    return re.sub(r"(?<![\w-])(--[a-z][a-z-]*)", r"`\1`", re.sub(r"([*<>|\[\]])", r"\\\1", text))
