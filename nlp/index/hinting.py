"""Says why a search found nothing and what would have found something; knows no engine and writes to no one."""

from __future__ import annotations

import difflib
import re

from nlp.index.query import FIELDS, words
from nlp.index.results import NO_FILTERS, Filters
from nlp.index.store import Store

MOST_WORDS = 8
"""A query of more words is not taken apart: each word costs two searches."""
SHORTEST = 4
"""Words of fewer letters are like too many others."""
BEGINNING = 3
"""Letters from the beginning of a word that are taken to be typed right."""

CANDIDATES = 50
"""Hits whose words are looked through for the one that was meant."""
ALIKE = 0.75
"""How alike the word that was meant must be, 0 to 1."""

_FIELD = re.compile(rf'(?<!\S)-?(?:{"|".join(FIELDS)}):(?:"[^"]*"|\S+)')
_PLAIN = re.compile(r"[\w§.'’-]+(?:\s+[\w§.'’-]+)*")
_OPERATORS = frozenset(("AND", "OR", "NOT"))


def hint(store: Store, query: str, filters: Filters = NO_FILTERS) -> str:
    """Say what keeps a query of plain words, perhaps with fields, from finding anything; empty where nothing can be said.

    It names words that stand nowhere in the index, with a word alike that does, words without which something is found, and says
    where fields or filters alone are in the way.
    """
    fields = _FIELD.findall(query)
    plain = _FIELD.sub(" ", query).strip()
    asked = plain.split()
    if (
        not _PLAIN.fullmatch(plain)
        or any(word in _OPERATORS or word.startswith("-") for word in asked)
        or len(asked) > MOST_WORDS
    ):
        return ""
    said = [*_unknown(store, asked), *_dropping(store, asked, fields, filters)]
    narrowed = bool(fields) or filters != NO_FILTERS
    total = store.search(plain, NO_FILTERS, 0).total if narrowed else 0
    if total:
        said.append(f"without the fields and options {_do(total)}")
    if len(asked) > 1:
        either = " OR ".join(asked)
        said.append(f"any of them: {' '.join((f'({either})', *fields)) if fields else either}")
    return "; ".join(said)


def _unknown(store: Store, asked: list[str]) -> list[str]:
    said = []
    for word in asked:
        if not store.search(word, NO_FILTERS, 0).total:
            meant = _meant(store, word)
            said.append(f"“{word}” stands nowhere in the index" + (f", “{meant}” does" if meant else ""))
    return said


def _dropping(store: Store, asked: list[str], fields: list[str], filters: Filters) -> list[str]:
    """Say without which of several words something is found, the most first."""
    if len(asked) == 1:
        return []
    left = [
        (store.search(" ".join((*asked[:at], *asked[at + 1 :], *fields)), filters, 0).total, word)
        for at, word in enumerate(asked)
    ]
    return [f"without “{word}” {_do(total)}" for total, word in sorted(left, reverse=True)[:3] if total]


def _do(total: int) -> str:
    return f"{total} {'does' if total == 1 else 'do'}"


def _meant(store: Store, word: str) -> str | None:
    """Return the word of the index most like a word, of those that begin alike, the longest common beginning first."""
    typed = word.casefold()
    if len(typed) < SHORTEST or words(typed) != (typed,):
        return None
    for length in range(len(typed) - 1, BEGINNING - 1, -1):
        beginning = typed[:length]
        found = {
            other
            for hit in store.search(f"{beginning}*", NO_FILTERS, CANDIDATES).hits
            for other in words(str(hit.provision["text"]).casefold())
            if other.startswith(beginning)
        }
        near = difflib.get_close_matches(typed, sorted(found), n=1, cutoff=ALIKE)
        if near:
            return near[0]
    return None
