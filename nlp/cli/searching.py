"""The commands search and similar; it must not know how a query is read or answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp.cli.options import CountBy, Database, Found, Kinds, Labels, Modalities, Places, Stances, filters_of

if TYPE_CHECKING:
    from nlp.index import Filters, Hit, Store

_COLUMNS = ("document", "page", "number", "heading", "labels", "stance", "modality", "score", "snippet", "text", "id")
_FOLDED = (*_COLUMNS, "documents")
_SIMILAR = ("alike", "documents", *_COLUMNS)
_COUNTED = ("document", "kind", "jurisdiction", "date", "provisions", "numbers", "pages")
_EPILOG = (
    'The query: words (all of them), "phrases", OR, NOT or -, (parentheses), prefix*, detainer NEAR/5 warrant. Fields narrow it,'
    " a minus before one turns it around: label: stance: modality: jurisdiction: state: kind: document: number: id:"
    " date:2017..2020 or date:>2019, has:judicial-warrant (or listed-offence, hours, form, agreement, consent, exception),"
    " reviewed:yes, abstained:yes."
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(name="search", epilog=_EPILOG)(search)
    app.command(name="similar")(similar)


def search(
    query: Annotated[
        str,
        typer.Argument(metavar="QUERY", help='Words, "phrases", AND OR NOT, label:NAME; empty finds all.', show_default=False),
    ],
    db: Database,
    label: Labels = None,
    stance: Stances = None,
    modality: Modalities = None,
    jurisdiction: Places = None,
    kind: Kinds = None,
    fold: Annotated[
        bool, typer.Option("--fold", help="Write clauses of one wording once, and say in how many documents.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Write whole clauses, not the lines around the hits (table).")] = False,
    count: Annotated[CountBy | None, typer.Option("--count", help="Write no clauses: count them by this.")] = None,
    silent: Annotated[bool, typer.Option("--silent", help="With --count document: name documents without a hit too.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="Most hits to write.")] = 20,
    shape: Annotated[Found, typer.Option("--format", help="How to write the hits.")] = Found.TABLE,
) -> int:
    """Find provisions, best first, with the document and page they stand on.

    Examples: clausedex search '48 hours' --db law.db --label detainer-compliance --stance enables

    clausedex search 'terminat* NEAR/9 notice' --db law.db --kind agreement --fold --full

    clausedex search '' --db law.db --label oversight --count document --silent
    """
    from nlp.cli.show import counted, put_csv, put_json, say
    from nlp.index import open_store

    filters = filters_of(label=label, stance=stance, modality=modality, jurisdiction=jurisdiction, kind=kind)
    with open_store(db, read_only=True) as store:
        if count is not None:
            return _count(store, query, filters, count, silent, shape)
        result = store.search(query, filters, limit, fold=fold)
        missing = "no provision matches" if result.total else _nothing(store, query, filters)
    rows = [_row(hit, fold) for hit in result.hits]
    if shape is Found.JSON:
        put_json(rows)
    elif shape is Found.CSV:
        from nlp.cli.rendering import flat

        put_csv(_FOLDED if fold else _COLUMNS, map(flat, rows))
    else:
        for hit in result.hits:
            _card(hit, full=full, note=f" | in {counted(hit.documents, 'document')}" if fold else "")
    if fold:
        told = f"{counted(result.total, 'wording')}, {counted(result.clauses, 'provision')}"
    else:
        told = counted(result.total, "provision")
    say(f"{len(rows)} of {told}" if rows else missing)
    return 0


def similar(
    clause: Annotated[str, typer.Argument(metavar="ID", help="The id of a clause, as search writes it.", show_default=False)],
    db: Database,
    label: Labels = None,
    jurisdiction: Places = None,
    kind: Kinds = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=200, help="Most clauses to write.")] = 10,
    shape: Annotated[Found, typer.Option("--format", help="How to write the clauses.")] = Found.TABLE,
) -> int:
    """Find the clauses most like a given one, by the words they share; those of one wording are written once.

    Example: clausedex similar 5b899bd800826bfc7d90 --db law.db --kind statute
    """
    from nlp.cli.rendering import flat, put_card
    from nlp.cli.show import counted, put_csv, put_json, say
    from nlp.index import open_store
    from nlp.index import similar as most_like

    filters = filters_of(label=label, jurisdiction=jurisdiction, kind=kind)
    with open_store(db, read_only=True) as store:
        found = most_like(store, clause, filters=filters, limit=limit)
        asked = next(store.provisions(query=f'id:"{clause}"'))
    rows = [{"alike": item.alike, **_row(item.hit, True)} for item in found]
    if shape is Found.JSON:
        put_json(rows)
    elif shape is Found.CSV:
        put_csv(_SIMILAR, map(flat, rows))
    else:
        put_card(asked, note=" | the clause asked for")
        for item in found:
            _card(item.hit, full=True, note=f" | {item.alike:.0%} alike, in {counted(item.hit.documents, 'document')}")
    say(counted(len(rows), "clause") if rows else "no clause is like it")
    return 0


def _nothing(store: Store, query: str, filters: Filters) -> str:
    """Say that nothing was found, and why where that can be told."""
    from nlp.index import hint

    why = hint(store, query, filters)
    return f"no provision matches; {why}" if why else "no provision matches"


def _row(hit: Hit, fold: bool) -> dict[str, Any]:
    document = hit.document
    facts = {
        "title": document.title,
        "document_kind": document.kind,
        "jurisdiction": document.jurisdiction,
        "date": document.date,
    }
    found = {"page": hit.page, "score": round(hit.score, 4), "snippet": hit.snippet.marked()}
    others = [{"document": place.document, "page": place.page, "id": place.id} for place in hit.others]
    return {**found, **facts, **hit.provision, **({"documents": hit.documents, "others": others} if fold else {})}


def _card(hit: Hit, *, full: bool, note: str) -> None:
    from nlp.cli.rendering import put_card

    if full:
        put_card(hit.provision, note=note)
    else:
        put_card(hit.provision, text=hit.snippet.text, marks=hit.snippet.marks, note=note)


def _count(store: Store, query: str, filters: Filters, by: CountBy, silent: bool, shape: Found) -> int:
    from nlp.cli.rendering import put_rows
    from nlp.cli.show import counted, say
    from nlp.errors import UsageError
    from nlp.index import by_document

    if by is not CountBy.DOCUMENT:
        if silent:
            raise UsageError("--silent goes with --count document")
        counts = store.search(query, filters, 0, facets=True).facets[by.value]
        put_rows((by.value, "provisions"), [{by.value: name, "provisions": number} for name, number in counts.items()], shape)
        say(counted(len(counts), "value") if counts else _nothing(store, query, filters))
        return 0
    found = by_document(store, query, filters=filters, silent=silent)
    rows = [
        {
            "document": item.document.source,
            "kind": item.document.kind,
            "jurisdiction": item.document.jurisdiction,
            "date": item.document.date,
            "provisions": item.provisions,
            "numbers": list(item.numbers),
            "pages": list(item.pages),
        }
        for item in found
    ]
    put_rows(_COUNTED, rows, shape)
    speaking = sum(item.provisions > 0 for item in found)
    if not speaking:
        say(_nothing(store, query, filters))
    else:
        told = counted(speaking, "document")
        say(f"{told} with, {len(found) - speaking} without" if silent else told)
    return 0
