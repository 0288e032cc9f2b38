"""What reviewers decided: how far they agree, what they should see next, and what a model may learn from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp.errors import UsageError
from nlp.index import Store, agreement, open_store, queue, taught
from nlp.index.agreement import kappa
from nlp.records import Label
from tests.index import making

KAPPAS = [
    # both yes, first only, second only, both no; share, kappa (the first row is Cohen's worked form of 20, 5, 10, 15)
    ((20, 5, 10, 15), 0.7, 0.4),
    ((10, 0, 0, 10), 1.0, 1.0),
    ((0, 5, 5, 0), 0.0, -1.0),
    ((7, 0, 0, 0), 1.0, None),
]


@pytest.mark.parametrize(("table", "share", "expected"), KAPPAS)
def test_kappa_is_agreement_beyond_chance(table: tuple[int, int, int, int], share: float, expected: float | None) -> None:
    kinds = ((True, True), (True, False), (False, True), (False, False))
    pairs = [pair for pair, count in zip(kinds, table, strict=True) for _ in range(count)]
    assert kappa(pairs) == (share, expected)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "index.db"), create=True) as opened:
        yield opened


def _decide(store: Store, row: dict[str, object], reviewer: str, *labels: str) -> None:
    given = {"document_id": row["document_id"], "clause_id": row["id"], "labels": labels, "modality": "obligation"}
    store.correct([{**given, "reviewer": reviewer}])


def test_agreement_counts_the_last_word_of_each_reviewer_on_common_clauses(store: Store) -> None:
    making.save(store, "a", [making.provision("a", at, f"clause {at}") for at in range(1, 5)])
    rows = list(store.provisions())
    for row, first, second in zip(
        rows, ("costs", "costs", "purpose", "purpose"), ("costs", "purpose", "purpose", "costs"), strict=True
    ):
        _decide(store, row, "ada", first)
        _decide(store, row, "ben", second)
    _decide(store, rows[3], "ben", "purpose")
    _decide(store, rows[0], "", "oversight")
    found = {(row.first, row.second, row.label): row for row in agreement(store)}
    assert set(found) == {("ada", "ben", label) for label in ("all labels", "costs", "purpose")}
    assert found["ada", "ben", "costs"].clauses == 4
    assert found["ada", "ben", "costs"].agreed == 0.75
    assert found["ada", "ben", "costs"].kappa == 0.5


def test_the_queue_puts_doubt_first_and_likes_apart_and_draws_some_at_random(store: Store) -> None:
    doubtful = "The sheriff shall consult counsel before a transfer to federal custody"
    made = [
        making.provision("a", 1, f"{doubtful} today.", abstained=True, guesses=(Label("costs", 0.5),)),
        making.provision("a", 2, f"{doubtful} tonight.", abstained=True, guesses=(Label("costs", 0.5),)),
        making.provision("a", 3, "Fees are paid quarterly by mail.", abstained=True, guesses=(Label("costs", 0.45),)),
        *(making.provision("a", at, f"Plain words number {at}.", ["costs"]) for at in range(4, 24)),
    ]
    making.save(store, "a", made)
    sure = queue(store, 3, share=0)
    assert [row["number"] for row in sure] == ["1", "3", "2"]
    assert {row["why"] for row in sure} == {"doubt"}
    mixed = queue(store, 10)
    assert len(mixed) == len({row["id"] for row in mixed}) == 10
    assert [row["why"] for row in mixed].count("random") == 2
    assert queue(store, 10) == mixed
    assert queue(store, 10, seed=1) != mixed
    assert len(queue(store, 100)) == 23
    _decide(store, sure[0], "ada", "costs")
    assert "1" not in {row["number"] for row in queue(store, 100)}
    with pytest.raises(UsageError, match="between 0 and 1"):
        queue(store, 1, share=2)


def test_corrections_of_held_out_documents_and_clauses_never_train(store: Store) -> None:
    for at in range(40):
        making.save(
            store, f"d{at}", [making.provision(f"d{at}", 1, f"Rule of {at}.", heading=("A", "B", "C"), lead_in="It shall:")]
        )
    for row in list(store.provisions()):
        _decide(store, row, "ada", "costs")
    rows = list(taught(store, {"RULE  of 3."}))
    assert len(rows) == 40
    splits = {row["text"]: row["split"] for row in rows}
    assert 1 <= [*splits.values()].count("test") <= 20
    assert splits["Rule of 3."] == "test"
    assert {row["text"]: row["split"] for row in taught(store)} | {"Rule of 3.": "test"} == splits
    assert (rows[0]["heading"], rows[0]["lead_in"], rows[0]["labels"]) == (["B", "C"], "It shall:", ["costs"])
