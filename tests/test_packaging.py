"""Builds what is released, installs it away from the checkout, and does there what a first hour does.

The wheel is put into a folder of its own, over the packages of this environment. Where CLAUSEDEX_INSTALLED names a command that
is already installed (`make installed` does so, in a fresh environment), that command is tried instead.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tomllib
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from release import third_party

ROOT = Path(__file__).parents[1]
SHIPPED = ("corpora/README.md", "corpora/clauses", "corpora/samples", "models/default")
"""What the wheel takes along under nlp/shipped."""

JUNK = re.compile(r"(^|/)(__pycache__|\.[^/]*_cache|\.hypothesis|\.venv|build|dist|mlruns)/|\.(pyc|db|db-wal|db-shm)$|\.uploads/")


@dataclass(frozen=True)
class Installed:
    """A command away from the checkout, and the folder in which it runs."""

    command: Path
    path: str
    folder: Path

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run it; PYTHONPATH holds what was installed alone."""
        line = [str(self.command), *map(str, arguments)]
        return subprocess.run(
            line, capture_output=True, text=True, cwd=self.folder, env=self.environment(), timeout=240, check=False
        )

    def environment(self) -> dict[str, str]:
        """Return the environment without settings of clausedex or MLflow."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLAUSEDEX_", "MLFLOW_", "PYTHON"))}
        return {**kept, "PYTHONPATH": self.path, "CLAUSEDEX_TRACK": "0", "COLUMNS": "100"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that is made from it."""
    out = tmp_path_factory.mktemp("dist")
    line = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    ran = subprocess.run(line, capture_output=True, text=True, cwd=out, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return next(out.glob("*.tar.gz")), next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Clausedex, installed from the wheel."""
    folder = tmp_path_factory.mktemp("elsewhere")
    given = os.environ.get("CLAUSEDEX_INSTALLED")
    if given:
        return Installed(Path(given), "", folder)
    site = tmp_path_factory.mktemp("site")
    line = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site), str(built[1])]
    ran = subprocess.run(line, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return Installed(site / "bin" / "clausedex", str(site), folder)


@pytest.fixture(scope="module")
def shipped(installed: Installed) -> Path:
    """The corpora and the model beside the installed package, which is not the one of the checkout."""
    python = Path(sys.executable) if installed.path else installed.command.with_name("python")
    line = [str(python), "-c", "import nlp; print(nlp.__file__)"]
    ran = subprocess.run(line, capture_output=True, text=True, cwd=installed.folder, env=installed.environment(), check=True)
    package = Path(ran.stdout.strip()).parent
    assert not package.is_relative_to(ROOT)
    return package / "shipped"


def test_the_wheel_holds_the_package_with_all_its_data_and_what_it_ships_with(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as wheel:
        held = {name for name in wheel.namelist() if name.startswith("nlp/")}
        notices = {Path(name).name for name in wheel.namelist() if "/licenses/" in name}
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "nlp").rglob("*") if path.is_file()}
    beside = {
        f"nlp/shipped/{path.relative_to(ROOT).as_posix()}"
        for place in SHIPPED
        for path in ((ROOT / place).rglob("*") if (ROOT / place).is_dir() else [ROOT / place])
        if path.is_file()
    }
    assert held == {name for name in package | beside if not JUNK.search(name)}
    assert notices == {"LICENSE", "THIRD_PARTY.md", "words.LICENSE.txt"}


def test_the_sdist_holds_nothing_that_was_made_by_running(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert not [name for name in held if JUNK.search(name)]
    assert {"LICENSE", "README.md", "CHANGELOG.md", "Makefile", "constraints.txt", "pyproject.toml"} <= held
    assert {name.partition("/")[0] for name in held if "/" in name} == {
        "benchmarks", "corpora", "docs", "models", "nlp", "notebooks", "release", "tests",
    }  # fmt: skip
    if shutil.which("git") and (ROOT / ".git").exists():
        line = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        known = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=True).stdout.splitlines()
        assert held - {"PKG-INFO"} <= set(known)


def test_doctor_finds_all_parts_and_the_model(installed: Installed) -> None:
    ran = installed.run("doctor", "--format", "json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = {row["name"]: row["state"] for row in json.loads(ran.stdout)}
    assert {found[name] for name in ("reader", "index", "model")} == {"ok"}


def test_samples_are_indexed_searched_and_served(installed: Installed, shipped: Path) -> None:
    samples = shipped / "corpora" / "samples"
    ran = installed.run(
        "index", samples / "thornbury-county-287g.pdf", samples / "harrowgate-ordinance-512.txt", "--db", "law.db"
    )
    assert ran.returncode == 0, ran.stderr
    ran = installed.run("search", "48 OR forty-eight hours", "--db", "law.db")
    assert "within forty-eight hours" in " ".join(ran.stdout.split())
    line = [str(installed.command), "serve", "--db", "law.db", "--port", "0"]
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True, cwd=installed.folder, env=installed.environment()) as server:
        try:
            assert server.stderr is not None
            found = re.search(r"http://\S+", server.stderr.readline())
            assert found is not None
            for page, words in (("", "<title>"), ("documents", "thornbury-county-287g"), ("static/app.css", "{")):
                with urllib.request.urlopen(found[0] + page, timeout=60) as answer:
                    assert answer.status == 200
                    assert words in answer.read().decode()
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=60)


def test_clauses_are_classified_and_the_shipped_corpus_teaches(installed: Installed, shipped: Path) -> None:
    clauses = (shipped / "corpora" / "clauses" / "resolution.jsonl").read_text(encoding="utf-8").splitlines()[:40]
    file = installed.folder / "clauses.jsonl"
    file.write_text("\n".join(clauses) + "\n", encoding="utf-8")
    ran = installed.run("train", "--corpus", file, "--out", "model")
    assert ran.returncode == 0, ran.stderr
    for model in ((), ("--model", "model")):
        ran = installed.run("classify", "--clauses", file, *model)
        assert ran.returncode == 0, ran.stderr
        rows = [json.loads(line) for line in ran.stdout.splitlines()]
        assert [row["id"] for row in rows] == [json.loads(clause)["id"] for clause in clauses]
        assert any(row["labels"] for row in rows)


def test_the_container_is_built_from_what_the_wheel_needs_and_runs_without_rights() -> None:
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    last = {word: rest for word, _, rest in (line.partition(" ") for line in lines) if word.isupper()}
    assert last["USER"] not in {"root", "0"}
    command = json.loads(last["CMD"])
    helped = subprocess.run(
        [sys.executable, "-m", "nlp.cli", command[1], "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert command[0] == "clausedex"
    assert all(part in helped.stdout for part in command if part.startswith("--"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", "constraints.txt", project["project"]["readme"], *project["project"]["license-files"]}
    needed |= {*wheel["packages"], *wheel["force-include"]}
    let = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")]
    assert all((ROOT / name).exists() for name in let)
    assert {name for name in needed if not any(name == place or name.startswith(f"{place}/") for place in let)} == set()


def test_everything_needed_is_listed_with_its_licence_and_none_of_the_core_is_copyleft() -> None:
    listed = third_party.listed()
    assert third_party.core() <= set(listed), "run python -m release.third_party"
    assert set(listed) == third_party.core() | third_party.optional(), "run python -m release.third_party"
    assert not {name: listed[name] for name in third_party.core() if re.search(r"GPL|General Public", listed[name])}
