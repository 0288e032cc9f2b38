from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from nlp.errors import QueryError, StoreError, UsageError
from nlp.index import Filters, LedgerEntry, Store, open_store
from nlp.index.ledger import stored
from nlp.index.schema import APPLICATION_ID, MIGRATIONS
from tests.index import making

SEARCHES = [
    # each with the clauses it must find: document and number
    ('"48 hours"', {"lee 1", "dade 1"}),
    ("detainers", {"somerville II.A", "lee 1", "dade 1"}),
    ("custody", {"lee 1", "dade 1"}),
    ("cafes", {"dade 3"}),
    ("superv*", {"lee 2", "dade 2"}),
    ("hold NEAR/2 detainer", set()),
    ("hold NEAR/4 detainer", {"lee 1", "dade 1"}),
    ("label:judicial-warrant", {"somerville II.A.1"}),
    ("detainer -stance:enables", {"somerville II.A"}),
    ("has:hours state:Florida", {"lee 1", "dade 1"}),
    ("number:II.A", {"somerville II.A", "somerville II.A.1"}),
    ("date:2018.. kind:agreement oversight OR label:costs", {"lee 3"}),
    ("date:>2017 287(g)", {"lee 2"}),
    ("jurisdiction:somer label:reporting", {"somerville II.B"}),
    ("document:welcoming modality:prohibition", {"somerville II.A", "somerville II.A.1"}),
    ("reviewed:yes", {"dade 2"}),
    ("abstained:yes OR (instructors date:2020)", {"dade 3", "lee 3"}),
]


def name(row: dict[str, object]) -> str:
    return f"{Path(str(row['document'])).stem} {row['number']}"


@pytest.mark.parametrize(("query", "expected"), SEARCHES, ids=[query for query, _ in SEARCHES])
def test_search_finds(store: Store, query: str, expected: set[str]) -> None:
    result = store.search(query)
    assert {name(dict(hit.provision)) for hit in result.hits} == expected
    assert result.total == len(expected)


def test_hit_tells_document_page_and_marks(store: Store) -> None:
    hit = store.search('"judicial warrant" transfer').hits[0]
    assert (hit.document.path, hit.document.state, hit.page) == ("law/somerville.txt", "MA", 2)
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["judicial warrant", "transfer"]
    assert "a **judicial warrant**, no" in hit.snippet.marked()


def test_filters_are_alternatives_within_a_field_and_narrow_across(store: Store) -> None:
    both = Filters(label=("oversight", "costs"), kind=("agreement",), jurisdiction=("lee",))
    assert {name(dict(hit.provision)) for hit in store.search("", both).hits} == {"lee 2", "lee 3"}
    with pytest.raises(UsageError, match="did you mean oversight"):
        store.search("", Filters(label=("oversigt",)))


def test_labels_of_ones_own_are_found_and_misspelt_ones_named(store: Store) -> None:
    making.save(store, "own.txt", [making.provision("own.txt", 1, "Drones are not flown.", ["drones"])])
    assert store.search("label:drones").total == store.search("label:dron*").total == 1
    with pytest.raises(QueryError, match="did you mean drones"):
        store.search("label:drone")


def test_heading_weighs_more_than_text(empty: Store) -> None:
    filler = [making.provision("a", at, f"Nothing of the kind is said in clause {at} of this.") for at in range(3, 30)]
    text = making.provision("a", 1, "Rules on bonds and on bail apply to all persons.")
    heading = making.provision("a", 2, "Rules on bonds and on fines apply to all persons.", heading=("Bail",))
    making.save(empty, "a", [text, heading, *filler])
    assert [hit.provision["number"] for hit in empty.search("bail").hits] == ["2", "1"]


def test_near_identical_clauses_fold_and_unfold(store: Store) -> None:
    folded = store.search("detainer", fold=True)
    assert (folded.total, folded.clauses, len(folded.hits)) == (2, 3, 2)
    hit = next(hit for hit in folded.hits if hit.documents == 2)
    assert [(place.document, place.page) for place in hit.others] == [("moa/lee.pdf", 1)]
    assert store.search("detainer").total == 3


