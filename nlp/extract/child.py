"""The reading child process as its parent sees it: started, asked, timed and killed; it must not know documents."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nlp.extract.draft import LENGTH
from nlp.extract.limits import Limits

WORKER = (sys.executable, "-P", "-m", "nlp.extract.worker")
_FRAME = 64 << 20
"""Bytes that one message may have: a page of text is far below, and a worker that says more is not believed."""
_ROOT = Path(__file__).resolve().parents[2]
_DEATHS = {signal.SIGXCPU: "timeout", signal.SIGABRT: "memory"}
"""Failure codes of signals: the kernel's for used up processor time, and how PDFium ends where it gets no memory."""


class WorkerDiedError(Exception):
    """The worker is gone; `code` says why, as far as can be told."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Clock:
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


class Worker:
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

    def send(self, message: dict[str, Any], clock: Clock) -> None:
        """Send a request; the worker may be slow to take it, so writing waits no longer than reading would."""
        body = json.dumps(message).encode()
        data = memoryview(LENGTH.pack(len(body)) + body)
        end = time.monotonic() + clock.patience()
        while data:
            left = end - time.monotonic()
            if left <= 0 or not select.select([], [self._out], [], left)[1]:
                raise WorkerDiedError("timeout", "the worker does not take its request")
            try:
                data = data[os.write(self._out, data) :]
            except BrokenPipeError:
                raise self._death() from None

    def receive(self, clock: Clock) -> dict[str, Any]:
        """Wait for one message, no longer than the clock allows."""
        body = self._frame(clock)
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise WorkerDiedError("crashed", f"the worker's answer is no JSON: {error}") from error
        if not isinstance(message, dict):
            raise WorkerDiedError("crashed", "the worker's answer is no JSON object")
        return message

    def _frame(self, clock: Clock) -> bytes:
        end = time.monotonic() + clock.patience()
        while (frame := self._whole_frame()) is None:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._in], [], [], left)[0]:
                raise WorkerDiedError("timeout", f"no progress within {_clock_text(self._limits)}")
            part = os.read(self._in, 1 << 20)
            if not part:
                raise self._death()
            self._buffer += part
        return frame

    def _whole_frame(self) -> bytes | None:
        """Take a frame off the buffer if one has arrived whole; refuse one that says it is too long."""
        if len(self._buffer) < LENGTH.size:
            return None
        length = LENGTH.unpack_from(self._buffer)[0]
        if length > _FRAME:
            raise WorkerDiedError("too_large", f"one page gives {length} bytes")
        end = LENGTH.size + length
        if len(self._buffer) < end:
            return None
        frame = bytes(self._buffer[LENGTH.size : end])
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

    def _death(self) -> WorkerDiedError:
        """Say how the process ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        status = self._process.returncode
        if status is None:
            return WorkerDiedError("crashed", "the worker closed its pipe")
        if status < 0:
            name = signal.Signals(-status).name
            return WorkerDiedError(_DEATHS.get(signal.Signals(-status), "crashed"), f"the worker was ended by {name}")
        return WorkerDiedError("crashed", f"the worker exited with status {status}")

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
