"""The states, their codes and where each stands on a tile map; knows nothing of provisions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

_TABLE = """
AK Alaska 0 0|ME Maine 0 10|VT Vermont 1 9|NH New Hampshire 1 10|WA Washington 2 0|ID Idaho 2 1|MT Montana 2 2
ND North Dakota 2 3|MN Minnesota 2 4|IL Illinois 2 5|WI Wisconsin 2 6|MI Michigan 2 7|NY New York 2 8|RI Rhode Island 2 9
MA Massachusetts 2 10|OR Oregon 3 0|NV Nevada 3 1|WY Wyoming 3 2|SD South Dakota 3 3|IA Iowa 3 4|IN Indiana 3 5|OH Ohio 3 6
PA Pennsylvania 3 7|NJ New Jersey 3 8|CT Connecticut 3 9|CA California 4 0|UT Utah 4 1|CO Colorado 4 2|NE Nebraska 4 3
MO Missouri 4 4|KY Kentucky 4 5|WV West Virginia 4 6|VA Virginia 4 7|MD Maryland 4 8|DE Delaware 4 9|AZ Arizona 5 1
NM New Mexico 5 2|KS Kansas 5 3|AR Arkansas 5 4|TN Tennessee 5 5|NC North Carolina 5 6|SC South Carolina 5 7
DC District of Columbia 5 8|OK Oklahoma 6 3|LA Louisiana 6 4|MS Mississippi 6 5|AL Alabama 6 6|GA Georgia 6 7|HI Hawaii 7 0
TX Texas 7 3|FL Florida 7 8|GU Guam 7 1|AS American Samoa 7 2|MP Northern Mariana Islands 7 4|PR Puerto Rico 7 9
VI Virgin Islands 7 10
"""


@dataclass(frozen=True, slots=True)
class State:
    """A state or territory and its tile on the map (row from the top, column from the left)."""

    code: str
    name: str
    row: int
    column: int


@cache
def states() -> tuple[State, ...]:
    """Return the fifty states, the District of Columbia and five territories, by code."""
    places = []
    for entry in _TABLE.replace("\n", "|").strip("|").split("|"):
        code, *name, row, column = entry.split()
        places.append(State(code, " ".join(name), int(row), int(column)))
    return tuple(sorted(places, key=lambda place: place.code))


@cache
def _codes() -> dict[str, str]:
    return {form.casefold(): place.code for place in states() for form in (place.code, place.name)} | {"us": "US"}


def code_of(name: str) -> str | None:
    """Return the postal code of a state's name or code in any case (``US`` for the federal level), or None."""
    return _codes().get(" ".join(name.split()).casefold())


def state_of(jurisdiction: str | None) -> str | None:
    """Return the code of the state a jurisdiction lies in: ``MA/Somerville``, ``Somerville, MA`` and ``MA`` are MA."""
    if not jurisdiction:
        return None
    for part in (jurisdiction, jurisdiction.partition("/")[0], jurisdiction.rpartition(",")[2]):
        if (code := code_of(part)) is not None:
            return code
    return None


def is_local(jurisdiction: str | None) -> bool:
    """Tell whether a jurisdiction lies below its state."""
    return bool(jurisdiction) and state_of(jurisdiction) is not None and code_of(jurisdiction or "") is None
