"""Which model a command works with: the one named, the champion of the registry, or the one shipped; it must not load it."""

from __future__ import annotations

import os
from collections.abc import Callable

SHIPPED = "shipped"


def chosen(model: str | None) -> str | None:
    """Return the folder of the model to use, None for the shipped one.

    `model` is a folder, or ``shipped``; where it is not given, the registry's champion is used if there is one.
    """
    from nlp.cli.show import say
    from nlp.errors import TrackingError
    from nlp.registry import champion

    if model is not None:
        return None if model == SHIPPED else model
    name = model_name()
    try:
        found = champion(name)
    except TrackingError as error:
        raise TrackingError(f"{error}; --model {SHIPPED} does without it") from error
    if found is not None:
        say(f"using the champion of {name}")
    return None if found is None else str(found)


def following(model: str | None) -> Callable[[], str | None]:
    """Return what tells, as often as it is asked, which model to use as `chosen` has it, for a command that goes on running."""
    from nlp.cli.show import say
    from nlp.registry import Current

    first = chosen(model)
    if model is not None:
        return lambda: first
    follower = Current(model_name(), told=say, first=first)
    return follower.folder


def model_name() -> str:
    """Return the name in the registry whose champion commands use."""
    return os.environ.get("CLAUSEDEX_MODEL_NAME", "clausedex")
