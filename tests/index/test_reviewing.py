"""What people decide: kept with who and when, taken back step by step, and stronger than reading a document anew."""

from __future__ import annotations

from typing import Any

import pytest

from nlp.errors import UsageError
from nlp.index import Store
from tests.index import making

PATH = "town.pdf"
DOCUMENT = f"sha256:{making.digest(PATH)}"
CLAUSE = f"{making.digest(PATH)[:8]}-1"


@pytest.fixture
def town(empty: Store) -> Store:
    save(empty)
    return empty


def save(store: Store, label: str = "costs", **fields: Any) -> None:
    made = making.provision(PATH, 1, "The town pays for nothing.", [label], abstained=True)
    making.save(store, PATH, [made], **{"kind": "ordinance", "jurisdiction": "VT", "date": "2020"} | fields)


def decide(store: Store, *labels: str, reviewer: str = "Ada") -> None:
    store.correct(
        [
            {"document_id": DOCUMENT, "clause_id": CLAUSE, "labels": labels, "modality": "prohibition", "reviewer": reviewer,
             "note": "read it twice"},
        ]
    )  # fmt: skip


def labels(store: Store) -> list[tuple[str, float]]:
    return [(label["name"], label["score"]) for label in row(store)["labels"]]


def row(store: Store) -> dict[str, Any]:
    return next(iter(store.provisions(DOCUMENT)))


def test_corrections_are_taken_back_one_by_one_down_to_what_the_model_said(town: Store) -> None:
    before = row(town)
    decide(town, "resource-ban")
    decide(town, "term", "costs", reviewer="Ben")
    past = list(town.history(DOCUMENT, CLAUSE))
    assert [(entry["reviewer"], entry["labels"]) for entry in past] == [("Ada", ["resource-ban"]), ("Ben", ["term", "costs"])]
    assert past[0]["decided"] <= past[1]["decided"]
    assert town.undo(DOCUMENT, CLAUSE)
    assert labels(town) == [("resource-ban", 1.0)]
    assert [entry["reviewer"] for entry in town.corrections()] == ["Ada"]
    assert town.undo(DOCUMENT, CLAUSE)
    assert row(town) == before
    assert not list(town.corrections())
    assert not town.undo(DOCUMENT, CLAUSE)


def test_a_correction_taken_back_after_reading_anew_gives_what_the_model_says_now(town: Store) -> None:
    decide(town, "resource-ban")
    save(town, "term")
    assert labels(town) == [("resource-ban", 1.0)]
    assert row(town)["reviewed"]
    assert town.undo(DOCUMENT, CLAUSE)
    assert labels(town) == [("term", 0.9)]
    assert row(town)["abstained"]


def test_facts_told_are_found_and_outlive_reading_anew(town: Store) -> None:
    town.tell(DOCUMENT, {"title": " Town  order ", "kind": "order", "jurisdiction": "Barre, VT", "date": "2021-03-04"})
    save(town)
    found = town.document(DOCUMENT)
    assert (found.title, found.kind, found.state, found.date) == ("Town order", "order", "VT", "2021-03-04")
    assert town.search("kind:order jurisdiction:barre document:order date:2021-03").total == 1
    assert town.search("kind:ordinance").total == 0
    town.tell(DOCUMENT, {"title": "Order"})
    assert town.document(DOCUMENT).jurisdiction is None


@pytest.mark.parametrize(
    "facts", [{"kind": "poem"}, {"date": "next week"}, {"date": "2021-02-30"}, {"title": "x" * 501}, {"a": "b"}]
)
def test_facts_that_cannot_be_change_nothing(town: Store, facts: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        town.tell(DOCUMENT, facts)
    assert town.document(DOCUMENT).kind == "ordinance"


def test_only_documents_of_the_index_are_told_of(town: Store) -> None:
    with pytest.raises(UsageError, match="no document"):
        town.tell("sha256:0", {})
    with pytest.raises(UsageError, match="no document"):
        town.document("sha256:0")
