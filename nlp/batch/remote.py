"""Finds and fetches files at addresses such as ``s3://bucket/a.pdf`` by fsspec; it must not know what is done with them.

Keys and accounts come from where each protocol's package looks for them (environment, profiles), on the machine that reads.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from nlp.errors import MissingComponentError, ReadError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified", "created")
_CHUNK = 1 << 20
_HEAD = 1024


@dataclass(frozen=True, slots=True)
class Found:
    """A file at an address; `mtime_ns` is 0 where the place does not tell when it was changed.

    `name` is the file's path within the folder that was listed.
    """

    address: str
    name: str
    size: int
    mtime_ns: int


class AddressError(Exception):
    """Nothing can be opened at an address; the text says why."""


def is_address(name: str) -> bool:
    """Tell whether a name is an address, not a path."""
    return _ADDRESS.match(name) is not None


def shown(address: str) -> str:
    """Return an address without the user and password it may hold."""
    return re.sub(r"^([^/]*//)[^/@]*@", r"\1", address)


def listing(address: str) -> tuple[list[Found], str | None]:
    """Return the files that an address stands for, by name, and the folder's own address if it is one.

    A folder stands for all files below it. An address that names nothing may be a pattern. Raises `AddressError` where there is
    nothing, and `MissingComponentError` where the protocol needs a package that is not installed.
    """
    system, path = _opened(address)
    with _wrapped():
        if system.isfile(path):
            return [_found(system, path, system.info(path), address)], None
        if system.isdir(path):
            entries = system.find(path, detail=True)
            root = path.rstrip("/") + "/"
            found = [_found(system, name, entry, address, root) for name, entry in sorted(entries.items())]
            return found, _address(system, root, address)
        if re.search(r"[*?\[]", path):
            entries = system.glob(path, detail=True)
            files = [(name, entry) for name, entry in sorted(entries.items()) if entry.get("type") != "directory"]
            if not files:
                raise AddressError("the pattern matches no file")
            return [_found(system, name, entry, address) for name, entry in files], None
    raise AddressError("no such file")


def begins(address: str) -> bytes:
    """Return the first bytes of a file, none where it cannot be read."""
    try:
        with _stream(address) as file:
            return file.read(_HEAD)
    except (AddressError, MissingComponentError):
        return b""


def digest(address: str) -> str:
    """Return the SHA-256 of a file's bytes, or the empty string where it cannot be read."""
    value = hashlib.sha256()
    try:
        with _stream(address) as file:
            while part := file.read(_CHUNK):
                value.update(part)
    except (AddressError, MissingComponentError):
        return ""
    return value.hexdigest()


@contextmanager
def fetched(address: str, limit: int) -> Iterator[Path]:
    """Keep a copy of a file on this machine for as long as the context lasts; raise `ReadError` where it cannot be had."""
    with tempfile.TemporaryDirectory(prefix="clausedex-") as folder:
        path = Path(folder, "fetched")
        try:
            with path.open("wb") as copy, _stream(address) as file:
                size = 0
                while part := file.read(_CHUNK):
                    size += len(part)
                    if size > limit:
                        raise ReadError("too_large", f"more than {limit} bytes; the limit is {limit}")
                    copy.write(part)
        except AddressError as error:
            raise ReadError("not_found", str(error)) from error
        yield path


@contextmanager
def _stream(address: str) -> Iterator[IO[bytes]]:
    system, path = _opened(address)
    with _wrapped(), system.open(path, "rb") as file:
        yield file


def _opened(address: str) -> tuple[Any, str]:
    """Return the file system of an address and the path in it."""
    protocol = address.partition("://")[0].lower()
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise MissingComponentError(f"{protocol}:// needs a package: pip install 'clausedex[remote]'") from error
    try:
        system, path = url_to_fs(address)
    except ImportError as error:
        raise MissingComponentError(f"{protocol}:// needs a package that is not installed: {error}") from error
    except Exception as error:  # each protocol raises what its own library does
        raise AddressError(_text(error)) from error
    return system, str(path)


@contextmanager
def _wrapped() -> Iterator[None]:
    try:
        yield
    except (AddressError, ReadError, MissingComponentError):
        raise
    except FileNotFoundError as error:
        raise AddressError("no such file") from error
    except Exception as error:
        raise AddressError(f"cannot be opened: {_text(error)}") from error


def _text(error: Exception) -> str:
    line = (str(error).strip().splitlines() or [""])[0][:300]
    return re.sub(r"(\w://)[^/@\s]*@", r"\1", line) or type(error).__name__


def _found(system: Any, path: str, entry: Mapping[str, Any], asked: str, root: str = "") -> Found:
    return Found(_address(system, path, asked), path.removeprefix(root), int(entry.get("size") or 0), _time(entry))


def _address(system: Any, path: str, asked: str) -> str:
    """Return the address of a path, with the account that was asked with."""
    account = re.match(r"[^/]*//([^/@]*@)", asked)
    address = str(system.unstrip_protocol(path))
    if account is None:
        return address
    return re.sub(r"^([^/]*//)([^/@]*@)?", lambda head: head[1] + account[1], address)


def _time(entry: Mapping[str, Any]) -> int:
    for name in _TIMES:
        value = entry.get(name)
        if isinstance(value, datetime):
            return int(value.timestamp() * 1e9)
        if isinstance(value, int | float):
            return int(value * 1e9)
        if isinstance(value, str):
            try:
                return int(datetime.fromisoformat(value).timestamp() * 1e9)
            except ValueError:
                continue
    return 0
