"""Run a command line and turn what goes wrong into one message and an exit code; it must not know any command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from nlp.cli.app import app
from nlp.cli.exits import Exit, code_of
from nlp.cli.show import say
from nlp.cli.wording import refusal
from nlp.errors import ClausedexError, QueryError


def main() -> None:
    """Run the command line of this process and exit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = call(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _pipe_closed()
    sys.exit(code)


def call(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    from typer.exceptions import Abort, TyperException

    try:
        result = app(args=list(arguments), prog_name="clausedex", standalone_mode=False)
    except TyperException as error:
        message = refusal(error)
        say(message) if message.startswith("Usage:") else say(f"clausedex: {message}", _hint(error))
        return Exit.USAGE
    except (KeyboardInterrupt, Abort):
        say("clausedex: interrupted")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return _pipe_closed()
    except SystemExit as left:  # what Typer makes of a closed pipe, with an exit code that says something failed
        if not isinstance(left.__context__, BrokenPipeError):
            raise
        return _pipe_closed()
    except ModuleNotFoundError as error:
        if (error.name or "nlp").split(".")[0] == "nlp":
            raise
        say(f"clausedex: the package {error.name} is not installed; pip install clausedex brings it, clausedex doctor tells more")
        return Exit.MISSING
    except ClausedexError as error:
        say(f"clausedex: {error}", _pointer(error))
        return code_of(error)
    return int(result) if isinstance(result, int) else Exit.DONE


def _hint(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return f"See '{context.command_path} --help'." if context is not None else ""


def _pointer(error: ClausedexError) -> str:
    """Show where a query could not be read."""
    if not isinstance(error, QueryError):
        return ""
    return f"  {error.query}\n  {' ' * error.position}^"


def _pipe_closed() -> int:
    """Leave quietly when the reader of stdout has gone, and keep the interpreter from flushing into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.PIPE_CLOSED
