"""Gives the clauses of an index back and takes new labels or a new path for them, corrections kept; knows no engine or model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.index import reviewing, rows
from nlp.index.database import Database
from nlp.index.ledger import LedgerEntry, stored
from nlp.index.storable import clean
from nlp.records import Clause, Provision


def clauses(database: Database, path: str) -> list[Clause]:
    """Return the clauses of the document at a path, in order."""
    return [rows.clause_of(row) for _, row in database.contract("d.path = ?", (stored(path),))]


def relabel(database: Database, entry: LedgerEntry, versions: str, provisions: Sequence[Provision]) -> bool:
    """Put provisions in place of those of a path and write its versions; return False where the path was saved anew meanwhile."""
    here = stored(entry.path)
    found = database.run(
        "SELECT d.key, d.id FROM documents d JOIN ledger l ON l.path = d.path"
        " WHERE l.path = ? AND l.sha256 = ? AND l.versions = ?",
        (here, entry.sha256, entry.versions),
    )
    if not found:
        return False
    key, document_id = int(found[0]["key"]), str(found[0]["id"])
    there = {str(row["id"]) for row in database.run("SELECT id FROM provisions WHERE document = ?", (key,))}
    if there != {clean(provision.clause.id) for provision in provisions}:
        return False
    changed = reviewing.reapplied(database, document_id, provisions)
    database.run("DELETE FROM provisions WHERE document = ?", (key,))
    database.insert_provisions(key, changed)
    database.run("UPDATE ledger SET versions = ? WHERE path = ?", (versions, here))
    return True


def move(database: Database, entry: LedgerEntry, path: str) -> bool:
    """Take a ledger's line and its document over to another path; return False where the path was saved anew meanwhile."""
    before, here = stored(entry.path), stored(path)
    same = "SELECT path FROM ledger WHERE path = ? AND sha256 = ? AND versions = ?"
    if not database.run(same, (before, entry.sha256, entry.versions)):
        return False
    database.run("DELETE FROM ledger WHERE path = ?", (here,))
    database.many(rows.insert("ledger", rows.LEDGER), [rows.ledger_row(replace(entry, path=path))])
    for row in database.run("SELECT key, title FROM documents WHERE path = ?", (before,)):
        names = " ".join(part for part in (here, clean(path), row["title"]) if part).casefold()
        database.run(
            "UPDATE documents SET path = ?, source = ?, search_names = ? WHERE key = ?", (here, clean(path), names, row["key"])
        )
    database.run("DELETE FROM ledger WHERE path = ?", (before,))
    return True
