"""The same index for programs: JSON in and out, described by OpenAPI; it must not know the pages."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from nlp.errors import CorpusError
from nlp.index import Filters, compare, timeline
from nlp.records import to_json
from nlp.taxonomy import codebook
from nlp.web import cutting
from nlp.web.comparing import by_name
from nlp.web.documents import wanted
from nlp.web.offering import offered
from nlp.web.pages import Reading, Writing, clauses_of, differing, kept_of
from nlp.web.removing import remove
from nlp.web.reviewing import LONGEST_NAME, LONGEST_NOTE, clause_of
from nlp.web.tasks import Task
from nlp.web.uploads import take, tasks_of

router = APIRouter(prefix="/api")
Names = Annotated[list[str] | None, Query()]


class Facts(BaseModel):
    """What a person says a document is; what is left out is not known."""

    title: str | None = Field(None, max_length=500)
    kind: str | None = None
    jurisdiction: str | None = Field(None, max_length=500)
    agency: str | None = Field(None, max_length=500)
    date: str | None = Field(None, description="2024-06-11, 2024-06 or 2024")


class Decision(BaseModel):
    """A reviewer's word on a clause; the stance follows from the labels where it is left out."""

    labels: list[str]
    modality: str
    stance: str | None = None
    note: str = Field("", max_length=LONGEST_NOTE)
    reviewer: str = Field("", max_length=LONGEST_NAME)


class Reviewer(BaseModel):
    """Who does it."""

    reviewer: str = Field("", max_length=LONGEST_NAME)


class Split(Reviewer):
    """Before which word a clause is split: its offset in the clause's text."""

    at: int = Field(gt=0)


