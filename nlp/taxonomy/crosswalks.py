"""The crosswalks from labels to the criteria of outside schemes, as data; knows nothing of documents that meet them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion in our words: its place in the scheme, the labels that speak for or against it, and a page that shows it."""

    name: str
    place: str
    text: str
    labels: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """An outside scheme: where it is published, its criteria that labels can tell, and those they cannot, with the reason."""

    name: str
    title: str
    source: str
    criteria: tuple[Criterion, ...]
    left_out: tuple[str, ...]


@cache
def schemes() -> dict[str, Scheme]:
    """Return the schemes that ship with clausedex, by name."""
    data = tomllib.loads(files("nlp.taxonomy").joinpath("crosswalks.toml").read_text(encoding="utf-8"))
    return {
        entry["name"]: Scheme(
            entry["name"],
            entry["title"],
            entry["source"],
            tuple(Criterion(**{**criterion, "labels": tuple(criterion["labels"])}) for criterion in entry["criterion"]),
            tuple(entry["left_out"]),
        )
        for entry in data["scheme"]
    }
