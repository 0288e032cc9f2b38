"""Measure whole runs over many files: one process, two, and a Dask cluster of two workers on this machine.

    python benchmarks/batch.py FOLDER [--files 500] [--ways 1 2 dask] [--scratch DIR]

The PDFs of FOLDER are repeated, each copy with bytes of its own, until there are so many files. Each way is a process of its own
that starts cold and fills an empty index. Told are pages a second by the clock from start to exit, the same from the plan to the
last file, efficiency against one process, the parent's peak memory in the first half of the files and in all, and what
share of the work was reading, segmenting, classifying and writing. On a busy machine compare the processor's seconds, which tell
what two processes cost more than one; a cluster's are not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WORK = ("read", "segment", "classify", "write")


def repeated(folder: Path, files: int, into: Path) -> None:
    """Fill a folder with copies of the PDFs of another, a comment at the end of each making its bytes its own."""
    into.mkdir()
    given = sorted(folder.rglob("*.pdf"))
    if not given:
        raise SystemExit(f"no PDF in {folder}")
    for number, path in zip(range(files), cycle(given)):
        (into / f"{number:05}-{path.name}").write_bytes(path.read_bytes() + f"\n% {number}\n".encode())


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLAUSEDEX_", "MLFLOW_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


@contextmanager
def cluster() -> Iterator[str]:
    """Start a scheduler and two workers of one thread each on loopback."""

    def started(*arguments: str) -> subprocess.Popen[str]:
        line = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
        return subprocess.Popen(line, env=environment(), stderr=subprocess.PIPE, text=True)

    common = ("--no-dashboard", "--host", "127.0.0.1")
    scheduler = started("dask_scheduler", "--port", "0", *common)
    assert scheduler.stderr is not None
    address = next(line.split()[-1] for line in scheduler.stderr if "Scheduler at:" in line)
    processes = [scheduler, *(started("dask_worker", address, "--no-nanny", "--nthreads", "1", *common) for _ in range(2))]
    for process in processes:
        assert process.stderr is not None
        threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        yield address
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def resident(process: int) -> float:
    """Return the megabytes a process holds in memory, 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


def measured(folder: Path, files: int, *how: str) -> dict[str, Any]:
    """Run `index` over a folder and return what it took."""
    with tempfile.TemporaryDirectory() as scratch:
        line = [
            sys.executable,
            "-m",
            "nlp.cli",
            "index",
            str(folder),
            "--db",
            f"{scratch}/index.db",
            "--json",
            "--model",
            "shipped",
        ]
        started, before, samples, rows = time.perf_counter(), processor(), [], []
        with subprocess.Popen(
            [*line, *how], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as run:
            assert run.stdout is not None

            def watch() -> None:
                while run.poll() is None:
                    samples.append((len(rows), resident(run.pid)))
                    time.sleep(0.1)

            watcher = threading.Thread(target=watch)
            watcher.start()
            for text in run.stdout:
                rows.append(json.loads(text))  # noqa: PERF401 - the watcher counts them as they come
            watcher.join()
        wall = time.perf_counter() - started
    told = rows[-1]
    assert told["done"] + told["failed"] == told["total"] == files, told
    return {"wall": wall, "processor": processor() - before, "told": told, "samples": samples}


def processor() -> float:
    """Return the processor's seconds that ended descendants of this process have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print one line for each way, and one line of JSON with all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--ways", nargs="+", default=["1", "2", "dask"], choices=["1", "2", "dask"])
    parser.add_argument("--scratch", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.scratch) as scratch:
        folder = Path(scratch, "files")
        repeated(asked.folder, asked.files, folder)
        single = None
        for way in asked.ways:
            if way == "dask":
                with cluster() as address:
                    found = measured(folder, asked.files, "--cluster", address)
            else:
                found = measured(folder, asked.files, "--jobs", way)
            single = tell(way, found, single)


def tell(way: str, found: dict[str, Any], single: float | None) -> float:
    """Print what one way took and return the pace to compare with."""
    told, wall = found["told"], found["wall"]
    pace = told["pages"] / wall
    workers = 1 if way == "1" else 2
    halfway = [memory for done, memory in found["samples"] if done <= told["total"] / 2]
    work = sum(told["spent"][name] for name in WORK)
    figures = {
        "way": way,
        "files": told["total"],
        "pages": told["pages"],
        "ocr_share": told["ocr_share"],
        "seconds": round(wall, 1),
        "processor s": round(found["processor"], 1),
        "pages/s": round(pace, 1),
        "pages/s after the start": round(told["pages"] / told["seconds"], 1),
        "efficiency": round(pace / (workers * single), 2) if single else 1.0,
        "peak MB to half": round(max(halfway, default=0)),
        "peak MB": round(max((memory for _, memory in found["samples"]), default=0)),
        "load s": round(told["spent"]["load"], 1),
        **{f"{name} %": round(100 * told["spent"][name] / work, 1) for name in WORK},
    }
    print(json.dumps(figures), flush=True)
    return single or pace


if __name__ == "__main__":
    main()
