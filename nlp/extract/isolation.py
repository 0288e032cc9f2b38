"""Read files in a worker process that can be killed; it must not import a library that touches a file's contents."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import hashlib
import json
import os
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nlp.errors import FAILURE_CODES, MissingComponentError, ReadError
from nlp.extract.assemble import Draft, assemble
from nlp.extract.draft import Lost, Sheet
from nlp.extract.limits import Limits
from nlp.records import Document

WORKER = (sys.executable, "-P", "-m", "nlp.extract.worker")
_LENGTH = struct.Struct(">I")
_FRAME = 64 << 20
_RETRIES = 5
_ROOT = Path(__file__).resolve().parents[2]
_DEATHS = {signal.SIGXCPU: "timeout", signal.SIGABRT: "memory"}


class _WorkerDiedError(Exception):
    """The worker is gone; `code` says why, as far as can be told."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


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
        self._worker: _Worker | None = None
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
        digest = _fingerprint(path, self.limits)
        draft = Draft(source if source is not None else str(path), digest)
        clock = _Clock(self.limits)
        for _ in range(_RETRIES):
            try:
                self._converse(path, password, draft, clock, told, skip)
                break
            except _WorkerDiedError as death:
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
        clock = _Clock(self.limits)
        try:
            worker = self._ready()
            worker.send(self._request(path, password, draw={"page": page, "dpi": dpi, "turn": turn}), clock)
            message = worker.receive(clock)
            return _picture(message)
        except _WorkerDiedError as death:
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

    def _ready(self) -> _Worker:
        """Return a worker that waits for a request."""
        if self._worker is not None and (self._served >= self._recycle or self._worker.talks()):
            self.close()
        if self._worker is None:
            self._worker = _Worker(self._command, self.limits)
        self._served += 1
        return self._worker

    def _request(self, path: Path, password: str | None, **more: Any) -> dict[str, Any]:
        return {"path": str(path.absolute()), "password": password, "limits": dataclasses.asdict(self.limits), **more}

    def _converse(
        self,
        path: Path,
        password: str | None,
        draft: Draft,
        clock: _Clock,
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
                raise _WorkerDiedError("crashed", f"the worker's answer is malformed: {error}") from error
            told(len(draft.seen()), draft.pages)


def _absorb(message: dict[str, Any], draft: Draft, clock: _Clock, limits: Limits) -> bool:
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


class _Clock:
    """Wall time of one file: a base, what its pages add, and how long silence may last."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._started = time.monotonic()
        self._allowed = limits.seconds
        self._grants = 0

    def allow(self, seconds: float) -> None:
        """Add time for a page; a worker cannot ask for more often than there may be pages."""
        self._grants += 1
        if self._grants <= 2 * self._limits.pages:
            self._allowed += seconds

    def over(self) -> bool:
        """Tell whether the file's time is used up."""
        return self.left() <= 0

    def left(self) -> float:
        """Return the seconds that remain."""
        return self._started + self._allowed - time.monotonic()

    def patience(self) -> float:
        """Return for how many seconds to wait for the next message."""
        return max(0.0, min(self.left(), self._limits.stall_seconds))


class _Worker:
    """One child process and its two pipes."""

    def __init__(self, command: Sequence[str], limits: Limits) -> None:
        self._limits = limits
        child_in, self._out = os.pipe()
        self._in, child_out = os.pipe()
        self._buffer = bytearray()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours, its arguments are numbers
                [*command, str(child_in), str(child_out), str(limits.memory)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(child_in, child_out),
                env=_environment(),
                start_new_session=True,
            )
        except BaseException:
            os.close(self._out)
            os.close(self._in)
            raise
        finally:
            os.close(child_in)
            os.close(child_out)
        os.set_blocking(self._out, False)

    def send(self, message: dict[str, Any], clock: _Clock) -> None:
        """Send a request; the worker may be slow to take it, so writing waits no longer than reading would."""
        body = json.dumps(message).encode()
        data = memoryview(_LENGTH.pack(len(body)) + body)
        end = time.monotonic() + clock.patience()
        while data:
            left = end - time.monotonic()
            if left <= 0 or not select.select([], [self._out], [], left)[1]:
                raise _WorkerDiedError("timeout", "the worker does not take its request")
            try:
                data = data[os.write(self._out, data) :]
            except BrokenPipeError:
                raise self._death() from None

    def receive(self, clock: _Clock) -> dict[str, Any]:
        """Wait for one message, no longer than the clock allows."""
        body = self._frame(clock)
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise _WorkerDiedError("crashed", f"the worker's answer is no JSON: {error}") from error
        if not isinstance(message, dict):
            raise _WorkerDiedError("crashed", "the worker's answer is no JSON object")
        return message

    def _frame(self, clock: _Clock) -> bytes:
        end = time.monotonic() + clock.patience()
        while (frame := self._whole_frame()) is None:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._in], [], [], left)[0]:
                raise _WorkerDiedError("timeout", f"no progress within {_clock_text(self._limits)}")
            part = os.read(self._in, 1 << 20)
            if not part:
                raise self._death()
            self._buffer += part
        return frame

    def _whole_frame(self) -> bytes | None:
        """Take a frame off the buffer if one has arrived whole; refuse one that says it is too long."""
        if len(self._buffer) < _LENGTH.size:
            return None
        length = _LENGTH.unpack_from(self._buffer)[0]
        if length > _FRAME:
            raise _WorkerDiedError("too_large", f"one page gives {length} bytes")
        end = _LENGTH.size + length
        if len(self._buffer) < end:
            return None
        frame = bytes(self._buffer[_LENGTH.size : end])
        del self._buffer[:end]
        return frame

    def memory(self) -> tuple[float, float]:
        """Return resident memory now and at its peak, in megabytes, where the system tells."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return 0.0, 0.0
        found = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status))
        return int(found.get("VmRSS", 0)) / 1024, int(found.get("VmHWM", 0)) / 1024

    def talks(self) -> bool:
        """Tell whether the worker has more to say, or is gone, when it should wait for a request: it cannot be trusted."""
        return bool(self._buffer) or bool(select.select([self._in], [], [], 0)[0])

    def _death(self) -> _WorkerDiedError:
        """Say how the process ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        status = self._process.returncode
        if status is None:
            return _WorkerDiedError("crashed", "the worker closed its pipe")
        if status < 0:
            name = signal.Signals(-status).name
            return _WorkerDiedError(_DEATHS.get(signal.Signals(-status), "crashed"), f"the worker was ended by {name}")
        return _WorkerDiedError("crashed", f"the worker exited with status {status}")

    def stop(self) -> None:
        """Kill the process and whatever it started, and close the pipes."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._in)
        os.close(self._out)


def _clock_text(limits: Limits) -> str:
    """Say the limits of time in words."""
    return f"{limits.stall_seconds:g} s, or the file over {limits.seconds:g} s and its pages' allowance"


def _environment() -> dict[str, str]:
    """Return the little that a worker needs; nothing secret is handed down."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
        if name in os.environ
    }
    single = dict.fromkeys(("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **single, "MALLOC_ARENA_MAX": "2", "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def _fingerprint(path: Path, limits: Limits) -> str:
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
