"""What a run says of itself: the table at its end, the last line of JSON, the log."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from tests.cli.conftest import SAMPLES, Command

ORDINANCE = SAMPLES / "harrowgate-ordinance-512.txt"
AGREEMENT = SAMPLES / "thornbury-county-287g.pdf"
NAMES = {"time", "path", "state", "seconds", "pages", "code", "message"}


def test_a_run_ends_with_a_table_by_kind_and_the_failures_by_reason(
    clausedex: Command, bad_files: dict[str, Path], tmp_path: Path
) -> None:
    ran = clausedex("index", ORDINANCE, AGREEMENT, *bad_files.values(), "--db", tmp_path / "index.db")
    lines = ran.err.splitlines()
    table = [line.split() for line in lines[lines.index(next(line for line in lines if line.startswith("kind "))) :]]
    (agreement,) = [row for row in table if row[0] == "agreement"]
    (ordinance,) = [row for row in table if row[0] == "ordinance"]
    (both,) = [row for row in table if row[0] == "all"]
    assert int(agreement[1]) == int(ordinance[1]) == 1
    assert [int(both[place]) for place in (1, 2, 3)] == [int(agreement[place]) + int(ordinance[place]) for place in (1, 2, 3)]
    assert "failed not_a_document 2: " in ran.err
    assert "failed encrypted 1: " in ran.err
    assert lines[-1] == "done 2, failed 3, skipped 0 of 5"
    assert ran.out == ""


def test_the_last_line_of_json_has_one_form_whatever_happened(
    clausedex: Command, bad_files: dict[str, Path], tmp_path: Path
) -> None:
    db = tmp_path / "index.db"
    first = clausedex("index", ORDINANCE, bad_files["empty"], "--db", db, "--json").rows
    again = clausedex("index", ORDINANCE, bad_files["empty"], "--db", db, "--json").rows
    told, told_again = first[-1], again[-1]
    assert (told["path"], told["state"]) == (None, "summary")
    assert told.keys() == told_again.keys()
    assert (told["done"], told["failed"], told["skipped"], told["total"]) == (1, 1, 0, 2)
    assert (told_again["done"], told_again["failed"], told_again["skipped"], told_again["failed_before"]) == (0, 0, 2, 1)
    (row,) = [row for row in first if row["path"] == str(ORDINANCE)]
    assert told["kinds"] == {
        "ordinance": {"documents": 1, "pages": row["pages"], "ocr_pages": 0, "ocr_share": 0.0, "provisions": row["provisions"]}
    }
    assert told["codes"] == {"not_a_document": 1}
    assert told_again["kinds"] == told_again["codes"] == {}


def test_a_log_gets_a_line_a_file_from_each_run(clausedex: Command, bad_files: dict[str, Path], tmp_path: Path) -> None:
    log, files = tmp_path / "run.log", (ORDINANCE, bad_files["empty"])
    log.write_bytes(b'{"time": "cut sho')
    for _ in range(2):
        clausedex("index", *files, "--db", tmp_path / "index.db", "--log", log)
    cut, *lines = log.read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert cut == '{"time": "cut sho'
    assert [set(row) for row in rows] == [NAMES] * 4
    assert {(row["path"], row["state"], row["code"]) for row in rows[:2]} == {
        (str(ORDINANCE), "done", None),
        (str(bad_files["empty"]), "failed", "not_a_document"),
    }
    assert [row["state"] for row in rows[2:]] == ["skipped", "skipped"]
    assert all(datetime.fromisoformat(row["time"]).tzinfo is not None for row in rows)


def test_a_log_that_cannot_be_opened_stops_the_run_before_it_starts(clausedex: Command, tmp_path: Path) -> None:
    db = tmp_path / "index.db"
    ran = clausedex("index", ORDINANCE, "--db", db, "--log", tmp_path)
    assert ran.code == 1
    assert str(tmp_path) in ran.err
    assert not db.exists()


def test_a_log_on_a_full_disk_does_not_end_the_run(clausedex: Command, tmp_path: Path) -> None:
    ran = clausedex("index", ORDINANCE, "--db", tmp_path / "index.db", "--log", "/dev/full")
    assert ran.code == 0
    assert ran.err.count("cannot be written any more") == 1
    assert ran.err.splitlines()[-1] == "done 1, failed 0, skipped 0 of 1"


def test_a_dry_run_writes_no_log(clausedex: Command, tmp_path: Path) -> None:
    clausedex("index", ORDINANCE, "--db", tmp_path / "index.db", "--dry-run", "--log", tmp_path / "run.log")
    assert not (tmp_path / "run.log").exists()


def test_a_fast_index_is_built_beside_and_finds_the_same(clausedex: Command, tmp_path: Path) -> None:
    db = tmp_path / "law.db"
    assert clausedex("index", ORDINANCE, AGREEMENT, "--db", db).code == 0
    query = ("search", "detainer OR custody", "--db", db, "--format", "json")
    before = json.loads(clausedex(*query).out)
    built = clausedex("quicken", "--db", db)
    assert (built.code, built.out) == (0, "")
    assert "fast index built" in built.err
    assert (tmp_path / "law.db.fast").exists()
    assert {row["id"] for row in json.loads(clausedex(*query).out)} == {row["id"] for row in before}
    assert clausedex("quicken", "--db", "postgresql://nowhere/law").code == 1
    assert clausedex("quicken", "--db", tmp_path / "none.db").code != 0