def test_pages_of_results_do_not_overlap(store: Store) -> None:
    for fold in (False, True):
        whole = [hit.provision["id"] for hit in store.search("", limit=50, fold=fold).hits]
        pages = [store.search("", limit=2, offset=at, fold=fold).hits for at in range(0, 10, 2)]
        assert [hit.provision["id"] for page in pages for hit in page] == whole
        assert len(set(whole)) == len(whole)


def test_facets_count_every_match(store: Store) -> None:
    facets = store.search("", limit=1, facets=True).facets
    assert facets["label"]["detainer-compliance"] == 2
    assert facets["stance"] == {"restricts": 2, "enables": 2, "safeguards": 4, "neutral": 1}
    assert facets["kind"] == {"agreement": 6, "ordinance": 3}
    assert facets["year"] == {"2017": 3, "2019": 3, "2020": 3}
    assert list(facets["jurisdiction"]) == ["FL/Dade County", "FL/Lee County", "MA/Somerville"]


def test_ledger_accounts_for_every_path(store: Store) -> None:
    entries = list(store.ledger())
    assert [entry.path for entry in entries] == ["bad.pdf", "law/somerville.txt", "moa/dade.pdf", "moa/lee.pdf"]
    assert entries[0] == LedgerEntry("bad.pdf", "00", "failed", code="encrypted", message="the file needs a password")


def test_rows_keep_every_field_of_a_provision(empty: Store) -> None:
    made = making.provision(
        "a.txt", 1, "Text with “quotes”.", ["costs"], heading=("I. Ä", "A"), lead_in="All shall:", struck="old", added=("new",),
        kind="item", actor="sheriff", exception_to="x", abstained=True,
    )  # fmt: skip
    making.save(empty, "a.txt", [made])
    assert list(empty.provisions()) == [made.row()]


def test_saving_again_replaces_and_failing_drops(store: Store) -> None:
    making.save(store, "moa/lee.pdf", [making.provision("moa/lee.pdf", 1, "Bail is set.")], kind="agreement")
    assert store.search("document:lee").total == 1
    assert store.search("bail").total == 1
    assert store.search('"48 hours"').total == 1
    store.save(LedgerEntry("moa/lee.pdf", "", "failed", code="timeout"), None, [])
    assert store.search("bail").total == 0
    store.forget("moa/lee.pdf")
    assert "moa/lee.pdf" not in {entry.path for entry in store.ledger()}


def test_order_of_writing_shows_nowhere(tmp_path: Path) -> None:
    seen = set()
    for number, order in enumerate(itertools.permutations(range(3))):
        with open_store(str(tmp_path / f"{number}.db"), create=True) as store:
            making.fill(store, order)
            rows = tuple(row["id"] for row in store.provisions())
            hits = tuple((hit.provision["id"], hit.score) for hit in store.search("detainer OR ice", fold=True).hits)
            seen.add((rows, hits, tuple(store.ledger())))
    assert len(seen) == 1


def test_failed_save_leaves_the_index_as_it_was(store: Store) -> None:
    before = list(store.provisions())
    bad = making.provision("moa/lee.pdf", 2**70, "Beyond what a database counts.")
    with pytest.raises(StoreError):
        making.save(store, "moa/lee.pdf", [making.provision("moa/lee.pdf", 1, "Fine."), bad])
    assert list(store.provisions()) == before


KILLED = """
import os, sys
from nlp.index import open_store, rows
from tests.index import making
store = open_store(sys.argv[1], create=True)
making.fill(store, [0])
count, row = 0, rows.provision_row
def dying(*arguments):
    global count
    count += 1
    if count == 3:
        os._exit(9)
    return row(*arguments)
rows.provision_row = dying
making.fill(store, [1])
"""


def test_writer_killed_at_work_loses_one_document_and_a_rerun_mends_it(tmp_path: Path, store: Store) -> None:
    path = str(tmp_path / "killed.db")
    assert subprocess.run([sys.executable, "-c", KILLED, path], env=os.environ | {"PYTHONPATH": "."}).returncode == 9
    with open_store(path) as killed:
        assert [document.path for document in killed.documents()] == ["law/somerville.txt"]
        making.fill(killed)
        assert list(killed.provisions()) == list(store.provisions())
        assert killed.search("detainer").hits == store.search("detainer").hits


