"""Files that moved, changed or went away between two runs over a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from nlp import batch
from nlp.batch import Outcome, Plan
from nlp.errors import StoreError
from nlp.index import open_store
from nlp.index.engine import Engine

JOBS = batch.Options(jobs=1)


class Heard(batch.Watch):
    """Keeps what a run tells."""

    def __init__(self) -> None:
        self.moved: dict[str, str | None] = {}
        self.gone: tuple[str, ...] = ()
        self.read: list[str] = []

    def planned(self, plan: Plan, left_out: Sequence[str]) -> None:
        self.moved = {skip.file.source: skip.moved_from for skip in plan.skip if skip.moved_from}
        self.gone = plan.gone

    def finished(self, outcome: Outcome) -> None:
        self.read.append(outcome.job.source)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three orders in a folder, the current one standing above it, read into an index."""
    folder = tmp_path / "orders"
    folder.mkdir()
    for name, animal in (("a.txt", "walrus"), ("b.txt", "ostrich"), ("c.txt", "badger")):
        (folder / name).write_text(f"SECTION 1. The sheriff shall publish the {animal} report each year.\n")
    monkeypatch.chdir(tmp_path)
    assert batch.run(["orders"], "index.db", JOBS).done == 3
    return folder


def again() -> tuple[Heard, batch.Summary]:
    heard = Heard()
    return heard, batch.run(["orders"], "index.db", JOBS, heard)


def content(db: str) -> list[object]:
    """Return what an index says, but for times."""
    with open_store(db, read_only=True) as store:
        ledger = [(entry.path, entry.sha256, entry.state, entry.code, entry.versions) for entry in store.ledger()]
        return [ledger, list(store.documents()), list(store.provisions()), store.search("document:orders report").total]


def test_a_file_that_moved_is_not_read_again_and_found_under_its_new_path(folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "a.txt").rename(folder / "old" / "first.txt")
    heard, summary = again()
    assert (heard.read, heard.moved, heard.gone) == ([], {"orders/old/first.txt": "orders/a.txt"}, ())
    assert str(summary) == "done 0, failed 0, skipped 3 of 3"
    batch.run(["orders"], "clean.db", JOBS)
    assert content("index.db") == content("clean.db")
    with open_store("index.db", read_only=True) as store:
        assert [hit.provision["document"] for hit in store.search("walrus document:first").hits] == ["orders/old/first.txt"]
        assert store.search("document:a.txt").total == 0
    assert again()[0].moved == {}


def test_corrections_move_with_their_document(folder: Path) -> None:
    with open_store("index.db") as store:
        row = next(row for row in store.provisions() if "walrus" in row["text"])
        store.correct(
            [{"document_id": row["document_id"], "clause_id": row["id"], "labels": ["oversight"], "modality": "obligation"}]
        )
    (folder / "a.txt").rename(folder / "z.txt")
    again()
    with open_store("index.db", read_only=True) as store:
        (hit,) = store.search("walrus").hits
        assert (hit.provision["document"], hit.provision["reviewed"]) == ("orders/z.txt", True)


def test_a_copy_is_read_and_its_original_stays(folder: Path) -> None:
    (folder / "d.txt").write_bytes((folder / "a.txt").read_bytes())
    heard, summary = again()
    assert (heard.read, heard.moved, summary.skipped) == (["orders/d.txt"], {}, 3)


def test_a_file_under_a_name_that_promises_another_format_is_read(folder: Path) -> None:
    (folder / "a.txt").rename(folder / "a.pdf")
    heard, summary = again()
    assert (heard.read, heard.gone) == (["orders/a.pdf"], ("orders/a.txt",))
    assert summary.codes == {"not_a_document": 1}


def test_a_file_that_changed_replaces_what_it_gave_or_leaves_it_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.txt").write_text("SECTION 1. The sheriff shall publish the zebra report each year.\n")
    before, insert = content("index.db"), Engine.insert_provisions

    def full(*_: object) -> None:
        raise StoreError("database or disk is full")

    monkeypatch.setattr(Engine, "insert_provisions", full)
    heard, summary = again()
    assert isinstance(summary.stopped, StoreError)
    assert content("index.db") == before
    monkeypatch.setattr(Engine, "insert_provisions", insert)
    heard, _ = again()
    assert heard.read == ["orders/a.txt"]
    batch.run(["orders"], "clean.db", JOBS)
    assert content("index.db") == content("clean.db")


def test_a_file_that_is_gone_is_told_and_kept(folder: Path) -> None:
    (folder / "b.txt").unlink()
    heard, summary = again()
    assert (heard.gone, summary.total) == (("orders/b.txt",), 2)
    with open_store("index.db", read_only=True) as store:
        assert store.search("ostrich").total == 1
    heard = Heard()
    batch.run(["orders/a.txt"], "index.db", JOBS, heard)
    assert heard.gone == ()
