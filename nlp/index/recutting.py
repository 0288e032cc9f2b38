"""Keeps where people cut and joined clauses, and makes it so in the index; knows no engine, and no model but what it is handed.

The clauses as they were found are kept beside the cuts, so that any cut can be taken back and the others made again.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, fields
from typing import Any

from nlp.errors import UsageError
from nlp.index import corrections as corrected
from nlp.index import reviewing, rows
from nlp.index.cutting import AROUND, Action, Cut, Paper, applied, place_of
from nlp.index.database import Database, Row
from nlp.index.storable import clean
from nlp.records import Clause, Document, Provision, Word, to_json

Classify = Callable[[Sequence[Clause]], Sequence[Provision]]
_CUT = tuple(field.name for field in fields(Cut))
_LONGEST_NAME = 100


def cuts(database: Database, document_id: str) -> list[Cut]:
    """Return the cuts of a document that stand, in the order they were made."""
    found = database.run(f"SELECT {rows.columns(_CUT)} FROM cuts WHERE document_id = ? ORDER BY number", (document_id,))
    return [Cut(**row) for row in found]


def cut(
    database: Database, here: tuple[str, str], at: int | None, reviewer: str, classify: Classify, words: Sequence[Word]
) -> tuple[str, ...]:
    """Split a clause at an offset of its text, or join it to the one before (None); return the ids of what came of it.

    Raises `UsageError` where there is no such clause, or nothing to split or join there.
    """
    document_id, clause_id = here
    clauses = _clauses(database, document_id)
    place = next((number for number, clause in enumerate(clauses) if clause.id == clause_id), None)
    if place is None:
        raise UsageError(f"there is no clause {clause_id!r} in document {document_id!r}")
    clause, text = clauses[place], database.text(document_id)
    action: Action = "join" if at is None else "split"
    if at is None and place == 0:
        raise UsageError("the first clause of a document has none before it to be joined to")
    span = (clause.start - 1, clause.start) if at is None else place_of(clause, at, text)
    if span is None:
        raise UsageError(f"no word after the first begins at {at} in this clause, so it cannot be split there")
    spot = span[1]
    standing = cuts(database, document_id)
    past = next((one for one in standing if one.action != action and span[0] < (one.within(text) or 0) <= spot), None)
    if past is not None:
        return _taken_back(database, past, standing, classify, words)
    number = int(database.run("SELECT coalesce(max(number), 0) + 1 AS number FROM cuts")[0]["number"])
    around = text[max(0, spot - AROUND) : spot], text[spot : spot + AROUND]
    decided = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    made = Cut(number, document_id, action, spot, *around, clean(reviewer.strip())[:_LONGEST_NAME], decided)
    if not standing:
        _keep_found(database, document_id, clauses)
    database.many(rows.insert("cuts", _CUT), [astuple(made)])
    fresh = _renew(database, document_id, [*standing, made], classify, words)
    if not fresh:
        raise UsageError("the clause cannot be cut there")
    return fresh


def undo(database: Database, document_id: str, number: int, classify: Classify, words: Sequence[Word]) -> tuple[str, ...] | None:
    """Take back a cut, the others stay; return the ids of what came back, None where there is no such cut."""
    standing = cuts(database, document_id)
    past = next((one for one in standing if one.number == number), None)
    return _taken_back(database, past, standing, classify, words) if past is not None else None


def recut(
    database: Database, document: Document, provisions: Sequence[Provision], classify: Classify | None
) -> Sequence[Provision]:
    """Return the provisions of a document that is read anew with its cuts made again."""
    standing = cuts(database, document.id) if classify is not None else []
    if classify is None or not standing:
        return provisions
    clauses = [provision.clause for provision in provisions]
    _keep_found(database, document.id, clauses)
    words = [word for page in document.pages for line in page.lines for word in line.words]
    paper = Paper(clean(document.text), [(page.number, page.start, page.end) for page in document.pages], words)
    return classify(applied(clauses, standing, paper))


def _taken_back(
    database: Database, past: Cut, standing: Sequence[Cut], classify: Classify, words: Sequence[Word]
) -> tuple[str, ...]:
    database.run("DELETE FROM cuts WHERE number = ?", (past.number,))
    rest = [one for one in standing if one != past]
    fresh = _renew(database, past.document_id, rest, classify, words)
    if not rest:
        database.run("DELETE FROM segmented WHERE document_id = ?", (past.document_id,))
    return fresh


def _keep_found(database: Database, document_id: str, clauses: Sequence[Clause]) -> None:
    """Keep the clauses of a document as they were found, without the path it was found at."""
    listed = [{**to_json(clause), "document": ""} for clause in sorted(clauses, key=lambda clause: clause.start)]
    database.run("DELETE FROM segmented WHERE document_id = ?", (document_id,))
    database.many(rows.insert("segmented", ("document_id", "clauses")), [(document_id, rows.compact(listed))])


def _clauses(database: Database, document_id: str) -> list[Clause]:
    """Return the clauses of a document as they stand, those of its first path where it has several."""
    first = database.run("SELECT key FROM documents WHERE id = ? ORDER BY path LIMIT 1", (document_id,))
    return [rows.clause_of(row) for _, row in database.contract("p.document = ?", (first[0]["key"],))] if first else []


def _renew(
    database: Database, document_id: str, standing: Sequence[Cut], classify: Classify, words: Sequence[Word]
) -> tuple[str, ...]:
    """Make the clauses of a document what its cuts say; return the ids of those that were not there, in order."""
    kept = database.run("SELECT clauses FROM segmented WHERE document_id = ?", (document_id,))
    found = rows.loads(kept[0]["clauses"]) if kept else []
    fresh: tuple[str, ...] = ()
    for row in database.run("SELECT key, source, text, pages FROM documents WHERE id = ? ORDER BY path", (document_id,)):
        pages = [(page["number"], page["start"], page["end"]) for page in rows.loads(row["pages"])]
        clauses = [rows.clause_of({**clause, "document": row["source"]}) for clause in found]
        wanted = applied(clauses, standing, Paper(row["text"], pages, words))
        fresh = _replaced(database, document_id, int(row["key"]), classify(wanted))
    return fresh


def _replaced(database: Database, document_id: str, key: int, said: Sequence[Provision]) -> tuple[str, ...]:
    """Take clauses out of a document that are no more and put new ones in; those that stay keep what was said of them."""
    there: dict[str, Row] = {
        row["id"]: row for row in database.run("SELECT key, id, exception_to FROM provisions WHERE document = ?", (key,))
    }
    wanted = {provision.clause.id for provision in said}
    gone = [row for identity, row in there.items() if identity not in wanted]
    for row in gone:
        database.run("DELETE FROM provisions WHERE key = ?", (row["key"],))
        database.run("DELETE FROM verdicts WHERE document_id = ? AND clause_id = ?", (document_id, row["id"]))
    vanished = {row["id"] for row in gone}
    known = database.run("SELECT * FROM corrections WHERE document_id = ?", (document_id,))
    new = [(at, provision) for at, provision in enumerate(said) if provision.clause.id not in there]
    changed = _corrected(
        database, document_id, [provision for _, provision in new], [c for c in known if c["clause_id"] not in there]
    )
    for at, provision in enumerate(said):
        stays = there.get(provision.clause.id)
        if stays is not None:
            rule = provision.exception_to if stays["exception_to"] in vanished else stays["exception_to"]
            database.run("UPDATE provisions SET position = ?, exception_to = ? WHERE key = ?", (at, rule, stays["key"]))
    database.insert_provisions(key, changed, [at for at, _ in new])
    return tuple(provision.clause.id for _, provision in new)


def _corrected(
    database: Database, document_id: str, said: Sequence[Provision], known: Sequence[Mapping[str, Any]]
) -> list[Provision]:
    changed = corrected.apply(said, known)
    for provision, after in zip(said, changed, strict=True):
        if after is not provision:
            reviewing.keep_said(database, document_id, provision)
    return changed
