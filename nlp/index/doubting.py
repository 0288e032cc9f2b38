"""Finds the clauses the model was least sure of without reading the others whole; knows no engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from nlp.index import rows
from nlp.index.database import Database

_OPEN = "p.abstained = 1 AND p.reviewed = 0"
"""As the index over such provisions has it, so that an engine uses it."""


def doubt(row: Mapping[str, Any]) -> float:
    """Return how unsure the model was of a clause, 0 to 1: how near its least certain label is to one half."""
    scores = [label["score"] for label in (*row["labels"], *row["guesses"])]
    nearest = max((1 - abs(2 * score - 1) for score in scores), default=0.0)
    return 0.5 * nearest + 0.5 * bool(row["abstained"])


def waiting(database: Database) -> int:
    """Count the provisions that the model left to a person and nobody has decided."""
    return int(database.run(f"SELECT count(*) AS number FROM provisions p WHERE {_OPEN}")[0]["number"])


def unsure(database: Database, most: int) -> list[dict[str, Any]]:
    """Return the contract rows of at most so many of them, the least certain first."""
    labels: dict[int, list[dict[str, float]]] = defaultdict(list)
    for row in database.run(f"SELECT l.provision, l.score FROM provisions p JOIN labels l ON l.provision = p.key WHERE {_OPEN}"):
        labels[row["provision"]].append({"score": row["score"]})
    found = database.run(
        "SELECT p.key, p.guesses FROM provisions p JOIN documents d ON d.key = p.document"
        f" WHERE {_OPEN} ORDER BY d.path, p.position"
    )
    doubts = {
        int(row["key"]): doubt({"labels": labels[row["key"]], "guesses": rows.loads(row["guesses"]), "abstained": True})
        for row in found
    }
    keys = sorted(doubts, key=lambda key: -doubts[key])[:most]
    made = dict(database.contracts(keys))
    return [made[key] for key in keys]
