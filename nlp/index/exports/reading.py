"""Reads reviewers' corrections from exports of Label Studio and from JSONL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nlp.errors import CorpusError
from nlp.index.corrections import checked
from nlp.index.store import Store


def import_corrections(store: Store, path: str | Path) -> int:
    """Keep the corrections of a file in an index and return how many provisions they changed.

    Read are Label Studio's JSON export (the last annotation of a task that was not cancelled counts; tasks without one are passed
    over) and JSONL rows with ``document_id``, ``id`` or ``clause_id``, ``labels``, ``modality`` and perhaps ``stance``, ``note``
    and ``reviewer``. Raises `CorpusError`, naming file and line, before anything is kept.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read: {error}") from error
    found = []
    for place, correction in _label_studio(path, text) if text.lstrip()[:1] == "[" else _lines(path, text):
        try:
            checked(correction)
        except CorpusError as error:
            raise CorpusError(f"{path}, {place}: {error}") from error
        found.append(correction)
    return store.correct(found)


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
            yield f"task {number}", _annotated(task["data"], last)


def _annotated(data: Mapping[str, Any], annotation: Mapping[str, Any]) -> dict[str, Any]:
    chosen: dict[str, list[str]] = {}
    for result in annotation.get("result") or []:
        if isinstance(result, dict) and isinstance(result.get("value"), dict):
            chosen[str(result.get("from_name"))] = list(result["value"].get("choices") or [])
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
