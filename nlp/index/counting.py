"""Counts what a search finds, document by document, those that say nothing included; knows no engine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from nlp.index.comparing import within
from nlp.index.results import NO_FILTERS, DocumentInfo, Filters, Outline
from nlp.index.store import Store


@dataclass(frozen=True, slots=True)
class Counted:
    """A document, how many of its provisions were found, and where: number paths and pages, each once, in order."""

    document: DocumentInfo
    provisions: int
    numbers: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


def by_document(store: Store, query: str = "", *, filters: Filters = NO_FILTERS, silent: bool = False) -> list[Counted]:
    """Return the documents in which a query finds something, by path.

    With `silent` those of the same kinds and jurisdictions (as `filters` say, not the query) follow in which it finds nothing.
    """
    found: dict[str, list[Outline]] = defaultdict(list)
    for outline in store.outlines(query=query, filters=filters):
        found[outline.path].append(outline)
    documents = [document for document in store.documents() if document.path in found or within(document, filters)]
    speaking = [_counted(document, found[document.path]) for document in documents if document.path in found]
    return speaking + [Counted(document, 0) for document in documents if silent and document.path not in found]


def _counted(document: DocumentInfo, outlines: list[Outline]) -> Counted:
    numbers = dict.fromkeys(outline.number for outline in outlines if outline.number)
    pages = dict.fromkeys(outline.page for outline in outlines if outline.page is not None)
    return Counted(document, len(outlines), tuple(numbers), tuple(pages))
