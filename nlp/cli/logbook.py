"""Keeps the file of `--log`, one line of JSON a file; it must not know what a run does.

A line is appended by a single write, so several runs may share a log and a run that is killed leaves whole lines.
"""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nlp.errors import UsageError


class Log:
    """A log open for appending, or none where `path` is None.

    `broken` says why the log could not be written any more: a run goes on without it, for the ledger has everything.
    """

    def __init__(self, path: Path | None) -> None:
        self.broken: str | None = None
        self._path = path
        self._file: int | None = None
        if path is None:
            return
        try:
            self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
            self._end_line()
        except OSError as error:
            self.__exit__(None, None, None)
            raise UsageError(f"the log {path} cannot be written: {error.strerror or error}; give --log another file") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _end_line(self) -> None:
        """End a line that a full disk cut short."""
        if self._file is None:
            return
        status = os.fstat(self._file)
        if stat.S_ISREG(status.st_mode) and status.st_size:
            os.lseek(self._file, -1, os.SEEK_END)
            if os.read(self._file, 1) != b"\n":
                os.write(self._file, b"\n")

    def write(
        self, path: str, state: str, *, seconds: float = 0.0, pages: int = 0, code: str | None = None, message: str | None = None
    ) -> None:
        """Add what became of a file at this moment."""
        if self._file is None:
            return
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "path": path,
            "state": state,
            "seconds": round(seconds, 3),
            "pages": pages,
            "code": code or None,
            "message": message or None,
        }
        data = json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        try:
            whole = os.write(self._file, data) == len(data)
            reason = "the disk is full"
        except OSError as error:
            whole, reason = False, error.strerror or str(error)
        if not whole:
            self.broken = f"the log {self._path} cannot be written any more: {reason}; the run goes on without it"
            self.__exit__(None, None, None)
