"""Files handed over one by one land in the index under names that people know."""

from __future__ import annotations

from pathlib import Path

from nlp.batch import Intake
from nlp.index import open_store


def test_a_file_is_read_and_kept_under_its_path_and_name(tmp_path: Path) -> None:
    db, stored = str(tmp_path / "index.db"), tmp_path / "0001.txt"
    stored.write_text("Section 1. No officer may honor a detainer.\n\nSection 2. This act takes effect in May.\n")
    broken = tmp_path / "0002.pdf"
    broken.write_bytes(b"\x00\x01\x02")
    intake = Intake(db)
    try:
        done = intake.take(stored, "Town order.txt")
        failed = intake.take(broken, "broken.pdf")
    finally:
        intake.close()
    assert (done.code, failed.code) == (None, "not_a_document")
    with open_store(db, read_only=True) as store:
        (document,) = store.documents()
        assert (document.path, document.source) == (str(stored), "Town order.txt")
        assert {row["document"] for row in store.provisions()} == {"Town order.txt"}
        assert {entry.path: entry.state for entry in store.ledger()} == {str(stored): "done", str(broken): "failed"}
        assert next(entry.message for entry in store.ledger() if entry.code).startswith("broken.pdf: ")
