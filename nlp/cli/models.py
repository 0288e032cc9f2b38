"""The commands on registered models; it must not know how a registry works or how models are judged."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp.cli.choosing import model_name
from nlp.cli.exits import Exit
from nlp.cli.options import Database, Jobs, Model, Told
from nlp.cli.wording import Face
from nlp.errors import UsageError

if TYPE_CHECKING:
    from nlp.registry import Version
    from nlp.registry.drift import Drift
    from nlp.registry.gate import Change
    from nlp.registry.promotion import Promotion

_WORST = 12

models = Face(help="Show the registered models.", no_args_is_help=True)

Name = Annotated[str, typer.Option("--name", envvar="CLAUSEDEX_MODEL_NAME", help="The model's name in the registry.")]
LabelledCorpus = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="PATH", help="Labelled JSONL, or a folder of it.", show_default="the one shipped"),
]
Picture = Annotated[
    Path | None, typer.Option("--picture", metavar="FILE", help="Draw it too: .png, .svg or .pdf.", show_default=False)
]
Shape = Annotated[Told, typer.Option("--format", help="How to write it.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(models, name="models")
    app.command(name="promote")(promote)
    app.command(name="rollback")(rollback)


@models.command(name="list")
def listed(name: Name = "clausedex", shape: Shape = Told.TABLE) -> int:
    """List the registered versions of a model with their figures, latest first.

    Example: clausedex models list
    """
    from nlp.cli.show import put_json, say
    from nlp.registry import address, exists, shown, versions

    found = versions(name) if exists() else []
    if shape is Told.JSON:
        put_json([asdict(version) for version in found])
    elif found:
        _show(found)
    else:
        say(f"no version of {name} at {shown(address())}: the shipped model is used; 'clausedex train' makes a version")
    return 0


@models.command(name="drift")
def drift(
    db: Database,
    corpus: LabelledCorpus = None,
    model: Model = None,
    picture: Picture = None,
    shape: Shape = Told.TABLE,
) -> int:
    """Compare the clauses of an index with those a model was trained on: label rates, scores, unknown words.

    Example: clausedex models drift --db law.db --picture drift.png
    """
    from nlp.classify import Classifier
    from nlp.classify.corpus import read_corpus
    from nlp.cli.choosing import chosen
    from nlp.cli.learning import shipped_corpus
    from nlp.cli.show import put_json, say
    from nlp.index import open_store
    from nlp.registry.drift import drift as drifted
    from nlp.registry.pictures import drifted as drawn
    from nlp.registry.pictures import saved

    folder = chosen(model)
    with open_store(db, read_only=True) as store:
        rows = list(store.provisions())
    found = drifted(rows, read_corpus(corpus or shipped_corpus()).examples, Classifier.load(Path(folder) if folder else None))
    others = sorted({row["model"] for row in rows} - {found.model})
    if others:
        say(f"the index was labelled by {', '.join(others)}, not {found.model}; see index --reclassify")
    if picture is not None:
        saved(drawn(found), picture)
        say(f"drawn in {picture}")
    if shape is Told.JSON:
        put_json(asdict(found))
    else:
        _show_drift(found)
    return 0


@models.command(name="curve")
def curve(
    corpus: LabelledCorpus = None,
    picture: Picture = None,
    jobs: Jobs = None,
    shape: Shape = Told.TABLE,
) -> int:
    """Train on growing parts of a corpus and say what 100 more labels would bring.

    Example: clausedex models curve --corpus labelled.jsonl --picture curve.png
    """
    from nlp.batch import cores
    from nlp.classify.corpus import read_corpus
    from nlp.cli.learning import shipped_corpus
    from nlp.cli.show import put, put_json, say
    from nlp.registry.curve import MORE
    from nlp.registry.curve import curve as measured
    from nlp.registry.pictures import learning, saved

    found = measured(read_corpus(corpus or shipped_corpus()), jobs=jobs or cores(), progress=say)
    if picture is not None:
        saved(learning(found), picture)
        say(f"drawn in {picture}")
    if shape is Told.JSON:
        put_json(asdict(found))
        return 0
    for size, micro in zip(found.sizes, found.micro, strict=True):
        put(f"{size:8d} clauses  micro-F1 {micro:.3f} ({found.measured_on})")
    put(f"{MORE} more labels would add about {found.gain:.4f}, if the curve goes on as it went")
    return 0


def _show_drift(found: Drift) -> None:
    from rich.table import Table

    from nlp.cli.show import console, counted, put
    from nlp.registry.drift import SHIFTED

    put(f"{counted(found.clauses, 'clause')} of {counted(found.documents, 'document')} against the corpus of {found.model}")
    put(f"words the corpus does not hold: {found.unknown[1]:.1%} ({found.unknown[0]:.1%} between documents of the corpus)")
    put(f"clauses left to a person: {found.abstained[1]:.1%} ({found.abstained[0]:.1%} of the corpus)")
    verdict = "shifted" if found.stability >= SHIFTED else "much the same"
    put(f"scores: {verdict} (population stability index {found.stability:.2f})")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("label", "corpus", "index", "95%", ""):
        table.add_column(column, justify="left" if column in {"label", ""} else "right")
    for rate in found.rates[:_WORST]:
        shares = (f"{rate.corpus:.1%}", f"{rate.index:.1%}", f"{rate.low:.1%}-{rate.high:.1%}")
        table.add_row(rate.label, *shares, "differs" if rate.moved else "")
    put("")
    console().print(table)
    for document, share in found.strangest:
        put(f"{share:.1%} unknown words in {document}")


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


def promote(
    version: Annotated[int, typer.Argument(metavar="VERSION", min=1, help="The number that train gave it.", show_default=False)],
    name: Name = "clausedex",
    gold: Annotated[
        Path | None,
        typer.Option("--gold", metavar="FILE", help="Labelled JSONL to compare on.", show_default="the recorded test split"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Promote in spite of the gate; needs --reason.")] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; recorded.", show_default=False)] = None,
    shape: Shape = Told.TABLE,
) -> int:
    """Make a version the champion, which index and classify use, if it is no worse than the one they use now.

    Both are compared on the same clauses, which neither was trained on: F1 over all and by label with paired bootstrap, opposite
    directions, calibration and speed. Exits with 4 if the gate refuses, and says which label lost what.

    Example: clausedex promote 3 --gold gold.jsonl
    """
    from nlp.cli.show import put_json, say
    from nlp.registry.promotion import promote as promoted

    if force and not (reason or "").strip():
        raise UsageError("--force needs --reason TEXT: it is recorded with the version")
    if reason and not force:
        raise UsageError("--reason goes with --force")
    done = promoted(name, version, gold=gold, reason=reason)
    if shape is Told.JSON:
        put_json(asdict(done))
    else:
        _compared(done)
    for objection in done.judgement.objections if done.judgement else ():
        say(f"against: {objection}")
    before = "the shipped model" if done.replaced is None else f"version {done.replaced}"
    if not done.promoted:
        say(f"refused: {before} stays champion of {name}; --force --reason TEXT promotes all the same")
        return Exit.FAILURES
    named = "" if name == "clausedex" else f" --name {name}"
    say(f"version {version} is champion of {name} in place of {before}; 'clausedex rollback{named}' undoes it")
    if name != model_name():
        say(f"commands use the champion of {model_name()} until CLAUSEDEX_MODEL_NAME is {name}")
    return Exit.DONE


def rollback(name: Name = "clausedex") -> int:
    """Make the version champion again that the present champion replaced.

    Example: clausedex rollback
    """
    from nlp.cli.show import say
    from nlp.registry.promotion import rollback as rolled_back

    current, before = rolled_back(name)
    now = "the shipped model is used again" if before is None else f"version {before} is champion"
    say(f"rolled back from version {current} of {name}: {now}")
    return 0


def _compared(done: Promotion) -> None:
    from rich.table import Table

    from nlp.cli.show import console, counted, put, say

    found = done.judgement
    if found is None:
        say("nothing to compare with: the model in use has none of these labels")
        return
    put(f"{found.challenger} against {found.champion} on {counted(found.clauses, 'clause')} of {done.gold}")
    if done.left_out:
        put(f"{counted(done.left_out, 'clause')} left out: one of the two was trained on them")
    put(f"opposite direction: {counted(found.flips[1], 'clause')}, {found.flips[0]} before")
    put(f"calibration error: {found.calibration[1]:.3f}, {found.calibration[0]:.3f} before")
    put(f"clauses a second: {found.speed[1]:.0f}, {found.speed[0]:.0f} before")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("label", "clauses", "before", "after", "change", "95%"):
        table.add_column(column, justify="left" if column == "label" else "right")
    for change in (found.overall, *_most(found.labels)):
        difference = f"{change.after - change.before:+.3f}"
        between = f"{change.low:+.2f} to {change.high:+.2f}"
        table.add_row(change.what, str(change.support), f"{change.before:.3f}", f"{change.after:.3f}", difference, between)
    put("")
    console().print(table)


def _most(changes: tuple[Change, ...]) -> list[Change]:
    """Return the labels that changed most, what was lost first."""
    changed = [change for change in changes if change.before != change.after]
    most = sorted(changed, key=lambda change: -abs(change.after - change.before))[:_WORST]
    return sorted(most, key=lambda change: change.after - change.before)
