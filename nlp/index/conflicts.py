"""Flags local clauses that run against a clause of their state's law, as leads for a lawyer, never verdicts; knows no engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nlp.index.places import is_local
from nlp.index.results import NO_FILTERS, DocumentInfo, Filters
from nlp.index.store import Store
from nlp.taxonomy import codebook

BINDING = ("obligation", "prohibition")
"""Modalities of state law that a local clause can run against."""
RULING = ("obligation", "prohibition", "permission")
"""Modalities of local clauses that can run against it."""
GENERAL_BAN = "anti-sanctuary"
"""The label of law that forbids limiting policies, whatever they limit."""
WHOEVER_ASKS = frozenset(("data-privacy",))
"""Labels that limit without regard to immigration authorities: no law against limiting policies meets them."""

ANYWHERE = ""
NOTICE = "A lead for a lawyer, not a verdict: whether the law applies, prevails or is in force is not known here."

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A local clause and the clauses of its state's law that it seems to run against, as contract rows.

    `topic` is a topic of the codebook, or the label that forbids limiting policies. `direction` says which way the local clause
    runs: it ``restricts`` what state law requires, or ``enables`` what state law bars.
    """

    topic: str
    direction: Literal["restricts", "enables"]
    local: Row
    law: tuple[Row, ...]


def conflicts(
    store: Store, *, filters: Filters = NO_FILTERS, law: Sequence[str] = ("statute",), against: str | None = None
) -> list[Conflict]:
    """Return local clauses against which a binding clause of their state's law stands, by local document and place.

    State law is what documents of the kinds in `law` say whose jurisdiction is the state itself; it binds where its clause
    obliges or prohibits. With `against`, a query, the binding clauses it finds are the law instead, and every clause of another
    document is held against them, wherever it is from. A clause that limits cooperation at all is also held against a law that
    forbids limiting policies. `filters` narrow the local clauses.
    """
    documents = {document.source: document for document in store.documents()}
    statutes = _law(store, documents, law) if against is None else _chosen(store, against)
    topics = {opposite.restricts: (opposite.topic, opposite.enables, "restricts") for opposite in codebook().opposites}
    topics |= {opposite.enables: (opposite.topic, opposite.restricts, "enables") for opposite in codebook().opposites}
    restricting = {label.name for label in codebook().labels if label.stance == "restricts"} - WHOEVER_ASKS
    found = []
    for row in store.provisions(filters=filters):
        document = documents[row["document"]]
        if row["modality"] not in RULING or (against is None and not is_local(document.jurisdiction)):
            continue
        names = [label["name"] for label in row["labels"]]
        barred = {topics[name][0]: topics[name][1:] for name in names if name in topics}
        if restricting & set(names):
            barred[GENERAL_BAN] = (GENERAL_BAN, "restricts")
        for topic, (label, direction) in sorted(barred.items()):
            place = ANYWHERE if against is not None else str(document.state)
            laws = [clause for clause in statutes.get((place, label), ()) if clause["document"] != row["document"]]
            if laws:
                found.append(Conflict(topic, "restricts" if direction == "restricts" else "enables", row, tuple(laws)))
    return found


def _chosen(store: Store, query: str) -> dict[tuple[str, str], list[Row]]:
    """Return the binding clauses that a query finds, by label, for every place alike."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in store.provisions(query=query):
        if row["modality"] in BINDING:
            for label in row["labels"]:
                found[ANYWHERE, label["name"]].append(row)
    return found


def _law(store: Store, documents: Mapping[str, DocumentInfo], kinds: Sequence[str]) -> dict[tuple[str, str], list[Row]]:
    """Return the binding clauses of state law by state and label."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in store.provisions(filters=Filters(kind=tuple(kinds))):
        document = documents[row["document"]]
        if document.state is not None and not is_local(document.jurisdiction) and row["modality"] in BINDING:
            for label in row["labels"]:
                found[document.state, label["name"]].append(row)
    return found
