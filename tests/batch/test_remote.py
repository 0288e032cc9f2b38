"""Files at addresses are found, read, skipped and told of as files at paths are."""

from __future__ import annotations

import functools
import http.server
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp import batch
from nlp.batch import Outcome, inputs
from nlp.errors import MissingComponentError
from nlp.extract import Limits
from nlp.index import open_store
from tests.batch import killing

fsspec = pytest.importorskip("fsspec")
ONE = batch.Options(jobs=1)


class Told(batch.Watch):
    """Remembers what a run says."""

    def __init__(self) -> None:
        self.plan = batch.Plan((), ())
        self.outcomes: dict[str, Outcome] = {}

    def planned(self, plan: batch.Plan, left_out: object) -> None:
        self.plan = plan

    def finished(self, outcome: Outcome) -> None:
        self.outcomes[outcome.job.source] = outcome


@pytest.fixture
def memory() -> Iterator[str]:
    """A folder in memory with two ordinances, a broken file, and what is passed over."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    for name in ("a", "deep/b"):
        system.pipe(f"/law/{name}.txt", f"SECTION 1. The sheriff of {name} shall not honor a detainer.\n".encode())
    system.pipe("/law/broken.pdf", b"no document")
    system.pipe("/law/.hidden/c.txt", b"SECTION 1. Nothing.\n")
    system.pipe("/law/table.csv", b"a,b\n")
    yield "memory://law"
    system.store.clear()


def names(arguments: list[str]) -> list[str]:
    with inputs.expanded(arguments) as found:
        return [file.source for file in found.files]


def test_an_address_is_a_file_a_folder_or_a_pattern(memory: str) -> None:
    everything = ["memory:///law/a.txt", "memory:///law/broken.pdf", "memory:///law/deep/b.txt"]
    assert names([memory]) == everything
    assert names(["memory://law/*.txt"]) == everything[:1]
    assert names(["memory://law/**/*.txt"])[-1] == everything[2]
    assert names(["memory://law/a.txt", "memory://law/a.txt"]) == everything[:1]
    with inputs.expanded([memory]) as found:
        assert found.left_out == ("memory:///law/table.csv",)


def test_files_at_addresses_are_indexed_under_their_address_and_skipped_while_unchanged(memory: str, tmp_path: Path) -> None:
    db, told = str(tmp_path / "index.db"), Told()
    assert str(batch.run([memory], db, ONE, told)) == "done 2, failed 1, skipped 0 of 3"
    with open_store(db, read_only=True) as store:
        entries = {entry.path: entry for entry in store.ledger()}
        assert store.search("detainer").total == 2
    assert entries["memory:///law/broken.pdf"].code == "not_a_document"
    assert all(len(entry.sha256) == 64 for entry in entries.values())
    assert str(batch.run([memory], db, ONE)) == "done 0, failed 0, skipped 3 of 3"
    system = fsspec.filesystem("memory")
    system.pipe("/law/a.txt", b"SECTION 1. The sheriff of A shall not honor a detainer.\n")
    system.rm("/law/deep/b.txt")
    assert str(batch.run([memory], db, ONE, told)) == "done 1, failed 0, skipped 1 of 2"
    assert told.plan.gone == ("memory:///law/deep/b.txt",)


def test_an_address_with_nothing_there_is_a_file_that_failed(memory: str, tmp_path: Path) -> None:
    told = Told()
    batch.run(["memory://law/none.pdf", "strange://x/a.pdf", memory], str(tmp_path / "index.db"), ONE, told)
    assert (told.outcomes["memory://law/none.pdf"].code, told.outcomes["memory://law/none.pdf"].message) == (
        "not_found",
        "no such file",
    )
    assert "strange" in told.outcomes["strange://x/a.pdf"].message


def test_a_file_over_the_limit_is_not_fetched_whole(memory: str, tmp_path: Path) -> None:
    told = Told()
    options = batch.Options(jobs=1, limits=Limits(file_bytes=20))
    batch.run(["memory://law/a.txt"], str(tmp_path / "index.db"), options, told)
    assert told.outcomes["memory:///law/a.txt"].code == "too_large"


def test_file_addresses_give_what_paths_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killing.make(tmp_path / "made", 4)
    monkeypatch.chdir(tmp_path)
    batch.run([f"file://{tmp_path}/made"], "remote.db", batch.Options(jobs=2))
    batch.run([str(tmp_path / "made")], "local.db", ONE)
    with open_store("remote.db", read_only=True) as remote, open_store("local.db", read_only=True) as local:
        rows = [[{**row, "document": None} for row in store.provisions()] for store in (remote, local)]
        assert [entry.path for entry in remote.ledger()] == [f"file://{entry.path}" for entry in local.ledger()]
    assert rows[0] == rows[1] != []


def test_files_come_over_http_and_no_password_is_kept(tmp_path: Path) -> None:
    pytest.importorskip("aiohttp")
    killing.make(tmp_path / "made", 3)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "made"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            address = f"http://someone:secret@127.0.0.1:{server.server_port}/000.txt"
            db = str(tmp_path / "index.db")
            assert str(batch.run([address], db, ONE)) == "done 1, failed 0, skipped 0 of 1"
            assert str(batch.run([address], db, ONE)) == "done 0, failed 0, skipped 1 of 1"
        finally:
            server.shutdown()
            thread.join()
    with open_store(db, read_only=True) as store:
        assert [entry.path for entry in store.ledger()] == [f"http://127.0.0.1:{server.server_port}/000.txt"]
    assert b"secret" not in Path(db).read_bytes()


def test_a_protocol_whose_package_is_missing_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(MissingComponentError, match=r"s3:// needs a package that is not installed: .*s3fs"):
        batch.run(["s3://bucket/a.pdf"], str(tmp_path / "index.db"), ONE)


def test_without_fsspec_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(MissingComponentError, match=r"clausedex\[remote\]"):
        batch.run(["s3://bucket/a.pdf"], str(tmp_path / "index.db"), ONE)


def test_a_list_of_addresses_is_a_list() -> None:
    assert inputs.listed_paths(b"s3://bucket/acts\ngs://other/b.pdf\n") == ["s3://bucket/acts", "gs://other/b.pdf"]
