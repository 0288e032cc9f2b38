"""The commands extract, segment and classify: the stages one by one, to stdout; it must not know how a stage works."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp.cli.choosing import chosen
from nlp.cli.exits import Exit
from nlp.cli.options import Clauses, Extracted, Jobs, Model, Password, Paths, Rows
from nlp.errors import CorpusError, NoInputError, UsageError

if TYPE_CHECKING:
    from nlp.batch import Outcome, Settings

_COLUMNS = ("document", "id", "number", "heading", "labels", "stance", "modality", "pages", "text")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(name="classify")(classify)
    app.command(name="segment")(segment)
    app.command(name="extract")(extract)


def classify(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH...]", help="Files, folders, patterns, or - for standard input.", show_default=False),
    ] = None,
    clauses: Annotated[
        str | None,
        typer.Option(
            "--clauses", metavar="FILE", help='Classify rows {"id","text","heading"?,"lead_in"?} of a JSONL file, or - .'
        ),
    ] = None,
    model: Model = None,
    shape: Annotated[Rows, typer.Option("--format", help="How to write the clauses.")] = Rows.JSONL,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each clause for a person, with the words that decided each label.")
    ] = False,
    jobs: Jobs = None,
    password: Password = None,
) -> int:
    """Classify every clause of documents, or clauses given one by one.

    Writes one line a clause with its labels, stance, modality, conditions and the words that decided.

    Example: clausedex classify agreement.pdf | jq -r 'select(.labels != []) | .text'
    """
    from nlp.batch import Settings
    from nlp.cli.rendering import put_classified, put_explained

    def put(rows: Iterator[dict[str, Any]]) -> None:
        if explain:
            put_explained(rows)
        else:
            put_classified(rows, shape, _COLUMNS)

    if clauses is not None:
        if paths:
            raise UsageError("give either PATH... or --clauses FILE, not both")
        put(_classified_rows(clauses, chosen(model)))
        return 0
    if not paths:
        raise UsageError("give PATH..., or --clauses FILE; see 'clausedex classify --help'")
    tally = _Tally()
    found = _outcomes(paths, Settings("classify", model=chosen(model), password=password), jobs, tally)
    put(provision.row() for outcome in found for provision in outcome.provisions)
    return tally.code()


def segment(
    paths: Paths,
    shape: Annotated[Clauses, typer.Option("--format", help="How to write the clauses.")] = Clauses.JSONL,
    jobs: Jobs = None,
    password: Password = None,
) -> int:
    """Divide documents into clauses, without labels: one line of JSON a clause.

    Example: clausedex segment agreement.pdf | jq -r '[.number, .text] | @tsv'
    """
    from nlp.batch import Settings
    from nlp.cli.show import put_json
    from nlp.records import to_json

    tally = _Tally()
    for outcome in _outcomes(paths, Settings("segment", password=password), jobs, tally):
        for clause in outcome.clauses:
            put_json(to_json(clause))
    return tally.code()


def extract(
    paths: Paths,
    shape: Annotated[Extracted, typer.Option("--format", help="Clean text, or one line of JSON a page.")] = Extracted.TEXT,
    jobs: Jobs = None,
    password: Password = None,
) -> int:
    """Read documents: clean text, or pages with lines, words and boxes.

    The text of several files is parted by lines that name them, ==> FILE <==.

    Example: clausedex extract scan.pdf > scan.txt
    """
    from nlp.batch import Settings
    from nlp.cli.rendering import page_rows
    from nlp.cli.show import put, put_json
    from nlp.extract import text

    tally = _Tally()
    several = False
    for outcome in _outcomes(paths, Settings("extract", password=password), jobs, tally):
        document = outcome.document
        if document is None:
            continue
        if shape is Extracted.JSONL:
            for row in page_rows(document):
                put_json(row)
            continue
        if several or tally.expected > 1:
            put(f"{chr(10) if several else ''}==> {document.source} <==")
        several = True
        put(text(document).rstrip("\n"))
    return tally.code()


class _Tally:
    """Counts outcomes and turns the count into an exit code."""

    def __init__(self) -> None:
        self.expected = 0
        self.done = 0
        self.failed = 0

    def code(self) -> int:
        """Return 0, 4 where some files failed, or 2 where all did."""
        if not self.failed:
            return Exit.DONE
        return Exit.FAILURES if self.done else Exit.NO_INPUT


def _outcomes(paths: list[str], settings: Settings, jobs: int | None, tally: _Tally) -> Iterator[Outcome]:
    """Yield the files that were read; say which were not, and why."""
    from nlp.batch import outcomes
    from nlp.cli.show import say

    def expect(count: int) -> None:
        tally.expected = count

    for outcome in outcomes(paths, settings, jobs=jobs, stdin=sys.stdin.buffer, told=expect):
        if outcome.code is not None:
            tally.failed += 1
            say(f"{outcome.job.source}: {outcome.message} ({outcome.code})")
            continue
        tally.done += 1
        for problem in outcome.document.problems if outcome.document else ():
            where = f"page {problem.page}" if problem.page else "a part"
            say(f"{outcome.job.source}: read without {where}: {problem.message} ({problem.code})")
        yield outcome


def _classified_rows(name: str, model: str | None) -> Iterator[dict[str, Any]]:
    from pathlib import Path

    from nlp.classify import Classifier

    rows = _clause_rows(name)
    if not rows:
        raise NoInputError(f"{name} holds no clause")
    for row, found in zip(rows, Classifier.load(Path(model) if model else None).rows(rows), strict=True):
        yield {"text": row["text"], **found}


def _clause_rows(name: str) -> list[dict[str, Any]]:
    """Read the rows of a clause file; every row needs an id and a text."""
    from pathlib import Path

    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        lines = data.decode("utf-8-sig").split("\n")  # not splitlines: JSON may hold other separators raw
    except OSError as error:
        raise NoInputError(f"{name} cannot be opened: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{name} is not UTF-8 text: {error.reason} at byte {error.start}") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise CorpusError(f"{name}, line {number}: not JSON: {error}") from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
            raise CorpusError(f'{name}, line {number}: expected an object with "id" and "text"')
        rows.append(row)
    return rows
