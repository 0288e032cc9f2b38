"""Turn PATH arguments into files to read; it must not know what is done with them.

A file that is named is always read, whatever its name. A folder gives the files below it whose names end as documents do, and
those without such an ending whose bytes begin as a PDF; hidden files and folders are passed over and links to folders are not
followed. A pattern that the shell left alone is expanded, with ``**`` for any depth. ``-`` is standard input: a list of paths,
one a line or ended by NUL bytes, or a document. An address such as ``s3://bucket/folder`` stands for a file, a folder or a
pattern as a path does.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nlp.batch.remote import AddressError, Found, begins, is_address, listing, shown
from nlp.errors import NoInputError

SUFFIXES = frozenset(
    (".pdf", ".docx", ".html", ".htm", ".xhtml", ".xml", ".rtf", ".txt", ".text", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
)
"""Endings of the names by which documents are found in folders."""

_OTHER = frozenset((".csv", ".json", ".jsonl", ".md", ".db", ".py", ".toml", ".yaml", ".yml", ".zip", ".gz"))
_LIST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read: `path` opens it, `source` is the name it was given by and is kept in the index.

    `address` opens it instead where it is not on this machine. `problem` says why there is nothing to open, or is None.
    """

    path: Path
    source: str
    size: int = 0
    mtime_ns: int = 0
    problem: str | None = None
    address: str | None = None

    @property
    def place(self) -> str:
        """Return the absolute path or the address that opens the file from anywhere."""
        return self.address or os.path.abspath(self.path)  # noqa: PTH100 - keeps links


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that arguments stand for, without repetition and ordered by source.

    `left_out` are files of other kinds in the folders, `folders` the folders that were named, each ending in a separator.
    """

    files: tuple[Input, ...]
    left_out: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


@contextmanager
def expanded(arguments: Sequence[str], stdin: BinaryIO | None = None, stdin_source: str = "-") -> Iterator[Inputs]:
    """Expand PATH arguments; a document on standard input is kept in a file for as long as the context lasts.

    `stdin_source` names that document; ``{digest}`` in it stands for the start of its SHA-256. Raises `NoInputError` where the
    arguments stand for no file at all.
    """
    with tempfile.TemporaryDirectory(prefix="clausedex-") as folder:
        names: list[str] = []
        given: list[Input] = []
        for argument in arguments:
            if argument == "-":
                listed, document = _standard_input(stdin, Path(folder), stdin_source)
                names += listed
                given += document
            else:
                names.append(argument)
        left_out: list[str] = []
        folders: list[str] = []
        for name in names:
            if is_address(name):
                given += _remote(name, left_out, folders)
            else:
                given += _files(name, left_out)
                folders += [_prefix(name)] if Path(name).is_dir() else []
        files = _distinct(given)
        if not files:
            among = f" among {len(left_out)} file{'s' * (len(left_out) != 1)}" if left_out else ""
            raise NoInputError(
                f"no document found in {', '.join(arguments) or 'no arguments'}{among}; "
                f"give files, folders or patterns; in folders, documents end in {' '.join(sorted(SUFFIXES))}"
            )
        yield Inputs(files, tuple(left_out), tuple(folders))


def _prefix(folder: str) -> str:
    """Return what the sources of all files below a folder begin with."""
    path = os.path.normpath(folder)
    return "" if path == "." else os.path.join(path, "")  # noqa: PTH118 - Path drops the last separator


def is_gone(source: str) -> bool:
    """Tell whether no file stands any more under a path of the ledger; of standard input and of addresses it cannot be told."""
    if source.startswith("stdin-") or is_address(source):
        return False
    named = re.sub(r"\\udc([89a-f][0-9a-f])", lambda byte: chr(0xDC00 + int(byte[1], 16)), source)
    return not os.path.lexists(source) and not os.path.lexists(named)


def _distinct(given: Iterable[Input]) -> tuple[Input, ...]:
    """Keep the first of inputs that are the same file."""
    seen: dict[str, Input] = {}
    for entry in given:
        seen.setdefault(entry.address or os.path.realpath(entry.path), entry)
    return tuple(sorted(seen.values(), key=lambda entry: entry.source))


def _files(name: str, left_out: list[str]) -> Iterator[Input]:
    """Yield the files that one argument stands for; an argument that stands for none is an input with a problem."""
    path = Path(name)
    if path.is_dir():
        yield from _walk(path, left_out)
    elif os.path.lexists(path):
        yield _input(path)
    elif glob.has_magic(name):
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
        for match in matches:
            if Path(match).is_dir():
                if not name.endswith("**"):
                    yield from _walk(Path(match), left_out)
            else:
                yield _input(Path(match))
        if not matches:
            yield Input(path, name, problem="the pattern matches no file")
    else:
        yield Input(path, name, problem="no such file")


def _remote(address: str, left_out: list[str], folders: list[str]) -> Iterator[Input]:
    """Yield the files that an address stands for, by the rules of paths."""
    try:
        found, folder = listing(address)
    except AddressError as error:
        yield Input(Path(address), shown(address), problem=str(error), address=address)
        return
    if folder is not None:
        folders.append(shown(folder).rstrip("/") + "/")
    for file in found:
        if folder is not None and any(part.startswith(".") for part in file.name.split("/")):
            continue
        if folder is None or _is_remote_document(file):
            yield Input(Path(file.name), shown(file.address), file.size, file.mtime_ns, address=file.address)
        else:
            left_out.append(shown(file.address))


def _is_remote_document(file: Found) -> bool:
    suffix = Path(file.name).suffix.lower()
    return suffix in SUFFIXES or (suffix not in _OTHER and b"%PDF-" in begins(file.address))


def _walk(folder: Path, left_out: list[str]) -> Iterator[Input]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.startswith("."):
                continue
            path = Path(parent, name)
            if _is_document(path):
                yield _input(path)
            else:
                left_out.append(str(path))


def _is_document(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return True
    if suffix in _OTHER or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except OSError:
        return False


def _input(path: Path) -> Input:
    source = os.path.normpath(path)
    try:
        status = path.stat()
    except OSError as error:
        return Input(path, source, problem=f"cannot be opened: {error.strerror or error}")
    return Input(path, source, status.st_size, status.st_mtime_ns)


def _standard_input(stdin: BinaryIO | None, folder: Path, source: str) -> tuple[list[str], list[Input]]:
    data = stdin.read() if stdin is not None else b""
    names = listed_paths(data)
    if names is not None:
        return names, []
    if not data.strip():
        return [], []
    digest = hashlib.sha256(data).hexdigest()
    path = folder / digest
    path.write_bytes(data)
    return [], [Input(path, source.format(digest=digest[:12]), len(data))]


def listed_paths(data: bytes) -> list[str] | None:
    """Read bytes as a list of paths, or return None where they are a document.

    Text is a list where one of its first thousand lines names something that exists, or where every line is an address or
    ends as the name of a document does.
    """
    if b"%PDF-" in data[:1024] or data.startswith((b"PK\x03\x04", b"{\\rtf")):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    names = [name.strip("\r") for name in text.split("\0" if "\0" in text else "\n")]
    names = [name for name in names if name.strip()]
    if not names:
        return None
    if any(_exists(name) for name in names[:_LIST_LINES]) or all(_is_named(name) for name in names):
        return names
    return None


def _is_named(name: str) -> bool:
    return is_address(name) or Path(name).suffix.lower() in SUFFIXES


def _exists(name: str) -> bool:
    try:
        return os.path.lexists(name) or (glob.has_magic(name) and next(glob.iglob(name, recursive=True), None) is not None)  # noqa: PTH207 - as above
    except (OSError, ValueError):
        return False
