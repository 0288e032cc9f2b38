"""The state of a search as its address holds it; it must not know what a search finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from nlp.index import Filters

FIELDS = ("label", "stance", "modality", "jurisdiction", "kind")
PAGE = 20
_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the query as typed, values of fields, one year, whether near-identical clauses fold, and which page."""

    typed: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year: str = ""
    fold: bool = True
    page: int = 1

    @classmethod
    def of(cls, given: QueryParams) -> Asked:
        """Read an address; what cannot be read is left out."""
        number, year = given.get("page", "1"), given.get("year", "")
        return cls(
            typed=given.get("q", "").strip(),
            values={name: tuple(dict.fromkeys(filter(None, given.getlist(name)))) for name in FIELDS},
            year=year if year.isascii() and year.isdigit() and len(year) == 4 else "",
            fold=given.get("fold", "1") != "0",
            page=min(int(number), _LAST) if number.isascii() and number.isdigit() and len(number) < 9 and int(number) else 1,
        )

    @property
    def query(self) -> str:
        """Return the query with the year in it."""
        if not self.year:
            return self.typed
        return f"({self.typed}) date:{self.year}" if self.typed else f"date:{self.year}"

    @property
    def filters(self) -> Filters:
        """Return the values of fields."""
        return Filters(**self.values)

    @property
    def narrowed(self) -> bool:
        """Tell whether anything was asked at all."""
        return bool(self.typed or self.year or any(self.values.values()))

    def chosen(self, name: str, value: str) -> bool:
        """Tell whether a value of a field is asked for."""
        return value == self.year if name == "year" else value in self.values.get(name, ())

    def toggled(self, name: str, value: str) -> str:
        """Return the address of this search with a value added, or taken away where it is there."""
        if name == "year":
            return replace(self, year="" if value == self.year else value, page=1).url()
        now = self.values.get(name, ())
        then = tuple(item for item in now if item != value) if value in now else (*now, value)
        return replace(self, values={**self.values, name: then}, page=1).url()

    def at(self, page: int) -> str:
        """Return the address of another page of results."""
        return replace(self, page=page).url()

    def unfolded(self) -> str:
        """Return the address with folding turned over."""
        return replace(self, fold=not self.fold, page=1).url()

    def hidden(self) -> list[tuple[str, str]]:
        """Return what a form that changes the query alone carries along."""
        return [(name, value) for name, value in self._pairs() if name != "q"]

    def url(self, path: str = "/") -> str:
        """Return the address of this search."""
        pairs = [*self._pairs(), *([("page", str(self.page))] if self.page > 1 else [])]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def _pairs(self) -> list[tuple[str, Any]]:
        pairs = [("q", self.typed)] if self.typed else []
        pairs += [(name, value) for name in FIELDS for value in self.values.get(name, ())]
        pairs += [("year", self.year)] if self.year else []
        return pairs if self.fold else [*pairs, ("fold", "0")]
