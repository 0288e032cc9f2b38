"""The commands index, status and quicken: many files into an index; it must not know how any is done."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp.cli.choosing import chosen
from nlp.cli.exits import Exit, code_of
from nlp.cli.options import Database, Jobs, Model, Password, Retry, Told
from nlp.errors import UsageError

if TYPE_CHECKING:
    from nlp.batch import Summary

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...",
        help="A file, a folder (with all below it), a pattern in quotes, or - for standard input.",
        show_default=False,
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", envvar="CLAUSEDEX_CLUSTER", help="A Dask scheduler, such as tcp://host:8786."),
]
LogFile = Annotated[
    Path | None,
    typer.Option("--log", metavar="FILE", help="Append one line of JSON a file: time, path, state, seconds, code, message."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(name="index")(index)
    app.command(name="status")(status)
    app.command(name="quicken")(quicken)


def index(
    db: Database,
    paths: Sources = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    no_resume: Annotated[bool, typer.Option("--no-resume", help="Read every file again, changed or not.")] = False,
    retry: Annotated[Retry | None, typer.Option("--retry", help="Read again what failed before, though it is unchanged.")] = None,
    reclassify: Annotated[
        bool, typer.Option("--reclassify", help="Take no PATH: label the clauses in the index by the model of now, read nothing.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one line of JSON a file to stdout, and one for all.")] = False,
    log: LogFile = None,
    model: Model = None,
    password: Password = None,
) -> int:
    """Read documents into an index.

    Files that are in the index already, with the same bytes read by the same versions, are skipped; a run that was stopped or
    killed goes on where it ended. A file that cannot be read is named with the reason and the others go on. Ctrl-C finishes
    the files in hand. With --reclassify an index is brought to another model in place; people's corrections stay.

    Example: clausedex index agreements/ 'bills/**/*.pdf' --db law.db
    """
    from nlp import batch
    from nlp.cli import totals
    from nlp.cli.logbook import Log
    from nlp.cli.progress import Progress
    from nlp.cli.show import put_json, say

    if reclassify:
        if paths or dry_run:
            raise UsageError("--reclassify takes neither PATH nor --dry-run: it works on what is in the index")
        return _reclassified(db, chosen(model), as_json=as_json)
    if not paths:
        raise UsageError("give PATH..., or --reclassify; see 'clausedex index --help'")
    options = batch.Options(
        jobs=jobs or batch.cores(),
        cluster=cluster,
        resume=not no_resume,
        retry_failed=retry is Retry.FAILED,
        dry_run=dry_run,
        model=chosen(model),
        password=password,
    )
    with Log(None if dry_run else log) as book, Progress(book, as_json=as_json, dry_run=dry_run) as watch:
        summary = batch.run(paths, db, options, watch, sys.stdin.buffer)
    if dry_run:
        say(f"would read {summary.total - summary.skipped}, skip {summary.skipped} of {summary.total}")
        return 0
    if as_json:
        put_json(totals.row(summary))
    _tell(summary)
    return _code(summary)


def _tell(summary: Summary) -> None:
    from nlp.cli import totals
    from nlp.cli.show import say

    totals.show(summary)
    if summary.failed_before:
        say(f"{summary.failed_before} of the skipped failed before; --retry failed reads them again")
    if summary.stopped is not None:
        say(f"clausedex: stopped early: {summary.stopped}")
    say(str(summary))


def _code(summary: Summary) -> int:
    if summary.stopped is not None:
        return Exit.MISSING if code_of(summary.stopped) is Exit.MISSING else Exit.FAILURES
    if summary.interrupted:
        return Exit.INTERRUPTED
    failed = summary.failed + summary.failed_before
    if failed and failed == summary.total:
        return Exit.NO_INPUT
    return Exit.FAILURES if failed else Exit.DONE


def _reclassified(db: str, model: str | None, *, as_json: bool) -> int:
    from nlp.batch import reclassify
    from nlp.cli.show import counted, put_json, say
    from nlp.index import LedgerEntry

    def told(entry: LedgerEntry, count: int) -> None:
        if as_json:
            put_json({"path": entry.path, "state": "reclassified", "sha256": entry.sha256, "provisions": count})

    done = reclassify(db, model, told=told)
    held = counted(done.provisions, "provision")
    say(f"reclassified {counted(done.done, 'document')} ({held}) by {done.model}, skipped {done.skipped}")
    return 0


def status(
    db: Database,
    shape: Annotated[Told, typer.Option("--format", help="How to write it.")] = Told.TABLE,
) -> int:
    """Show the ledger of an index: what was read, what failed and why.

    Example: clausedex status --db law.db
    """
    from nlp.cli import ledger
    from nlp.cli.show import put_json
    from nlp.index import open_store

    with open_store(db, read_only=True) as store:
        report = ledger.report(store)
    if shape is Told.JSON:
        put_json(report)
    else:
        ledger.show(report)
    return 0


def quicken(db: Database) -> int:
    """Build a fast index beside a SQLite index, for searches over hundreds of thousands of provisions.

    It is a copy that can be thrown away: searches use it until the index changes, so build it again after each batch. It needs
    pip install 'clausedex[fast]'. A PostgreSQL index has none.

    Example: clausedex quicken --db law.db
    """
    from nlp.cli.show import say
    from nlp.index import quicken as build

    if not build(db):
        raise UsageError("a PostgreSQL index has no fast index; --db must be a SQLite file")
    say("fast index built; searches use it until the index changes")
    return 0
