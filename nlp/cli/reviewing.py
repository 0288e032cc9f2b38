"""The commands of review: what to look at, decisions in and out, how far people agree; it must not know how they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp.cli.options import Database, Found, Told
from nlp.cli.wording import Face
from nlp.errors import UsageError

if TYPE_CHECKING:
    from nlp.index import Store

review = Face(help="Correct provisions, and take corrections in and out of an index.", no_args_is_help=True)

Reviewer = Annotated[
    str, typer.Option("--reviewer", metavar="NAME", envvar="CLAUSEDEX_REVIEWER", help="Who decided.", show_default=False)
]
NewLabels = Annotated[bool, typer.Option("--new-labels", help="Take labels that neither the codebook nor the index has.")]
SHEET = (
    "document_id",
    "id",
    "document",
    "number",
    "heading",
    "lead_in",
    "text",
    "labels",
    "modality",
    "note",
    "reviewer",
    "model",
)
"""The columns of the queue as a sheet; those that a decision needs are filled in and can be changed."""


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(review, name="review")


@review.command(name="export")
def review_export(
    out: Annotated[
        str, typer.Argument(metavar="OUT", help="The file to write: JSONL, or a sheet where it ends in .csv.", show_default=False)
    ],
    db: Database,
) -> int:
    """Write the corrections that an index keeps: what was decided, by whom, when, and what which model had said before.

    Corrections of clauses that were split or merged since are left out: the index keeps them for when the cut is undone.

    Example: clausedex review export corrections.jsonl --db law.db
    """
    from nlp.cli.show import counted, say
    from nlp.index import export_corrections, open_store, parted

    with open_store(db, read_only=True) as store:
        count, gone = export_corrections(store, out), parted(store)[1]
    say(f"{counted(count, 'correction')} written to {out}")
    if gone:
        say(f"{gone} left out: their clauses were split or merged since; they count again when that is undone")
    return 0


@review.command(name="import")
def review_import(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV, JSONL, or Label Studio's JSON export.", show_default=False)],
    db: Database,
    reviewer: Reviewer = "",
    new_labels: NewLabels = False,
) -> int:
    """Keep corrections in an index: they win over the model, now and whenever the document is read again.

    Every row is a decision, also where it changes nothing. CSV has a header with the columns document_id, id, labels (joined by
    semicolons, empty for none) and modality, and perhaps note, reviewer, text, decided, model and old_labels; others are passed
    over. 'review queue --format csv' and 'export --to csv' write such files. --reviewer stands where a row names nobody. A
    mistake in any line keeps the whole file out.

    Example: clausedex review import corrections.csv --db law.db --reviewer ada
    """
    from nlp.cli.show import counted, say
    from nlp.index import import_corrections, open_store

    with open_store(db) as store:
        done = import_corrections(store, file, reviewer=reviewer, new_labels=new_labels)
    say(f"{counted(done.corrections, 'correction')} kept, {counted(done.provisions, 'provision')} corrected")
    if done.absent:
        waiting = "is of a clause that is not in the index: it waits", "are of clauses that are not in the index: they wait"
        say(f"{done.absent} of them {waiting[done.absent != 1]} until the document is read")
    return 0


@review.command(name="edit")
def review_edit(
    clause: Annotated[
        str, typer.Argument(metavar="ID", help="The clause's id, as search and export give it.", show_default=False)
    ],
    db: Database,
    label: Annotated[
        list[str] | None,
        typer.Option("--label", metavar="NAME", help="A label it has; repeat for more. All others go.", show_default=False),
    ] = None,
    no_label: Annotated[bool, typer.Option("--no-label", help="No label applies.")] = False,
    modality: Annotated[
        str | None, typer.Option("--modality", metavar="NAME", help="Its force.", show_default="as it is")
    ] = None,
    stance: Annotated[
        str | None, typer.Option("--stance", metavar="NAME", help="Its direction.", show_default="from the labels")
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="It is right as it stands.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last decision on it back.")] = False,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.", show_default=False)] = "",
    reviewer: Reviewer = "",
    document: Annotated[
        str | None,
        typer.Option("--document", metavar="ID", help="Where several documents have such a clause.", show_default=False),
    ] = None,
    new_labels: NewLabels = False,
) -> int:
    """Correct one provision, and show it as it then stands.

    Example: clausedex review edit 3f2a9c --db law.db --label detainer-limit --note "two rules in one" --reviewer ada
    """
    from nlp.cli.rendering import put_card
    from nlp.index import check_labels, known_labels, open_store

    changes = bool(label) or no_label or modality is not None or stance is not None
    if changes + accept + undo != 1:
        raise UsageError("say what changes (--label, --no-label, --modality, --stance), or --accept, or --undo")
    if label and no_label:
        raise UsageError("--label and --no-label contradict each other")
    with open_store(db) as store:
        row = _clause(store, clause, document)
        if undo:
            if not store.undo(row["document_id"], row["id"]):
                raise UsageError(f"nobody decided on clause {clause} yet")
        else:
            kept = [found["name"] for found in row["labels"]]
            labels = [] if no_label else list(label or kept)
            if not new_labels:
                check_labels(labels, known_labels(store))
            decision = {
                "document_id": row["document_id"], "clause_id": row["id"], "text": row["text"], "labels": labels,
                "modality": modality or row["modality"], "stance": stance or (None if labels != kept else row["stance"]),
                "note": note, "reviewer": reviewer,
            }  # fmt: skip
            store.correct([decision])
        after = _clause(store, clause, row["document_id"])
        past = list(store.history(row["document_id"], row["id"]))
    put_card(after, note=_told(after, past))
    return 0


def _clause(store: Store, clause: str, document: str | None) -> dict[str, Any]:
    """Return the one clause with an id."""
    quoted = clause.replace('"', "")
    found = [row for row in store.provisions(document, query=f'id:"{quoted}"') if row["id"] == clause]
    documents = sorted({row["document_id"] for row in found})
    if not found:
        where = "the index" if document is None else document
        raise UsageError(f"there is no clause {clause!r} in {where}; 'search --format json' shows the ids")
    if len(documents) > 1:
        raise UsageError(f"{len(documents)} documents have a clause {clause}; name one with --document: {', '.join(documents)}")
    return found[0]


def _told(row: dict[str, Any], past: list[dict[str, Any]]) -> str:
    """Return who decided last and what the model had said."""
    if not past:
        return f" | {row['model']}"
    last = past[-1]
    before = f", {last['model']} had said {', '.join(last['old_labels']) or 'no label'}" if last["model"] else ""
    return f" | decided by {last['reviewer'] or 'someone'}{before}"


@review.command(name="queue")
def review_queue(
    db: Database,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Most clauses to list.")] = 50,
    share: Annotated[float, typer.Option("--random", min=0.0, max=1.0, help="Share drawn at random.")] = 0.2,
    seed: Annotated[int, typer.Option("--seed", help="Another seed draws others.")] = 0,
    reviewer: Reviewer = "",
    shape: Annotated[Found, typer.Option("--format", help="Cards to read, JSON lines, or a sheet to fill in.")] = Found.TABLE,
) -> int:
    """List the clauses best reviewed next: those the model doubts most, unlike each other, and some at random.

    Only the random ones tell how good the model is: the others are its worst. The sheet goes back by 'review import' when its
    labels and modality are put right and the rows that nobody decided are deleted.

    Example: clausedex review queue --db law.db --limit 50 --format csv > sheet.csv
    """
    from nlp.cli.rendering import put_card
    from nlp.cli.show import put_csv, put_json, say
    from nlp.index import open_store, queue

    with open_store(db, read_only=True) as store:
        rows = queue(store, limit, share=share, seed=seed)
    if shape is Found.CSV:
        put_csv((*SHEET, "why", "doubt"), ({**row, **_cells(row), "reviewer": reviewer} for row in rows))
    for row in rows if shape is not Found.CSV else ():
        if shape is Found.JSON:
            put_json(row)
        else:
            put_card(row, note=f" | {row['why']} {row['doubt']:.2f}")
    if not rows:
        say("every clause of the index is reviewed")
    return 0


def _cells(row: dict[str, Any]) -> dict[str, str]:
    return {"labels": ";".join(label["name"] for label in row["labels"]), "heading": " > ".join(row["heading"])}


@review.command(name="agreement")
def review_agreement(db: Database, shape: Annotated[Told, typer.Option("--format", help="How to write it.")] = Told.TABLE) -> int:
    """Show how far reviewers agree, by label: share of agreement and Cohen's kappa on clauses that two of them decided.

    Example: clausedex review agreement --db law.db
    """
    from dataclasses import asdict

    from rich.table import Table

    from nlp.cli.show import console, put_json, say
    from nlp.index import agreement, open_store

    with open_store(db, read_only=True) as store:
        found = agreement(store)
    if shape is Told.JSON:
        put_json([asdict(row) for row in found])
    elif found:
        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in ("reviewer", "and", "label", "clauses", "agreed", "kappa"):
            table.add_column(column, justify="right" if column in {"clauses", "agreed", "kappa"} else "left")
        for row in found:
            beyond = "" if row.kappa is None else f"{row.kappa:.2f}"
            table.add_row(row.first, row.second, row.label, str(row.clauses), f"{row.agreed:.0%}", beyond)
        console().print(table)
    else:
        say("no clause was decided by two named reviewers")
    return 0
