"""Puts the application together: pages, static files, what an error looks like; it must not know what a page shows."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from nlp import __version__
from nlp.batch import Intake, Options
from nlp.errors import ClausedexError, MissingComponentError, StoreError
from nlp.index import Columns, Store, open_store
from nlp.web import about, api, comparing, cutting, documents, models, reviewing, searching, uploads
from nlp.web.asking import Asked
from nlp.web.cutting import Labeller
from nlp.web.kept import Kept
from nlp.web.pages import page
from nlp.web.pictures import Pictures
from nlp.web.removing import Removed
from nlp.web.security import Guard
from nlp.web.settings import Settings
from nlp.web.tasks import Tasks
from nlp.web.waiting import Waiting
from nlp.web.warming import Warmer

_LOG = logging.getLogger(__name__)
_TITLES = {400: "That cannot be done", 404: "There is no such page", 413: "That is too much at once", 503: "Not just now"}


def create_app(settings: Settings) -> ASGIApp:
    """Return the application, behind its guard; the index is made if there is none.

    Raises `StoreError` where the index cannot be opened.
    """
    with open_store(settings.db, create=True):
        pass

    pictures = Pictures(settings.db)
    tasks = Tasks(Intake(settings.db, Options(jobs=1), settings.model))

    kept, waiting, columns = Kept(), Waiting(), Columns()

    def warm(store: Store) -> None:
        if next(store.documents(), None) is not None:
            searching.answer(kept, store, Asked())
            comparing.ahead(kept, store)
            waiting.left(store)
        models.asked_ahead(settings.registered)

    warmer = Warmer(settings.db, warm, columns)

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        warmer.start()
        yield
        warmer.close()
        tasks.close()
        pictures.close()

    app = FastAPI(
        title="clausedex", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", lifespan=running
    )
    app.state.settings = settings
    app.state.pictures = pictures
    app.state.tasks = tasks
    app.state.labeller = Labeller(settings.model)
    app.state.kept = kept
    app.state.waiting = waiting
    app.state.removed = Removed()
    app.state.columns = columns
    for room in (searching, documents, uploads, reviewing, cutting, comparing, about, models, api):
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ClausedexError, _ours)
    app.add_exception_handler(Exception, _unexpected)
    return Guard(app, settings)


def _told(request: Request, status: int, message: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": message}, status)
    return page(request, "message.html", status, heading=_TITLES.get(status, "That did not work"), message=message)


def _http(request: Request, error: Exception) -> Response:
    status, detail = (error.status_code, str(error.detail)) if isinstance(error, HTTPException) else (500, "")
    return _told(request, status, "Nothing is kept at this address." if status == 404 and detail == "Not Found" else detail)


def _invalid(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    named = "; ".join(f"{'.'.join(map(str, problem['loc'][1:]))}: {problem['msg']}" for problem in found)
    return _told(request, 400, named or "The request cannot be read.")


def _ours(request: Request, error: Exception) -> Response:
    return _told(request, 503 if isinstance(error, StoreError | MissingComponentError) else 400, str(error))


def _unexpected(request: Request, error: Exception) -> Response:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _told(request, 500, "This program failed on the request. What happened stands in the server's own log.")
