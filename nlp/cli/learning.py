"""The command train: a model from labelled clauses; it must not know how it is done."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from nlp.cli.exits import Exit
from nlp.cli.options import Jobs
from nlp.errors import TrackingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nlp.classify.training import Training, Trial

CORRECTIONS = "corrections.jsonl"
"""The file beside a copy of the corpus that holds the corrections of an index."""


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(name="train")(train)


def train(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the model goes.", show_default="the registry alone")
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", metavar="PATH", help="Labelled JSONL, or a folder of it.", show_default="the one shipped"),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="The model's name.")] = "clausedex",
    version: Annotated[str, typer.Option("--version", help="Its version.", show_default="from the corpus")] = "",
    db: Annotated[
        str | None,
        typer.Option("--db", metavar="FILE", help="Learn from the corrections in this index too.", show_default=False),
    ] = None,
    jobs: Jobs = None,
    search: Annotated[
        int, typer.Option("--search", metavar="N", min=0, max=1000, help="Try N more settings, drawn at random; takes longer.")
    ] = 0,
    track: Annotated[
        bool, typer.Option("--track/--no-track", envvar="CLAUSEDEX_TRACK", help="Record an MLflow run and register the model.")
    ] = True,
) -> int:
    """Train a model on labelled clauses: {"text", "labels", "heading"?, "lead_in"?, "document"?, "modality"?, "split"?} a line.

    Settings are chosen by cross-validation over documents; clauses of split "test" are left out. Any set of labels will do.
    Corrections of one document in five are left out as well, and measure instead.

    The run is recorded with its data, figures, pictures and model where MLFLOW_TRACKING_URI says, or in the user's data folder,
    and each setting that was tried as a run inside it. A run that is stopped is marked as killed.

    Example: clausedex train --corpus labelled.jsonl --out my-model
    """
    from nlp.batch import cores
    from nlp.cli.show import say

    if out is None and not track:
        raise UsageError("give --out DIR, or leave out --no-track: the model must go somewhere")
    with ExitStack() as stack:
        source = corpus or shipped_corpus()
        if db is not None:
            source = _with_corrections(source, db, Path(stack.enter_context(TemporaryDirectory(prefix="clausedex-"))))
        work = _Work(source, name, version, jobs or cores(), search, corrected=db is not None)
        try:
            if track:
                _recorded(work, out, {"corpus": str(corpus or "shipped"), "corrections": db or "none"})
        except TrackingError as error:
            if out is None:
                raise
            say(f"not recorded: {error}")
        except KeyboardInterrupt:
            say("clausedex: interrupted" + ("; the run is marked as killed" if track else ""))
            return Exit.INTERRUPTED
        if out is not None and work.training is None:
            work.do(out)
    return 0


def _with_corrections(corpus: Path, db: str, folder: Path) -> Path:
    """Put a corpus and the corrections of an index together in a folder."""
    from nlp.classify.corpus import read_corpus
    from nlp.cli.show import counted, say
    from nlp.index import open_store, taught

    measuring = {example.clause.text for example in read_corpus(corpus).examples if example.split == "test"}
    with open_store(db, read_only=True) as store:
        rows = list(taught(store, measuring))
    for file in sorted(corpus.glob("*.jsonl")) if corpus.is_dir() else [corpus]:
        copyfile(file, folder / f"corpus-{file.stem}.jsonl")
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / CORRECTIONS).write_text("".join(lines), encoding="utf-8")
    training = sum(row["split"] == "train" for row in rows)
    say(f"{counted(len(rows), 'correction')}: {training} train, {len(rows) - training} measure")
    return folder


@dataclass(slots=True)
class _Work:
    """What is to be trained, and what came of it."""

    corpus: Path
    name: str
    version: str
    jobs: int
    search: int = 0
    corrected: bool = False
    training: Training | None = None

    def do(self, out: Path, record: Callable[[Trial], None] = lambda trial: None) -> Training:
        """Train and say how it went; `record` is told of each setting that was tried."""
        from nlp.classify.training import train as trained
        from nlp.cli.show import counted, say

        def tried(trial: Trial) -> None:
            record(trial)
            rare = ", rare labels weigh more" if trial.balanced else ""
            say(f"  C={trial.strength:g}, word n-grams to {trial.words}{rare}: micro-F1 {trial.micro:.3f}")

        made = trained(
            self.corpus,
            out,
            name=self.name,
            version=self.version,
            jobs=self.jobs,
            search=self.search,
            progress=say,
            tried=tried,
        )
        best = made.trials[0]
        say(f"{made.classifier.name}: {counted(len(made.examples), 'clause')}, micro-F1 {best.micro:.3f} on held-out folds")
        self.training = made
        return made


def _recorded(work: _Work, out: Path | None, sources: dict[str, str]) -> None:
    """Train inside a run of the tracking store and register the model."""
    from nlp.classify.corpus import read_corpus
    from nlp.cli.show import say
    from nlp.registry import shown
    from nlp.registry.runs import recording

    corpus = read_corpus(work.corpus)
    with ExitStack() as stack:
        folder = out or Path(stack.enter_context(TemporaryDirectory(prefix="clausedex-")))
        run = stack.enter_context(recording({**sources, "name": work.name, "jobs": work.jobs, "search": work.search}))
        decided = work.corpus / CORRECTIONS
        corrections = read_corpus(decided) if work.corrected and decided.stat().st_size else None
        named = "" if work.name == "clausedex" else f" --name {work.name}"
        number = run.keep(work.do(folder, run.tried), folder, corpus, corrections)
        say(f"recorded as version {number} of {work.name} at {shown(run.tracking.uri)}; next: clausedex promote {number}{named}")


def shipped_corpus() -> Path:
    """Return the folder of the corpus that comes with the package: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "shipped" / "corpora" / "clauses", package.parent / "corpora" / "clauses"):
        if candidate.is_dir():
            return candidate
    raise UsageError("the shipped corpus is missing; name one with --corpus")
