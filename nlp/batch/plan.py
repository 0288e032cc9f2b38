"""Decide which inputs are read and which are skipped; it must not read or write anything but hash files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nlp.batch.inputs import Input
from nlp.batch.work import digest
from nlp.index import LedgerEntry


@dataclass(frozen=True, slots=True)
class Skip:
    """An input that is not read again, and what became of it when it was."""

    file: Input
    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do: `read` has the longest files first, so that the last to finish is a short one."""

    read: tuple[Input, ...]
    skip: tuple[Skip, ...]

    @property
    def total(self) -> int:
        """Count the inputs."""
        return len(self.read) + len(self.skip)


def plan(
    files: Iterable[Input],
    ledger: Mapping[str, LedgerEntry],
    versions: str,
    *,
    resume: bool = True,
    retry_failed: bool = False,
    hashed: Callable[[Path], str] = digest,
) -> Plan:
    """Skip a file whose bytes, reader, segmenter and model are those the ledger names; read all others.

    A file that failed is skipped like any other unless `retry_failed`: the same bytes fail the same way.
    """
    read: list[Input] = []
    skip: list[Skip] = []
    for file in files:
        entry = ledger.get(file.source)
        if (
            entry is not None
            and resume
            and _unchanged(file, entry, versions, hashed)
            and not (retry_failed and entry.state == "failed")
        ):
            skip.append(Skip(file, entry))
        else:
            read.append(file)
    read.sort(key=lambda file: (-file.size, file.source))
    return Plan(tuple(read), tuple(skip))


def _unchanged(file: Input, entry: LedgerEntry, versions: str, hashed: Callable[[Path], str]) -> bool:
    if file.problem is not None or not entry.sha256 or entry.versions != versions or entry.size != file.size:
        return False
    return hashed(file.path) == entry.sha256
