"""Keeps what was worked out from the index until the index changes; it must not know what that was."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from nlp.index import Store

_MOST = 100
Made = TypeVar("Made")


class Kept:
    """Answers that are asked for again and again; what is kept is shared between threads and must not be changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revision = ""
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, store: Store, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the answer to a key, made anew where the index has changed since; who asks meanwhile waits for it."""
        revision = store.revision()
        with self._lock:
            if revision != self._revision:
                self._revision = revision
                self._answers.clear()
            making = self._making.setdefault((revision, key), threading.Lock())
        with making:
            try:
                return self._made(revision, key, make)
            finally:
                with self._lock:
                    self._making.pop((revision, key), None)

    def _made(self, revision: str, key: Hashable, make: Callable[[], Made]) -> Made:
        with self._lock:
            if revision == self._revision and key in self._answers:
                self._answers.move_to_end(key)
                return cast("Made", self._answers[key])
        made = make()
        with self._lock:
            if revision == self._revision:
                self._answers[key] = made
                if len(self._answers) > _MOST:
                    self._answers.popitem(last=False)
        return made
