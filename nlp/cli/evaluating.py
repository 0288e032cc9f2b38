"""The command evaluate: how good a model is on labelled clauses; it must not know how that is measured."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp.cli.choosing import chosen
from nlp.cli.options import Model

if TYPE_CHECKING:
    from nlp.classify.evaluation import Figures


class Told(StrEnum):
    """How figures are told."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(name="evaluate")(evaluate)


def evaluate(
    gold: Annotated[Path, typer.Option("--gold", metavar="PATH", help="Labelled JSONL, or a folder of it.", show_default=False)],
    model: Model = None,
    split: Annotated[str | None, typer.Option("--split", help="Measure on this split alone.", show_default=False)] = None,
    shape: Annotated[
        Told, typer.Option("--format", help="A table, all figures and mistakes as JSON, or a page with pictures.")
    ] = Told.TABLE,
) -> int:
    """Measure a model on labelled clauses: precision, recall and F1 by label, and which clauses it gets wrong.

    Give it clauses the model has not seen: figures on its own training text say nothing.

    Example: clausedex evaluate --gold gold.jsonl --format html > report.html
    """
    from nlp.classify import Classifier
    from nlp.classify.evaluation import evaluate as evaluated
    from nlp.cli.show import put

    folder = chosen(model)
    figures = evaluated(gold, Classifier.load(Path(folder) if folder else None), split=split)
    if shape is Told.JSON:
        put(figures.as_json())
    elif shape is Told.HTML:
        from nlp.classify.report import as_html

        put(as_html(figures))
    else:
        _show(figures)
    return 0


def _show(figures: Figures) -> None:
    from rich.table import Table

    from nlp.cli.show import console, counted, put

    put(f"{figures.model} on {counted(figures.clauses, 'clause')} of {figures.gold}")
    put(f"micro-F1 {figures.micro:.3f} ({figures.micro_low:.3f} to {figures.micro_high:.3f}), macro-F1 {figures.macro:.3f}")
    if figures.core is not None and figures.directed is not None:
        put(f"core {figures.core:.3f}, directed {figures.directed:.3f}, direction flips {figures.direction_flips:.1%}")
    put(f"every label right {figures.exact:.3f}; kept {figures.kept:.0%}, micro-F1 on those {figures.kept_micro:.3f}")
    put(f"expected calibration error {figures.calibration_error:.3f}")
    if figures.modality is not None:
        put(f"modality right {figures.modality:.3f}")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("label", "clauses", "precision", "recall", "F1", "95%"):
        table.add_column(column, justify="left" if column == "label" else "right")
    for label in figures.labels:
        shares = (f"{value:.3f}" for value in (label.precision, label.recall, label.f1))
        table.add_row(label.label, str(label.support), *shares, f"{label.low:.2f}-{label.high:.2f}")
    put("")
    console().print(table)
