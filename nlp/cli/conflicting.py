"""The command conflicts: local clauses that seem to run against the law; it must not know how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp.cli.options import Database, Found, Kinds, Labels, Places, filters_of

if TYPE_CHECKING:
    from nlp.index import Conflict

_COLUMNS = (
    *("topic", "direction", "document", "page", "number", "text", "id"),
    *("law_document", "law_page", "law_number", "law_text", "law_id"),
)
_MOST_LAWS = 3


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(name="conflicts")(conflicts)


def conflicts(
    db: Database,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="QUERY",
            help="Hold every clause against the binding clauses this query finds, whatever its state.",
            show_default="the statutes of its state",
        ),
    ] = None,
    law: Annotated[
        list[str] | None,
        typer.Option("--law", metavar="KIND", help="Kinds of documents that count as a state's law.", show_default="statute"),
    ] = None,
    label: Labels = None,
    jurisdiction: Places = None,
    kind: Kinds = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="Most clauses to write.")] = 50,
    shape: Annotated[Found, typer.Option("--format", help="How to write them.")] = Found.TABLE,
) -> int:
    """Flag local clauses that limit what their state's law requires, or do what it bars: leads for a lawyer, not verdicts.

    --label, --jurisdiction and --kind narrow the local clauses.

    Examples: clausedex conflicts --db law.db

    clausedex conflicts --db law.db --against 'document:hb-118' --kind ordinance
    """
    from nlp.cli.show import counted, put_csv, put_json, say
    from nlp.errors import UsageError
    from nlp.index import NOTICE, open_store
    from nlp.index import conflicts as flagged

    if against is not None and law:
        raise UsageError("--against names the law by a query, --law by its kind: give one of them")
    filters = filters_of(label=label, jurisdiction=jurisdiction, kind=kind)
    with open_store(db, read_only=True) as store:
        found = flagged(store, filters=filters, law=tuple(law or ("statute",)), against=against)
    shown = found[:limit]
    if shape is Found.JSON:
        put_json([{"topic": item.topic, "direction": item.direction, "local": item.local, "law": item.law} for item in shown])
    elif shape is Found.CSV:
        put_csv(_COLUMNS, (row for item in shown for row in _flat(item)))
    else:
        for item in shown:
            _show(item)
    say(f"{len(shown)} of {counted(len(found), 'lead')}" if found else "no clause runs against the law in the index")
    if found:
        say(NOTICE)
    return 0


def _flat(item: Conflict) -> list[dict[str, Any]]:
    """Return a row for each clause of the law, the local clause before it."""
    local = {"topic": item.topic, "direction": item.direction, **item.local, "page": _page(item.local)}
    return [
        {
            **local,
            "law_document": clause["document"],
            "law_page": _page(clause),
            "law_number": clause["number"],
            "law_text": clause["text"],
            "law_id": clause["id"],
        }
        for clause in item.law
    ]


def _page(row: Any) -> int | None:
    return next(iter(row["pages"]), None)


def _show(item: Conflict) -> None:
    """Write the local clause and, set in under it, the clauses of the law that come first."""
    from nlp.cli.rendering import put_card
    from nlp.cli.show import counted, put

    says = "limits what the law requires" if item.direction == "restricts" else "does what the law bars"
    put(f"{item.topic}: {says}")
    put_card(item.local)
    for clause in item.law[:_MOST_LAWS]:
        put_card(clause, note=" | the law")
    if len(item.law) > _MOST_LAWS:
        put(f"    and {counted(len(item.law) - _MOST_LAWS, 'more clause')} of the law\n")
