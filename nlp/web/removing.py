"""Takes a document out of the index, with its uploaded copy, and knows for a while what was taken out; it must not know pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import HTTPException, Request

from nlp.index import DocumentInfo, Store
from nlp.web.pages import clauses_of, digest_of, settings_of, title_of
from nlp.web.tasks import Tasks
from nlp.web.waiting import Waiting

_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Gone:
    """A document that was taken out; `paths` are all it stood under, `copies` how many uploaded copies were deleted with it."""

    id: str
    title: str
    clauses: int
    paths: tuple[str, ...]
    copies: int


class Removed:
    """What was taken out since the server started: the next page names it, and the index no longer can."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gone: OrderedDict[str, Gone] = OrderedDict()

    def note(self, gone: Gone) -> None:
        """Keep what was taken out, for as long as not many others follow."""
        with self._lock:
            self._gone[gone.id] = gone
            self._gone.move_to_end(gone.id)
            if len(self._gone) > _REMEMBERED:
                self._gone.popitem(last=False)

    def told(self, document_id: str) -> Gone | None:
        """Return what is known of a document that was taken out."""
        with self._lock:
            return self._gone.get(document_id)


def remove(request: Request, store: Store, info: DocumentInfo) -> Gone:
    """Take a document out under every path it stands under, since its address is that of its bytes.

    A copy that this server made goes first: should that fail, the document is still there to try again.
    """
    paths = tuple(one.path for one in store.documents() if one.id == info.id)
    clauses = len(clauses_of(store, info.id))
    copies = _deleted(paths, info.id, settings_of(request).uploads)
    for path in paths:
        store.forget(path)
    waiting: Waiting = request.app.state.waiting
    waiting.forget(info.id)
    tasks: Tasks = request.app.state.tasks
    tasks.forget(info.id)
    gone = Gone(info.id, title_of(info), clauses, paths, copies)
    removed: Removed = request.app.state.removed
    removed.note(gone)
    return gone


def is_copy(path: str, document_id: str, uploads: Path | None) -> bool:
    """Tell whether a path is that of an uploaded copy: in the folder of uploads, under the name that uploads get."""
    place = Path(path)
    if uploads is None or place.name != digest_of(document_id):
        return False
    return place.parent.resolve() == uploads.resolve()


def _deleted(paths: Sequence[str], document_id: str, uploads: Path | None) -> int:
    """Delete the uploaded copies among some paths, and count them."""
    count = 0
    for path in paths:
        try:
            if is_copy(path, document_id, uploads):
                Path(path).unlink()
                count += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            why = error.strerror or "it is not known why"
            raise HTTPException(
                503, f"The uploaded copy cannot be deleted ({why}), so the document was left where it is."
            ) from error
    return count
