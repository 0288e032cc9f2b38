"""The commands export and review: provisions out, corrections in and out; it must not know the formats."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nlp.cli.options import Database, Exported, Kinds, Labels, Modalities, Places, Stances

review = typer.Typer(help="Take reviewers' corrections in and out of an index.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(name="export")(export)
    app.add_typer(review, name="review")


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
    from nlp.cli.show import say
    from nlp.index import Filters, open_store
    from nlp.index import export as exported

    filters = Filters(
        label=tuple(label or ()),
        stance=tuple(stance or ()),
        modality=tuple(modality or ()),
        jurisdiction=tuple(jurisdiction or ()),
        kind=tuple(kind or ()),
    )
    with open_store(db, read_only=True) as store:
        count = exported(store, to.value, sys.stdout.buffer if out == "-" else out, query=query, filters=filters)
    say(f"{count} provisions written to {'stdout' if out == '-' else out}")
    return 0


@review.command(name="export")
def review_export(
    out: Annotated[str, typer.Argument(metavar="OUT", help="The JSONL file to write.", show_default=False)], db: Database
) -> int:
    """Write the corrections that an index keeps.

    Example: clausedex review export corrections.jsonl --db law.db
    """
    from nlp.cli.show import say
    from nlp.index import export_corrections, open_store

    with open_store(db, read_only=True) as store:
        count = export_corrections(store, out)
    say(f"{count} corrections written to {out}")
    return 0


@review.command(name="import")
def review_import(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSONL, or Label Studio's JSON export.", show_default=False)],
    db: Database,
) -> int:
    """Keep corrections in an index: they win over the model, now and whenever the document is read again.

    Example: clausedex review import corrections.jsonl --db law.db
    """
    from nlp.cli.show import say
    from nlp.index import import_corrections, open_store

    with open_store(db) as store:
        changed = import_corrections(store, file)
    say(f"{changed} provisions corrected")
    return 0