@router.get("/search")
def search(
    store: Reading,
    q: str = "",
    label: Names = None,
    stance: Names = None,
    modality: Names = None,
    jurisdiction: Names = None,
    kind: Names = None,
    limit: Annotated[int, Query(ge=0, le=1000)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    facets: bool = False,
    fold: bool = False,
) -> dict[str, Any]:
    """Find provisions, best first; facets and folding of near-identical clauses on demand."""
    given = (label, stance, modality, jurisdiction, kind)
    filters = Filters(*(tuple(values or ()) for values in given))
    found = store.search(q, filters, limit, offset, facets=facets, fold=fold)
    answer: dict[str, Any] = to_json(found)
    return answer


@router.get("/documents")
def documents(store: Reading) -> list[dict[str, Any]]:
    """List the documents."""
    return [to_json(document) for document in store.documents()]


@router.get("/documents/{digest}")
def document(store: Reading, digest: str) -> dict[str, Any]:
    """Return a document and its pages; `digest` is the SHA-256 of its bytes."""
    info = wanted(store, digest)
    return {**to_json(info), "pages": store.pages(info.id)}


@router.delete("/documents/{digest}")
def take_out(request: Request, store: Writing, digest: str) -> dict[str, Any]:
    """Take a document out of the index under every path it stands under, with its uploaded copy; other files stay.

    What people decided about it is kept and holds again should it be added again.
    """
    return _object(remove(request, store, wanted(store, digest)))


@router.put("/documents/{digest}/facts")
def tell(store: Writing, digest: str, facts: Facts) -> dict[str, Any]:
    """Keep what a person says a document is."""
    info = wanted(store, digest)
    store.tell(info.id, facts.model_dump())
    return _object(store.document(info.id))


@router.get("/documents/{digest}/text")
def text(store: Reading, digest: str) -> dict[str, str]:
    """Return the text that offsets of clauses count in."""
    return {"text": store.text(wanted(store, digest).id)}


@router.get("/documents/{digest}/clauses")
def clauses(store: Reading, digest: str) -> list[dict[str, Any]]:
    """Return the classified clauses of a document, in order."""
    return clauses_of(store, wanted(store, digest).id)


@router.get("/documents/{digest}/clauses/{clause}/decisions")
def decisions(store: Reading, digest: str, clause: str) -> list[dict[str, Any]]:
    """Return the decisions on a clause that stand, the oldest first."""
    return list(store.history(wanted(store, digest).id, clause))


@router.post("/documents/{digest}/clauses/{clause}/decisions")
def decide(store: Writing, digest: str, clause: str, decision: Decision) -> dict[str, Any]:
    """Decide what a clause is, and return it as it stands then."""
    info = wanted(store, digest)
    row = clause_of(store, info.id, clause)
    given = {**decision.model_dump(), "document_id": info.id, "clause_id": clause, "text": row["text"]}
    try:
        store.correct([given])
    except CorpusError as error:
        raise HTTPException(400, str(error)) from error
    return clause_of(store, info.id, clause)


@router.delete("/documents/{digest}/clauses/{clause}/decisions")
def undo(store: Writing, digest: str, clause: str) -> dict[str, Any]:
    """Take back the last decision on a clause, and return it as it stands then."""
    info = wanted(store, digest)
    if not store.undo(info.id, clause):
        raise HTTPException(404, "There is no decision on this clause to take back.")
    return clause_of(store, info.id, clause)


@router.post("/documents/{digest}/clauses/{clause}/split")
def split(request: Request, store: Writing, digest: str, clause: str, where: Split) -> list[dict[str, Any]]:
    """Split a clause in two, and return the pieces, labelled anew."""
    info = wanted(store, digest)
    clause_of(store, info.id, clause)
    return [clause_of(store, info.id, one) for one in cutting.split(request, store, info, clause, where.at, where.reviewer)]


@router.post("/documents/{digest}/clauses/{clause}/join")
def join(request: Request, store: Writing, digest: str, clause: str, who: Reviewer) -> dict[str, Any]:
    """Join a clause to the one before, and return the whole, labelled anew."""
    info = wanted(store, digest)
    clause_of(store, info.id, clause)
    return clause_of(store, info.id, cutting.join(request, store, info, clause, who.reviewer)[0])


@router.get("/documents/{digest}/cuts")
def cuts(store: Reading, digest: str) -> list[dict[str, Any]]:
    """Return where people split and joined clauses of a document, the oldest first; places count in its text."""
    return [_object(cut) for cut in store.cuts(wanted(store, digest).id)]


@router.delete("/documents/{digest}/cuts/{number}")
def uncut(request: Request, store: Writing, digest: str, number: int) -> list[dict[str, Any]]:
    """Take back a split or a join, and return the clauses that came back."""
    info = wanted(store, digest)
    return [clause_of(store, info.id, one) for one in cutting.undo(request, store, info, number)]


@router.get("/compare")
def matrix(store: Reading, by: str = "jurisdiction", columns: str = "topics") -> dict[str, Any]:
    """Return what each row says on each column."""
    return _object(compare(store, by=by_name(by), columns=columns))


@router.get("/timeline")
def years(store: Reading) -> dict[str, dict[str, int]]:
    """Return in how many documents of each year each label stands."""
    return timeline(store)


@router.get("/diff")
def diff(store: Reading, old: str, new: str) -> dict[str, Any]:
    """Align the clauses of two documents, each named by the SHA-256 of its bytes."""
    return _object(differing(store, wanted(store, old).id, wanted(store, new).id))


@router.get("/labels")
def labels(request: Request, store: Reading) -> dict[str, Any]:
    """Return the codebook, and as `own` the labels of this index that are not in it, each with how many clauses have it."""
    return {**_object(codebook()), "own": offered(kept_of(request), store).own}


@router.get("/corrections")
def corrections(store: Reading) -> list[dict[str, Any]]:
    """Return the corrections in force, as they are exported."""
    return list(store.corrections())


@router.post("/files", status_code=202)
async def files(request: Request) -> list[dict[str, Any]]:
    """Take files (a form with ``files``) into the queue of those to be read."""
    return [_task(task) for task in await take(request)]


@router.get("/files")
def progress(request: Request) -> list[dict[str, Any]]:
    """Tell how far the files are that were taken since the server started, the latest first."""
    return [_task(task) for task in tasks_of(request).listed()]


def _task(task: Task) -> dict[str, Any]:
    names = ("number", "name", "state", "message", "remedy", "document_id", "clauses", "through", "pages", "facts")
    return {name: getattr(task, name) for name in names}


def _object(record: Any) -> dict[str, Any]:
    return dict(to_json(record))
