"""Registered versions of a model and the safe way from the registry to a loaded one; it must not judge them."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.errors import ModelError, TrackingError
from nlp.registry import store

CHAMPION = "champion"
CHALLENGER = "challenger"
INSIDE = "model/data/clausedex"
"""Where a model directory of clausedex lies among the artifacts of its run."""

_FILES = {"model.skops": "sha256", "model.json": "manifest_sha256"}
"""The files of a model directory and the tags of a version that hold their SHA-256."""


@dataclass(frozen=True, slots=True)
class Version:
    """A registered version; `cv` and `test` are micro-F1 of held-out folds and, if there is one, of the split that measures."""

    name: str
    number: int
    model: str
    aliases: tuple[str, ...]
    made: int
    run: str
    sha256: str
    corpus: str
    clauses: int | None
    cv: float | None
    test: float | None
    gate: str
    reason: str


def versions(name: str) -> list[Version]:
    """Return the versions of a model, latest first. Raises `TrackingError` where nothing was recorded."""
    tracking = store.existing()
    with store.failing_as_ours(tracking.uri):
        found = tracking.client.search_model_versions(f"name = '{name}'")
        known: dict[int, list[str]] = defaultdict(list)
        for alias, number in aliases(tracking, name).items():
            known[number].append(alias)
        listed = [_version(tracking, item, known[int(item.version)]) for item in found]
    return sorted(listed, key=lambda version: -version.number)


def champion(name: str = "clausedex") -> Path | None:
    """Return the folder of the champion's model, or None where no store or no champion is there.

    Cheap to ask again: a long-lived program that asks before each piece of work picks up a new champion without a restart.
    Raises `TrackingError` where the store does not answer and `ModelError` where the model is not the one that was registered.
    """
    if not store.exists():
        return None
    tracking = store.opened()
    with store.failing_as_ours(tracking.uri):
        number = aliases(tracking, name).get(CHAMPION)
        return None if number is None else fetched(tracking, name, number)


def folder(name: str, number: int) -> Path:
    """Return the folder of a registered version's model. Raises as `champion` does."""
    tracking = store.existing()
    with store.failing_as_ours(tracking.uri):
        return fetched(tracking, name, number)


def aliases(tracking: store.Tracking, name: str) -> dict[str, int]:
    """Return the aliases of a model and the versions they stand for; none where there is no such model."""
    from mlflow.exceptions import MlflowException

    try:
        return {alias: int(number) for alias, number in tracking.client.get_registered_model(name).aliases.items()}
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return {}


def found_version(tracking: store.Tracking, name: str, number: int) -> Any:
    """Return MLflow's record of a version; raise `TrackingError` where there is none."""
    from mlflow.exceptions import MlflowException

    try:
        return tracking.client.get_model_version(name, str(number))
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        raise TrackingError(f"there is no version {number} of {name}; see 'clausedex models list --name {name}'") from error


def fetched(tracking: store.Tracking, name: str, number: int) -> Path:
    """Bring a version's model directory to the user's cache and check it against the hashes on the registry's record.

    Raises `ModelError` where it is not the one that was registered, `TrackingError` where there is no such version.
    """
    from platformdirs import user_cache_path

    found = found_version(tracking, name, number)
    recorded = {file: str(found.tags.get(tag, "")) for file, tag in _FILES.items()}
    if not all(recorded.values()):
        raise ModelError(f"version {number} of {name} has no SHA-256 on record: it was not registered by clausedex")
    key = hashlib.sha256("".join(recorded.values()).encode()).hexdigest()[:24]
    kept = user_cache_path("clausedex", appauthor=False) / "models" / key
    if _altered(kept, recorded) is None:
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix="fetching-") as scratch:
        got = Path(tracking.client.download_artifacts(found.run_id, INSIDE, scratch))
        file = _altered(got, recorded)
        if file is not None:
            raise ModelError(f"version {number} of {name}: {file} is not the file that was registered (its SHA-256 differs)")
        shutil.rmtree(kept, ignore_errors=True)
        got.rename(kept)
    return kept


def _altered(directory: Path, recorded: dict[str, str]) -> str | None:
    """Return the first file that is missing or not the one on record."""
    for file, sha256 in recorded.items():
        path = directory / file
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            return file
    return None


def _version(tracking: store.Tracking, found: Any, named: list[str]) -> Version:
    run = tracking.client.get_run(found.run_id).data
    tags = found.tags
    return Version(
        name=found.name,
        number=int(found.version),
        model=tags.get("model", ""),
        aliases=tuple(sorted(named)),
        made=int(found.creation_timestamp),
        run=str(found.run_id),
        sha256=tags.get("sha256", ""),
        corpus=tags.get("corpus_sha256", ""),
        clauses=int(run.params["clauses"]) if "clauses" in run.params else None,
        cv=run.metrics.get("cv/micro"),
        test=run.metrics.get("test/micro"),
        gate=tags.get("gate", ""),
        reason=tags.get("reason", ""),
    )
