"""Read many files into an index, nothing lost; it must not know formats, rules or how an index is kept.

Every outcome is saved in one transaction of its own with its line of the ledger, so a run that is killed at any moment goes on
where it stopped. done + failed + skipped = total, unless the run was cut short.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from nlp.batch.inputs import Input, Inputs, expanded, is_gone
from nlp.batch.plan import Plan, Skip, plan
from nlp.batch.remote import is_address
from nlp.batch.stream import Stop, stopping_on_interrupt, stream
from nlp.batch.work import Desk, Job, Outcome, Settings
from nlp.errors import ClusterError, MissingComponentError, StoreError
from nlp.extract import READER_VERSION, Limits, cores
from nlp.index import LedgerEntry, Store, open_store, stored
from nlp.records import Clause, Provision

UNKNOWN_KIND = "unknown"
"""The name under which documents are counted of which nothing says what they are."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is done; `jobs` is the number of processes, `cluster` the address of a Dask scheduler that replaces them."""

    jobs: int = field(default_factory=cores)
    cluster: str | None = None
    resume: bool = True
    retry_failed: bool = False
    dry_run: bool = False
    model: str | None = None
    password: str | None = field(default=None, repr=False)
    limits: Limits = field(default_factory=Limits)


class Watch:
    """What a run tells while it goes on; the face overrides what it wants to hear."""

    def planned(self, plan: Plan, left_out: Sequence[str]) -> None:
        """Hear what will be done, before it is."""

    def finished(self, outcome: Outcome) -> None:
        """Hear what became of a file, after it is saved."""

    def stopping(self) -> None:
        """Hear that the run finishes what is in hand."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What documents of one kind came to."""

    documents: int = 0
    pages: int = 0
    ocr_pages: int = 0
    provisions: int = 0

    def with_(self, outcome: Outcome) -> Tally:
        """Return the tally with one document more."""
        return Tally(
            self.documents + 1,
            self.pages + outcome.pages,
            self.ocr_pages + outcome.ocr_pages,
            self.provisions + len(outcome.provisions),
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.

    `failed_before` are files that were skipped because they failed before and have not changed. `kinds` tells of the files that
    were read, `codes` counts those that failed. `seconds` is how long it took by the clock, `spent` the seconds of work of all
    processes: read, segment, load (the model, once a process), classify, write. `stopped` says what ended the run
    early, if anything did.
    """

    done: int
    failed: int
    skipped: int
    total: int
    failed_before: int = 0
    kinds: Mapping[str, Tally] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    spent: Mapping[str, float] = field(default_factory=dict)
    interrupted: bool = False
    stopped: Exception | None = None

    @property
    def whole(self) -> Tally:
        """Return what all documents came to."""
        tallies = self.kinds.values()
        return Tally(
            sum(tally.documents for tally in tallies),
            sum(tally.pages for tally in tallies),
            sum(tally.ocr_pages for tally in tallies),
            sum(tally.provisions for tally in tallies),
        )

    def __str__(self) -> str:
        return f"done {self.done}, failed {self.failed}, skipped {self.skipped} of {self.total}"


def versions(model: str | None = None) -> str:
    """Return the versions that decide whether a file must be read again: reader, segmenter and model."""
    from nlp.classify import model_name
    from nlp.segment import SEGMENTER_VERSION

    name = model_name(Path(model) if model else None)
    return f"reader {READER_VERSION}, segmenter {SEGMENTER_VERSION}, model {name}"


def run(
    paths: Sequence[str], db: str, options: Options | None = None, watch: Watch | None = None, stdin: BinaryIO | None = None
) -> Summary:
    """Read what `paths` stand for into the index at `db`.

    Raises `NoInputError` where there is nothing to read and `StoreError` where the index cannot be opened; an index or a
    cluster that fails later, and a component that turns out to be missing, end the run and are told in the summary.
    """
    options = options or Options()
    watch = watch or Watch()
    with expanded(paths, stdin, "stdin-{digest}") as inputs:
        current = versions(options.model)
        if options.dry_run:
            todo = _plan(inputs, _ledger_of(db), current, options)
            watch.planned(todo, inputs.left_out)
            return Summary(0, 0, len(todo.skip), todo.total, _failures(todo.skip))
        with closing(open_store(db, create=True)) as store:
            ledger = {entry.path: entry for entry in store.ledger()}
            todo = _plan(inputs, ledger, current, options)
            watch.planned(todo, inputs.left_out)
            started = time.monotonic()
            summary = _Run(store, todo, options, watch, current).go()
            return replace(summary, seconds=time.monotonic() - started)


def _plan(inputs: Inputs, ledger: Mapping[str, LedgerEntry], current: str, options: Options) -> Plan:
    resume, retry = options.resume, options.retry_failed
    listed = {stored(name) for name in (*(file.source for file in inputs.files), *inputs.left_out)}

    def missing(path: str) -> bool:
        if not is_address(path):
            return is_gone(path)
        return path not in listed and path.startswith(tuple(folder for folder in inputs.folders if is_address(folder)))

    return plan(inputs.files, ledger, current, resume=resume, retry_failed=retry, folders=inputs.folders, missing=missing)


def _ledger_of(db: str) -> dict[str, LedgerEntry]:
    if "://" not in db and not Path(db).exists():
        return {}
    with closing(open_store(db, read_only=True)) as store:
        return {entry.path: entry for entry in store.ledger()}


def _failures(skipped: Sequence[Skip]) -> int:
    return sum(skip.entry.state == "failed" for skip in skipped)


def job_of(file: Input) -> Job:
    """Return the work on a file, in a form that other processes understand."""
    return Job(file.place, file.source, file.size, file.mtime_ns, file.problem)


def entry_of(outcome: Outcome, current: str) -> LedgerEntry:
    """Return the line of the ledger for what became of a file under the versions `current`."""
    return LedgerEntry(
        path=outcome.job.source,
        sha256=outcome.sha256,
        state="done" if outcome.code is None else "failed",
        code=outcome.code or "",
        message=outcome.message,
        seconds=round(outcome.seconds, 3),
        pages=outcome.pages,
        ocr_pages=outcome.ocr_pages,
        size=outcome.job.size,
        mtime_ns=outcome.job.mtime_ns,
        versions=current,
    )


def _counted(kinds: Mapping[str, Tally], outcome: Outcome) -> Mapping[str, Tally]:
    if outcome.document is None:
        return kinds
    kind = outcome.document.kind or UNKNOWN_KIND
    return {**kinds, kind: kinds.get(kind, Tally()).with_(outcome)}


def _added(spent: Mapping[str, float], more: Mapping[str, float]) -> Mapping[str, float]:
    return {name: spent.get(name, 0.0) + more.get(name, 0.0) for name in (*spent, *(more.keys() - spent.keys()))}


class _Run:
    """One run over a plan: the only writer."""

    def __init__(self, store: Store, todo: Plan, options: Options, watch: Watch, current: str) -> None:
        self._store = store
        self._todo = todo
        self._options = options
        self._watch = watch
        self._versions = current
        self._desk = Desk(Settings("classify", options.limits, options.model))
        self._summary = Summary(0, 0, len(todo.skip), todo.total, _failures(todo.skip))

    def go(self) -> Summary:
        """Work through the plan."""
        stop = Stop()
        try:
            for skip in self._todo.skip:
                if skip.moved_from is not None:
                    self._store.move(skip.entry, skip.file.source)
        except StoreError as error:
            return replace(self._summary, stopped=error)
        processes = max(1, min(self._options.jobs, len(self._todo.read)))
        threads = 1 if self._options.cluster else max(1, self._options.limits.ocr_threads // processes)
        limits = replace(self._options.limits, ocr_threads=threads)
        settings = Settings("classify", limits, self._options.model, self._options.password)
        jobs = (job_of(file) for file in self._todo.read)
        outcomes = stream(jobs, settings, processes=processes, stop=stop, cluster=self._options.cluster)
        try:
            with stopping_on_interrupt(stop, self._watch.stopping), closing(outcomes):
                self._take(outcomes, stop)
        except (StoreError, ClusterError) as error:
            return replace(self._summary, stopped=error)
        cut_short = stop.asked and self._summary.stopped is None
        return replace(self._summary, interrupted=cut_short)

    def _take(self, outcomes: Iterable[Outcome], stop: Stop) -> None:
        """Save outcomes as they come; stop handing out files where a component is missing."""
        for outcome in outcomes:
            if outcome.missing is not None:
                self._summary = replace(self._summary, stopped=MissingComponentError(outcome.missing))
                stop.ask()
            else:
                self._save(outcome)

    def _labelled(self, clauses: Sequence[Clause]) -> Sequence[Provision]:
        """Classify the clauses of a document that people have cut; the model is loaded here for the first of them."""
        return self._desk.classifier().provisions(clauses)

    def _save(self, outcome: Outcome) -> None:
        """Write one file's entry, document and provisions in one transaction, then count it."""
        entry = entry_of(outcome, self._versions)
        started = time.perf_counter()
        self._store.save(entry, outcome.document, outcome.provisions, self._labelled)
        written = time.perf_counter() - started
        past = self._summary
        self._summary = replace(
            past,
            done=past.done + (outcome.code is None),
            failed=past.failed + (outcome.code is not None),
            kinds=_counted(past.kinds, outcome),
            spent=_added(past.spent, {**outcome.spent, "write": written}),
            codes=past.codes + Counter([outcome.code] if outcome.code else []),
        )
        self._watch.finished(outcome)
