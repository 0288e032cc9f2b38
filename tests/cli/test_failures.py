"""What goes wrong, each with one clear line and its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, SAMPLES, Command, environment

GOOD = SAMPLES / "harrowgate-ordinance-512.txt"
COMMANDS = (
    *("index", "search", "classify", "segment", "extract", "compare", "diff", "export", "unusual", "status"),
    *("train", "evaluate", "doctor", "similar", "conflicts", "labels"),
)
CODES = {"text": "not_a_document", "empty": "not_a_document", "locked": "encrypted"}


@pytest.mark.parametrize("command", ["index", "classify", "segment", "extract"])
def test_bad_files_are_named_with_a_reason_and_the_others_go_on(
    clausedex: Command, bad_files: dict[str, Path], tmp_path: Path, command: str
) -> None:
    database = ("--db", tmp_path / "index.db") if command == "index" else ()
    ran = clausedex(command, *bad_files.values(), GOOD, *database)
    assert ran.code == 4
    for name, path in bad_files.items():
        (line,) = [line for line in ran.err.splitlines() if line.startswith(f"{path}: ")]
        assert line.endswith(f" ({CODES[name]})")
        assert line.count(str(path)) == 1
    assert "Traceback" not in ran.err
    if command == "index":
        assert ran.err.splitlines()[-1] == "done 1, failed 3, skipped 0 of 4"
    else:
        assert ran.out


@pytest.mark.parametrize("command", ["index", "classify", "segment", "extract"])
def test_nothing_but_bad_files_is_no_usable_input(
    clausedex: Command, bad_files: dict[str, Path], tmp_path: Path, command: str
) -> None:
    database = ("--db", tmp_path / "index.db") if command == "index" else ()
    assert clausedex(command, *bad_files.values(), *database).code == 2


def test_a_password_opens_an_encrypted_file(clausedex: Command, bad_files: dict[str, Path]) -> None:
    ran = clausedex("extract", bad_files["locked"], "--password", "secret")
    assert (ran.code, ran.out) == (0, "The sheriff shall keep a register of visitors.\n")


def test_failures_are_kept_told_again_and_retried_on_request(
    clausedex: Command, bad_files: dict[str, Path], tmp_path: Path
) -> None:
    db = tmp_path / "index.db"
    clausedex("index", bad_files["locked"], GOOD, "--db", db)
    again = clausedex("index", bad_files["locked"], GOOD, "--db", db)
    assert again.code == 4
    assert again.err.splitlines()[-1] == "done 0, failed 0, skipped 2 of 2"
    assert f"{bad_files['locked']}: " in again.err
    retried = clausedex("index", bad_files["locked"], GOOD, "--db", db, "--retry", "failed", "--password", "secret")
    assert retried.code == 0
    assert retried.err.splitlines()[-1] == "done 1, failed 0, skipped 1 of 2"


def test_status_names_failures(clausedex: Command, bad_files: dict[str, Path], tmp_path: Path) -> None:
    db = tmp_path / "index.db"
    clausedex("index", bad_files["empty"], GOOD, "--db", db)
    report = json.loads(clausedex("status", "--db", db, "--format", "json").out)
    assert report["codes"] == {"not_a_document": 1}
    assert [failure["path"] for failure in report["failures"]] == [str(bad_files["empty"])]
    assert "not_a_document" in clausedex("status", "--db", db).out


def test_json_gives_one_line_a_file(clausedex: Command, bad_files: dict[str, Path], tmp_path: Path) -> None:
    db = tmp_path / "index.db"
    rows = {row["path"]: row for row in clausedex("index", bad_files["empty"], GOOD, "--db", db, "--json").rows}
    assert rows[str(GOOD)]["state"] == "done"
    assert rows[str(GOOD)]["provisions"] > 10
    assert (rows[str(bad_files["empty"])]["state"], rows[str(bad_files["empty"])]["code"]) == ("failed", "not_a_document")
    again = clausedex("index", GOOD, "--db", db, "--json").rows
    assert [row["state"] for row in again] == ["skipped", "summary"]


def test_a_dry_run_says_what_it_would_read_and_writes_nothing(clausedex: Command, tmp_path: Path) -> None:
    db = tmp_path / "index.db"
    ran = clausedex("index", GOOD, "--db", db, "--dry-run")
    assert (ran.code, ran.out) == (0, f"{GOOD}\n")
    assert ran.err.endswith("would read 1, skip 0 of 1\n")
    assert not db.exists()


def test_a_changed_file_replaces_what_it_gave_before(clausedex: Command, tmp_path: Path) -> None:
    db, path = tmp_path / "index.db", tmp_path / "act.txt"
    path.write_text("SECTION 1. The sheriff shall publish the walrus report each year.\n")
    clausedex("index", path, "--db", db)
    path.write_text("SECTION 1. The sheriff shall publish the ostrich report each year.\n")
    assert clausedex("index", path, "--db", db).err.endswith("done 1, failed 0, skipped 0 of 1\n")
    assert clausedex("search", "walrus", "--db", db).out == ""
    assert "ostrich" in clausedex("search", "ostrich", "--db", db).out


def test_what_moved_and_what_is_gone_is_told_by_the_next_run_and_by_status(clausedex: Command, tmp_path: Path) -> None:
    folder = tmp_path / "acts"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(f"SECTION 1. The sheriff shall publish report {name[0]} each year.\n")
    clausedex("index", "acts", "--db", "x.db", cwd=tmp_path)
    (folder / "a.txt").rename(folder / "c.txt")
    (folder / "b.txt").unlink()
    ran = clausedex("index", "acts", "--db", "x.db", cwd=tmp_path)
    assert "acts/c.txt: moved from acts/a.txt" in ran.err
    assert "1 file is gone; the index keeps what was read: acts/b.txt" in ran.err
    assert ran.err.endswith("done 0, failed 0, skipped 1 of 1\n")
    report = json.loads(clausedex("status", "--db", "x.db", "--format", "json", cwd=tmp_path).out)
    assert (report["gone"], report["files"]) == (["acts/b.txt"], 2)
    assert "acts/b.txt" in clausedex("status", "--db", "x.db", cwd=tmp_path).out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Usage"),
        (("review",), "Usage"),
        (("index", GOOD), "--db"),
        (("index", "--db", "x.db"), "PATH"),
        (("index", GOOD, "--db", "x.db", "--jobs", "many"), "--jobs"),
        (("index", GOOD, "--db", "x.db", "--retry", "all"), "--retry"),
        (("frobnicate",), "frobnicate"),
        (("search", "x", "--db", "{db}", "--label", "nonsense"), "nonsense"),
        (("search", "x", "--db", "{db}", "--format", "xml"), "xml"),
        (("search", "a AND (", "--db", "{db}"), "^"),
        (("search", "x", "--db", "gone.db"), "gone.db"),
        (("search", "x", "--db", GOOD), GOOD.name),
        (("classify",), "--clauses"),
        (("classify", GOOD, "--clauses", "x.jsonl"), "not both"),
    ],
)
def test_bad_usage_is_exit_code_1_and_says_what_was_wrong(
    clausedex: Command, db: Path, arguments: tuple[object, ...], says: str
) -> None:
    ran = clausedex(*(str(argument).format(db=db) for argument in arguments))
    assert (ran.code, ran.out) == (1, "")
    assert says in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("line", "says"),
    [("{", "line 2: not JSON"), ('{"id": 1}', 'line 2: expected an object with "id" and "text"'), ("[]", "line 2: expected")],
)
def test_a_malformed_clause_file_is_named_with_its_line(clausedex: Command, tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "clauses.jsonl"
    file.write_text('{"id": 0, "text": "A rule."}\n' + line + "\n")
    ran = clausedex("classify", "--clauses", file)
    assert ran.code == 1
    assert f"{file}, {says}" in ran.err


@pytest.mark.parametrize("arguments", [("classify", "--clauses", "gone.jsonl"), ("segment", "gone.pdf"), ("extract", "-")])
def test_input_that_is_not_there_is_exit_code_2(clausedex: Command, arguments: tuple[str, ...]) -> None:
    ran = clausedex(*arguments)
    assert (ran.code, ran.out) == (2, "")


def test_a_missing_component_is_exit_code_3_and_says_what_to_install(clausedex: Command, tmp_path: Path) -> None:
    pytest.importorskip("joblib")
    try:
        import distributed  # noqa: F401 - only whether it is there
    except ImportError:
        ran = clausedex("index", GOOD, "--db", tmp_path / "index.db", "--cluster", "tcp://127.0.0.1:1")
        assert ran.code == 3
        assert "pip install 'clausedex[cluster]'" in ran.err


def test_a_reader_that_leaves_early_is_no_error(db: Path) -> None:
    line = f"{sys.executable} -m nlp.cli search '' --db {db} -n 1000 --format csv | head -n 1"
    ran = subprocess.run(line, shell=True, capture_output=True, text=True, env=environment(), check=False)
    assert ran.stdout.startswith("document,page,")
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr


def test_text_of_a_document_cannot_steer_a_terminal_or_a_spreadsheet(clausedex: Command, tmp_path: Path) -> None:
    db, path = tmp_path / "index.db", tmp_path / "act.txt"
    path.write_text("=HYPERLINK(1) The walrus \x1b]0;title\x07 shall report.\n")
    clausedex("index", path, "--db", db)
    assert "\x1b" not in clausedex("search", "walrus", "--db", db).out
    assert "\n=" not in clausedex("search", "walrus", "--db", db, "--format", "csv").out.replace(",=", "\n=")


def test_help_and_refusals_speak_of_values_not_of_types(clausedex: Command, tmp_path: Path) -> None:
    told = clausedex("search", "--help").out
    assert "<list" not in told
    refused = clausedex("export", "out", "--db", tmp_path / "index.db", "--to", "xlsx")
    assert refused.code == 1
    assert "Value error" not in refused.err
    assert "'xlsx' is not one of 'jsonl', 'csv'" in refused.err


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom nlp.cli import call\ncall(['--help'])\n"
        "heavy = {'spacy', 'sklearn', 'numpy', 'joblib', 'mlflow', 'pypdfium2', 'pdfplumber', 'tesserocr', 'sqlite3', 'rich'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 0, ran.stderr
    for name in COMMANDS:
        assert name in ran.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_by_an_example(clausedex: Command, command: str) -> None:
    ran = clausedex(command, "--help")
    assert ran.code == 0
    assert f"clausedex {command}" in ran.out.partition("Example")[2]
