"""Gives the clauses of an index back and takes new labels or a new path for them, corrections kept; knows no engine or model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nlp.index import corrections as corrected
from nlp.index import reviewing, rows
from nlp.index.ledger import LedgerEntry, stored
from nlp.index.query import clean
from nlp.records import Box, Clause, Provision

if TYPE_CHECKING:
    from nlp.index.engine import Engine


def clauses(engine: Engine, path: str) -> list[Clause]:
    """Return the clauses of the document at a path, in order."""
    return [clause_of(row) for _, row in engine.contract("d.path = ?", (stored(path),))]


def relabel(engine: Engine, entry: LedgerEntry, versions: str, provisions: Sequence[Provision]) -> bool:
    """Put provisions in place of those of a path and write its versions; return False where the path was saved anew meanwhile."""
    here = stored(entry.path)
    found = engine.run(
        "SELECT d.key, d.id FROM documents d JOIN ledger l ON l.path = d.path"
        " WHERE l.path = ? AND l.sha256 = ? AND l.versions = ?",
        (here, entry.sha256, entry.versions),
    )
    if not found:
        return False
    key, document_id = int(found[0]["key"]), str(found[0]["id"])
    there = {str(row["id"]) for row in engine.run("SELECT id FROM provisions WHERE document = ?", (key,))}
    if there != {clean(provision.clause.id) for provision in provisions}:
        return False
    known = engine.run("SELECT * FROM corrections WHERE document_id = ?", (document_id,))
    changed = corrected.apply(provisions, known)
    reviewing.keep_verdicts(engine, document_id, provisions, changed)
    engine.run("DELETE FROM provisions WHERE document = ?", (key,))
    engine.insert_provisions(key, changed)
    engine.run("UPDATE ledger SET versions = ? WHERE path = ?", (versions, here))
    return True


def move(engine: Engine, entry: LedgerEntry, path: str) -> bool:
    """Take a ledger's line and its document over to another path; return False where the path was saved anew meanwhile."""
    before, here = stored(entry.path), stored(path)
    same = "SELECT path FROM ledger WHERE path = ? AND sha256 = ? AND versions = ?"
    if not engine.run(same, (before, entry.sha256, entry.versions)):
        return False
    engine.run("DELETE FROM ledger WHERE path = ?", (here,))
    engine.many(reviewing.insert("ledger", rows.LEDGER), [rows.ledger_row(replace(entry, path=path))])
    for row in engine.run("SELECT key, title FROM documents WHERE path = ?", (before,)):
        names = " ".join(part for part in (here, clean(path), row["title"]) if part).casefold()
        engine.run(
            "UPDATE documents SET path = ?, source = ?, search_names = ? WHERE key = ?", (here, clean(path), names, row["key"])
        )
    engine.run("DELETE FROM ledger WHERE path = ?", (before,))
    return True


def clause_of(row: Mapping[str, Any]) -> Clause:
    """Return the clause of a contract row."""
    return Clause(
        id=row["id"],
        document=row["document"],
        document_id=row["document_id"],
        number=row["number"],
        heading=tuple(row["heading"]),
        lead_in=row["lead_in"],
        text=row["text"],
        start=row["start"],
        end=row["end"],
        pages=tuple(row["pages"]),
        boxes=tuple(Box(**box) for box in row["boxes"]),
        kind=row["kind"],
        struck=row["struck"],
        added=tuple(row["added"]),
    )
