"""An index that cannot be written, locked or on a full disk: nothing is lost and the message names it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from nlp import batch
from nlp.batch import Outcome
from nlp.errors import StoreError
from nlp.index import open_store, sqlite
from tests.batch import killing

FILES = 12
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@contextmanager
def held(db: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the write lock until a line comes or the context ends."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(db)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        yield holder
    finally:
        if holder.returncode is None:
            end(holder)
        holder.wait()
        holder.stdout.close()


def end(holder: subprocess.Popen[str]) -> None:
    """Let go of the lock."""
    assert holder.stdin is not None
    holder.stdin.write("\n")
    holder.stdin.close()


class After(batch.Watch):
    """Does something once a number of files is saved."""

    def __init__(self, files: int, act: Callable[[], object]) -> None:
        self.left, self.act = files, act

    def finished(self, outcome: Outcome) -> None:
        self.left -= 1
        if self.left == 0:
            self.act()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults") / "made"
    killing.make(folder, FILES)
    batch.run([str(folder)], str(folder.parent / "clean.db"), batch.Options(jobs=1))
    return folder


def rerun(folder: Path, db: Path, known: int) -> None:
    """Run again: what the index knew is skipped, and it ends as that of a clean run."""
    summary = batch.run([str(folder)], str(db), batch.Options(jobs=1))
    assert (summary.skipped, summary.done + summary.failed) == (known, FILES - known)
    assert killing.content(db) == killing.content(folder.parent / "clean.db")


def test_a_lock_that_is_held_for_a_while_is_waited_for(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "index.db"
    open_store(str(db), create=True).close()
    with held(db) as holder:
        release = threading.Timer(2, end, [holder])
        release.start()
        summary = batch.run([str(folder)], str(db), batch.Options(jobs=1))
        assert holder.wait() == 0
        release.join()
    assert (summary.stopped, summary.done, summary.failed) == (None, FILES - 1, 1)


def test_a_lock_that_stays_ends_the_run_names_the_file_and_loses_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 1)
    db = tmp_path / "index.db"
    with ExitStack() as locks:
        lock = After(4, lambda: locks.enter_context(held(db)))
        summary = batch.run([str(folder)], str(db), batch.Options(jobs=1), lock)
    assert isinstance(summary.stopped, StoreError)
    assert str(db) in str(summary.stopped)
    assert "locked" in str(summary.stopped)
    assert (summary.done + summary.failed, killing.counted(db)) == (4, 4)
    rerun(folder, db, 4)


@pytest.mark.parametrize("pages", [0, 2, 5])
def test_a_disk_that_is_full_at_any_write_loses_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    db = tmp_path / "index.db"
    open_store(str(db), create=True).close()
    connect = sqlite.SqliteStore._connect

    def limited(store: sqlite.SqliteStore, *, read_only: bool) -> sqlite3.Connection:
        connection = connect(store, read_only=read_only)
        size = connection.execute("PRAGMA page_count").fetchone()["page_count"]
        connection.execute(f"PRAGMA max_page_count = {size + pages}")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite.SqliteStore, "_connect", limited)
        summary = batch.run([str(folder)], str(db), batch.Options(jobs=1))
    assert isinstance(summary.stopped, StoreError)
    assert str(db) in str(summary.stopped)
    assert "full" in str(summary.stopped)
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    known = killing.counted(db)
    assert known == summary.done + summary.failed < FILES
    rerun(folder, db, known)