def test_writers_of_two_processes_wait_for_each_other(tmp_path: Path) -> None:
    path = str(tmp_path / "index.db")
    open_store(path, create=True).close()
    code = (
        "import sys; from nlp.index import open_store; from tests.index import making; making.fill(open_store(sys.argv[1]), [{}])"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code.format(number), path], env=os.environ | {"PYTHONPATH": "."})
        for number in range(3)
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    with open_store(path) as written:
        assert written.search("").total == 9


def test_text_no_database_stores_is_mended(empty: Store) -> None:
    making.save(empty, "a\ud800.txt", [making.provision("a", 1, "NUL \x00 and a lone \ud800 surrogate")], text="x\x00y")
    assert next(empty.ledger()).path == stored("a\ud800.txt") == "a\\ud800.txt"
    assert next(empty.provisions())["text"] == "NUL � and a lone � surrogate"
    assert empty.text(next(empty.documents()).id) == "x�y"


class TestOpening:
    def test_missing_index_is_not_made_by_accident(self, tmp_path: Path) -> None:
        for read_only in (False, True):
            with pytest.raises(StoreError, match="clausedex index"):
                open_store(str(tmp_path / "none.db"), read_only=read_only)
        assert not list(tmp_path.iterdir())

    def test_other_files_are_refused_untouched(self, tmp_path: Path) -> None:
        text, other = tmp_path / "text.db", tmp_path / "other.db"
        text.write_text("This is no database, but quite a long text. " * 50)
        with sqlite3.connect(other) as connection:
            connection.execute("CREATE TABLE mine (x)")
        connection.close()
        for path, message in ((text, "no SQLite file"), (other, "not an index of clausedex")):
            before = path.read_bytes()
            with pytest.raises(StoreError, match=message):
                open_store(str(path), create=True)
            assert path.read_bytes() == before

    def test_older_index_is_brought_up_to_date(self, tmp_path: Path) -> None:
        path = tmp_path / "index.db"
        with sqlite3.connect(path) as connection:
            connection.executescript(MIGRATIONS[0])
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("PRAGMA user_version = 1")
        connection.close()
        with pytest.raises(StoreError, match="brings it up to date"):
            open_store(str(path), read_only=True)
        with open_store(str(path)) as store:
            making.fill(store)
        with open_store(str(path), read_only=True) as store:
            assert store.search("detainer").total == 3

    def test_newer_index_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "index.db"
        open_store(str(path), create=True).close()
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
        with pytest.raises(StoreError, match="newer clausedex"):
            open_store(str(path))

    def test_read_only_reads_and_cannot_write(self, tmp_path: Path) -> None:
        path = tmp_path / "index.db"
        with open_store(str(path), create=True) as store:
            making.fill(store)
        with open_store(str(path), read_only=True) as store:
            assert store.search("detainer").total == 3
            with pytest.raises(StoreError):
                making.fill(store)

    def test_reader_sees_the_index_while_a_writer_is_at_work(self, tmp_path: Path) -> None:
        path = str(tmp_path / "index.db")
        with open_store(path, create=True) as writer:
            making.fill(writer, [0])
            with open_store(path, read_only=True) as reader:
                making.fill(writer, [1])
                assert reader.search("").total == 6

    def test_one_file_is_the_whole_index(self, tmp_path: Path) -> None:
        path = tmp_path / "index.db"
        with open_store(str(path), create=True) as store:
            making.fill(store)
        moved = shutil.copy(path, tmp_path / "moved.db")
        with open_store(str(moved), read_only=True) as store:
            assert store.search("detainer").total == 3
        with sqlite3.connect(moved) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
        connection.close()


def test_an_excerpt_stands_around_the_hits_wherever_they_are(empty: Store) -> None:
    text = " ".join(f"word{at}" for at in range(100))
    making.save(empty, "x.txt", [making.provision("x.txt", 1, f"{text}. The detainer is void. {text}")])
    snippet = empty.search("detainer").hits[0].snippet
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["detainer"]
    assert "word99. The detainer is void. word0" in snippet.text
    assert len(snippet.text.split()) <= 34
