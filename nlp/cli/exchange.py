"""The commands export and review: provisions out, corrections in and out, what to review; it must not know the formats."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nlp.cli.options import Database, Exported, Kinds, Labels, Modalities, Places, Stances, Told

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


@review.command(name="queue")
def review_queue(
    db: Database,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Most clauses to list.")] = 50,
    share: Annotated[float, typer.Option("--random", min=0.0, max=1.0, help="Share drawn at random.")] = 0.2,
    seed: Annotated[int, typer.Option("--seed", help="Another seed draws others.")] = 0,
    shape: Annotated[Told, typer.Option("--format", help="Cards to read, or one line of JSON a clause.")] = Told.TABLE,
) -> int:
    """List the clauses best reviewed next: those the model doubts most, unlike each other, and some at random.

    Only the random ones tell how good the model is: the others are its worst.

    Example: clausedex review queue --db law.db --limit 50 --format json > to-review.jsonl
    """
    from nlp.cli.rendering import put_card
    from nlp.cli.show import put_json, say
    from nlp.index import open_store, queue

    with open_store(db, read_only=True) as store:
        rows = queue(store, limit, share=share, seed=seed)
    for row in rows:
        if shape is Told.JSON:
            put_json(row)
        else:
            put_card(row, note=f" | {row['why']} {row['doubt']:.2f}")
    if not rows:
        say("every clause of the index is reviewed")
    return 0


@review.command(name="agreement")
def review_agreement(db: Database, shape: Annotated[Told, typer.Option("--format", help="How to write it.")] = Told.TABLE) -> int:
    """Show how far reviewers agree, by label: share of agreement and Cohen's kappa on clauses that two of them decided.

    Example: clausedex review agreement --db law.db
    """
    from dataclasses import asdict

    from rich.table import Table

    from nlp.cli.show import console, put_json, say
    from nlp.index import agreement, open_store

    with open_store(db, read_only=True) as store:
        found = agreement(store)
    if shape is Told.JSON:
        put_json([asdict(row) for row in found])
    elif found:
        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in ("reviewer", "and", "label", "clauses", "agreed", "kappa"):
            table.add_column(column, justify="right" if column in {"clauses", "agreed", "kappa"} else "left")
        for row in found:
            beyond = "" if row.kappa is None else f"{row.kappa:.2f}"
            table.add_row(row.first, row.second, row.label, str(row.clauses), f"{row.agreed:.0%}", beyond)
        console().print(table)
    else:
        say("no clause was decided by two named reviewers")
    return 0
