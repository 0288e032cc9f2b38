"""The page on the model in use: what it says of itself, and which were registered; it must not know how models are made."""

from __future__ import annotations

import re
import time
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from nlp.classify import described
from nlp.errors import ClausedexError
from nlp.web.pages import Reading, kept_of, page, settings_of

if TYPE_CHECKING:
    from nlp.registry import Version

router = APIRouter(include_in_schema=False)
_LATEST = 10
_TRUSTED_SECONDS = 30
"""How long the registry's word is taken without asking again."""
_ROW = re.compile(r"\| *([\w-]+) *\| *(\d+) *\| *([\d.]+|–|-) *\| *([\d.]+|–|-) *\| *([\d.]+|–|-) *\|")


@router.get("/models")
def models(request: Request, store: Reading) -> HTMLResponse:
    """Tell which model is in use, how good it is by label, what was registered, and which read the documents of the index."""
    used = kept_of(request).get(
        store, "read by", lambda: Counter(entry.versions for entry in store.ledger() if entry.state == "done").most_common()
    )
    directory = settings_of(request).model()
    manifest, card = described(Path(directory) if directory else None)
    limits = dict(zip(manifest.labels, manifest.context_thresholds or manifest.thresholds, strict=True))
    figures = by_label(card)
    decided = Counter(correction["reviewer"] or "without a name" for correction in store.corrections())
    registered, problem, address = asked_ahead(settings_of(request).registered)
    return page(
        request, "models.html", model=manifest.full_name, shipped=directory is None, limits=limits, figures=figures, used=used,
        decided=decided.most_common(), registered=registered, problem=problem,
        address=address if address.startswith(("http://", "https://")) else None,
    )  # fmt: skip


def asked_ahead(name: str) -> tuple[list[Version], str, str]:
    """Ask the registry, if there is one, before someone waits for its answer: its library takes seconds to load."""
    return _registered(name, int(time.monotonic() // _TRUSTED_SECONDS))


def by_label(card: str) -> dict[str, tuple[str, str, str, str]]:
    """Return from a model's card, for each label: clauses measured on, precision, recall and F1."""
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in _ROW.findall(card)}


@lru_cache(maxsize=1)
def _registered(name: str, _period: int) -> tuple[list[Version], str, str]:
    """Return the latest registered versions, why there are none to show, and where they are kept."""
    from nlp.registry import address, exists, shown, versions

    if not exists():
        return [], "", ""
    try:
        return versions(name)[:_LATEST], "", shown(address())
    except ClausedexError as error:
        return [], str(error), ""
