"""The command export: provisions out; it must not know the formats."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nlp.cli.options import Database, Exported, Kinds, Labels, Modalities, Places, Stances, filters_of


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(name="export")(export)


def export(
    out: Annotated[str, typer.Argument(metavar="OUT", help="The file to write, or - for stdout.", show_default=False)],
    db: Database,
    to: Annotated[Exported, typer.Option("--to", help="The format.")],
    query: Annotated[str, typer.Option("--query", help="Only what this search finds.", show_default=False)] = "",
    label: Labels = None,
    stance: Stances = None,
    modality: Modalities = None,
    jurisdiction: Places = None,
    kind: Kinds = None,
) -> int:
    """Write provisions for other programs: all of them, or those that a search finds.

    The same index gives the same bytes, however it was made.

    Example: clausedex export provisions.csv --db law.db --to csv --label oversight
    """
    from nlp.cli.show import counted, say
    from nlp.index import export as exported
    from nlp.index import open_store

    filters = filters_of(label=label, stance=stance, modality=modality, jurisdiction=jurisdiction, kind=kind)
    with open_store(db, read_only=True) as store:
        count = exported(store, to.value, sys.stdout.buffer if out == "-" else out, query=query, filters=filters)
    say(f"{counted(count, 'provision')} written to {'stdout' if out == '-' else out}")
    return 0
