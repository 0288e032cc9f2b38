"""The model to use at this moment, for a program that goes on running; it must not know what is done with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from nlp.errors import ModelError, TrackingError
from nlp.registry.versions import champion

PATIENCE = 5.0
"""Seconds for which the registry's last word is taken without asking again."""


class Current:
    """Follows the champion of a model: who asks before each piece of work picks up a new one without a restart.

    A registry that does not answer, or whose model is not the one registered, leaves the model in use where it is. `told` hears
    of each change from `first`, the folder in use at the start, and of each such failure, once. Safe to share between threads.
    """

    def __init__(
        self,
        name: str,
        *,
        first: str | None = None,
        told: Callable[[str], None] = lambda message: None,
        patience: float = PATIENCE,
    ) -> None:
        self._name = name
        self._told = told
        self._patience = patience
        self._lock = threading.Lock()
        self._asked: float | None = None
        self._folder: Path | None = Path(first) if first is not None else None
        self._failure = ""

    def folder(self) -> str | None:
        """Return the folder of the model to use now, None for the shipped one."""
        with self._lock:
            now = time.monotonic()
            if self._asked is None or now - self._asked >= self._patience:
                self._ask()
                self._asked = now
            return None if self._folder is None else str(self._folder)

    def _ask(self) -> None:
        try:
            found = champion(self._name)
        except (TrackingError, ModelError) as error:
            if str(error) != self._failure:
                self._told(f"the model in use stays: {error}")
            self._failure = str(error)
            return
        self._failure = ""
        if found != self._folder:
            self._told(f"using the champion of {self._name}" if found is not None else "using the shipped model")
        self._folder = found
