"""Reads reviewers' corrections from exports of Label Studio, from JSONL and from sheets of CSV."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.errors import CorpusError
from nlp.index.corrections import checked
from nlp.index.exports import sheets
from nlp.index.store import Store
from nlp.taxonomy import codebook


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `absent` counts corrections of clauses that are not in the index, kept until they are."""

    corrections: int
    provisions: int
    absent: int


def import_corrections(store: Store, path: str | Path, *, reviewer: str = "", new_labels: bool = False) -> Imported:
    """Keep the corrections of a file in an index.

    Read are Label Studio's JSON export (the last annotation of a task that was not cancelled counts; tasks without one are passed
    over), JSONL rows with ``document_id``, ``id`` or ``clause_id``, ``labels``, ``modality`` and perhaps ``stance``, ``note``,
    ``reviewer``, ``decided``, ``model`` and ``old_labels``, and CSV as `sheets` has it. `reviewer` stands where a row names none.
    Labels must be those of the codebook or of the index, unless `new_labels` is set. Raises `CorpusError`, naming file and line,
    before anything is kept.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    known = None if new_labels else known_labels(store)
    found = []
    for place, correction in _read(path, text):
        given = {**correction, "reviewer": correction.get("reviewer") or reviewer}
        try:
            row = checked(given)
            if known is not None:
                check_labels(json.loads(row["labels"]), known)
        except CorpusError as error:
            raise CorpusError(f"{path}, {place}: {error}") from error
        found.append(given)
    if not found:
        raise CorpusError(f"{path}: no correction in it")
    absent = _absent(store, found)
    return Imported(len(found), store.correct(found), absent)


def known_labels(store: Store) -> frozenset[str]:
    """Return the labels that a decision may give: those of the codebook, of the index and of earlier decisions."""
    decided = {name for correction in store.corrections() for name in (*correction["labels"], *correction["old_labels"])}
    return store.labels() | decided


def check_labels(labels: Collection[str], known: Collection[str]) -> None:
    """Raise `CorpusError` for a label that is not among the known ones, and say which was meant."""
    for name in labels:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            some = sorted(set(known) - set(codebook().names)) or codebook().names
            hint = f"did you mean {near[0]}?" if near else f"labels are {', '.join(some[:4])} ..."
            raise CorpusError(f"there is no label {name!r} in the codebook or the index; {hint} --new-labels takes it as it is")


def _absent(store: Store, corrections: Collection[Mapping[str, Any]]) -> int:
    """Count the corrections of clauses that are not in the index."""
    wanted = {(str(correction["document_id"]), str(correction["clause_id"])) for correction in corrections}
    documents = {document for document, _ in wanted}
    here = {(document, row["id"]) for document in documents for row in store.provisions(document)}
    return len(wanted - here)


def _read(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    first = text.lstrip()[:1]
    if first == "[":
        return _label_studio(path, text)
    if first in ("{", "") or path.suffix.lower() in (".json", ".jsonl"):
        return _lines(path, text)
    return sheets.corrections(path, text)


def _lines(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{path}, line {number}: no JSON: {error}") from error
        if not isinstance(row, dict):
            raise CorpusError(f"{path}, line {number}: a JSON object was expected")
        yield f"line {number}", {"clause_id": row.get("id"), **row}


def _label_studio(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        tasks = json.loads(text)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{path}, line {error.lineno}: no JSON: {error}") from error
    for number, task in enumerate(tasks, 1):
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            raise CorpusError(f"{path}, task {number}: no task of Label Studio")
        annotations = [
            annotation
            for annotation in task.get("annotations") or []
            if isinstance(annotation, dict) and not annotation.get("was_cancelled")
        ]
        if annotations:
            last = max(annotations, key=lambda annotation: str(annotation.get("updated_at") or ""))
            yield f"task {number}", {**_annotated(task["data"], last), **_said(task)}


def _said(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return which model had labelled a task, and how, where the export tells."""
    for prediction in task.get("predictions") or []:
        if isinstance(prediction, dict) and prediction.get("model_version"):
            return {"model": str(prediction["model_version"]), "old_labels": _chosen(prediction).get("labels", [])}
    return {}


def _chosen(annotation: Mapping[str, Any]) -> dict[str, list[str]]:
    chosen: dict[str, list[str]] = {}
    for result in annotation.get("result") or []:
        if isinstance(result, dict) and isinstance(result.get("value"), dict):
            chosen[str(result.get("from_name"))] = list(result["value"].get("choices") or [])
    return chosen


def _annotated(data: Mapping[str, Any], annotation: Mapping[str, Any]) -> dict[str, Any]:
    chosen = _chosen(annotation)
    reviewer = annotation.get("completed_by") or ""
    return {
        "document_id": data.get("document_id"),
        "clause_id": data.get("clause_id"),
        "text": data.get("text"),
        "labels": chosen.get("labels", []),
        "stance": next(iter(chosen.get("stance", [])), None),
        "modality": next(iter(chosen.get("modality", [])), data.get("modality")),
        "reviewer": str(reviewer.get("email") if isinstance(reviewer, dict) else reviewer),
    }
