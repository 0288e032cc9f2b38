"""Keeps what people decide about clauses and documents, and takes it back; knows no engine, reads no files of corrections.

Each decision of a reviewer is added to a history. The last one of a clause is its correction; undoing it brings back the one
before, or what the model said. Facts that a person tells of a document outlive reading it anew.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nlp.errors import UsageError
from nlp.index import corrections as corrected
from nlp.index import rows
from nlp.index.database import Database, Row
from nlp.index.dates import period
from nlp.index.places import state_of
from nlp.index.storable import clean
from nlp.records import DOCUMENT_KINDS, Document, Provision, to_json

FACTS = ("title", "kind", "jurisdiction", "agency", "date")
"""The facts of a document that a person may tell."""
LONGEST = 500
"""Characters of a fact that a person tells."""
VERDICT = ("document_id", "clause_id", "labels", "stance", "modality", "abstained")
DECISION = ("number", *corrected.COLUMNS, "decided")
LISTS = ("labels", "old_labels")


def decide(database: Database, correction: Mapping[str, Any]) -> int:
    """Keep a checked correction, add it to the history, apply it and return how many provisions it changed."""
    here = (correction["document_id"], correction["clause_id"])
    found = _provisions(database, here)
    if found and not correction["text"]:
        correction = {**correction, "text": found[0]["text"]}
    if found and not found[0]["reviewed"]:
        keep_verdict(database, here, verdict(_labels(database, found[0]["key"]), found[0]))
    if found and (not correction["model"] or (correction["model"] == found[0]["model"] and correction["old_labels"] == "[]")):
        said = [label["name"] for label in _said(database, here)]
        correction = {**correction, "model": found[0]["model"], "old_labels": rows.compact(said)}
    number = int(database.run("SELECT coalesce(max(number), 0) + 1 AS number FROM decisions")[0]["number"])
    decided = correction["decided"] or datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    values = tuple(correction[name] for name in corrected.COLUMNS)
    database.many(rows.insert("decisions", DECISION), [(number, *values, decided)])
    return _correct(database, correction)


def undo(database: Database, document_id: str, clause_id: str) -> bool:
    """Take back the last decision on a clause; return False where there is none."""
    here = (document_id, clause_id)
    past = list(history(database, document_id, clause_id))
    if not past:
        return False
    database.run("DELETE FROM decisions WHERE number = ?", (past[-1]["number"],))
    if len(past) > 1:
        _correct(database, {**past[-2], **{name: rows.compact(past[-2][name]) for name in LISTS}})
        return True
    database.run("DELETE FROM corrections WHERE document_id = ? AND clause_id = ?", here)
    said = database.run("SELECT * FROM verdicts WHERE document_id = ? AND clause_id = ?", here)
    for row in said:
        labels = [(label["name"], label["score"]) for label in rows.loads(row["labels"])]
        _apply(database, here, labels, (row["stance"], row["modality"], 0, row["abstained"]))
    database.run("DELETE FROM verdicts WHERE document_id = ? AND clause_id = ?", here)
    return True


def history(database: Database, document_id: str, clause_id: str) -> Iterator[dict[str, Any]]:
    """Yield the decisions on a clause, the oldest first."""
    for row in database.run(
        "SELECT * FROM decisions WHERE document_id = ? AND clause_id = ? ORDER BY number", (document_id, clause_id)
    ):
        yield {**row, **{name: rows.loads(row[name]) for name in LISTS}}


def standing(database: Database) -> Iterator[dict[str, Any]]:
    """Yield the corrections that stand, each with the time it was made, the empty string where that was not kept."""
    last = "SELECT max(number) FROM decisions WHERE document_id = c.document_id AND clause_id = c.clause_id"
    for row in database.run(
        f"SELECT {rows.columns(corrected.COLUMNS, 'c.')}, coalesce(d.decided, '') AS decided FROM corrections c"
        f" LEFT JOIN decisions d ON d.number = ({last}) ORDER BY c.document_id, c.clause_id"
    ):
        yield {**row, **{name: rows.loads(row[name]) for name in LISTS}}


def reapplied(database: Database, document_id: str, said: Sequence[Provision]) -> list[Provision]:
    """Return the provisions of a document with its corrections applied again; what the model says now of those is kept."""
    known = database.run("SELECT * FROM corrections WHERE document_id = ?", (document_id,))
    changed = corrected.apply(said, known)
    database.run("DELETE FROM verdicts WHERE document_id = ?", (document_id,))
    for provision, after in zip(said, changed, strict=True):
        if after is not provision:
            keep_said(database, document_id, provision)
    return changed


def keep_said(database: Database, document_id: str, provision: Provision) -> None:
    """Keep what the model said of a clause that a correction is applied to."""
    values = {"stance": provision.stance, "modality": provision.modality, "abstained": int(provision.abstained)}
    keep_verdict(database, (document_id, provision.clause.id), verdict(to_json(provision.labels), values))


def verdict(labels: Any, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what the model said of a clause as values of `VERDICT` after the ids."""
    return (rows.compact(labels), values["stance"], values["modality"], values["abstained"])


