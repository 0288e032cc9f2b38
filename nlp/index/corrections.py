"""What a reviewer's correction is and how it changes a provision; knows nothing of engines or of files of corrections.

A correction names a clause by ``document_id`` and ``clause_id`` and gives its labels, stance and modality. It is kept beside the
provisions and applied again whenever the document is read anew. Where reading anew gave the clause another id, the clause of
the same document with the very same text takes the correction. ``model`` and ``old_labels`` say which model had labelled the
clause when it was decided, and how.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from nlp.errors import CorpusError
from nlp.index.storable import clean
from nlp.records import MODALITIES, Label, Provision, Stance
from nlp.taxonomy import codebook

COLUMNS = ("document_id", "clause_id", "text", "labels", "stance", "modality", "note", "reviewer", "model", "old_labels")
STANCES: tuple[str, ...] = get_args(Stance)


def checked(correction: Mapping[str, Any]) -> dict[str, str]:
    """Return a correction as a row of the table; raise `CorpusError` if it says something that cannot be.

    ``labels`` and ``old_labels`` are lists of names or of ``{"name": ...}``; ``stance`` follows from the labels where it is left
    out; ``text``, ``note``, ``reviewer``, ``model``, ``old_labels`` and ``decided``, the time, may be left out.
    """
    named = f"correction of clause {correction.get('clause_id')!r}"
    for name in ("document_id", "clause_id"):
        if not isinstance(correction.get(name), str) or not correction[name]:
            raise CorpusError(f"{named}: {name} is missing")
    labels = _names(correction.get("labels"), f"{named}: labels")
    stance = correction.get("stance") or codebook().stance_of(labels)
    for name, value, allowed in (("stance", stance, STANCES), ("modality", correction.get("modality"), MODALITIES)):
        if value not in allowed:
            raise CorpusError(f"{named}: {name} {value!r} is not one of {', '.join(allowed)}")
    row = {name: clean(str(correction.get(name) or "")) for name in COLUMNS}
    old = _names(correction.get("old_labels") or [], f"{named}: old_labels")
    lists = {"labels": json.dumps(labels, ensure_ascii=False), "old_labels": json.dumps(old, ensure_ascii=False)}
    return {**row, **lists, "stance": str(stance), "decided": _moment(correction.get("decided"), named)}


def _names(given: Any, named: str) -> list[str]:
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise CorpusError(f"{named} must be a list of names")
    names = [label["name"] if isinstance(label, Mapping) and "name" in label else label for label in given]
    if not all(isinstance(name, str) and name for name in names):
        raise CorpusError(f"{named} must be a list of names")
    return list(dict.fromkeys(clean(name) for name in names))


def _moment(given: Any, named: str) -> str:
    """Return a time as it is kept, in UTC to the second; the empty string where none is given."""
    if not given:
        return ""
    try:
        moment = datetime.datetime.fromisoformat(str(given))
    except ValueError as error:
        raise CorpusError(f"{named}: decided {given!r} is no time such as 2024-06-11T09:30:00+00:00") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")


def apply(provisions: Sequence[Provision], corrections: Sequence[Mapping[str, Any]]) -> list[Provision]:
    """Return the provisions of a document with its corrections (rows of the table) applied."""
    if not corrections:
        return list(provisions)
    by_id = {str(row["clause_id"]): row for row in corrections}
    here = {provision.clause.id for provision in provisions}
    by_text = {str(row["text"]): row for row in corrections if row["clause_id"] not in here and row["text"]}
    return [
        _corrected(provision, by_id.get(provision.clause.id) or by_text.get(clean(provision.clause.text)))
        for provision in provisions
    ]


def _corrected(provision: Provision, row: Mapping[str, Any] | None) -> Provision:
    if row is None:
        return provision
    return replace(
        provision,
        labels=tuple(Label(name, 1.0) for name in json.loads(row["labels"])),
        stance=row["stance"],
        modality=row["modality"],
        reviewed=True,
        abstained=False,
    )
