"""clausedex: a searchable index of provisions on cooperation with federal immigration enforcement.

`read`, `classify` and `Index` are the way in for programs; see `nlp.api`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.api import Index, Read, classify, read

__all__ = ["Index", "Read", "__version__", "classify", "read"]

__version__ = "0.1.0"


def __dir__() -> list[str]:
    """Name what is for programs, loaded or not, so that completion offers it."""
    return sorted({*__all__, "errors", "records"})


def __getattr__(name: str) -> Any:
    """Import the face for programs when it is first asked for: the command line starts without it."""
    if name in ("classify", "errors", "records"):  # the room classify can be called
        from importlib import import_module

        return import_module(f"nlp.{name}")
    if name in __all__:
        from nlp import api

        return getattr(api, name)
    raise AttributeError(f"module 'nlp' has no attribute {name!r}")
