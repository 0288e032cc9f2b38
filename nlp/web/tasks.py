"""The files that wait to be read, are read and were read since the server started; it must not know how they arrived."""

from __future__ import annotations

import itertools
import logging
import queue
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from nlp.batch import Intake
from nlp.errors import FAILURE_CODES, ClausedexError
from nlp.records import Document

_LOG = logging.getLogger(__name__)
_REMEMBERED = 300
_PAGE = re.compile(r"(?:^|: )page (\d+): ")
"""How a reader's word on a file begins that speaks of one page."""

State = Literal["waiting", "reading", "done", "known", "failed"]
REMEDIES = {
    "not_a_document": "Save it as PDF, DOCX, HTML, RTF, plain text or a picture, and try again.",
    "encrypted": "Remove the password in the program that made it, and try again.",
    "zero_pages": "Open it in a PDF program and print it to a new PDF.",
    "no_text": "If it shows text, scan it again at 300 dpi.",
    "timeout": "Split it into smaller files.",
    "memory": "Split it into smaller files, or print it to a new PDF.",
    "crashed": "Open it in a PDF program and print it to a new PDF.",
    "too_large": "Split it into smaller files.",
    "unreadable": "Get a fresh copy, or print it to a new PDF.",
    "not_found": "Upload it again.",
    "internal": "Please report it, with the file if it is public.",
}
"""What a person can do about each kind of failure."""


@dataclass(frozen=True, slots=True)
class Task:
    """One file and how far it is; `message` and `remedy` say why it failed and what to do.

    `ours` is a copy of our own, which is not kept where it cannot be read. Of its `pages`, `through` have been read. `facts` are
    what the file was taken to be, `unread` the pages that could not be read.
    """

    number: int
    name: str
    path: Path
    state: State = "waiting"
    message: str = ""
    remedy: str = ""
    document_id: str = ""
    clauses: int = 0
    ours: bool = False
    through: int = 0
    pages: int = 0
    facts: tuple[str, ...] = ()
    unread: tuple[int, ...] = ()

    @property
    def open(self) -> bool:
        """Tell whether more is to come."""
        return self.state in ("waiting", "reading")


class Tasks:
    """A queue of files, read one after another by one thread."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._tasks: OrderedDict[int, Task] = OrderedDict()
        self._numbers = itertools.count(1)
        self._waiting: queue.Queue[int | None] = queue.Queue()
        self._lock = threading.Lock()
        self._changes = 0
        self._thread: threading.Thread | None = None

    def listed(self) -> list[Task]:
        """Return the tasks, the latest first."""
        with self._lock:
            return list(reversed(self._tasks.values()))

    @property
    def changes(self) -> int:
        """Count what has happened so far; what was sent of an earlier count is out of date."""
        return self._changes

    def get(self, number: int) -> Task | None:
        """Return one task."""
        with self._lock:
            return self._tasks.get(number)

    def known(self, path: Path, name: str, document_id: str) -> Task:
        """Note a file whose bytes are in the index already."""
        return self._keep(Task(next(self._numbers), name, path, "known", document_id=document_id))

    def forget(self, document_id: str) -> None:
        """Let go of the files that gave a document, as their links would lead nowhere."""
        with self._lock:
            self._changes += 1
            for number in [number for number, task in self._tasks.items() if task.document_id == document_id]:
                del self._tasks[number]

    def refused(self, name: str, message: str, remedy: str) -> Task:
        """Note a file that was not taken at all."""
        return self._keep(Task(next(self._numbers), name, Path(), "failed", message, remedy))

    def add(self, path: Path, name: str, *, ours: bool) -> Task:
        """Put a file in the queue."""
        task = self._keep(Task(next(self._numbers), name, path, ours=ours))
        self._waiting.put(task.number)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="intake", daemon=True)
                self._thread.start()
        return task

    def close(self) -> None:
        """Let the file in hand be finished and read no more."""
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(5)
        self._intake.close()

    def _keep(self, task: Task) -> Task:
        with self._lock:
            self._changes += 1
            self._tasks[task.number] = task
            closed = [number for number, past in self._tasks.items() if not past.open]
            for number in closed[: max(0, len(self._tasks) - _REMEMBERED)]:
                del self._tasks[number]
        return task

    def _work(self) -> None:
        while (number := self._waiting.get()) is not None:
            task = self.get(number)
            if task is not None:
                self._keep(self._read(self._keep(replace(task, state="reading"))))

    def _through(self, number: int, through: int, pages: int) -> None:
        task = self.get(number)
        if task is not None and (through, pages) != (task.through, task.pages):
            self._keep(replace(task, through=through, pages=pages))

    def _read(self, task: Task) -> Task:
        try:
            outcome = self._intake.take(task.path, task.name, lambda through, pages: self._through(task.number, through, pages))
        except (ClausedexError, OSError) as error:
            return replace(task, state="failed", message=str(error), remedy="Tell who looks after this server.")
        except Exception:  # noqa: BLE001 - the thread must live to read the next file
            _LOG.exception("reading %r failed", task.name)
            return replace(task, state="failed", message=FAILURE_CODES["internal"], remedy=REMEDIES["internal"])
        if outcome.code is None and outcome.document is not None:
            found = outcome.document
            return replace(
                task, state="done", document_id=found.id, clauses=len(outcome.provisions), pages=len(found.pages),
                through=len(found.pages), facts=tuple(filter(None, (found.kind, found.jurisdiction, found.date))),
                unread=_unread(found),
            )  # fmt: skip
        code = outcome.code or "internal"
        if task.ours:
            task.path.unlink(missing_ok=True)
        page = _PAGE.search(outcome.message)
        where = f" (page {page[1]})" if page is not None else ""
        return replace(task, state="failed", message=FAILURE_CODES[code] + where, remedy=REMEDIES[code])


def _unread(document: Document) -> tuple[int, ...]:
    """Return the pages of a document that could not be read."""
    return tuple(sorted({problem.page for problem in document.problems if problem.page is not None})) if document.partial else ()
