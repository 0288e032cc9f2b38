"""The command export: provisions out; it must not know the formats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nlp.cli.options import Database, Exported, Kinds, Labels, Modalities, Places, Stances, filters_of
from nlp.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(name="export")(export)


def export(
    out: Annotated[str, typer.Argument(metavar="OUT", help="The file to write, or - for stdout.", show_default=False)],
    db: Database,
    to: Annotated[Exported, typer.Option("--to", help="The format.")],
    query: Annotated[str, typer.Option("--query", help="Only what this search finds.", show_default=False)] = "",
    interface: Annotated[
        str | None,
        typer.Option(
            "--interface",
            metavar="FILE",
            help="With --to label-studio: write the labelling interface that goes with the tasks here too, or - for stdout.",
        ),
    ] = None,
    label: Labels = None,
    stance: Stances = None,
    modality: Modalities = None,
    jurisdiction: Places = None,
    kind: Kinds = None,
) -> int:
    """Write provisions for other programs: all of them, or those that a search finds.

    The same index gives the same bytes, however it was made.

    Examples: clausedex export provisions.csv --db law.db --to csv --label oversight

    clausedex export tasks.json --db law.db --to label-studio --interface interface.xml
    """
    from nlp.cli.show import counted, say
    from nlp.index import export as exported
    from nlp.index import labelling_interface, open_store

    if interface is not None and to is not Exported.LABEL_STUDIO:
        raise UsageError("--interface goes with --to label-studio")
    if interface == out == "-":
        raise UsageError("tasks and interface cannot both go to stdout: name a file for one of them")
    filters = filters_of(label=label, stance=stance, modality=modality, jurisdiction=jurisdiction, kind=kind)
    with open_store(db, read_only=True) as store:
        count = exported(store, to.value, sys.stdout.buffer if out == "-" else out, query=query, filters=filters)
        if interface is not None:
            _write(labelling_interface(store), interface)
    say(f"{counted(count, 'provision')} written to {'stdout' if out == '-' else out}")
    if interface not in (None, "-"):
        say(f"labelling interface written to {interface}")
    return 0


def _write(text: str, out: str) -> None:
    if out == "-":
        sys.stdout.write(text)
        return
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror or error}") from error
