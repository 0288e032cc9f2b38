"""Takes uploaded files: counts, names and hands them on, and shows how far they are; it must not read them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from nlp.batch import SUFFIXES
from nlp.errors import UsageError
from nlp.index import open_store
from nlp.web.pages import TEMPLATES, Reading, kept_of, page, settings_of
from nlp.web.settings import Settings
from nlp.web.tasks import Task, Tasks

router = APIRouter(include_in_schema=False)
MOST_FILES = 200
_CHUNK = 1 << 20
_LONGEST_NAME = 200
_EVENTS_PAUSE = 0.3
_EVENTS_SECONDS = 20.0
"""How long one answer of events lasts: a server that is told to stop waits for it."""


@router.get("/upload")
def show(request: Request, store: Reading) -> HTMLResponse:
    """Show where to drop files, and how far those are that were dropped."""
    settings, tasks = settings_of(request), tasks_of(request)
    listed = tasks.listed()
    busy = any(task.open for task in listed)
    known = kept_of(request).get(store, "documents known", lambda: {document.id for document in store.documents()})
    asking = not busy and any(f"sha256:{_hashed(path)}" not in known for path in _samples(settings))
    return page(
        request, "upload.html", tasks=listed, busy=busy, most=settings.upload_bytes, suffixes=sorted(SUFFIXES),
        samples=asking, empty=not known and not listed,
    )  # fmt: skip


@router.get("/upload/tasks")
def progress(request: Request) -> HTMLResponse:
    """Send the list of files alone."""
    return HTMLResponse(_drawn(tasks_of(request))[0])


@router.get("/upload/events")
def events(request: Request) -> StreamingResponse:
    """Send the list of files again whenever something has happened, as server-sent events, until no file is left to read.

    A browser asks again when the answer ends without the event ``end``, as it does after `_EVENTS_SECONDS`.
    """
    tasks = tasks_of(request)

    async def told() -> AsyncIterator[str]:
        yield f"retry: {round(_EVENTS_PAUSE * 1000)}\n\n"
        sent, until = -1, time.monotonic() + _EVENTS_SECONDS
        while time.monotonic() < until:
            if (now := tasks.changes) != sent:
                sent = now
                drawn, busy = _drawn(tasks)
                yield _event("" if busy else "end", drawn)
                if not busy:
                    return
            await asyncio.sleep(_EVENTS_PAUSE)

    return StreamingResponse(told(), media_type="text/event-stream")


def _drawn(tasks: Tasks) -> tuple[str, bool]:
    """Return the list of files as a piece of a page, and whether some are still to be read."""
    listed = tasks.listed()
    busy = any(task.open for task in listed)
    return TEMPLATES.get_template("tasks.html").render(tasks=listed, busy=busy), busy


def _event(name: str, data: str) -> str:
    head = f"event: {name}\n" if name else ""
    return head + "".join(f"data: {line}\n" for line in data.splitlines()) + "\n"


@router.post("/upload")
async def upload(request: Request) -> RedirectResponse:
    """Take files from a form."""
    await take(request)
    return RedirectResponse("/upload", 303)


@router.post("/samples")
def samples(request: Request) -> RedirectResponse:
    """Read the sample documents into the index."""
    folder, tasks = settings_of(request).samples, tasks_of(request)
    if folder is None:
        raise HTTPException(404, "The sample documents are not installed.")
    for path in _samples(settings_of(request)):
        _queued(tasks, settings_of(request).db, path, path.name, _hashed(path))
    return RedirectResponse("/upload", 303)


def _samples(settings: Settings) -> list[Path]:
    """Return the sample documents, none where they are not installed."""
    folder = settings.samples
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES) if folder is not None else []


def tasks_of(request: Request) -> Tasks:
    """Return the queue of files of the application that a request reached."""
    tasks: Tasks = request.app.state.tasks
    return tasks


async def take(request: Request) -> list[Task]:
    """Store every file of a form under a name of our own and put it in the queue."""
    settings, tasks = settings_of(request), tasks_of(request)
    if settings.uploads is None:
        raise HTTPException(404, "Nothing can be uploaded to this server.")
    async with request.form(max_files=MOST_FILES, max_fields=20) as form:
        given = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
        found = [await run_in_threadpool(_taken, tasks, settings, one.file, one.filename or "") for one in given]
    if not found:
        raise HTTPException(400, "No file was chosen.")
    return found


def shown_name(given: str) -> str:
    """Return a file's own name as people will see it: without folders and control characters, and not too long."""
    name = "".join(char if char.isprintable() else "�" for char in given.replace("\\", "/").rpartition("/")[2]).strip()
    return name[-_LONGEST_NAME:] or "unnamed"


def _taken(tasks: Tasks, settings: Settings, file: BinaryIO, given: str) -> Task:
    name, folder = shown_name(given), settings.uploads or Path()
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle, temporary = tempfile.mkstemp(dir=folder, prefix="arriving-")
    size = 0
    try:
        with os.fdopen(handle, "wb") as out:
            while part := file.read(_CHUNK):
                digest.update(part)
                size += out.write(part)
        if size == 0:
            return tasks.refused(name, "the file is empty", "Choose another copy of it.")
        path = folder / digest.hexdigest()
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return _queued(tasks, settings.db, path, name, digest.hexdigest())


def _queued(tasks: Tasks, db: str, path: Path, name: str, digest: str) -> Task:
    with open_store(db, read_only=True) as store:
        try:
            known = store.document(f"sha256:{digest}")
        except UsageError:
            return tasks.add(path, name, ours=path.name == digest)
    if Path(known.path).resolve() != path.resolve() and path.name == digest:
        path.unlink(missing_ok=True)
    return tasks.known(path, name, known.id)


def _hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
