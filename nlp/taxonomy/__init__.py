"""The labels, their stances and definitions, as data; knows nothing of how a clause gets its labels."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from nlp.records import Stance

__all__ = ["LabelDefinition", "LabelStance", "Opposite", "Taxonomy", "codebook"]

LabelStance = Literal["restricts", "enables", "safeguards", "neutral"]


@dataclass(frozen=True, slots=True)
class LabelDefinition:
    """A label of the codebook: its group, the direction it speaks for, and what a clause that carries it does."""

    name: str
    group: str
    stance: LabelStance
    definition: str


@dataclass(frozen=True, slots=True)
class Opposite:
    """A topic that has one label in each direction."""

    topic: str
    restricts: str
    enables: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Labels in codebook order, and the topics on which two of them oppose each other."""

    labels: tuple[LabelDefinition, ...]
    opposites: tuple[Opposite, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the label names in codebook order."""
        return tuple(label.name for label in self.labels)

    def stance_of(self, labels: Iterable[str]) -> Stance:
        """Say which way a set of labels runs.

        One direction wins over safeguards, safeguards over neutral; both directions at once are ``mixed``. Labels outside this
        taxonomy (a user's own) are neutral.
        """
        by_name = {label.name: label.stance for label in self.labels}
        found = {by_name.get(name, "neutral") for name in labels}
        if {"restricts", "enables"} <= found:
            return "mixed"
        for stance in ("restricts", "enables", "safeguards"):
            if stance in found:
                return stance
        return "neutral"


@cache
def codebook() -> Taxonomy:
    """Return the taxonomy that ships with clausedex."""
    data = tomllib.loads(files(__name__).joinpath("labels.toml").read_text(encoding="utf-8"))
    return Taxonomy(
        labels=tuple(LabelDefinition(**entry) for entry in data["label"]),
        opposites=tuple(Opposite(**entry) for entry in data["opposite"]),
    )
