"""Write lines and rows to stdout and stderr; it must not know what they mean.

Text of documents is data: control characters never reach a terminal, and no cell of a CSV file begins as a formula does.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
PIPED_WIDTH = 110


def safe(text: str) -> str:
    """Replace control characters, which a terminal could obey."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def say(*lines: str) -> None:
    """Write messages to stderr."""
    for line in lines:
        if line:
            sys.stderr.write(safe(line) + "\n")
    sys.stderr.flush()


def put(line: str) -> None:
    """Write a line of data to stdout."""
    sys.stdout.write(line + "\n")


def put_json(value: Any) -> None:
    """Write a value as one line of JSON."""
    put(json.dumps(value, ensure_ascii=False))


def put_csv(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as CSV with a header."""
    from nlp.index import neutral

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([neutral(_cell(row.get(name))) for name in names])


def _cell(value: Any) -> Any:
    """Return what a cell holds: text and numbers as they are, whatever has parts as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | tuple | bool) else value


def console() -> Console:
    """Return a console on stdout: as wide as the terminal, or of a fixed width where there is none."""
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False, soft_wrap=False)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun: ``1 clause``, ``2 clauses``; `many` is given where it does not end in s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def label_names(row: Mapping[str, Any]) -> list[str]:
    """Return the names of the labels of a contract row."""
    return [label["name"] for label in row.get("labels") or ()]
