"""What happens to one file, in a process that serves many; it must not know the index or other files.

A process keeps one `Desk` for each setting: a reader with its own worker, and the classifier. Both are made when first needed.
"""

from __future__ import annotations

import atexit
import functools
import gc
import hashlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nlp.batch import remote
from nlp.batch.remote import fetched, is_address
from nlp.errors import MissingComponentError, ModelError, ReadError
from nlp.extract import Limits, Reader
from nlp.records import Clause, Document, Provision

if TYPE_CHECKING:
    from nlp.classify import Classifier

Stage = Literal["extract", "segment", "classify"]
_BINARY = {".pdf": "pdf", ".docx": "docx", ".png": "image", ".jpg": "image", ".jpeg": "image", ".tif": "image", ".tiff": "image"}
_WATCH_SECONDS = 0.5
_TEXTUAL = {"text": "plain text", "html": "HTML", "xml": "XML", "rtf": "RTF"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How every file of a run is worked on, and how far."""

    stage: Stage = "classify"
    limits: Limits = field(default_factory=Limits)
    model: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Job:
    """One file for a worker; `path` is absolute, or an address that the worker fetches."""

    path: str
    source: str
    size: int
    mtime_ns: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    A file is done where `code` is None. `missing` names a component without which this file cannot be worked on: the file counts
    as not tried. `spent` has the seconds of a done file by kind of work: read, segment, load (making the classifier ready, once a
    process), classify.
    """

    job: Job
    sha256: str = ""
    document: Document | None = None
    clauses: tuple[Clause, ...] = ()
    provisions: tuple[Provision, ...] = ()
    code: str | None = None
    message: str = ""
    seconds: float = 0.0
    missing: str | None = None
    spent: Mapping[str, float] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """Count the pages that were read."""
        return len(self.document.pages) if self.document else 0

    @property
    def ocr_pages(self) -> int:
        """Count the pages read by OCR, wholly or in part."""
        return sum(page.method in {"ocr", "mixed"} for page in self.document.pages) if self.document else 0


class Desk:
    """The reader and the classifier of one process; `told` hears how many pages of a file are through, of how many."""

    told: Callable[[int, int], None] = staticmethod(lambda done, pages: None)

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._reader: Reader | None = None
        self._classifier: Classifier | None = None

    def use(self, model: str | None) -> None:
        """Classify by another model from now on; the reader stays."""
        if model != self.settings.model:
            self.settings = replace(self.settings, model=model)
            self._classifier = None

    def close(self) -> None:
        """End the reader's worker."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def read(self, job: Job) -> Document:
        """Read the file; raises `ReadError`, also where its name promises another format than its bytes hold."""
        if job.problem is not None:
            raise ReadError("not_found", job.problem)
        if self._reader is None:
            self._reader = Reader(self.settings.limits)
        document = self._reader.read(Path(job.path), source=job.source, password=self.settings.password, told=self.told)
        promised = _BINARY.get(Path(job.source).suffix.lower())
        if promised is not None and document.format in _TEXTUAL:
            raise ReadError("not_a_document", f"named {Path(job.source).suffix} but holds {_TEXTUAL[document.format]}")
        return document

    def carry(self, job: Job) -> Outcome:
        """Take one file through the stages; raises `ReadError` and `MissingComponentError`."""
        spent: dict[str, float] = {}
        started = time.perf_counter()
        with _timed(spent, "read"):
            document = self.read(job)
        clauses: tuple[Clause, ...] = ()
        provisions: tuple[Provision, ...] = ()
        if self.settings.stage != "extract":
            with _timed(spent, "segment"):
                from nlp.segment import facts, segment

                segmentation = segment(document)
                document = facts(document, segmentation)
            clauses = segmentation.clauses
        if self.settings.stage == "classify":
            with _timed(spent, "load"):
                classifier = self.classifier()
            with _timed(spent, "classify"):
                provisions = tuple(classifier.provisions(clauses))
        seconds = time.perf_counter() - started
        return Outcome(job, document.sha256, document, clauses, provisions, seconds=seconds, spent=spent)

    def classifier(self) -> Classifier:
        """Return the classifier, made ready if it is not yet."""
        if self._classifier is None:
            from nlp.classify import Classifier

            self._classifier = Classifier.load(Path(self.settings.model) if self.settings.model else None)
            # what is loaded by now stays: the garbage collector need not walk through it again for every file
            gc.collect()
            gc.freeze()
        return self._classifier


@contextmanager
def _timed(spent: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    spent[name] = time.perf_counter() - started


_desks: dict[tuple[Settings, int], Desk] = {}
"""By thread too: a cluster may let one process work on several files at once, and a desk serves one."""


def close_desks() -> None:
    """End what this process keeps between files."""
    for desk in _desks.values():
        desk.close()
    _desks.clear()


atexit.register(close_desks)


def work(job: Job, settings: Settings, parent: int) -> Outcome:
    """Work on one file and return what became of it; only a missing or altered model raises.

    `parent` is the process that hands out the work.
    """
    _serve(parent)
    return attempt(job, _desks.setdefault((settings, threading.get_ident()), Desk(settings)))


def attempt(job: Job, desk: Desk) -> Outcome:
    """Take one file through the stages at a desk and return what became of it; only a missing or altered model raises."""
    if not is_address(job.path) or job.problem is not None:
        return _attempt(job, desk)
    started = time.perf_counter()
    try:
        with fetched(job.path, desk.settings.limits.file_bytes) as path:
            outcome = _attempt(replace(job, path=str(path)), desk)
    except ReadError as error:
        return Outcome(job, code=error.code, message=str(error), seconds=time.perf_counter() - started)
    except MissingComponentError as error:
        return Outcome(job, missing=str(error))
    return replace(outcome, job=job, seconds=time.perf_counter() - started)


def _attempt(job: Job, desk: Desk) -> Outcome:
    started = time.perf_counter()
    try:
        return desk.carry(job)
    except ReadError as error:
        return _failed(job, error.code, _without_names(str(error), job), started)
    except MissingComponentError as error:
        return Outcome(job, missing=str(error))
    except ModelError:
        raise
    except Exception as error:  # noqa: BLE001 - one odd file must not end a batch of thousands
        message = f"{type(error).__name__}: {error}".strip(": ")[:500]
        return _failed(job, "internal", message, started)


def _failed(job: Job, code: str, message: str, started: float) -> Outcome:
    seconds = time.perf_counter() - started
    return Outcome(job, digest(job.path), code=code, message=message, seconds=seconds)


def digest(place: str) -> str:
    """Return the SHA-256 of the bytes at a path or an address, or the empty string where they cannot be read."""
    if is_address(place):
        return remote.digest(place)
    try:
        if not Path(place).is_file():
            return ""
        with Path(place).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _without_names(message: str, job: Job) -> str:
    """Take the file's own name off the front of a message: whoever prints it puts the name there."""
    shorter = message
    while shorter.startswith((f"{job.path}: ", f"{job.source}: ")):
        shorter = shorter.partition(": ")[2]
    return " ".join(shorter.split())


@functools.cache
def _serve(parent: int) -> None:
    """Bind a worker process to the process that started it, once: a process that does the work itself is left as it is.

    A terminal sends Ctrl-C to every process, and only the parent decides what it means. A worker whose parent was killed would
    wait for work for minutes, so it watches who its parent is and ends.
    """
    if os.getppid() != parent:
        return
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    close_desks()
    os._exit(1)
