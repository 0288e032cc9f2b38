"""Splitting a clause in two and joining it to a neighbour, and taking that back; it must not know how clauses are found."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from nlp.index import Cut, DocumentInfo, Store
from nlp.records import Clause, Provision, Word
from nlp.web.documents import wanted
from nlp.web.pages import Reading, Writing, clauses_of, digest_of, page
from nlp.web.pictures import Pictures
from nlp.web.reviewing import LONGEST_NAME, remember
from nlp.web.waiting import Waiting

if TYPE_CHECKING:
    from nlp.classify import Classifier

router = APIRouter(include_in_schema=False)
_WORD = re.compile(r"\S+")
_MANY = 400
"""From so many words on a clause may only be split where a sentence or a part of one ends, so that its page stays small."""
_PART = re.compile(r"[.;:,)—–]\W*$")


class Labeller:
    """Labels clauses by the model that new files are labelled by, kept until it is another."""

    def __init__(self, model: Callable[[], str | None]) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._loaded: tuple[str | None, Classifier] | None = None

    def __call__(self, clauses: Sequence[Clause]) -> Sequence[Provision]:
        """Return the clauses with what the model says of them."""
        from nlp.classify import Classifier

        with self._lock:
            directory = self._model()
            if self._loaded is None or self._loaded[0] != directory:
                self._loaded = directory, Classifier.load(Path(directory) if directory else None)
            return self._loaded[1].provisions(clauses)


def split(request: Request, store: Store, info: DocumentInfo, clause: str, at: int, reviewer: str) -> tuple[str, ...]:
    """Split a clause before the word at an offset of its text; return the ids of the pieces."""
    labeller: Labeller = request.app.state.labeller
    words = _words(request, store, info, [clause])
    return _done(request, info, store.split(info.id, clause, at, labeller, reviewer=reviewer, words=words))


def join(request: Request, store: Store, info: DocumentInfo, clause: str, reviewer: str) -> tuple[str, ...]:
    """Join a clause to the one before; return the id of the whole."""
    labeller: Labeller = request.app.state.labeller
    words = _words(request, store, info, [clause])
    return _done(request, info, store.join(info.id, clause, labeller, reviewer=reviewer, words=words))


def undo(request: Request, store: Store, info: DocumentInfo, number: int) -> tuple[str, ...]:
    """Take back a cut; return the ids of the clauses that came back, or answer 404."""
    labeller: Labeller = request.app.state.labeller
    past = next((cut for cut in store.cuts(info.id) if cut.number == number), None)
    rows = clauses_of(store, info.id)
    place = past.within(store.text(info.id)) if past is not None else None
    near = [row["id"] for row in rows if place is not None and row["start"] <= place <= row["end"] + 1]
    found = store.uncut(info.id, number, labeller, words=_words(request, store, info, near))
    if found is None:
        raise HTTPException(404, "There is no such cut to take back; someone may have done it already.")
    return _done(request, info, found)


def _words(request: Request, store: Store, info: DocumentInfo, clauses: Sequence[str]) -> list[Word]:
    """Return the words of the pages some clauses stand on, none where they cannot be read again."""
    rows = [row for row in clauses_of(store, info.id) if row["id"] in clauses]
    pages = {number for row in rows if row["boxes"] for number in row["pages"]}
    pictures: Pictures = request.app.state.pictures
    return pictures.words(info, pages, store.pages(info.id), store.text(info.id)) if pages else []


def _done(request: Request, info: DocumentInfo, found: tuple[str, ...]) -> tuple[str, ...]:
    waiting: Waiting = request.app.state.waiting
    waiting.forget(info.id)
    return found


@router.get("/review/{digest}/{clause}/cut")
def choose(request: Request, store: Reading, digest: str, clause: str, back: str = "document") -> HTMLResponse:
    """Show where a clause may be split and what it may be joined to."""
    info = wanted(store, digest)
    rows = clauses_of(store, info.id)
    at = next((number for number, row in enumerate(rows) if row["id"] == clause), None)
    if at is None:
        raise HTTPException(404, "There is no such clause in this document; it may have been read anew since.")
    after = rows[at + 1] if at + 1 < len(rows) else None
    text = store.text(info.id)
    return page(
        request, "cut.html", document=info, row=rows[at], before=rows[at - 1] if at else None, after=after, back=back,
        words=places(rows[at]["text"]), cuts=[cut for cut in store.cuts(info.id) if _touches(cut, text, rows[at], after)],
    )  # fmt: skip


def places(text: str) -> list[tuple[int | None, str]]:
    """Cut a clause's text into words, each with its offset where the clause may be split before it; else None."""
    words = list(_WORD.finditer(text))
    found: list[tuple[int | None, str]] = []
    for number, word in enumerate(words):
        fits = number > 0 and (len(words) <= _MANY or _PART.search(words[number - 1][0]) is not None)
        found.append((word.start() if fits else None, word[0]))
    return found


def _touches(cut: Cut, text: str, row: dict[str, Any], after: dict[str, Any] | None) -> bool:
    """Tell whether a cut made a clause what it is: it begins or ends there, or was joined there."""
    place = cut.within(text)
    if cut.action == "split":
        return place == row["start"] or (after is not None and place == after["start"])
    return place is not None and row["start"] < place < row["end"]


@router.post("/review/{digest}/{clause}/cut")
def act(
    request: Request,
    store: Writing,
    digest: str,
    clause: str,
    what: Annotated[str, Form()],
    at: Annotated[int | None, Form()] = None,
    reviewer: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
    back: Annotated[str, Form()] = "document",
) -> RedirectResponse:
    """Split a clause at a word, or join it to the one before or after."""
    info = wanted(store, digest)
    name = reviewer.strip()
    if what == "split":
        if at is None:
            raise HTTPException(400, "Choose the word that the second clause begins with.")
        found = split(request, store, info, clause, at, name)
    elif what in ("before", "after"):
        ids = [row["id"] for row in clauses_of(store, info.id)]
        place = ids.index(clause) + (what == "after") if clause in ids else len(ids)
        if not 0 < place < len(ids):
            raise HTTPException(400, "There is no clause there to join this one to.")
        found = join(request, store, info, ids[place], name)
    else:
        raise HTTPException(400, "A clause is split, or joined to the one before or after.")
    made = store.cuts(info.id)
    answer = RedirectResponse(_onward(info, found, back, made[-1].number if made else None), 303)
    if name:
        remember(request, answer, name)
    return answer


@router.post("/documents/{digest}/cuts/{number}/undo")
def take_back(
    request: Request, store: Writing, digest: str, number: int, back: Annotated[str, Form()] = "document"
) -> RedirectResponse:
    """Take back a cut."""
    info = wanted(store, digest)
    return RedirectResponse(_onward(info, undo(request, store, info, number), back, None), 303)


def _onward(info: DocumentInfo, found: tuple[str, ...], back: str, number: int | None) -> str:
    digest = quote(digest_of(info.id), safe="")
    told = {"cut": str(number)} if number is not None else {"undone": "cut"}
    if not found:
        return f"/documents/{digest}"
    if back == "review":
        return f"/review/{digest}/{quote(found[0], safe='')}?{urlencode(told)}"
    return f"/documents/{digest}?{urlencode({'clause': found[0], **told})}#current"
