"""The ledger record: what became of one path of a batch; knows nothing of how it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["done", "failed"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What became of one path.

    `code` is a key of `nlp.errors.FAILURE_CODES` where `state` is ``failed``, else empty. `size` is in bytes and `mtime_ns` as
    `os.stat` gives it: both with `versions` (reader, segmenter and model as one string) tell whether the path must be read again.
    """

    path: str
    sha256: str
    state: State
    code: str = ""
    message: str = ""
    seconds: float = 0.0
    pages: int = 0
    ocr_pages: int = 0
    size: int = 0
    mtime_ns: int = 0
    versions: str = ""


def stored(path: str) -> str:
    """Return a path as the ledger keeps it: bytes of a file name that are no text are written with backslashes."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