def keep_verdict(database: Database, here: tuple[str, str], values: tuple[Any, ...]) -> None:
    """Write what the model said of a clause, in place of what it said before."""
    database.run("DELETE FROM verdicts WHERE document_id = ? AND clause_id = ?", here)
    database.many(rows.insert("verdicts", VERDICT), [(*here, *values)])


def checked_facts(facts: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return facts as they are kept, empty ones as None; raise `UsageError` for what cannot be."""
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise UsageError(f"no fact is named {', '.join(sorted(unknown))}; one of {', '.join(FACTS)}")
    found: dict[str, str | None] = {}
    for name in FACTS:
        value = " ".join(clean(facts.get(name) or "").split()) or None
        if value is not None and len(value) > LONGEST:
            raise UsageError(f"{name} is over {LONGEST} characters long")
        found[name] = value
    kind, date = found["kind"], found["date"]
    if kind is not None and kind not in DOCUMENT_KINDS:
        raise UsageError(f"kind {kind!r} is not one of {', '.join(DOCUMENT_KINDS)}")
    if date is not None and (not re.fullmatch(r"\d{4}(-\d\d){0,2}", date, re.ASCII) or period(date) is None):
        raise UsageError(f"{date!r} is no date; write 2024-06-11, 2024-06 or 2024")
    return found


def tell(database: Database, document_id: str, facts: Mapping[str, str | None]) -> None:
    """Keep the facts told of a document and write them into its rows; raise `UsageError` for what cannot be."""
    told = checked_facts(facts)
    found = database.run("SELECT key, path, source FROM documents WHERE id = ?", (document_id,))
    if not found:
        raise UsageError(f"there is no document {document_id!r} in the index")
    database.run("DELETE FROM told WHERE document_id = ?", (document_id,))
    database.many(rows.insert("told", ("document_id", *FACTS)), [(document_id, *told.values())])
    place = " ".join(part for part in (told["jurisdiction"], told["agency"]) if part).casefold()
    for row in found:
        names = " ".join(part for part in (row["path"], row["source"], told["title"]) if part).casefold()
        database.run(
            "UPDATE documents SET title = ?, kind = ?, jurisdiction = ?, agency = ?, date = ?, state = ?, search_place = ?,"
            " search_names = ? WHERE key = ?",
            (*told.values(), state_of(told["jurisdiction"]), place, names, row["key"]),
        )


def with_told(database: Database, document: Document) -> Document:
    """Return a document with the facts that a person told of it."""
    found = database.run("SELECT * FROM told WHERE document_id = ?", (document.id,))
    return replace(document, **{name: found[0][name] for name in FACTS}) if found else document


def _correct(database: Database, correction: Mapping[str, Any]) -> int:
    here = (correction["document_id"], correction["clause_id"])
    database.run("DELETE FROM corrections WHERE document_id = ? AND clause_id = ?", here)
    database.many(rows.insert("corrections", corrected.COLUMNS), [tuple(correction[name] for name in corrected.COLUMNS)])
    labels = [(name, 1.0) for name in rows.loads(correction["labels"])]
    return _apply(database, here, labels, (correction["stance"], correction["modality"], 1, 0))


def _apply(database: Database, here: tuple[str, str], labels: Sequence[tuple[str, float]], values: tuple[Any, ...]) -> int:
    found = _provisions(database, here)
    for key in (int(row["key"]) for row in found):
        database.run("UPDATE provisions SET stance = ?, modality = ?, reviewed = ?, abstained = ? WHERE key = ?", (*values, key))
        database.run("DELETE FROM labels WHERE provision = ?", (key,))
        database.many(
            rows.insert("labels", ("provision", "position", "name", "score")),
            [(key, at, name, score) for at, (name, score) in enumerate(labels)],
        )
    return len(found)


def _provisions(database: Database, here: tuple[str, str]) -> list[Row]:
    return database.run(
        "SELECT p.key, p.text, p.stance, p.modality, p.abstained, p.reviewed, p.model"
        " FROM provisions p JOIN documents d ON d.key = p.document WHERE d.id = ? AND p.id = ?",
        here,
    )


def _said(database: Database, here: tuple[str, str]) -> list[dict[str, Any]]:
    """Return the labels that the model gave a clause which was decided."""
    found = database.run("SELECT labels FROM verdicts WHERE document_id = ? AND clause_id = ?", here)
    return list(rows.loads(found[0]["labels"])) if found else []


def _labels(database: Database, key: int) -> list[dict[str, Any]]:
    return [dict(row) for row in database.run("SELECT name, score FROM labels WHERE provision = ? ORDER BY position", (key,))]
