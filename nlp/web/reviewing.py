"""The review queue: one uncertain clause at a time, decided, noted and taken back; it must not know how decisions are kept."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from nlp.errors import CorpusError
from nlp.index import Store
from nlp.records import MODALITIES
from nlp.web.documents import wanted
from nlp.web.offering import offered
from nlp.web.pages import REVIEWER, Reading, Writing, clauses_of, digest_of, kept_of, page
from nlp.web.pictures import Pictures
from nlp.web.security import encrypted
from nlp.web.waiting import Waiting

router = APIRouter(include_in_schema=False)
LONGEST_NOTE = 2000
LONGEST_NAME = 100
YEAR = 365 * 24 * 3600


def clause_of(store: Store, document_id: str, clause_id: str) -> dict[str, Any]:
    """Return a clause of a document, or answer 404."""
    found = next((row for row in clauses_of(store, document_id) if row["id"] == clause_id), None)
    if found is None:
        raise HTTPException(404, "There is no such clause in this document; it may have been read anew since.")
    return found


def remember(request: Request, answer: Response, reviewer: str) -> None:
    """Let a browser keep who decides, so that the name is there the next time."""
    answer.set_cookie(REVIEWER, quote(reviewer), max_age=YEAR, httponly=True, samesite="strict", secure=encrypted(request))


@router.get("/review")
def queue(
    request: Request,
    store: Reading,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    done: str = "",
    clause: str = "",
) -> Response:
    """Show the next clause the model is unsure of; `done` and `clause` name what was decided just now."""
    waiting: Waiting = request.app.state.waiting
    left = waiting.left(store)
    skip = skip if skip < len(left) else 0
    past = clause_of(store, wanted(store, done).id, clause) if done and clause else None
    if not left:
        empty = next(store.documents(), None) is None
        return page(request, "reviewed.html", past=past, decided=sum(1 for _ in store.corrections()), empty=empty)
    row = next((row for row in clauses_of(store, left[skip]["document_id"]) if row["id"] == left[skip]["id"]), None)
    if row is None:  # its document was read anew since the queue was drawn
        waiting.forget(left[skip]["document_id"])
        return RedirectResponse("/review", 303)
    drawn = sum(one["why"] == "random" and not one["abstained"] for one in left)
    return _shown(request, store, row, waiting=store.waiting() + drawn, skip=skip, past=past, why=left[skip]["why"])


@router.get("/review/{digest}/{clause}")
def one(request: Request, store: Reading, digest: str, clause: str, cut: int = 0, undone: str = "") -> HTMLResponse:
    """Show one clause to decide on; `cut` is the number of the cut that made it just now, `undone` says what was taken back."""
    row = clause_of(store, wanted(store, digest).id, clause)
    return _shown(request, store, row, waiting=None, skip=0, past=None, cut=cut, undone=undone)


def _shown(
    request: Request,
    store: Store,
    row: dict[str, Any],
    *,
    waiting: int | None,
    skip: int,
    past: dict[str, Any] | None,
    why: str = "",
    cut: int = 0,
    undone: str = "",
) -> HTMLResponse:
    info = store.document(row["document_id"])
    pictures: Pictures = request.app.state.pictures
    sheets = {sheet["number"]: sheet for sheet in store.pages(info.id)}
    sheet = sheets.get(row["boxes"][0]["page"]) if row["boxes"] and pictures.file_of(info) else None
    chosen = [label["name"] for label in row["labels"]]
    choices = offered(kept_of(request), store, [*chosen, *(guess["name"] for guess in row["guesses"])])
    return page(
        request, "review.html", row=row, why_shown=why, document=info, undone=undone,
        sheet=sheet, waiting=waiting, skip=skip, past=past, groups=choices.groups,
        own=choices.own, chosen=chosen, modalities=MODALITIES, history=list(store.history(info.id, row["id"])),
        longest=LONGEST_NOTE,
        cut_now=next((past_cut for past_cut in store.cuts(info.id) if past_cut.number == cut), None) if cut else None,
    )  # fmt: skip


@router.post("/review/{digest}/{clause}")
def decide(
    request: Request,
    store: Writing,
    digest: str,
    clause: str,
    labels: Annotated[list[str] | None, Form()] = None,
    modality: Annotated[str, Form()] = "",
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
    reviewer: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
    accept: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "queue",
    skip: Annotated[int, Form(ge=0, le=1_000_000)] = 0,
) -> RedirectResponse:
    """Keep a decision: the labels given, or those the clause has where it is accepted as it stands."""
    info = wanted(store, digest)
    row = clause_of(store, info.id, clause)
    if accept:
        labels, modality = [label["name"] for label in row["labels"]], row["modality"]
    decision = {
        "document_id": info.id, "clause_id": clause, "text": row["text"], "labels": labels or [], "modality": modality,
        "note": note.strip(), "reviewer": reviewer.strip(),
    }  # fmt: skip
    unknown = set(decision["labels"]) - store.labels() - {found["name"] for found in (*row["labels"], *row["guesses"])}
    if unknown:
        raise HTTPException(400, f"There is no label {', '.join(sorted(unknown))} in the codebook or this index.")
    try:
        store.correct([decision])
    except CorpusError as error:
        raise HTTPException(400, str(error)) from error
    answer = RedirectResponse(_after(digest, clause, back, skip), 303)
    if reviewer.strip():
        remember(request, answer, reviewer.strip())
    return answer


@router.post("/review/{digest}/{clause}/undo")
def undo(store: Writing, digest: str, clause: str, back: Annotated[str, Form()] = "queue") -> RedirectResponse:
    """Take back the last decision on a clause."""
    info = wanted(store, digest)
    clause_of(store, info.id, clause)
    if not store.undo(info.id, clause):
        raise HTTPException(400, "There is no decision on this clause to take back.")
    there = f"/review/{quote(digest_of(info.id), safe='')}/{quote(clause, safe='')}?undone=decision"
    return RedirectResponse(_on_page(digest, clause, undone="decision") if back == "document" else there, 303)


def _on_page(digest: str, clause: str, **told: str) -> str:
    return f"/documents/{quote(digest, safe='')}?{urlencode({'clause': clause, **told})}#current"


def _after(digest: str, clause: str, back: str, skip: int) -> str:
    if back == "document":
        return _on_page(digest, clause)
    return f"/review?{urlencode({'skip': skip, 'done': digest, 'clause': clause})}"
