"""Runs the commands that pages show and pastes what they write: ``python -m docs.outputs PAGE...``.

Commands stand after ``$`` in ``console`` blocks. Those of a page run in order, in one folder of their own that holds the samples,
with no settings of this machine; what they write goes below them, up to the next command.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
WIDTH = 100
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
_STEP = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_EXPORT = re.compile(r"export (\w+)=(\S+)")


@dataclass(frozen=True, slots=True)
class Step:
    """A command that was run, its exit code, and what it wrote to both streams."""

    line: str
    code: int
    output: str


def steps(page: str) -> list[str]:
    """Return the commands of a page in order."""
    return [step[1] for block in _BLOCK.finditer(page) for step in _STEP.finditer(block[0])]


def run(lines: list[str]) -> Iterator[Step]:
    """Run commands in order in one folder; ``export NAME=VALUE`` holds for those after it."""
    with TemporaryDirectory(prefix="clausedex-docs-") as folder:
        place = Path(folder)
        (place / "corpora").symlink_to(ROOT / "corpora")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("CLAUSEDEX_", "MLFLOW_"))}
        environment |= {
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
            "PYTHONPATH": str(ROOT),
            "XDG_DATA_HOME": str(place / ".data"),
            "COLUMNS": str(WIDTH),
            "PYTHONWARNINGS": "ignore",
        }
        for line in lines:
            if (export := _EXPORT.fullmatch(line)) is not None:
                environment[export[1]] = export[2]
                yield Step(line, 0, "")
                continue
            strict = [] if "| head" in line else ["-o", "pipefail"]  # head stops reading before a command is done
            done = subprocess.run(
                ["bash", *strict, "-c", line], cwd=place, env=environment, check=False, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            yield Step(line, done.returncode, done.stdout)


def renewed(page: str) -> str:
    """Return a page with the output of its commands as it is now."""
    done = iter(list(run(steps(page))))

    def pasted(match: re.Match[str]) -> str:
        step = next(done)
        kept = "\n".join(line.rstrip() for line in step.output.rstrip().splitlines())
        return f"$ {step.line}\n" + (f"{kept}\n" if kept else "")

    return _BLOCK.sub(lambda block: _STEP.sub(pasted, block[0]), page)


def main(arguments: list[str]) -> int:
    """Renew the pages that are named."""
    for name in arguments:
        path = Path(name)
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
