"""Holds the public names of every room to what they promise: sorted, documented, and really there."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

from nlp import errors

PACKAGE = Path(__file__).parents[1] / "nlp"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


@pytest.mark.parametrize("name", ROOMS)
def test_public_names_are_sorted_documented_and_there(name: str) -> None:
    room = importlib.import_module(f"nlp.{name}")
    assert list(room.__all__) == sorted(room.__all__)
    for public in room.__all__:
        value = getattr(room, public)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), f"nlp.{name}.{public} is not documented"


def test_the_tree_of_errors_is_the_one_its_docstring_draws() -> None:
    drawn: list[tuple[str, str]] = []
    parents: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        name = line.lstrip(" |`-").split(" ")[0]
        if not hasattr(errors, name):
            continue
        depth = line.index(name)
        while parents and parents[-1][0] >= depth:
            parents.pop()
        if parents:
            drawn.append((name, parents[-1][1]))
        parents.append((depth, name))
    real = [
        (name, value.__bases__[0].__name__)
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.ClausedexError) and value is not errors.ClausedexError
    ]
    assert sorted(drawn) == sorted(real)


def test_read_errors_take_only_known_codes_and_cross_processes_whole() -> None:
    import pickle

    with pytest.raises(ValueError, match="unknown failure code 'odd'"):
        errors.ReadError("odd", "message")
    copy = pickle.loads(pickle.dumps(errors.ReadError("timeout", "too slow")))
    assert (copy.code, str(copy)) == ("timeout", "too slow")
