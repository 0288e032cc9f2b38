"""Give up what a reader of untrusted files must not have: memory, time, network, new programs, writing; it knows no format."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
import sys

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN, _RETURN_ERROR = 0x20, 0x15, 0x06, 0x00050000
_CALLS = {
    # socket, connect, fork, vfork, execve, ptrace, execveat
    "x86_64": (0xC000003E, (41, 42, 57, 58, 59, 101, 322)),
    "aarch64": (0xC00000B7, (198, 203, 221, 117, 281)),
}
"""Kernel calls that no reader makes, by machine: the audit architecture and the numbers."""
_REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "ctypes.dlopen.remote")


def confine(memory: int) -> None:
    """Limit this process for good."""
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    leave_network()
    refuse_calls()
    sys.addaudithook(_refuse)


def renew_cpu(seconds: int) -> None:
    """Allow this process so many further seconds of processor time; beyond them the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds + 1, soft_only=True)


def refuse_calls() -> None:
    """Have the kernel refuse new sockets, new programs and tracing, where it can filter calls."""
    calls = _CALLS.get(platform.machine())
    if calls is None or not sys.platform.startswith("linux"):
        return
    architecture, numbers = calls
    refuse, allow = _RETURN_ERROR | errno.EPERM, 0x7FFF0000
    rows = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, allow), (_LOAD, 0, 0, 0)]
    rows += [(_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    rows += [(_RETURN, 0, 0, allow), (_RETURN, 0, 0, refuse)]
    code = b"".join(struct.pack("HBBI", *row) for row in rows)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("HP", len(rows), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
        libc.prctl(_SECCOMP, _FILTER, program, 0, 0)


def leave_network() -> None:
    """Move into a network of its own, without devices, where the system allows that."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _limit(which: int, value: int, soft_only: bool = False) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, hard if soft_only else value))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_REFUSED):
        raise PermissionError(f"a reader may not do this: {event}")
    if event == "open" and len(arguments) > 2 and isinstance(arguments[2], int):
        flags = arguments[2]
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC) and arguments[0] != os.devnull:
            raise PermissionError("a reader may not write files")
