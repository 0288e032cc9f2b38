"""The commands train and evaluate: a model from labelled clauses, and how good it is; it must not know how either is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp.cli.options import Jobs, Model, Told
from nlp.errors import UsageError

if TYPE_CHECKING:
    from nlp.classify.evaluation import Figures


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(name="train")(train)
    app.command(name="evaluate")(evaluate)


def train(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the model goes.", show_default=False)],
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", metavar="PATH", help="Labelled JSONL, or a folder of it.", show_default="the one shipped"),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="The model's name.")] = "clausedex",
    version: Annotated[str, typer.Option("--version", help="Its version.", show_default="from the corpus")] = "",
    jobs: Jobs = None,
) -> int:
    """Train a model on labelled clauses: {"text", "labels", "heading"?, "lead_in"?, "document"?, "modality"?, "split"?} a line.

    Settings are chosen by cross-validation over documents; clauses of split "test" are left out. Any set of labels will do.

    Example: clausedex train --corpus labelled.jsonl --out my-model
    """
    from nlp.batch import cores
    from nlp.classify.training import train as trained
    from nlp.cli.show import say

    training = trained(corpus or _shipped_corpus(), out, name=name, version=version, jobs=jobs or cores(), progress=say)
    best = training.trials[0]
    say(f"{training.classifier.name}: {len(training.examples)} clauses, micro-F1 {best.micro:.3f} on held-out folds, in {out}")
    return 0


def _shipped_corpus() -> Path:
    """Return the folder of the corpus that comes with the package: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "shipped" / "corpora" / "clauses", package.parent / "corpora" / "clauses"):
        if candidate.is_dir():
            return candidate
    raise UsageError("the shipped corpus is missing; name one with --corpus")


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Labelled JSONL, or a folder of it.", show_default=False)],
    model: Model = None,
    split: Annotated[str | None, typer.Option("--split", help="Measure on this split alone.", show_default=False)] = None,
    shape: Annotated[Told, typer.Option("--format", help="A table, or all figures and mistakes as JSON.")] = Told.TABLE,
) -> int:
    """Measure a model on labelled clauses: precision, recall and F1 by label, and which clauses it gets wrong.

    Example: clausedex evaluate gold.jsonl --model my-model
    """
    from nlp.classify import Classifier
    from nlp.classify.evaluation import evaluate as evaluated
    from nlp.cli.show import put

    figures = evaluated(gold, Classifier.load(Path(model) if model else None), split=split)
    if shape is Told.JSON:
        put(figures.as_json())
    else:
        _show(figures)
    return 0


def _show(figures: Figures) -> None:
    from rich.table import Table

    from nlp.cli.show import console, put

    put(f"{figures.model} on {figures.clauses} clauses of {figures.gold}")
    put(f"micro-F1 {figures.micro:.3f} ({figures.micro_low:.3f} to {figures.micro_high:.3f}), macro-F1 {figures.macro:.3f}")
    put(f"every label right {figures.exact:.3f}; kept {figures.kept:.0%}, micro-F1 on those {figures.kept_micro:.3f}")
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
