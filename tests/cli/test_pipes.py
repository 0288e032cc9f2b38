"""A command whose reader goes away, as with ``| head``: it ends quietly, as other programs do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, environment


@pytest.mark.parametrize(
    "arguments",
    [
        ("labels",),
        ("--help",),
        ("doctor",),
        ("search", "", "-n", "200"),
        ("search", "", "--format", "json"),
        ("search", "", "--count", "document"),
        ("compare",),
        ("compare", "--format", "html"),
        ("export", "-", "--to", "csv"),
        ("export", "-", "--to", "jsonl"),
        ("export", "-", "--to", "parquet"),
        ("extract", "corpora/samples"),
    ],
    ids=" ".join,
)
def test_a_pipe_that_is_closed_ends_a_command_quietly(arguments: tuple[str, ...], db: Path) -> None:
    line = [sys.executable, "-m", "nlp.cli", *arguments]
    given = {**environment(), "CLAUSEDEX_DB": str(db)}
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=given) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()
        process.stderr.close()
        assert process.wait(120) in (0, 141), said
    assert said == ""
