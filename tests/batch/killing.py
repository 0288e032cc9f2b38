"""Kills runs over a folder of made files at random moments and sees what a rerun makes of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from nlp.errors import StoreError
from nlp.index import open_store

ROOT = Path(__file__).parents[2]


def make(folder: Path, count: int) -> None:
    """Write small ordinances that differ in their words, and one file that is no document."""
    folder.mkdir()
    for number in range(count - 1):
        (folder / f"{number:03}.txt").write_text(
            f"ORDINANCE {number}\n\nSECTION 1. No officer of town {number} shall hold a person on a detainer.\n\n"
            f"SECTION 2. The sheriff shall report {number} visits each year.\n"
        )
    (folder / "broken.pdf").write_text("no document")


def content(db: Path) -> list[Any]:
    """Return everything an index says, but for times."""
    with open_store(str(db), read_only=True) as store:
        ledger = [(entry.path, entry.sha256, entry.state, entry.code, entry.message, entry.versions) for entry in store.ledger()]
        return [ledger, list(store.documents()), list(store.provisions()), store.search("detainer").total]


def start(folder: Path, db: Path, jobs: int) -> subprocess.Popen[bytes]:
    """Start a run in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CLAUSEDEX_", "MLFLOW_"))}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
    line = [sys.executable, "-m", "nlp.cli", "index", folder.name, "--db", str(db), "--jobs", str(jobs), "--model", "shipped"]
    return subprocess.Popen(line, cwd=folder.parent, env=environment, stderr=subprocess.DEVNULL)


def whole(folder: Path, db: Path, jobs: int) -> None:
    """Let a run come to its end: one file of the folder fails."""
    assert start(folder, db, jobs).wait() == 4


def killed(folder: Path, db: Path, jobs: int, files: int, delay: float) -> int:
    """Kill a run a moment after the index knows of some files; return of how many it knew in the end."""
    run = start(folder, db, jobs)
    while counted(db) < files and run.poll() is None:
        time.sleep(0.01)
    time.sleep(delay)
    run.kill()
    run.wait()
    return counted(db)


def counted(db: Path) -> int:
    """Count the files of which an index knows, while it is being written."""
    try:
        with open_store(str(db), read_only=True) as store:
            return sum(1 for _ in store.ledger())
    except StoreError:
        return 0


def moments(count: int, files: int, seed: int) -> list[tuple[int, float]]:
    """Return random moments all over a run: after how many files, and how many seconds after that."""
    chance = random.Random(seed)
    return [(int(files * (part + chance.random()) / count), chance.random() / 5) for part in range(count)]
