"""Runs the real command in a process of its own, and keeps one index of the sample documents for every test that only reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "corpora" / "samples"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the lines of stdout as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Ran]


def environment() -> dict[str, str]:
    """Return the environment without settings of clausedex or MLflow, and with no store of runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLAUSEDEX_", "MLFLOW_"))}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    nowhere = {"CLAUSEDEX_TRACK": "0", "MLFLOW_TRACKING_URI": "sqlite:////nonexistent/runs.db"}
    return {**kept, **nowhere, "PYTHONPATH": path, "COLUMNS": "100"}


@pytest.fixture(scope="session")
def clausedex(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Run ``clausedex ARGUMENTS`` in an empty folder or in `cwd`."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def command(*arguments: object, stdin: bytes = b"", cwd: Path = elsewhere) -> Ran:
        line = [sys.executable, "-m", "nlp.cli", *map(str, arguments)]
        ran = subprocess.run(line, input=stdin, capture_output=True, cwd=cwd, env=environment(), timeout=240, check=False)
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    return command


@pytest.fixture(scope="session")
def indexed(clausedex: Command, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """An index of the samples, and what the command that made it said."""
    db = tmp_path_factory.mktemp("index") / "samples.db"
    return db, clausedex("index", "corpora/samples", "--db", db, cwd=ROOT)


@pytest.fixture(scope="session")
def db(indexed: tuple[Path, Ran]) -> Path:
    """The index of the samples."""
    return indexed[0]


@pytest.fixture
def bad_files(tmp_path: Path) -> dict[str, Path]:
    """A text file named .pdf, an empty file and an encrypted PDF."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    files = {name: tmp_path / f"{name}.pdf" for name in ("text", "empty", "locked")}
    files["text"].write_text("404 Not Found. The page that you asked for is not here.\n")
    files["empty"].write_bytes(b"")
    canvas = Canvas(str(files["locked"]), encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(72, 700, "The sheriff shall keep a register of visitors.")
    canvas.save()
    return files
