"""The command search; it must not know how a query is read or answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp.cli.options import Database, Found, Kinds, Labels, Modalities, Places, Stances

if TYPE_CHECKING:
    from nlp.index import Hit

_COLUMNS = ("document", "page", "number", "heading", "labels", "stance", "modality", "score", "snippet", "text", "id")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(name="search")(search)


def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, label:NAME; empty finds all.', show_default=False)],
    db: Database,
    label: Labels = None,
    stance: Stances = None,
    modality: Modalities = None,
    jurisdiction: Places = None,
    kind: Kinds = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="Most hits to write.")] = 20,
    shape: Annotated[Found, typer.Option("--format", help="How to write the hits.")] = Found.TABLE,
) -> int:
    """Find provisions, best first, with the document and page they stand on.

    Examples: clausedex search '48 hours' --db law.db --label detainer-compliance --stance enables

    clausedex search '' --db law.db --label oversight --kind agreement --format csv
    """
    from nlp.cli.show import put_csv, put_json, say
    from nlp.index import Filters, open_store

    filters = Filters(
        label=tuple(label or ()),
        stance=tuple(stance or ()),
        modality=tuple(modality or ()),
        jurisdiction=tuple(jurisdiction or ()),
        kind=tuple(kind or ()),
    )
    with open_store(db, read_only=True) as store:
        result = store.search(query, filters, limit)
    if shape is Found.JSON:
        put_json([_row(hit) for hit in result.hits])
    elif shape is Found.CSV:
        from nlp.cli.rendering import flat

        put_csv(_COLUMNS, (flat(_row(hit)) for hit in result.hits))
    else:
        _show(result.hits)
    say(f"{len(result.hits)} of {result.total} provisions" if result.total else "no provision matches")
    return 0


def _row(hit: Hit) -> dict[str, Any]:
    document = hit.document
    facts = {
        "title": document.title,
        "document_kind": document.kind,
        "jurisdiction": document.jurisdiction,
        "date": document.date,
    }
    found = {"page": hit.page, "score": round(hit.score, 4), "snippet": hit.snippet.marked()}
    return {**found, **facts, **hit.provision}


def _show(hits: tuple[Hit, ...]) -> None:
    from nlp.cli.rendering import put_card

    for hit in hits:
        put_card(hit.provision, text=hit.snippet.text, marks=hit.snippet.marks)
