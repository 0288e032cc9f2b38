"""The arguments and options that several commands share; it must not know what they do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nlp.index import Filters

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
        "--model",
        metavar="DIR",
        envvar="CLAUSEDEX_MODEL",
        help="A model to classify with, or 'shipped'.",
        show_default="the champion, else the one shipped",
    ),
]

Password = Annotated[
    str | None,
    typer.Option(
        "--password", metavar="TEXT", envvar="CLAUSEDEX_PASSWORD", help="The password of encrypted files.", show_default=False
    ),
]

Labels = Annotated[
    list[str] | None,
    typer.Option(
        "--label", metavar="NAME", help="Only clauses with this label (see: clausedex labels); repeat for alternatives."
    ),
]
Stances = Annotated[
    list[str] | None, typer.Option("--stance", metavar="NAME", help="restricts, enables, safeguards, neutral or mixed.")
]
Modalities = Annotated[
    list[str] | None,
    typer.Option("--modality", metavar="NAME", help="prohibition, obligation, permission, exemption, definition or statement."),
]
Places = Annotated[
    list[str] | None, typer.Option("--jurisdiction", metavar="PLACE", help="A state's code or name, or part of a place's name.")
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", help="statute, ordinance, bill, policy, agreement, resolution, order or other."),
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
    """Formats of what was found: hits, conflicts, labels, clauses to review."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Told(StrEnum):
    """Formats of a report."""

    TABLE = "table"
    JSON = "json"


class Compared(StrEnum):
    """Formats of the matrix."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    MAP = "map"


class Differed(StrEnum):
    """Formats of the changes between two documents."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


class CountBy(StrEnum):
    """What hits are counted by."""

    DOCUMENT = "document"
    LABEL = "label"
    STANCE = "stance"
    MODALITY = "modality"
    JURISDICTION = "jurisdiction"
    KIND = "kind"
    YEAR = "year"


class GroupBy(StrEnum):
    """What a row of the matrix is."""

    JURISDICTION = "jurisdiction"
    STATE = "state"
    DOCUMENT = "document"
    AGENCY = "agency"
    KIND = "kind"


class Exported(StrEnum):
    """Formats that other programs read."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    LABEL_STUDIO = "label-studio"
    SPACY = "spacy"
    W3C = "w3c"


class Retry(StrEnum):
    """What to read again although it is unchanged."""

    FAILED = "failed"


def filters_of(**given: list[str] | None) -> Filters:
    """Return what the options of a search narrow it to."""
    from nlp.index import Filters

    return Filters(**{name: tuple(values or ()) for name, values in given.items()})
