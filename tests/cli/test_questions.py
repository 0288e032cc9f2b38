"""The commands of the page of questions run as they stand there, and find something."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Command

PAGE = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
COMMANDS = [line for line in re.findall(r"^\$ clausedex (.+)$", PAGE, re.MULTILINE) if not line.startswith("index ")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the page has it: the samples, and what the page makes of them."""
    folder = tmp_path_factory.mktemp("questions")
    (folder / "corpora").symlink_to(ROOT / "corpora")
    for line in re.findall(r"^\$ (sed .+)$", PAGE, re.MULTILINE):
        subprocess.run(line, shell=True, cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_finds_something(clausedex: Command, db: Path, place: Path, line: str) -> None:
    arguments = shlex.split(line)
    named = () if arguments[0] == "diff" else ("--db", db)
    ran = clausedex(*arguments, *named, cwd=place)
    assert ran.code == 0, ran.err
    assert ran.out or "any of them" in ran.err
