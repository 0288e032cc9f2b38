"""A run that is killed at any moment, again and again, ends with the index of one clean run."""

from __future__ import annotations

from pathlib import Path

from tests.batch import killing

FILES = 24


def test_killed_runs_go_on_to_the_index_of_a_clean_run(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    killing.make(folder, FILES)
    killing.whole(folder, tmp_path / "clean.db", 1)
    clean = killing.content(tmp_path / "clean.db")
    assert len(clean[0]) == FILES
    db = tmp_path / "killed.db"
    reached = [killing.killed(folder, db, 1, *moment) for moment in killing.moments(4, FILES, seed=7)]
    assert reached == sorted(reached)
    assert reached[0] < FILES
    killing.whole(folder, db, 1)
    assert killing.content(db) == clean
