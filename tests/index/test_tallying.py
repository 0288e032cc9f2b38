"""What is only counted says the same as what is listed, on both engines."""

from __future__ import annotations

import pytest

from nlp.errors import UsageError
from nlp.index import Filters, Store, compare, queue, tallied, tallied_years, timeline, unsure
from nlp.index.comparing import BY
from tests.index import making
from tests.index.test_postgres import both, new_database, server

__all__ = ["both", "new_database", "server"]


@pytest.mark.parametrize("columns", ["labels", "topics"])
@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("filters", [Filters(), Filters(kind=("agreement",)), Filters(jurisdiction=("MA",), label=("term",))])
def test_counted_cells_are_those_of_the_listed_clauses(
    both: tuple[Store, Store], by: str, columns: str, filters: Filters
) -> None:
    for store in both:
        making.save(
            store,
            "both.pdf",
            [making.provision("both.pdf", 1, "Hold no one; hold everyone.", ["detainer-limit", "detainer-compliance"])],
        )
        listed = compare(store, by=by, columns=columns, filters=filters)
        counted = tallied(store, store.tallies(), by=by, columns=columns, filters=filters)
        assert (counted.by, counted.columns) == (listed.by, listed.columns)
        for row, known in zip(counted.rows, listed.rows, strict=True):
            assert (row.name, row.documents, row.partial) == (known.name, known.documents, known.partial)
            assert {name: (cell.state, cell.count) for name, cell in row.cells.items()} == {
                name: (cell.state, len(cell.clauses)) for name, cell in known.cells.items()
            }
        assert tallied_years(store, store.tallies()) == timeline(store)


def test_what_would_narrow_clauses_is_refused(store: Store) -> None:
    with pytest.raises(UsageError, match="modality"):
        tallied(store, store.tallies(), filters=Filters(modality=("permission",)))
    with pytest.raises(UsageError, match="compare by"):
        tallied(store, store.tallies(), by="moon")


def test_clauses_that_wait_come_least_certain_first_on_both_engines(both: tuple[Store, Store]) -> None:
    for store in both:
        made = [
            making.provision("doubt.pdf", at, f"Clause {'abcdefgh'[at]} of its own words.", ["term"] * (at % 2), abstained=at < 6)
            for at in range(1, 8)
        ]
        making.save(store, "doubt.pdf", made)
        assert store.waiting() == store.search("abstained:yes reviewed:no", limit=0).clauses
        wanted = queue(store, 4, share=0.0, query="abstained:yes reviewed:no")
        assert unsure(store, 4) == wanted
        assert len(wanted) == 4
        store.correct(
            [{"document_id": wanted[0]["document_id"], "clause_id": wanted[0]["id"], "labels": [], "modality": "statement"}]
        )
        assert wanted[0]["id"] not in {row["id"] for row in store.unsure(100)}
        assert store.waiting() == store.search("abstained:yes reviewed:no", limit=0).clauses
