"""Works out in the background what pages ask for first after the index has changed; it must not know how that is worked out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from nlp.index import Columns, Store, open_store

_LOG = logging.getLogger(__name__)
_PAUSE = 1.0
"""Seconds between looks at the index; one that goes on changing is left until a look finds it as the look before did."""

_FIRST = 3.0
"""Seconds that the start waits for the first answers; an index of a few hundred thousand provisions has them by then."""


class Warmer:
    """A thread that calls `warm` at the start and after each change of the index at `db` once it is quiet."""

    def __init__(self, db: str, warm: Callable[[Store], None], columns: Columns | None = None) -> None:
        self._db = db
        self._columns = columns
        self._warm = warm
        self._ended = threading.Event()
        self._looked = threading.Event()
        self._thread = threading.Thread(target=self._work, name="warming", daemon=True)

    def start(self) -> None:
        """Begin, and wait a little for the first answers, so that whoever asks first need not."""
        self._thread.start()
        self._looked.wait(_FIRST)

    def close(self) -> None:
        """End after what is in hand."""
        self._ended.set()
        self._thread.join(5)

    def _work(self) -> None:
        before, warmed = None, None
        while not self._ended.wait(_PAUSE if before else 0.0):
            try:
                with open_store(self._db, read_only=True, columns=self._columns) as store:
                    now = store.revision()
                    if now != warmed and before in (None, now):
                        self._warm(store)
                        warmed = now
                    before = now
            except Exception as error:  # noqa: BLE001 - a favour that fails must not end; the page itself will say what is wrong
                _LOG.info("nothing was worked out ahead: %s", error)
                before = before or "none"
            self._looked.set()
