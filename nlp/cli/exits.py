"""The exit codes, and which one an error stands for; it must not know any command."""

from __future__ import annotations

from enum import IntEnum

from nlp.errors import MissingComponentError, NoInputError


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    USAGE = 1
    NO_INPUT = 2
    MISSING = 3
    FAILURES = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141


def code_of(error: Exception) -> Exit:
    """Return the exit code that an error of ours stands for."""
    if isinstance(error, NoInputError):
        return Exit.NO_INPUT
    return Exit.MISSING if isinstance(error, MissingComponentError) else Exit.USAGE
