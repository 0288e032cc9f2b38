"""A Dask cluster of two workers in processes of their own gives the index of a run without one; what dies costs no file."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp import batch
from nlp.batch import Outcome
from nlp.errors import ClusterError, UsageError
from tests.batch import killing

pytest.importorskip("distributed")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """Start a scheduler and two workers without nannies on loopback; the scheduler comes first."""
    path = os.pathsep.join(filter(None, (str(killing.ROOT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path}

    def started(*arguments: str) -> subprocess.Popen[str]:
        line = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
        return subprocess.Popen(line, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)

    scheduler = started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    assert scheduler.stderr is not None
    address = next(line.split()[-1] for line in scheduler.stderr if "Scheduler at:" in line)
    common = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
    processes = [scheduler, *(started("dask_worker", address, *common) for _ in range(2))]
    readers = [threading.Thread(target=process.stderr.read) for process in processes if process.stderr is not None]
    for reader in readers:
        reader.start()
    yield address, processes
    for process in reversed(processes):
        process.kill()
        process.wait()
    for reader, process in zip(readers, processes, strict=True):
        reader.join()
        assert process.stderr is not None
        process.stderr.close()


class Killer(batch.Watch):
    """Kills a process after some files."""

    def __init__(self, victim: subprocess.Popen[str], after: int) -> None:
        self.victim = victim
        self.left = after

    def finished(self, outcome: Outcome) -> None:
        self.left -= 1
        if self.left == 0:
            self.victim.kill()


def test_a_worker_that_is_killed_costs_no_file(
    cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, processes = cluster
    killing.make(tmp_path / "made", 20)
    monkeypatch.chdir(tmp_path)
    summary = batch.run(["made"], "cluster.db", batch.Options(cluster=address), Killer(processes[1], 5))
    assert processes[1].poll() is not None
    assert str(summary) == "done 19, failed 1, skipped 0 of 20"
    batch.run(["made"], "clean.db", batch.Options(jobs=1))
    assert killing.content(tmp_path / "cluster.db") == killing.content(tmp_path / "clean.db")


def test_a_scheduler_that_is_killed_ends_the_run_with_a_message_and_a_rerun_completes_it(
    cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, processes = cluster
    killing.make(tmp_path / "made", 60)
    monkeypatch.chdir(tmp_path)
    summary = batch.run(["made"], "cluster.db", batch.Options(cluster=address), Killer(processes[0], 5))
    assert isinstance(summary.stopped, ClusterError)
    assert address in str(summary.stopped)
    assert 5 <= summary.done < 59
    assert killing.counted(tmp_path / "cluster.db") == summary.done + summary.failed
    again = batch.run(["made"], "cluster.db", batch.Options(jobs=1))
    assert again.done + again.failed + again.skipped == 60
    assert again.skipped == summary.done + summary.failed
    batch.run(["made"], "clean.db", batch.Options(jobs=1))
    assert killing.content(tmp_path / "cluster.db") == killing.content(tmp_path / "clean.db")


def test_a_scheduler_that_is_not_there_is_named(tmp_path: Path) -> None:
    killing.make(tmp_path / "made", 2)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        batch.run([str(tmp_path / "made")], str(tmp_path / "x.db"), batch.Options(cluster="tcp://127.0.0.1:9"))


def test_a_cluster_without_workers_is_told_of(cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path) -> None:
    address, processes = cluster
    for worker in processes[1:]:
        worker.kill()
        worker.wait()
    killing.make(tmp_path / "made", 3)
    summary = batch.run([str(tmp_path / "made")], str(tmp_path / "x.db"), batch.Options(cluster=address))
    assert isinstance(summary.stopped, ClusterError)
    assert f"no worker came to {address}" in str(summary.stopped)
    assert (summary.done, summary.failed, killing.counted(tmp_path / "x.db")) == (0, 0, 0)
