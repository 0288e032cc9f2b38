"""Which inputs are read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nlp.batch.inputs import Input
from nlp.batch.plan import plan
from nlp.index import LedgerEntry

FILE = Input(Path("a.pdf"), "a.pdf", size=10, mtime_ns=5)
DONE = LedgerEntry("a.pdf", "abc", "done", size=10, mtime_ns=5, versions="1")
FAILED = replace(DONE, state="failed", code="timeout")


def is_read(file: Input, entry: LedgerEntry, *, versions: str = "1", digest: str = "abc", **how: bool) -> bool:
    return bool(plan([file], {entry.path: entry}, versions, hashed=lambda _: digest, missing=lambda _: False, **how).read)


def test_an_unchanged_file_is_skipped_though_its_date_changed() -> None:
    assert not is_read(FILE, DONE)
    assert not is_read(replace(FILE, mtime_ns=9), DONE)


@pytest.mark.parametrize(
    ("file", "how"),
    [
        (replace(FILE, size=11), {}),
        (FILE, {"digest": "def"}),
        (FILE, {"versions": "2"}),
        (FILE, {"resume": False}),
        (replace(FILE, source="b.pdf"), {}),
    ],
)
def test_a_file_is_read_when_its_bytes_its_versions_or_its_name_are_new(file: Input, how: dict[str, bool]) -> None:
    assert is_read(file, DONE, **how)


def test_a_failure_is_kept_until_asked_for() -> None:
    assert not is_read(FILE, FAILED)
    assert is_read(FILE, FAILED, retry_failed=True)
    assert not is_read(FILE, DONE, retry_failed=True)


def test_a_file_that_could_not_be_opened_is_tried_every_time() -> None:
    assert is_read(replace(FILE, problem="no such file"), replace(FAILED, sha256=""))
    assert is_read(FILE, replace(FAILED, sha256=""))


def test_the_longest_files_come_first_and_ties_go_by_name() -> None:
    files = [Input(Path(name), name, size=size) for name, size in (("c", 1), ("b", 5), ("a", 1), ("d", 9))]
    assert [file.source for file in plan(files, {}, "1").read] == ["d", "b", "a", "c"]
