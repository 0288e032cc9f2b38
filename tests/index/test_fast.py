from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.errors import QueryError
from nlp.index import Filters, Store, open_store, quicken
from nlp.index.fast import answers, directory_of
from nlp.index.query import parse
from nlp.index.results import NO_FILTERS
from nlp.index.stems import stem
from tests.index import making
from tests.index.test_query import PIECES
from tests.index.test_store import SEARCHES

pytest.importorskip("tantivy")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """Give the same index twice, the second with a fast index beside it."""
    directory = tmp_path_factory.mktemp("index")
    plain, quick = directory / "plain.db", directory / "quick.db"
    with open_store(str(plain), create=True) as store:
        making.fill(store, (1, 2, 0))
    shutil.copy(plain, quick)
    assert quicken(str(quick))
    with open_store(str(plain), read_only=True) as first, open_store(str(quick), read_only=True) as second:
        yield first, second


def answer(store: Store, query: str, filters: Filters = NO_FILTERS) -> object:
    try:
        found = store.search(query, filters, limit=100, facets=True)
    except QueryError as error:
        return str(error), error.position
    hits = {hit.provision["id"]: (dict(hit.provision), hit.document, hit.page) for hit in found.hits}
    return hits, found.total, found.clauses, found.facets


@pytest.mark.parametrize("query", [query for query, _ in SEARCHES] + ["", "NOT ice", "(hold OR state:MA) -has:hours", "cafés*"])
def test_fast_index_gives_the_same_answer(both: tuple[Store, Store], query: str) -> None:
    assert answer(both[1], query) == answer(both[0], query)


def test_filters_hold(both: tuple[Store, Store]) -> None:
    filters = Filters(label=("oversight", "costs"), kind=("agreement",), jurisdiction=("lee",))
    assert answer(both[1], "", filters) == answer(both[0], "", filters)


WORDS = st.sampled_from(
    ["officer", "detainers", "hold*", "CUSTODY", "48", '"personnel are"', "county", "expenses", "kind:bill", "state:FL"]
)
QUERIES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" OR ".join).map("({})".format),
        st.tuples(inner, inner).map(" ".join).map("({})".format),
        inner.map("-({})".format),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(QUERIES, st.lists(PIECES, max_size=10).map(" ".join), st.text(max_size=40)))
def test_fast_index_agrees_on_whatever_is_typed(both: tuple[Store, Store], query: str) -> None:
    assert answer(both[1], query) == answer(both[0], query)


def test_pages_of_results_come_in_order_of_documents_where_nothing_ranks(both: tuple[Store, Store]) -> None:
    whole = [hit.provision["id"] for hit in both[0].search("", limit=50).hits]
    assert [hit.provision["id"] for at in range(0, 10, 2) for hit in both[1].search("", limit=2, offset=at).hits] == whole


def test_fast_index_is_left_aside_once_the_index_changes(tmp_path: Path) -> None:
    path = str(tmp_path / "index.db")
    with open_store(path, create=True) as store:
        making.fill(store, [0])
        quicken(path)
        assert store.search("detainer").total == 1
        making.fill(store, [1])
        assert store.search("detainer").total == 2
        quicken(path)
        assert store.search("detainer").total == 2
        shutil.rmtree(directory_of(tmp_path / "index.db"))
        store.forget("moa/lee.pdf")
        assert store.search("detainer").total == 1


@pytest.mark.parametrize("name", ["clausedex.json", "meta.json"])
def test_damaged_fast_index_is_left_aside(tmp_path: Path, name: str) -> None:
    path = tmp_path / "index.db"
    with open_store(str(path), create=True) as store:
        making.fill(store)
    quicken(str(path))
    (directory_of(path) / name).write_text("{")
    with open_store(str(path), read_only=True) as store:
        assert store.search("detainer").total == 3


def test_what_it_cannot_answer_is_known_before() -> None:
    assert [answers(parse(query)) for query in ("a -(b OR state:MA)", "a NEAR b", '"a b*"', '"a b"*', "-number:1")] == [
        True, False, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "expected"),
    [("assembly", "assembl"), ("possibly", "possibl"), ("technology", "technolog"), ("biology", "biologi"), ("as", "as"),
     ("Officers", "offic"), ("réserves", "reserv"), ("48", "48")],
)  # fmt: skip
def test_stems_are_those_of_fts5(word: str, expected: str) -> None:
    assert stem(word) == expected
