"""Decide which inputs are read and which are skipped; it must not read or write anything but hash files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.batch.inputs import Input, is_gone
from nlp.batch.work import digest
from nlp.index import LedgerEntry, stored


@dataclass(frozen=True, slots=True)
class Skip:
    """An input that is not read again, and what became of it when it was, perhaps under another path."""

    file: Input
    entry: LedgerEntry

    @property
    def moved_from(self) -> str | None:
        """Return the path that the file was read under, if it is another."""
        return None if self.entry.path == stored(self.file.source) else self.entry.path


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do: `read` has the longest files first, so that the last to finish is a short one.

    `gone` are paths of the ledger in the folders named that no file stands under any more; the index keeps what they gave.
    """

    read: tuple[Input, ...]
    skip: tuple[Skip, ...]
    gone: tuple[str, ...] = ()

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
    folders: Sequence[str] = (),
    missing: Callable[[str], bool] = is_gone,
    hashed: Callable[[str], str] = digest,
) -> Plan:
    """Skip a file whose bytes, reader, segmenter and model are those the ledger names; read all others.

    Bytes are compared by their SHA-256. A file at an address whose size and time are those of the ledger is taken as the same.

    A file that failed is skipped like any other unless `retry_failed`: the same bytes fail the same way. A file that is new to
    the ledger has moved if its bytes are those of a path where no file stands any more, and the endings of both names agree.
    """
    read: list[Input] = []
    skip: list[Skip] = []
    gone = _Gone(entry for path, entry in ledger.items() if missing(path))
    for file in files:
        entry = ledger.get(stored(file.source)) or (gone.same(file, versions, hashed) if resume else None)
        if (
            entry is not None
            and resume
            and _unchanged(file, entry, versions, hashed)
            and not (retry_failed and entry.state == "failed")
        ):
            skip.append(Skip(file, entry))
            gone.found(entry)
        else:
            read.append(file)
    read.sort(key=lambda file: (-file.size, file.source))
    return Plan(tuple(read), tuple(skip), gone.below(folders))


class _Gone:
    """Lines of the ledger whose files are gone, until one is found under another path."""

    def __init__(self, entries: Iterable[LedgerEntry]) -> None:
        self._entries = {entry.path: entry for entry in entries}
        self._sized: dict[int, list[LedgerEntry]] = defaultdict(list)
        for entry in self._entries.values():
            self._sized[entry.size].append(entry)

    def same(self, file: Input, versions: str, hashed: Callable[[str], str]) -> LedgerEntry | None:
        """Return the line of a path that held what a file holds now."""
        for entry in self._sized[file.size]:
            agree = Path(entry.path).suffix.lower() == Path(file.source).suffix.lower()
            if agree and entry.path in self._entries and _unchanged(file, entry, versions, hashed):
                return entry
        return None

    def found(self, entry: LedgerEntry) -> None:
        """Take a line out: its file is there, perhaps elsewhere."""
        self._entries.pop(entry.path, None)

    def below(self, folders: Sequence[str]) -> tuple[str, ...]:
        """Return the paths in some folders that are gone for good."""
        return tuple(path for path in sorted(self._entries) if any(_stands_below(path, folder) for folder in folders))


def _stands_below(path: str, folder: str) -> bool:
    return path.startswith(folder) if folder else not Path(path).is_absolute()


def _unchanged(file: Input, entry: LedgerEntry, versions: str, hashed: Callable[[str], str]) -> bool:
    if file.problem is not None or not entry.sha256 or entry.versions != versions or entry.size != file.size:
        return False
    if file.address is not None and file.mtime_ns and file.mtime_ns == entry.mtime_ns and entry.path == stored(file.source):
        return True  # to compare the bytes would be to fetch them all
    return hashed(file.place) == entry.sha256
