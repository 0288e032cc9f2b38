"""How help and refusals are worded: plain names for what an option takes; it must not know any command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import typer
from typer.core import TyperCommand
from typer.models import CommandFunctionType

_TAKES = {"<str>": "TEXT", "<list[str]>": "TEXT", "<int>": "N", "<int range>": "N", "<float>": "X", "<float range>": "X"}
_TYPED = re.compile(r"<[^>]+>")
_BOUNDS = re.compile(r"(?<=[\[ ])([\d.]+)<=x<=([\d.]+)(?=[];])")
_FROM = re.compile(r"(?<=[\[ ])x>=([\d.]+)(?=[];])")


class Command(TyperCommand):
    """A command whose help names what each argument and option takes as people would."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the line of usage: arguments without braces, those that may be left out in brackets."""
        arguments = (_argument(each) for each in self.get_params(ctx) if each.param_type_name == "argument")
        return [self.options_metavar or "", *arguments]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the sections of arguments and of options."""
        for title, kind in (("Arguments", "argument"), ("Options", "option")):
            rows = [row for each in self.get_params(ctx) if each.param_type_name == kind for row in _row(each, ctx)]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


class Face(typer.Typer):
    """An application whose commands are worded so."""

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **settings: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Return what registers a command."""
        return super().command(name, cls=cls or Command, **settings)


def takes(left: str) -> str:
    """Return the left side of a line of help with plain words for types: ``-n, --limit N``, ``--format table|json``."""
    return _TYPED.sub(lambda match: _TAKES.get(match[0], match[0].strip("<>")), left)


def refusal(error: Exception) -> str:
    """Return what a command line got wrong; of numbers what is taken and what was given."""
    parameter, cause = getattr(error, "param", None), error.__cause__
    wrong = cause.errors()[0] if cause is not None and hasattr(cause, "errors") else None
    if wrong is None or parameter is None or not (_is_number(parameter) or wrong["type"].startswith(("int", "float"))):
        return str(error.format_message()).replace("Value error, ", "")  # type: ignore[attr-defined]  # each error of Typer has it
    least, most = getattr(parameter, "min", None), getattr(parameter, "max", None)
    number = "a whole number" if parameter.type_descriptor.annotation is int else "a number"
    between = f" from {least:g} to {most:g}" if least is not None and most is not None else ""
    between = between or (f" of {least:g} or more" if least is not None else "")
    name = max(parameter.opts, key=len) if parameter.param_type_name == "option" else parameter.display_name_raw
    variable = f" (or {parameter.envvar})" if isinstance(parameter.envvar, str) else ""
    return f"{name}{variable} takes {number}{between}, not {wrong['input']}"


def _is_number(parameter: Any) -> bool:
    return getattr(parameter, "min", None) is not None or getattr(parameter, "max", None) is not None


def _argument(parameter: Any) -> str:
    name = str(parameter.display_name_raw)
    return name if parameter.required or name.startswith("[") else f"[{name}]"


def _row(parameter: Any, ctx: Any) -> Iterator[tuple[str, str]]:
    record = parameter.get_help_record(ctx)
    if record is not None:
        left, right = record
        name = _argument(parameter) if parameter.param_type_name == "argument" else takes(left)
        yield name, _FROM.sub(r"\1 or more", _BOUNDS.sub(r"\1 to \2", right))
