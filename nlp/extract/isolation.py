"""Read files in a worker process and make Documents of what it says; it must not import a library that touches their contents."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nlp.errors import FAILURE_CODES, MissingComponentError, ReadError
from nlp.extract.assemble import Draft, assemble
from nlp.extract.child import WORKER, Clock, Worker, WorkerDiedError
from nlp.extract.draft import Lost, Sheet
from nlp.extract.limits import Limits
from nlp.records import Document

_RETRIES = 5
"""So many workers at most for one file: each that dies costs a page, and a file may kill one on every page."""


class _OverLimitError(Exception):
    """The file as a whole is over a limit; reading it on makes no sense."""


class Reader:
    """Hold one worker process that reads files one after another.

    The worker is started on first use, replaced after `recycle` files, and replaced when a file kills it or exceeds its limits.
    `command` is the worker's program; it is called with the numbers of its two pipes and its memory limit.
    """

    def __init__(self, limits: Limits | None = None, recycle: int = 200, command: Sequence[str] = WORKER) -> None:
        self.limits = limits or Limits()
        self._recycle = recycle
        self._command = tuple(command)
        self._worker: Worker | None = None
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop the worker; the next read starts another."""
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
            self._served = 0

    def worker_memory(self) -> tuple[float, float]:
        """Return what the worker holds in memory now and at its peak, in megabytes; zeros where there is none to ask."""
        return self._worker.memory() if self._worker is not None else (0.0, 0.0)

    def read(
        self,
        path: Path,
        *,
        source: str | None = None,
        password: str | None = None,
        told: Callable[[int, int], None] = lambda done, pages: None,
        skip: frozenset[int] = frozenset(),
    ) -> Document:
        """Read one file; raises `ReadError` where it gives no document.

        A page that cannot be read, or that takes the worker down, is named in `Document.problems` and the others are kept; those
        in `skip` are left out. `told` hears, whenever the worker speaks, how many pages are through and how many there are.
        """
        digest = _digest(path, self.limits)
        draft = Draft(source if source is not None else str(path), digest)
        clock = Clock(self.limits)
        for _ in range(_RETRIES):
            try:
                self._converse(path, password, draft, clock, told, skip)
                break
            except WorkerDiedError as death:
                self.close()
                page = draft.unfinished()
                if page is None:
                    if not draft.sheets:
                        raise ReadError(death.code, f"{path}: {death}") from None
                    draft.abandon(death.code, str(death))
                    break
                draft.lose(Lost(page, death.code, f"page {page}: {death}"))
                if clock.over():
                    draft.abandon("timeout", "no time was left for this page")
                    break
            except _OverLimitError as error:
                self.close()
                raise ReadError("too_large", f"{path}: {error}") from None
            except ReadError:
                raise  # the worker has said its last word on this file and waits for the next
            except BaseException:
                self.close()
                raise
        return assemble(draft)

    def render(self, path: Path, page: int, dpi: int = 110, *, turn: int = 0, password: str | None = None) -> bytes:
        """Draw a page as PNG, a clockwise `turn` in degrees undone (`Page.rotation`); raises `ReadError` where that fails."""
        clock = Clock(self.limits)
        try:
            worker = self._ready()
            worker.send(self._request(path, password, draw={"page": page, "dpi": dpi, "turn": turn}), clock)
            message = worker.receive(clock)
            return _picture(message)
        except WorkerDiedError as death:
            self.close()
            raise ReadError(death.code, f"{path}: {death}") from None
        except (ValueError, TypeError, KeyError) as error:
            self.close()
            raise ReadError("crashed", f"{path}: the worker's answer is malformed: {error}") from error
        except ReadError:
            raise  # the worker has said its last word on this page and waits for the next
        except BaseException:
            self.close()
            raise

    def _ready(self) -> Worker:
        """Return a worker that waits for a request."""
        if self._worker is not None and (self._served >= self._recycle or self._worker.talks()):
            self.close()
        if self._worker is None:
            self._worker = Worker(self._command, self.limits)
        self._served += 1
        return self._worker

    def _request(self, path: Path, password: str | None, **more: Any) -> dict[str, Any]:
        return {"path": str(path.absolute()), "password": password, "limits": dataclasses.asdict(self.limits), **more}

    def _converse(
        self,
        path: Path,
        password: str | None,
        draft: Draft,
        clock: Clock,
        told: Callable[[int, int], None],
        skip: frozenset[int],
    ) -> None:
        worker = self._ready()
        worker.send(self._request(path, password, skip=sorted(draft.seen() | skip)), clock)
        while True:
            message = worker.receive(clock)
            try:
                if _absorb(message, draft, clock, self.limits):
                    return
            except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
                raise WorkerDiedError("crashed", f"the worker's answer is malformed: {error}") from error
            told(len(draft.seen()), draft.pages)


def _absorb(message: dict[str, Any], draft: Draft, clock: Clock, limits: Limits) -> bool:
    """Take one message into the draft; return True at the end of the file."""
    kind = message["type"]
    if kind == "opened":
        draft.open(message["format"], int(message["pages"]), message["title"], message["dates"])
        if draft.pages > limits.pages:
            raise _OverLimitError(f"{draft.pages} pages; the limit is {limits.pages}")
    elif kind == "started":
        draft.started(int(message["page"]))
        clock.allow(limits.ocr_seconds if message["slow"] else limits.page_seconds)
    elif kind == "page":
        draft.add(Sheet.from_wire(message))
        if draft.characters > limits.characters:
            raise _OverLimitError(f"more than {limits.characters} characters of text")
    elif kind == "lost":
        draft.lose(Lost(int(message["page"]), _code(message["code"]), str(message["message"])[:1000]))
    elif kind == "failed":
        raise ReadError(_code(message["code"]), f"{draft.source}: {str(message['message'])[:1000]}")
    elif kind == "missing":
        raise MissingComponentError(str(message["message"])[:1000])
    elif kind == "done":
        return True
    else:
        raise ValueError(f"unknown message {kind!r:.40}")
    return False


def _picture(message: dict[str, Any]) -> bytes:
    """Return the picture a worker sent, or raise the failure it told."""
    if message["type"] == "failed":
        raise ReadError(_code(message["code"]), str(message["message"])[:1000])
    return base64.b64decode(message["png"], validate=True)


def _code(value: object) -> str:
    if not isinstance(value, str) or value not in FAILURE_CODES:
        raise ValueError(f"unknown failure code {value!r:.40}")
    return value


def _digest(path: Path, limits: Limits) -> str:
    """Return the SHA-256 of the file's bytes, after checking that it is a file of a size that may be read."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ReadError("not_a_document", f"{path}: not a regular file")
        if status.st_size > limits.file_bytes:
            raise ReadError("too_large", f"{path}: {status.st_size} bytes; the limit is {limits.file_bytes}")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadError("unreadable", f"{path}: cannot be opened: {error.strerror or error}") from error


def read(path: Path, *, source: str | None = None, limits: Limits | None = None, password: str | None = None) -> Document:
    """Read one file in a worker process of its own; raises `ReadError` where it gives no document."""
    with Reader(limits) as reader:
        return reader.read(path, source=source, password=password)


def render(path: Path, page: int, dpi: int = 110, *, turn: int = 0, limits: Limits | None = None) -> bytes:
    """Draw one page as PNG in a worker process of its own; raises `ReadError` where it cannot be drawn."""
    with Reader(limits) as reader:
        return reader.render(path, page, dpi, turn=turn)
