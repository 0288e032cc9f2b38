"""The commands on registered models; it must not know how a registry works or how models are judged."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from nlp.cli.options import Told

if TYPE_CHECKING:
    from nlp.registry import Version

models = typer.Typer(help="Show the registered models.", no_args_is_help=True)

Name = Annotated[str, typer.Option("--name", envvar="CLAUSEDEX_MODEL_NAME", help="The model's name in the registry.")]
Shape = Annotated[Told, typer.Option("--format", help="How to write it.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(models, name="models")


@models.command(name="list")
def listed(name: Name = "clausedex", shape: Shape = Told.TABLE) -> int:
    """List the registered versions of a model with their figures, latest first.

    Example: clausedex models list
    """
    from nlp.cli.show import put_json, say
    from nlp.registry import address, shown, versions

    found = versions(name)
    if shape is Told.JSON:
        put_json([asdict(version) for version in found])
    elif found:
        _show(found)
    else:
        say(f"no version of {name} at {shown(address())}")
    return 0


def _show(found: list[Version]) -> None:
    from datetime import UTC, datetime

    from rich.table import Table

    from nlp.cli.show import console

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("version", "alias", "model", "made", "clauses", "F1 in folds", "F1 on test", "gate"):
        table.add_column(column, justify="right" if column in {"version", "clauses"} else "left")
    for version in found:
        made = datetime.fromtimestamp(version.made / 1000, UTC).strftime("%Y-%m-%d %H:%M")
        figures = ("" if value is None else f"{value:.3f}" for value in (version.cv, version.test))
        clauses = "" if version.clauses is None else str(version.clauses)
        gate = f"{version.gate} ({version.reason})" if version.reason else version.gate
        table.add_row(str(version.number), " ".join(version.aliases), version.model, made, clauses, *figures, gate)
    console().print(table)
