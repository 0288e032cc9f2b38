"""Makes provisions, documents and small indexes for the tests of the index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nlp.index import LedgerEntry, Store
from nlp.records import Box, Clause, Condition, Cue, Document, Label, Provision
from nlp.taxonomy import codebook


def digest(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "replace")).hexdigest()


def document(path: str, **fields: Any) -> Document:
    form = fields.pop("format", "text")
    return Document(path, digest(path), form, fields.pop("text", f"text of {path}"), (), **fields)


def provision(path: str, at: int, text: str, labels: Sequence[str] = (), **fields: Any) -> Provision:
    clause_fields = {
        name: fields.pop(name) for name in ("heading", "lead_in", "number", "struck", "added", "kind") if name in fields
    }
    clause = Clause(
        id=f"{digest(path)[:8]}-{at}", document=path, document_id=f"sha256:{digest(path)}",
        **{"number": f"{at}", "heading": (), "lead_in": None} | clause_fields,
        text=text, start=at * 1000, end=at * 1000 + len(text), pages=(at, at + 1), boxes=(Box(at, 72.0, 90.5, 540.0, 131.0),),
    )  # fmt: skip
    conditions = tuple(Condition(kind, text[:3], 0, 3) for kind in fields.pop("has", ()))
    return Provision(
        clause=clause, labels=tuple(Label(name, 0.9) for name in labels),
        stance=fields.pop("stance", codebook().stance_of(labels)), modality=fields.pop("modality", "obligation"),
        conditions=conditions, cues=(Cue(text[:2], 0, 2, "modality"),), model="made@1", **fields,
    )  # fmt: skip


def moved(made: Provision, start: int, end: int) -> Provision:
    return replace(made, clause=replace(made.clause, start=start, end=end))


def save(store: Store, path: str, provisions: Iterable[Provision], **fields: Any) -> Document:
    made = document(path, **fields)
    store.save(LedgerEntry(path, made.sha256, "done", pages=3, size=10, mtime_ns=7, versions="1"), made, list(provisions))
    return made


CORPUS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("corpus.json").read_text(encoding="utf-8"))


def fill(store: Store, order: Sequence[int] = (0, 1, 2)) -> None:
    """Save the small corpus, in the order asked for, and one failure."""
    for index in order:
        path = CORPUS[index]["path"]
        clauses = [provision(path, at, **clause) for at, clause in enumerate(CORPUS[index]["clauses"], 1)]
        save(store, path, clauses, **CORPUS[index]["facts"])
    failed = LedgerEntry("bad.pdf", "00", "failed", code="encrypted", message="the file needs a password")
    store.save(failed, None, [])
