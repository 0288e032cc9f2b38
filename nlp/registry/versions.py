"""Registered versions of a model and the safe way from the registry to a loaded one; it must not judge them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nlp.registry import store


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
        aliases: dict[int, list[str]] = {}
        for alias, number in (tracking.client.get_registered_model(name).aliases if found else {}).items():
            aliases.setdefault(int(number), []).append(alias)
        listed = [_version(tracking, item, aliases.get(int(item.version), [])) for item in found]
    return sorted(listed, key=lambda version: -version.number)


def _version(tracking: store.Tracking, found: Any, aliases: list[str]) -> Version:
    run = tracking.client.get_run(found.run_id).data
    tags = found.tags
    return Version(
        name=found.name,
        number=int(found.version),
        model=tags.get("model", ""),
        aliases=tuple(sorted(aliases)),
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
