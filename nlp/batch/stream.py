"""Run jobs on processes of this machine or of a cluster and yield what becomes of them; it must not know where that goes.

joblib does the work in portions, each drained before the next is started, so that results wait for a slow writer in bounded
number. A worker process that dies costs at most the one file that killed it.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import signal
import threading
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from types import FrameType
from typing import Any

from nlp.batch.work import Job, Outcome, Settings, close_desks, digest, work
from nlp.errors import ClusterError, MissingComponentError, UsageError

_PORTION = 24
"""Jobs for each worker in a portion: no more results wait for the writer, and workers seldom wait for its end."""
_CONNECT_SECONDS = 15


@dataclass
class Stop:
    """Ask a run to finish what is in hand and start nothing more."""

    asked: bool = False

    def ask(self) -> None:
        """Ask for the end."""
        self.asked = True


@contextlib.contextmanager
def stopping_on_interrupt(stop: Stop, told: Callable[[], None]) -> Iterator[None]:
    """Let the first Ctrl-C ask `stop` and call `told`, and the second interrupt at once; outside the main thread do nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.ask()
        told()

    previous = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def stream(
    jobs: Iterable[Job], settings: Settings, *, processes: int, stop: Stop, ordered: bool = False, cluster: str | None = None
) -> Generator[Outcome, None, None]:
    """Yield the outcome of every job that was started; after `stop` is asked no further job is.

    Outcomes come as they are ready, or in the order of the jobs where `ordered`.
    """
    try:
        with _where(processes, cluster) as workers:
            rest = iter(jobs)
            while not stop.asked and (portion := list(itertools.islice(rest, _PORTION * workers))):
                yield from _portion(portion, settings, processes=-1 if cluster else processes, stop=stop, ordered=ordered)
    finally:
        close_desks()


def _portion(
    portion: list[Job], settings: Settings, *, processes: int, stop: Stop, ordered: bool
) -> Generator[Outcome, None, None]:
    """Work on a portion; if a process dies, work on what is left one file at a time to find the file that kills."""
    waiting = {job.source: job for job in portion}
    with contextlib.closing(_parallel(list(waiting.values()), settings, processes, stop, ordered)) as outcomes:
        try:
            for outcome in outcomes:
                del waiting[outcome.job.source]
                yield outcome
        except _deaths():
            pass
        else:
            return
    for job in waiting.values():
        if stop.asked:
            return
        try:
            outcome = next(_parallel([job], settings, max(2, processes), stop, ordered=True))
        except _deaths() as error:
            outcome = Outcome(
                job, digest(job.path), code="crashed", message=f"the process that read it died: {_first_line(error)}"
            )
        yield outcome


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _deaths() -> tuple[type[BaseException], ...]:
    from joblib.externals.loky.process_executor import BrokenProcessPool

    try:
        from distributed.scheduler import KilledWorker
    except ImportError:
        return (BrokenProcessPool,)
    return (BrokenProcessPool, KilledWorker)


def _parallel(jobs: list[Job], settings: Settings, processes: int, stop: Stop, ordered: bool) -> Generator[Outcome, None, None]:
    """Hand jobs to joblib one by one, so that none is handed over after a stop."""
    from joblib import Parallel, delayed

    parallel = Parallel(
        n_jobs=processes, batch_size=1, pre_dispatch="2*n_jobs", return_as="generator" if ordered else "generator_unordered"
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="A worker stopped while some jobs were given to the executor")
        warnings.filterwarnings("ignore", message=r"\d+ tasks ")  # were done or begun when the reader of outcomes went away
        yield from parallel(
            delayed(work)(job, settings, os.getpid()) for job in itertools.takewhile(lambda _: not stop.asked, jobs)
        )


@contextlib.contextmanager
def _where(processes: int, cluster: str | None) -> Iterator[int]:
    """Choose joblib's backend and yield how many workers it has."""
    from joblib import parallel_config

    if cluster is None:
        with parallel_config(backend="loky", inner_max_num_threads=1):
            yield processes
        return
    with _client(cluster) as client, parallel_config(backend="dask", wait_for_workers_timeout=_CONNECT_SECONDS):
        try:
            yield max(1, sum(client.nthreads().values()))
        except TimeoutError as error:
            raise ClusterError(
                f"no worker came to {cluster} within {_CONNECT_SECONDS} s; start some with 'dask worker'"
            ) from error
        except (CancelledError, OSError) as error:
            raise ClusterError(
                f"the Dask scheduler at {cluster} does not answer any more; what was done is in the index,"
                " and the same command goes on from there"
            ) from error


@contextlib.contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        import distributed
    except ImportError as error:
        raise MissingComponentError("--cluster needs dask.distributed: pip install 'clausedex[cluster]'") from error
    try:
        connect: Callable[..., Any] = distributed.Client
        client = connect(address, timeout=_CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}; start one with 'dask scheduler'") from error
    with _quiet(), client:
        yield client


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask logs of a lost connection off stderr: one message of ours says it."""
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
