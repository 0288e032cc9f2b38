"""The application and its commands, each in a module of its own that is loaded when it runs; it must not know their work."""

from __future__ import annotations

from typing import Annotated

import typer

from nlp.cli import batches, comparing, doctor, evaluating, exchange, learning, models, reviewing, searching, serving, stages
from nlp.cli.wording import Face

app = Face(
    name="clausedex",
    help=(
        "A searchable index of provisions on how state and local government works with federal immigration enforcement.\n\n"
        "Start with: clausedex index FOLDER --db law.db, then clausedex search '48 hours' --db law.db"
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
batches.register(app)
searching.register(app)
stages.register(app)
comparing.register(app)
exchange.register(app)
reviewing.register(app)
learning.register(app)
evaluating.register(app)
models.register(app)
serving.register(app)
doctor.register(app)


def _version(asked: bool) -> None:
    if asked:
        from nlp import __version__

        typer.echo(f"clausedex {__version__}")
        raise typer.Exit


@app.callback()
def _face(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""
