"""A run that is killed or interrupted goes on where it stopped and ends with the index of one clean run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from nlp.errors import StoreError
from nlp.index import open_store
from tests.cli.conftest import SAMPLES, Command, environment

COPIES = 12
NAMES = ("harrowgate-ordinance-512.txt", "dunmere-ordinance-88-noise.txt", "thornbury-county-287g.pdf")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents that differ in their bytes, and one that is none."""
    folder = tmp_path_factory.mktemp("batch")
    for number in range(COPIES):
        for name in NAMES:
            data = (SAMPLES / name).read_bytes()
            tail = f"\n% {number}\n" if name.endswith(".pdf") else f"\nSECTION 99. This is copy {number} of the text.\n"
            (folder / f"{number:02}-{name}").write_bytes(data + tail.encode())
    (folder / "broken.pdf").write_text("no document")
    return folder


@pytest.fixture(scope="module")
def clean(clausedex: Command, folder: Path) -> list[Any]:
    """What one clean run gives."""
    db = folder.parent / "clean.db"
    assert clausedex("index", folder.name, "--db", db, cwd=folder.parent).code == 4
    return content(db)


def content(db: Path) -> list[Any]:
    """Return everything an index says, but for the time it took."""
    with open_store(str(db), read_only=True) as store:
        ledger = [(entry.path, entry.sha256, entry.state, entry.code, entry.message, entry.pages) for entry in store.ledger()]
        return [ledger, list(store.documents()), list(store.provisions())]


def counted(db: Path) -> int:
    """Count the files of which an index knows, while it is being written."""
    if not db.exists():
        return 0
    try:
        with open_store(str(db), read_only=True) as store:
            return sum(1 for _ in store.ledger())
    except StoreError:
        return 0


def start(folder: Path, db: Path) -> subprocess.Popen[str]:
    """Start a run in a process group of its own, as a terminal does."""
    line = [sys.executable, "-m", "nlp.cli", "index", folder.name, "--db", str(db), "--jobs", "2"]
    return subprocess.Popen(line, cwd=folder.parent, env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for(run: subprocess.Popen[str], db: Path, files: int) -> None:
    """Wait until some files are in the index."""
    while counted(db) < files and run.poll() is None:
        time.sleep(0.02)


@pytest.mark.parametrize("files", [1, 9, 25])
def test_a_killed_run_is_resumed_to_the_same_index(
    clausedex: Command, folder: Path, clean: list[Any], tmp_path: Path, files: int
) -> None:
    db = tmp_path / "killed.db"
    run = start(folder, db)
    wait_for(run, db, files)
    run.kill()
    run.communicate()
    ran = clausedex("index", folder.name, "--db", db, cwd=folder.parent)
    total = len(NAMES) * COPIES + 1
    done, failed, skipped = (int(part.split()[1]) for part in ran.err.splitlines()[-1].split(" of ")[0].split(", "))
    assert done + failed + skipped == total
    assert content(db) == clean


def test_interrupting_finishes_what_is_in_hand(clausedex: Command, folder: Path, clean: list[Any], tmp_path: Path) -> None:
    db = tmp_path / "interrupted.db"
    run = start(folder, db)
    wait_for(run, db, 2)
    os.killpg(run.pid, signal.SIGINT)
    _, err = run.communicate()
    assert run.returncode == 130
    assert "Traceback" not in err
    summary = err.splitlines()[-1]
    assert summary == f"done {counted(db)}, failed 0, skipped 0 of {len(NAMES) * COPIES + 1}"
    clausedex("index", folder.name, "--db", db, cwd=folder.parent)
    assert content(db) == clean


def test_a_worker_that_is_killed_costs_nothing(folder: Path, clean: list[Any], tmp_path: Path) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("finds the worker through /proc")
    db = tmp_path / "orphaned.db"
    run = start(folder, db)
    wait_for(run, db, 2)
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line, parent = (entry / "cmdline").read_bytes(), (entry / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == run.pid and b"popen_loky" in line:
            os.kill(int(entry.name), signal.SIGKILL)
            break
    _, err = run.communicate()
    assert run.returncode == 4, err
    assert content(db) == clean


def test_the_number_of_processes_changes_nothing(clausedex: Command, folder: Path, clean: list[Any], tmp_path: Path) -> None:
    db = tmp_path / "single.db"
    assert clausedex("index", folder.name, "--db", db, "--jobs", "1", cwd=folder.parent).code == 4
    assert content(db) == clean


def test_a_full_disk_ends_the_run_with_a_message_and_loses_nothing(
    clausedex: Command, folder: Path, clean: list[Any], tmp_path: Path
) -> None:
    if shutil.which("bash") is None:
        pytest.skip("limits the size of files through bash")
    db = tmp_path / "full.db"
    line = f"ulimit -f 400; exec {sys.executable} -m nlp.cli index {folder.name} --db {db} --jobs 1"
    ran = subprocess.run(["bash", "-c", line], cwd=folder.parent, env=environment(), capture_output=True, text=True, check=False)
    assert ran.returncode == 4, ran.stderr
    assert "stopped early" in ran.stderr
    assert "Traceback" not in ran.stderr
    clausedex("index", folder.name, "--db", db, cwd=folder.parent)
    assert content(db) == clean
