"""Searches from columns in memory find, count and order just what one statement does, also after the index has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.errors import QueryError
from nlp.index import Columns, Filters, SearchResult, Store, open_store
from nlp.index.results import NO_FILTERS
from tests.index import making
from tests.index.test_query import PIECES
from tests.index.test_store import SEARCHES

ASKED = [query for query, _ in SEARCHES] + [
    "", "NOT ice", "detainer OR kind:policy", "(hold OR state:MA) -has:hours", "officer* -label:costs",
    "stance:restricts -number:1", "jail NEAR/9 custody", "date:2017..2025 the", "reviewed:yes",
]  # fmt: skip
FILTERS = Filters(label=("oversight", "costs"), kind=("agreement", "ordinance"), jurisdiction=("lee", "MA"))


def answer(store: Store, query: str, filters: Filters = NO_FILTERS, fold: int = 1, **page: int) -> SearchResult | str:
    try:
        return store.search(query, filters, **{"limit": 3, **page}, facets=True, fold=bool(fold))
    except QueryError as error:
        return f"{error} at {error.position}"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("columns") / "index.db"
    with open_store(str(path), create=True) as store:
        making.fill(store, (1, 2, 0))
        making.save(store, "z.txt", [making.provision("z.txt", 1, "Nobody shall hold a detainer.", stance="restricts")])
        twice = "Each officer of the county shall keep a record of every detainer request that it receives."
        for path_of in ("y.txt", "x.txt"):
            said = [making.provision(path_of, at, twice, ["oversight"], heading=heading)
                    for at, heading in ((1, ()), (2, ("DETAINER",)))]  # fmt: skip
            making.save(store, path_of, said, kind="policy")
    return path


@pytest.fixture(scope="module")
def both(index: Path) -> Iterator[tuple[Store, Store]]:
    with open_store(str(index), read_only=True) as plain, open_store(str(index), read_only=True, columns=Columns()) as quick:
        yield plain, quick


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize("query", ASKED)
def test_the_answer_is_the_same(both: tuple[Store, Store], query: str, fold: int) -> None:
    for page in ({}, {"offset": 2}, {"limit": 100}, {"limit": 0}, {"offset": 900}):
        for filters in (NO_FILTERS, FILTERS):
            assert answer(both[1], query, filters, fold=fold, **page) == answer(both[0], query, filters, fold=fold, **page)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=10).map(" ".join), st.integers(0, 1), st.integers(0, 4))
def test_the_answer_is_the_same_to_whatever_is_typed(both: tuple[Store, Store], query: str, fold: int, offset: int) -> None:
    assert answer(both[1], query, fold=fold, offset=offset) == answer(both[0], query, fold=fold, offset=offset)


def corrected(labels: list[str]) -> Callable[[Store], object]:
    def change(store: Store) -> object:
        row = store.search("", limit=1).hits[0].provision
        named = {"document_id": row["document_id"], "clause_id": row["id"]}
        return store.correct([{**named, "labels": labels, "modality": "permission"}])

    return change


def undone(store: Store) -> object:
    made = next(store.corrections())
    return store.undo(made["document_id"], made["clause_id"])


def told(store: Store) -> None:
    store.tell(next(store.documents()).id, {"title": "Told", "kind": "bill", "jurisdiction": "TX", "date": "1999"})


def emptied(store: Store) -> None:
    for entry in list(store.ledger()):
        store.forget(entry.path)


CHANGES: dict[str, Callable[[Store], object]] = {
    "a correction": corrected(["costs", "oversight"]),
    "another label of one's own": corrected(["costs", "new-label"]),
    "undo": undone,
    "facts told": told,
    "a document read anew": lambda store: making.fill(store, [1]),
    "the last document read anew": lambda store: making.save(
        store, "y.txt", [making.provision("y.txt", 1, "A detainer is no warrant.", ["costs"])], kind="bill"
    ),
    "a document forgotten": lambda store: store.forget("x.txt"),
    "the last document forgotten": lambda store: store.forget("y.txt"),
    "a new document": lambda store: making.save(
        store, "a.txt", [making.provision("a.txt", 1, "A new detainer.", ["costs"])], jurisdiction="GA"
    ),
    "everything forgotten": emptied,
    "many documents": lambda store: [
        making.save(store, f"{at}.txt", [making.provision(f"{at}.txt", 1, f"The {at} detainer.", ["costs"])]) for at in range(210)
    ],
}


def test_changes_are_followed(index: Path, tmp_path: Path) -> None:
    path, columns = tmp_path / "index.db", Columns()
    path.write_bytes(index.read_bytes())
    for name, change in CHANGES.items():
        with open_store(str(path), read_only=True, columns=columns) as quick, open_store(str(path)) as store:
            answer(quick, "detainer")
            change(store)
            for query in ("", "detainer", "label:costs"):
                for fold in (0, 1):
                    assert answer(quick, query, limit=50, fold=fold) == answer(store, query, limit=50, fold=fold), name
            assert quick.tallies() == store.tallies(), name


def test_who_still_reads_the_old_state_finds_the_old_state(index: Path, tmp_path: Path) -> None:
    path, columns = tmp_path / "index.db", Columns()
    path.write_bytes(index.read_bytes())
    with open_store(str(path), columns=columns) as store, open_store(str(path), read_only=True, columns=columns) as late:
        before = answer(late, "detainer")
        with late.reading():  # type: ignore[attr-defined]  # of the engines, not of every store
            assert answer(late, "detainer") == before
            store.forget("x.txt")
            assert answer(store, "detainer") != before
            assert answer(late, "detainer") == before
        assert answer(late, "detainer") == answer(store, "detainer")
