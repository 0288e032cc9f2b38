"""Reads single files into an index as they are handed over, for a program that goes on running; it must not know who hands them.

The reader's worker and the model are kept from one file to the next. One file is read at a time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from nlp.batch.inputs import Input
from nlp.batch.run import Options, entry_of, job_of, versions
from nlp.batch.work import Desk, Outcome, Settings, attempt
from nlp.errors import MissingComponentError
from nlp.index import open_store
from nlp.records import Clause, Provision


class Intake:
    """Takes files into the index at `db`; `model` is asked before each which model to use, None for the shipped one."""

    def __init__(self, db: str, options: Options | None = None, model: Callable[[], str | None] | None = None) -> None:
        self._db = db
        self._options = options or Options()
        self._model = model or (lambda: self._options.model)
        self._desk = Desk(Settings("classify", self._options.limits, self._options.model, self._options.password))
        self._lock = threading.Lock()
        self._versions: dict[str | None, str] = {}

    def take(self, path: Path, name: str, told: Callable[[int, int], None] = lambda done, pages: None) -> Outcome:
        """Read a file and save what became of it under its absolute path; `name` is what people know the document by.

        `told` hears how many pages are through, of how many.
        Raises `MissingComponentError` where a component is not installed, and `StoreError` where the index cannot be written.
        """
        with self._lock:
            model = self._model()
            if model not in self._versions:
                self._versions = {model: versions(model)}
            self._desk.use(model)
            self._desk.told = told
            status = path.stat()
            job = replace(job_of(Input(path, name, status.st_size, status.st_mtime_ns)), source=name)
            outcome = attempt(job, self._desk)
            if outcome.missing is not None:
                raise MissingComponentError(outcome.missing)
            entry = replace(entry_of(outcome, self._versions[model]), path=os.path.abspath(path))  # noqa: PTH100 - keeps links
            if outcome.code is not None:
                entry = replace(entry, message=f"{name}: {outcome.message}")
            with closing(open_store(self._db, create=True)) as store:
                store.save(entry, outcome.document, outcome.provisions, self._labelled)
            return outcome

    def _labelled(self, clauses: Sequence[Clause]) -> Sequence[Provision]:
        return self._desk.classifier().provisions(clauses)

    def close(self) -> None:
        """End the reader's worker."""
        with self._lock:
            self._desk.close()
