"""The one exception tree of clausedex.

    ClausedexError
    |-- UsageError            the caller asked for something that cannot be done (exit code 1)
    |   `-- QueryError        a search query cannot be read; says where
    |-- NoInputError          nothing usable was given (exit code 2)
    |-- MissingComponentError a package or data file that the task needs is not installed (exit code 3)
    |-- ReadError             one file could not be read; carries a stable code
    |-- ModelError            a model is missing, altered or of an unknown type
    |-- CorpusError           a corpus or clause file is malformed; names file and line
    |-- TrackingError         the store of training runs and models cannot be used
    |-- ClusterError          a cluster stopped answering in the middle of its work
    `-- StoreError            an index is locked, of another version, or not an index

A bad file is data: `ReadError` is caught at the reading stage and kept as a `Problem` beside the file. A bad
model or corpus stops the run. Only `cli` and `web` turn these into messages.
"""

from __future__ import annotations

FAILURE_CODES: dict[str, str] = {
    "not_a_document": "no format this program reads was recognised in the file's bytes",
    "encrypted": "the file needs a password",
    "zero_pages": "the file opens but holds no page",
    "no_text": "the file holds no readable text on any page",
    "timeout": "reading took longer than the limit",
    "memory": "reading needed more memory than the limit",
    "crashed": "the reader process died",
    "too_large": "the file, its pages or its text are over a limit",
    "unreadable": "the file is damaged beyond what either reader can mend",
    "not_found": "no file of that name can be opened",
    "internal": "this program failed on the file; please report it",
}
"""Stable failure codes of reading, each with what it means."""


class ClausedexError(Exception):
    """Base of every error that clausedex raises on purpose."""


class UsageError(ClausedexError):
    """The caller asked for something that cannot be done."""


class QueryError(UsageError):
    """A search query cannot be read.

    `position` is the offset in code points where reading stopped.
    """

    def __init__(self, message: str, query: str, position: int) -> None:
        super().__init__(message)
        self.query = query
        self.position = position


class NoInputError(ClausedexError):
    """No usable input was given."""


class MissingComponentError(ClausedexError):
    """A package or data file that the task needs is not installed."""


class ReadError(ClausedexError):
    """One file could not be read; `code` is a key of `FAILURE_CODES`."""

    def __init__(self, code: str, message: str) -> None:
        if code not in FAILURE_CODES:
            raise ValueError(f"unknown failure code {code!r}; one of {', '.join(FAILURE_CODES)}")
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        """Pickle with both arguments: read errors cross process borders."""
        return (ReadError, (self.code, str(self)))


class ModelError(ClausedexError):
    """A model is missing, altered or holds types that are not trusted."""


class CorpusError(ClausedexError):
    """A corpus or clause file is malformed."""


class TrackingError(ClausedexError):
    """The store of training runs and models cannot be used."""


class ClusterError(ClausedexError):
    """A cluster of workers stopped answering in the middle of its work."""


class StoreError(ClausedexError):
    """An index cannot be opened: locked, of another version, or not an index."""
