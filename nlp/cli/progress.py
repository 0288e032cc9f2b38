"""What `index` shows while it works: a bar on a terminal, one line a failure, one line of JSON a file if asked."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from nlp.batch import Outcome, Plan, Watch
from nlp.cli.logbook import Log
from nlp.cli.show import counted, put_json, safe

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_NAMED = 3


class Progress(Watch):
    """Tell on stderr what becomes of each file; the bar is there only on a terminal."""

    def __init__(self, log: Log, *, as_json: bool, dry_run: bool) -> None:
        self._log = log
        self._as_json = as_json
        self._dry_run = dry_run
        self._bar: Bar | None = None
        self._task: Any = None
        self._failed = 0
        self._pages = 0
        self._started = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def planned(self, plan: Plan, left_out: Sequence[str]) -> None:
        """Name what was left out, what is gone and what is skipped, and start the bar."""
        if plan.gone:
            self._tell(
                f"{counted(len(plan.gone), 'file is', 'files are')} gone; the index keeps what was read: {_some(plan.gone)}"
            )
        if left_out:
            self._tell(f"left out {counted(len(left_out), 'file')} of other kinds: {_some(left_out)}")
        for skip in plan.skip:
            failed = skip.entry.state == "failed"
            if failed:
                self._tell(f"{skip.file.source}: {skip.entry.message}, failed before ({skip.entry.code})")
            if skip.moved_from is not None:
                self._tell(f"{skip.file.source}: moved from {skip.moved_from}")
            if not self._dry_run:
                entry = skip.entry
                self._log.write(skip.file.source, "skipped", pages=entry.pages, code=entry.code, message=entry.message)
            if self._as_json:
                row = {"path": skip.file.source, "state": "skipped", "sha256": skip.entry.sha256, "code": skip.entry.code or None}
                put_json({**row, "message": skip.entry.message or None, "moved_from": skip.moved_from})
        if self._dry_run:
            for file in plan.read:
                if self._as_json:
                    put_json({"path": file.source, "state": "to-read", "size": file.size})
                else:
                    sys.stdout.write(f"{file.source}\n")
        self._tell_of_log()
        if plan.read and not self._dry_run and sys.stderr.isatty():
            self._start(len(plan.read))

    def finished(self, outcome: Outcome) -> None:
        """Tell of one file."""
        source = outcome.job.source
        if outcome.code is not None:
            self._failed += 1
            self._tell(f"{source}: {outcome.message} ({outcome.code})")
        for problem in outcome.document.problems if outcome.document else ():
            where = f"page {problem.page}" if problem.page else "in part"
            self._tell(f"{source}: read without {where}: {problem.message} ({problem.code})")
        row = _row(outcome)
        if self._as_json:
            put_json(row)
        self._log.write(**{name: row[name] for name in ("path", "state", "seconds", "pages", "code", "message")})
        self._tell_of_log()
        self._pages += outcome.pages
        if self._bar is not None:
            pace = self._pages / max(time.monotonic() - self._started, 0.001)
            self._bar.update(self._task, advance=1, pages=self._pages, pace=f"{pace:.1f}", failed=self._failed)

    def stopping(self) -> None:
        """Say that the run finishes what is in hand."""
        self._tell("finishing the files in hand; Ctrl-C again to leave them")

    def _tell_of_log(self) -> None:
        if self._log.broken is not None:
            self._tell(self._log.broken)
            self._log.broken = None

    def _start(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(
            TextColumn("reading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pages]} pages, {task.fields[pace]}/s, {task.fields[failed]} failed"),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            transient=True,
        )
        self._task = self._bar.add_task("reading", total=total, pages=0, pace="0.0", failed=0)
        self._started = time.monotonic()
        self._bar.start()

    def _tell(self, line: str) -> None:
        if self._bar is not None:
            self._bar.console.print(safe(line), markup=False, highlight=False, soft_wrap=True)
        else:
            sys.stderr.write(safe(line) + "\n")
            sys.stderr.flush()


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "path": outcome.job.source,
        "state": "done" if outcome.code is None else "failed",
        "sha256": outcome.sha256,
        "code": outcome.code,
        "message": outcome.message or None,
        "seconds": round(outcome.seconds, 3),
        "pages": outcome.pages,
        "ocr_pages": outcome.ocr_pages,
        "provisions": len(outcome.provisions),
    }
