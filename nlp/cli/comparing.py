"""The commands compare and unusual: what documents say beside one another; it must not know how they are compared."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from nlp.cli import conflicting, differing, labelling
from nlp.cli.options import Compared, Database, Found, GroupBy, Kinds, Labels, Places, filters_of
from nlp.cli.show import counted
from nlp.errors import UsageError

if TYPE_CHECKING:
    from nlp.index import Matrix

_NARROWEST = 12
_MOST_NAMED = 3
_UNUSUAL = ("document", "page", "number", "heading", "documents", "of", "kind", "labels", "text", "id")


def register(app: typer.Typer) -> None:
    """Add these commands, and those of the modules beside, to the application."""
    app.command(name="compare")(compare)
    differing.register(app)
    app.command(name="unusual")(unusual)
    conflicting.register(app)
    labelling.register(app)


def compare(
    db: Database,
    by: Annotated[GroupBy, typer.Option("--by", help="What a row is.")] = GroupBy.JURISDICTION,
    topics: Annotated[bool, typer.Option("--topics", help="Put a label and its opposite into one column.")] = False,
    scheme: Annotated[
        str | None,
        typer.Option("--scheme", metavar="NAME", help="Columns are the criteria of an outside scheme, such as doj-2025."),
    ] = None,
    label: Labels = None,
    jurisdiction: Places = None,
    kind: Kinds = None,
    shape: Annotated[
        Compared, typer.Option("--format", help="How to write the matrix; map: an SVG of the states, with --by state.")
    ] = Compared.TABLE,
) -> int:
    """Compare jurisdictions by what their law says, label by label.

    A cell says restricts, enables, both, has (a clause without direction), silent (read, no such clause) or not read, and counts
    the clauses. Outside schemes are named by clausedex labels --scheme all.

    Examples: clausedex compare --db law.db --format html > matrix.html

    clausedex compare --db law.db --scheme doj-2025 --kind ordinance

    clausedex compare --db law.db --by state --label detainer-limit --format map > map.svg
    """
    from nlp.cli.rendering import file_name
    from nlp.cli.show import counted, say
    from nlp.index import as_csv, as_html, as_map, not_known, open_store
    from nlp.index import compare as compared

    if scheme is not None and (topics or label):
        raise UsageError("--scheme sets the columns by itself: leave out --topics and --label")
    if shape is Compared.MAP and (by is not GroupBy.STATE or len(label or ()) != 1):
        raise UsageError("a map needs --by state and one --label, which it shows")
    filters = filters_of(label=label, jurisdiction=jurisdiction, kind=kind)
    with open_store(db, read_only=True) as store:
        matrix = compared(store, by=by.value, columns=scheme or ("topics" if topics else "labels"), filters=filters)
        nameless = [document.source for document in store.documents() if not_known(document, by.value, filters)]
    if shape is Compared.CSV:
        sys.stdout.write(as_csv(matrix))
    elif shape is Compared.HTML:
        sys.stdout.write(as_html(matrix, **_titled(scheme)))
    elif shape is Compared.MAP:
        sys.stdout.write(as_map(matrix, matrix.columns[0]))
    elif shape is Compared.JSON:
        _put_matrix(matrix)
    else:
        _show_matrix(matrix, every=scheme is not None)
        _tell(scheme)
    if nameless:
        some = ", ".join(map(file_name, nameless[:_MOST_NAMED])) + (", ..." if len(nameless) > _MOST_NAMED else "")
        say(f"unknown: {counted(len(nameless), 'document')} whose {by.value} was not found in the text: {some}")
        say("'clausedex serve' sets it: open the document there, then 'Change these facts'")
    return 0


def _titled(scheme: str | None) -> dict[str, str]:
    from nlp.taxonomy.crosswalks import schemes

    return {} if scheme is None else {"title": f"{schemes()[scheme].title}. {schemes()[scheme].source}"}


def _tell(scheme: str | None) -> None:
    """Say what the criteria of a scheme are and where each is published, to stderr."""
    from nlp.cli.show import say
    from nlp.taxonomy.crosswalks import schemes

    if scheme is not None:
        chosen = schemes()[scheme]
        say(f"{chosen.title}: {chosen.source}")
        say(*(f"  {criterion.name}: {criterion.text} ({criterion.place})" for criterion in chosen.criteria))
        say(*(f"  left out: {reason}" for reason in chosen.left_out))
        say("A cell says what clauses of those labels say, not how the publisher of the scheme would judge.")


def _put_matrix(matrix: Matrix) -> None:
    from nlp.cli.show import put_json

    rows = []
    for row in matrix.rows:
        cells = {
            name: {
                "state": cell.state,
                "clauses": [{"document": place.document, "page": place.page, "id": place.id} for place in cell.clauses],
            }
            for name, cell in row.cells.items()
        }
        rows.append({matrix.by: row.name, "documents": row.documents, "partial": row.partial, "cells": cells})
    put_json(rows)


def _show_matrix(matrix: Matrix, *, every: bool) -> None:
    """Write columns downward and rows of the matrix across, as many beside each other as the terminal holds.

    Columns no row says anything on are left out unless `every` is asked for.
    """
    from rich.table import Table
    from rich.text import Text

    from nlp.cli.rendering import file_name
    from nlp.cli.show import console, safe

    out = console()
    used = [column for column in matrix.columns if every or any(row.cells[column].clauses for row in matrix.rows)]
    names = [file_name(row.name) if matrix.by == "document" else row.name for row in matrix.rows]
    widths = [max(_NARROWEST, *map(len, name.split())) for name in names]
    room = out.width - max(map(len, used), default=0)
    first = 0
    while first < len(names):
        last, taken = first + 1, widths[first] + 2
        while last < len(names) and taken + widths[last] + 2 <= room:
            taken += widths[last] + 2
            last += 1
        table = Table(box=None, header_style="bold", pad_edge=False)
        table.add_column("", no_wrap=True)
        for name, width in zip(names[first:last], widths[first:last], strict=True):
            table.add_column(Text(safe(name)), min_width=width, overflow="fold")
        for column in used:
            cells = [row.cells[column] for row in matrix.rows[first:last]]
            table.add_row(column, *(f"{cell.state} {len(cell.clauses)}" if cell.clauses else cell.state for cell in cells))
        out.print(table)
        out.print()
        first = last


def unusual(
    db: Database,
    jurisdiction: Places = None,
    kind: Kinds = None,
    alike: Annotated[
        float,
        typer.Option(
            "--alike", metavar="SHARE", min=0.1, max=1.0, help="A document has a clause with this share of its runs of words."
        ),
    ] = 0.7,
    share: Annotated[
        float,
        typer.Option(
            "--share", metavar="SHARE", min=0.01, max=1.0, help="Few documents: at most this share of those of the kind."
        ),
    ] = 0.1,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="Most clauses to write.")] = 50,
    shape: Annotated[Found, typer.Option("--format", help="How to write the clauses.")] = Found.TABLE,
) -> int:
    """Find clauses that few documents of their kind have: what is custom in one agreement among many.

    Names, numbers, other cuts and letters read wrongly make no clause unusual. A higher --alike also finds clauses that were
    changed in part. Of ten documents one is a tenth, and of fewer it is more: kinds of fewer than ten are passed over, unless
    --share is higher. --share 0.34 takes three, where unusual means no more than: in one of the three.

    Example: clausedex unusual --db law.db --kind agreement
    """
    from nlp.cli.rendering import flat, put_card
    from nlp.cli.show import put_csv, put_json, say
    from nlp.index import open_store
    from nlp.index import unusual as found_unusual

    small: dict[str, int] = {}
    with open_store(db, read_only=True) as store:
        filters = filters_of(jurisdiction=jurisdiction, kind=kind)
        found = found_unusual(store, filters=filters, share=share, alike=alike, passed_over=small.__setitem__)
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
            put_card(row, note=f" | in {row['documents']} of {_of_kind(row['of'], row['kind'])}, {row['closest']:.0%} elsewhere")
    told = f"{len(rows)} of {counted(len(found), 'unusual clause')}" if found else "no clause is unusual"
    say(told, *_passed_over(small, share))
    return 0


def _of_kind(documents: int, kind: str) -> str:
    return counted(documents, kind, {"policy": "policies", "other": "other", "unknown": "unknown"}.get(kind, ""))


def _passed_over(small: Mapping[str, int], share: float) -> Iterator[str]:
    """Say which kinds have too few documents to call anything unusual, and what would take them."""
    from nlp.index import fewest

    if not small:
        return
    kinds = ", ".join(_of_kind(documents, kind) for kind, documents in sorted(small.items(), key=lambda item: -item[1]))
    yield f"passed over: {kinds}; --share {share:g} takes {fewest(share)} documents of a kind or more"
    most = max(small.values())
    if most >= fewest(1):
        yield f"--share {math.ceil(100 / most) / 100:g} takes {most}: a clause is unusual there if it stands in one of the {most}"
