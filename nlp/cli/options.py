"""The arguments and options that several commands share; it must not know what they do."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="A file, a folder (with all below it), a pattern in quotes, or - for standard input: a list of paths or a document.",
        show_default=False,
    ),
]
Database = Annotated[
    str, typer.Option("--db", metavar="FILE", envvar="CLAUSEDEX_DB", help="The index: a SQLite file, or a postgresql:// address.")
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, max=512, envvar="CLAUSEDEX_JOBS", help="Processes to use.", show_default="one a core"),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="DIR", envvar="CLAUSEDEX_MODEL", help="A model to classify with.", show_default="the one shipped"
    ),
]

Password = Annotated[
    str | None,
    typer.Option("--password", envvar="CLAUSEDEX_PASSWORD", help="The password of encrypted files.", show_default=False),
]


class Rows(StrEnum):
    """Formats of classified clauses."""

    JSONL = "jsonl"
    TABLE = "table"
    CSV = "csv"


class Clauses(StrEnum):
    """Formats of clauses."""

    JSONL = "jsonl"


class Extracted(StrEnum):
    """Formats of what was read."""

    TEXT = "text"
    JSONL = "jsonl"


class Found(StrEnum):
    """Formats of search results."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Told(StrEnum):
    """Formats of a report."""

    TABLE = "table"
    JSON = "json"


class Retry(StrEnum):
    """What to read again although it is unchanged."""

    FAILED = "failed"
