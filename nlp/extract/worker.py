"""The child process that reads untrusted files; it must not be imported by the process that must survive.

It is started as ``python -P -m nlp.extract.worker REQUESTS REPLIES`` with two inherited pipes. A request is one frame of JSON
(path, password, pages to leave out, limits); the reply is a frame for every event and a last one of type ``done`` or ``failed``.
A request that names a page to draw is answered by one ``picture``.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nlp.errors import MissingComponentError, ReadError
from nlp.extract import confine
from nlp.extract.draft import LENGTH, Event, event_to_wire
from nlp.extract.limits import Limits
from nlp.extract.sniff import sniff

_COLLECT_EVERY = 20
"""Files between two collections of cycles, which are few; collecting while a file is read costs a tenth of its time."""


def events(path: Path, limits: Limits, password: str | None, skip: frozenset[int]) -> Iterator[Event]:
    """Read a file in this process, whatever its format; raises `ReadError` where it gives no document."""
    found = sniff(path)
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise ReadError("too_large", f"{size} bytes; the limit is {limits.file_bytes}")
    if found == "pdf":
        from nlp.extract.pages import read_pdf

        return read_pdf(path, limits, password, skip)
    if found == "image":
        from nlp.extract.image import read_image

        return read_image(path, limits, skip)
    from nlp.extract.flow import read_flow

    return read_flow(path, found, limits)


def serve(requests: int, replies: int) -> None:
    """Answer requests until the parent closes the pipe."""
    served = 0
    while (request := _receive(requests)) is not None:
        _answer(request, replies)
        served += 1
        if served % _COLLECT_EVERY == 0:
            gc.collect()


def _answer(request: dict[str, Any], replies: int) -> None:
    limits = Limits(**request["limits"])
    confine.renew_cpu(limits.cpu_seconds)
    gc.disable()
    try:
        if (wanted := request.get("draw")) is not None:
            from nlp.extract.picture import draw

            png = draw(Path(request["path"]), wanted["page"], wanted["dpi"], wanted["turn"], limits, request["password"])
            _send(replies, {"type": "picture", "png": base64.b64encode(png).decode("ascii")})
            return
        for event in events(Path(request["path"]), limits, request["password"], frozenset(request["skip"])):
            _send(replies, event_to_wire(event))
        _send(replies, {"type": "done"})
    except ReadError as error:
        _send(replies, {"type": "failed", "code": error.code, "message": str(error)})
    except MissingComponentError as error:
        _send(replies, {"type": "missing", "message": str(error)})
    except MemoryError:
        _send(replies, {"type": "failed", "code": "memory", "message": f"reading needed more than {limits.memory} bytes"})
    except RecursionError:
        _send(replies, {"type": "failed", "code": "unreadable", "message": "the file nests deeper than can be read"})
    except Exception as error:  # noqa: BLE001 - whatever a library raises on a hostile file is that file's failure
        _send(replies, {"type": "failed", "code": "unreadable", "message": f"{type(error).__name__}: {error}"[:500]})
    finally:
        gc.enable()


def _receive(pipe: int) -> dict[str, Any] | None:
    head = _read_exactly(pipe, LENGTH.size)
    if head is None:
        return None
    body = _read_exactly(pipe, LENGTH.unpack(head)[0])
    return None if body is None else json.loads(body)


def _read_exactly(pipe: int, count: int) -> bytes | None:
    parts = []
    while count:
        part = os.read(pipe, count)
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _send(pipe: int, message: dict[str, Any]) -> None:
    body = json.dumps(message, separators=(",", ":")).encode()
    data = memoryview(LENGTH.pack(len(body)) + body)
    while data:
        data = data[os.write(pipe, data) :]


def main() -> None:
    """Confine this process, then serve."""
    requests, replies, memory = map(int, sys.argv[1:4])
    confine.confine(memory)
    serve(requests, replies)


if __name__ == "__main__":
    main()
