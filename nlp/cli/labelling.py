"""The command labels: the codebook and the outside schemes it is mapped to; it must not know of documents."""

from __future__ import annotations

from typing import Annotated

import typer

from nlp.cli.options import Found


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(name="labels")(labels)


def labels(
    scheme: Annotated[
        str | None,
        typer.Option("--scheme", metavar="NAME", help="Show the criteria of an outside scheme instead; 'all' names them."),
    ] = None,
    shape: Annotated[Found, typer.Option("--format", help="How to write them.")] = Found.TABLE,
) -> int:
    """Show the labels a clause may have and what they mean, or the criteria of outside schemes and where they are published.

    Examples: clausedex labels

    clausedex labels --scheme doj-2025
    """
    from nlp.cli.rendering import put_rows
    from nlp.cli.show import say
    from nlp.errors import UsageError
    from nlp.taxonomy import codebook
    from nlp.taxonomy.crosswalks import schemes

    if scheme is None:
        found = [{"label": label.name, "stance": label.stance, "definition": label.definition} for label in codebook().labels]
        put_rows(("label", "stance", "definition"), found, shape)
        return 0
    if scheme == "all":
        known = [{"scheme": item.name, "criteria": len(item.criteria), "title": item.title} for item in schemes().values()]
        put_rows(("scheme", "criteria", "title"), known, shape)
        return 0
    if scheme not in schemes():
        raise UsageError(f"there is no scheme {scheme!r}; one of {', '.join(schemes())}")
    chosen = schemes()[scheme]
    columns = ("criterion", "place", "text", "labels", "source")
    criteria = [
        {"criterion": item.name, "place": item.place, "text": item.text, "labels": list(item.labels), "source": item.source}
        for item in chosen.criteria
    ]
    put_rows(columns[:-1] if shape is Found.TABLE else columns, criteria, shape)
    say(f"{chosen.title}: {chosen.source}", *(f"left out: {reason}" for reason in chosen.left_out))
    return 0
