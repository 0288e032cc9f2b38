"""Making a version the champion, or the one before it again; it must not decide whether a model is good: the gate does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from nlp.classify import Classifier
from nlp.errors import ModelError, TrackingError, UsageError
from nlp.registry import store
from nlp.registry.gate import Judgement, judge
from nlp.registry.runs import GOLD, SEEN, content_hash, short_hash
from nlp.registry.store import Tracking
from nlp.registry.versions import CHALLENGER, CHAMPION, aliases, fetched, found_version

if TYPE_CHECKING:
    from nlp.classify.corpus import Example

SHIPPED = "shipped"
"""Stands for the model that comes with the package where a version would stand."""

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Promotion:
    """What became of a promotion.

    `replaced` is the version that was champion before, None where the shipped model was. `judgement` is None where the two models
    have no label in common with the gold clauses. `left_out` counts gold clauses that one of the models was trained on.
    """

    number: int
    replaced: int | None
    promoted: bool
    gold: str
    gold_sha256: str
    left_out: int
    judgement: Judgement | None


def promote(name: str, number: int, *, gold: Path | None = None, reason: str | None = None) -> Promotion:
    """Make a version the champion if the gate lets it pass, or in spite of the gate where a `reason` is given.

    The gold clauses are those of `gold`, else the split that measures as it was recorded with the champion, else with the
    challenger. What the gate found is recorded with the version, whatever it was. Raises `UsageError` where the version is
    champion already or no clause is left to compare on, `TrackingError` where there is no such version.
    """
    tracking = store.existing()
    with store.failing_as_ours(tracking.uri):
        found = found_version(tracking, name, number)
        current = aliases(tracking, name).get(CHAMPION)
        if current == number:
            raise UsageError(f"version {number} of {name} is the champion already")
        challenger = Classifier.load(fetched(tracking, name, number))
        champion = Classifier.load(fetched(tracking, name, current)) if current else _shipped()
        runs = [str(found_version(tracking, name, at).run_id) for at in (current, number) if at]
        title, examples, left_out = _gold(tracking, runs, gold)
        judgement = _judged(champion, challenger, examples)
        promoted = judgement is None or judgement.passed or bool(reason)
        promotion = Promotion(number, current, promoted, title, content_hash(list(examples)), left_out, judgement)
        _record(tracking, found, promotion, reason)
    return promotion


def rollback(name: str) -> tuple[int, int | None]:
    """Make the version champion that the champion replaced; return both, None standing for the shipped model.

    Raises `TrackingError` where there is no champion.
    """
    tracking = store.existing()
    with store.failing_as_ours(tracking.uri):
        current = aliases(tracking, name).get(CHAMPION)
        if current is None:
            raise TrackingError(f"nothing to roll back: no version of {name} is champion")
        before = str(found_version(tracking, name, current).tags.get("replaced", SHIPPED))
        if before == SHIPPED:
            tracking.client.delete_registered_model_alias(name, CHAMPION)
        else:
            tracking.client.set_registered_model_alias(name, CHAMPION, before)
        tracking.client.set_model_version_tag(name, str(current), "rolled_back_at", _now())
        return current, None if before == SHIPPED else int(before)


def _shipped() -> Classifier | None:
    try:
        return Classifier.load()
    except ModelError:
        return None


def _judged(champion: Classifier | None, challenger: Classifier, gold: Sequence[Example]) -> Judgement | None:
    """Compare the two, unless the champion is of another taxonomy."""
    known = set(champion.manifest.labels) if champion else set()
    if champion is None or not any(example.labels & known for example in gold):
        return None
    return judge(champion, challenger, gold)


def _gold(tracking: Tracking, runs: Sequence[str], gold: Path | None) -> tuple[str, tuple[Example, ...], int]:
    """Return the name of the gold set, the clauses neither model was trained on, and how many were left out."""
    from nlp.classify.corpus import read_corpus

    with TemporaryDirectory(prefix="clausedex-") as scratch:
        kept = {run: {item.path for item in tracking.client.list_artifacts(run)} for run in runs}
        if gold is None:
            having = next((run for run in runs if GOLD in kept[run]), None)
            if having is None:
                raise UsageError("no split that measures was recorded with these versions; name gold clauses with --gold FILE")
            title, path = f"the test split of run {having}", Path(tracking.client.download_artifacts(having, GOLD, scratch))
        else:
            title, path = str(gold), gold
        examples = read_corpus(path).examples
        seen: set[str] = set()
        for run in runs:
            if SEEN in kept[run]:
                seen |= set(Path(tracking.client.download_artifacts(run, SEEN, scratch)).read_text(encoding="utf-8").split())
    measuring = [example for example in examples if example.split == "test"] or examples
    fresh = tuple(example for example in measuring if short_hash(example) not in seen)
    if not fresh:
        raise UsageError(f"{title}: the models were trained on every clause of it")
    return title, fresh, len(measuring) - len(fresh)


def _record(tracking: Tracking, found: Any, promotion: Promotion, reason: str | None) -> None:
    client, name, number = tracking.client, found.name, str(promotion.number)
    clean = promotion.judgement is None or promotion.judgement.passed
    verdict = "passed" if clean else "forced" if promotion.promoted else "refused"
    tags = {"gate": verdict, "gold_sha256": promotion.gold_sha256, "judged_at": _now()}
    if promotion.promoted:
        tags |= {"replaced": str(promotion.replaced or SHIPPED), "promoted_at": _now(), "reason": (reason or "")[:_LONGEST]}
    for tag, value in tags.items():
        client.set_model_version_tag(name, number, tag, value)
    account = {**asdict(promotion), "verdict": verdict, "reason": reason}
    client.log_text(found.run_id, json.dumps(account, ensure_ascii=False, indent=1), f"gate-{_now().replace(':', '')}.json")
    if promotion.promoted:
        client.set_registered_model_alias(name, CHAMPION, number)
        if aliases(tracking, name).get(CHALLENGER) == promotion.number:
            client.delete_registered_model_alias(name, CHALLENGER)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
