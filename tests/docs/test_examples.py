"""The Python that pages show runs as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(import nlp\n.*?)^```$", re.DOTALL | re.MULTILINE)
EXAMPLES = [
    pytest.param(block, id=f"{path.name}-{number}")
    for path in sorted((ROOT / "docs").rglob("*.md"))
    for number, block in enumerate(BLOCK.findall(path.read_text(encoding="utf-8")), 1)
]


def ran(code: str, place: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLAUSEDEX_")}
    environment |= {"PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(place / ".data")}
    return subprocess.run([sys.executable, "-c", code], cwd=place, env=environment, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    (folder / "corpora").symlink_to(ROOT / "corpora")
    code = "import nlp\nwith nlp.Index.open('law.db', create=True) as index:\n    print(index.add('corpora/samples/*.txt'))"
    made = ran(code, folder)
    assert made.stdout == "done 2, failed 0, skipped 0 of 2\n", made.stderr
    return folder


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize("code", EXAMPLES)
def test_an_example_runs(place: Path, code: str) -> None:
    done = ran(code, place)
    assert done.returncode == 0, done.stderr
    assert done.stdout
