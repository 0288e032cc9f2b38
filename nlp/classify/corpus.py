"""Labelled clauses: reading a corpus from JSON lines, and the parts it is split into; knows nothing of models."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.classify.reading import ClauseText
from nlp.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled clause; `modality` may be unknown.

    `document` and the order of rows tell which clauses stand around it. `group` holds what must stay on one side of a fold: who
    drafted or coded it where the corpus says so, since one hand's habits make held-out figures too good; else its document.
    """

    id: str
    clause: ClauseText
    labels: frozenset[str]
    document: str
    group: str
    modality: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled clauses in file order, and the SHA-256 of the bytes they were read from."""

    examples: tuple[Example, ...]
    sha256: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the label names that occur, sorted."""
        return tuple(sorted({label for example in self.examples for label in example.labels}))


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line number and object of each line of a JSONL file.

    Raises `CorpusError` naming file and line where a line is not a JSON object or has no text.
    """
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise CorpusError(f"{path}, line {number}: not JSON ({error})") from error
                if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                    raise CorpusError(f'{path}, line {number}: wanted an object with a string "text"')
                yield number, row
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 text ({error.reason} at byte {error.start})") from error
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}") from error


def clause_text(row: dict[str, Any]) -> ClauseText:
    """Take the three texts of a clause from a row; a heading may be a string or a chain of them."""
    heading = row.get("heading") or ""
    if isinstance(heading, list | tuple):
        heading = " ".join(str(part) for part in heading)
    return ClauseText(row["text"], str(row.get("lead_in") or ""), str(heading))


def document_of(row: Mapping[str, Any]) -> str:
    """Return the document that a row names, as ``document``, ``doc`` or ``document_id``, or the empty string."""
    return str(row.get("document") or row.get("doc") or row.get("document_id") or "")


def read_corpus(path: Path) -> Corpus:
    """Read a labelled corpus from a JSONL file, or from every ``*.jsonl`` of a directory in order of name.

    A row is ``{"text", "labels"}`` and optionally ``id``, ``document`` (or ``doc``), ``group``, ``heading``, ``lead_in``,
    ``modality`` and ``split``. Labels are strings or ``{"name": ...}``. A row without a document is a document of its own.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise CorpusError(f"{path}: no .jsonl file in this directory")
    examples: list[Example] = []
    digest = hashlib.sha256()
    for file in files:
        for number, row in read_rows(file):
            labels = row.get("labels")
            if not isinstance(labels, list):
                raise CorpusError(f'{file}, line {number}: wanted a list "labels" (empty where no label applies)')
            names = frozenset(str(label["name"] if isinstance(label, dict) else label) for label in labels)
            identity = str(row.get("id") or f"{file.stem}:{number}")
            document = document_of(row) or identity
            group = str(row.get("group") or document)
            examples.append(Example(identity, clause_text(row), names, document, group, row.get("modality"), row.get("split")))
        digest.update(file.read_bytes())
    if not examples:
        raise CorpusError(f"{path}: no labelled clause")
    return Corpus(tuple(examples), digest.hexdigest())
