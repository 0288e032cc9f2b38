"""The commands compare, diff and unusual: what documents say beside one another; it must not know how they are compared."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp.cli.options import Compared, Database, Found, GroupBy, Jobs, Kinds, Labels, Password, Places
from nlp.errors import NoInputError

if TYPE_CHECKING:
    from nlp.index import Matrix

_NARROWEST = 12
_UNUSUAL = ("document", "page", "number", "heading", "documents", "of", "kind", "labels", "text", "id")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(name="compare")(compare)
    app.command(name="diff")(diff)
    app.command(name="unusual")(unusual)


def compare(
    db: Database,
    by: Annotated[GroupBy, typer.Option("--by", help="What a row is.")] = GroupBy.JURISDICTION,
    topics: Annotated[bool, typer.Option("--topics", help="Put a label and its opposite into one column.")] = False,
    label: Labels = None,
    jurisdiction: Places = None,
    kind: Kinds = None,
    shape: Annotated[Compared, typer.Option("--format", help="How to write the matrix.")] = Compared.TABLE,
) -> int:
    """Compare jurisdictions by what their law says, label by label.

    A cell says restricts, enables, both, has (a clause without direction), silent (read, no such clause) or not read.

    Example: clausedex compare --db law.db --format html > matrix.html
    """
    from nlp.index import Filters, as_csv, as_html, open_store
    from nlp.index import compare as compared

    filters = Filters(label=tuple(label or ()), jurisdiction=tuple(jurisdiction or ()), kind=tuple(kind or ()))
    with open_store(db, read_only=True) as store:
        matrix = compared(store, by=by.value, columns="topics" if topics else "labels", filters=filters)
    if shape is Compared.CSV:
        sys.stdout.write(as_csv(matrix))
    elif shape is Compared.HTML:
        sys.stdout.write(as_html(matrix))
    else:
        _show_matrix(matrix)
    return 0


def _show_matrix(matrix: Matrix) -> None:
    """Write labels downward and rows of the matrix across, as many beside each other as the terminal holds."""
    from rich.table import Table
    from rich.text import Text

    from nlp.cli.show import console, safe

    out = console()
    used = [column for column in matrix.columns if any(row.cells[column].clauses for row in matrix.rows)]
    across = max(1, (out.width - max(map(len, used), default=0) - 2) // (_NARROWEST + 2))
    for first in range(0, len(matrix.rows), across):
        rows = matrix.rows[first : first + across]
        table = Table(box=None, header_style="bold", pad_edge=False)
        table.add_column("", no_wrap=True)
        for row in rows:
            table.add_column(Text(safe(PurePath(row.name).name)), min_width=_NARROWEST, overflow="fold")
        for column in used:
            cells = [row.cells[column] for row in rows]
            table.add_row(column, *(f"{cell.state} {len(cell.clauses)}" if cell.clauses else cell.state for cell in cells))
        out.print(table)
        out.print()


def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="The old document.", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="B", help="The new document.", show_default=False)],
    shape: Annotated[Found, typer.Option("--format", help="How to write the changes.")] = Found.TABLE,
    jobs: Jobs = None,
    password: Password = None,
) -> int:
    """Say which clauses were added, removed, reworded and moved between two documents.

    Old words stand [-so-], new ones {+so+}.

    Example: clausedex diff agreement-2020.pdf agreement-2025.pdf
    """
    from nlp.cli.show import put_csv, put_json, say
    from nlp.index import difference

    found = difference(_clauses(old, jobs, password), _clauses(new, jobs, password))
    changes = [entry for entry in found.entries if entry.change != "same"]
    rows = []
    for entry in changes:
        before, after = entry.old or {}, entry.new or {}
        numbers = {"old_number": before.get("number"), "new_number": after.get("number")}
        pages = {"old_pages": before.get("pages"), "new_pages": after.get("pages")}
        rows.append({"change": entry.change, **numbers, **pages, "alike": entry.alike, "text": entry.marked()})
    if shape is Found.JSON:
        put_json(rows)
    elif shape is Found.CSV:
        put_csv(("change", "old_number", "new_number", "old_pages", "new_pages", "alike", "text"), rows)
    else:
        for row in rows:
            _show_change(row)
    say(", ".join(f"{change} {count}" for change, count in found.counts.items()))
    return 0


def _clauses(path: str, jobs: int | None, password: str | None) -> Sequence[dict[str, Any]]:
    from nlp.batch import Settings, outcomes
    from nlp.records import to_json

    rows: list[dict[str, Any]] = []
    for outcome in outcomes([path], Settings("segment", password=password), jobs=jobs, stdin=sys.stdin.buffer):
        if outcome.code is not None:
            raise NoInputError(f"{outcome.job.source}: {outcome.message} ({outcome.code})")
        rows += [to_json(clause) for clause in outcome.clauses]
    return rows


def _show_change(row: dict[str, Any]) -> None:
    from rich.text import Text

    from nlp.cli.show import console, safe

    numbers = [str(number) for number in dict.fromkeys((row["old_number"], row["new_number"])) if number]
    pages = row["new_pages"] or row["old_pages"] or [""]
    colour = {"added": "green", "removed": "red"}.get(row["change"], "yellow")
    head = Text(str(row["change"]), style=f"bold {colour}")
    head.append(f"  {safe(' -> '.join(numbers))}, page {pages[0]}" if numbers else f"  page {pages[0]}", style="default")
    out = console()
    out.print(head)
    out.print(Text(safe(row["text"])), end="\n\n")


def unusual(
    db: Database,
    jurisdiction: Places = None,
    kind: Kinds = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="Most clauses to write.")] = 50,
    shape: Annotated[Found, typer.Option("--format", help="How to write the clauses.")] = Found.TABLE,
) -> int:
    """Find clauses that few documents of their kind have: what is custom in one agreement among many.

    Kinds of fewer than three documents are passed over.

    Example: clausedex unusual --db law.db --kind agreement
    """
    from nlp.cli.rendering import flat, put_card
    from nlp.cli.show import put_csv, put_json, say
    from nlp.index import Filters, open_store
    from nlp.index import unusual as found_unusual

    with open_store(db, read_only=True) as store:
        found = found_unusual(store, filters=Filters(jurisdiction=tuple(jurisdiction or ()), kind=tuple(kind or ())))
    rows = [
        {
            **item.provision,
            "page": next(iter(item.provision["pages"]), None),
            "documents": item.documents,
            "of": item.of,
            "kind": item.kind,
            "closest": item.closest,
        }
        for item in found[:limit]
    ]
    if shape is Found.JSON:
        put_json(rows)
    elif shape is Found.CSV:
        put_csv(_UNUSUAL, (flat(row) for row in rows))
    else:
        for row in rows:
            put_card(row, note=f" | in {row['documents']} of {row['of']} of kind {row['kind']}")
    say(f"{len(rows)} of {len(found)} unusual clauses")
    return 0
