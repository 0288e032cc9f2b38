"""Words, stems and concepts of a clause: the one reading of text that every rule and feature of this room shares.

Knows the lexicon; knows nothing of labels.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.vocab import Vocab

TOKEN = re.compile(r"[a-z0-9§][a-z0-9§&']*(?:[-./()][a-z0-9]+\)?)*|[;:,.()\"?!]")
"""A word (with inner hyphens, dots, slashes and parentheses: ``non-public``, ``u.s.c``, ``287(g)``) or a mark of punctuation."""

_PLAIN = tuple(zip("’‘“”–‑—", "''\"\"--;", strict=True))
"""Typographic marks and their plain ones, one for one. A long dash parts clauses as a semicolon does."""

_ENDINGS = (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"))
_DOUBLED = frozenset("bdgmnprt")


@dataclass(slots=True)
class Tokens:
    """The words of a text: their stems, and where each starts and ends in it (three lists of one length)."""

    stems: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.stems)


class Hit(NamedTuple):
    """A concept found at tokens ``[first, last)``."""

    concept: str
    first: int
    last: int


_stems: dict[str, str] = {}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nlp.classify").joinpath("lexicon.toml").read_text(encoding="utf-8"))


@cache
def irregular() -> dict[str, str]:
    """Return the words whose stem no ending tells."""
    return {word: stem for stem, words in _data()["irregular"].items() for word in words}


def stem(word: str) -> str:
    """Return the stem of a lower-case word: plural, past and ``-ing`` endings taken off, irregular forms mapped."""
    known = _stems.get(word)
    if known is None:
        known = _strip(word)
        if len(_stems) < 200_000:
            _stems[word] = known
    return known


def _strip(word: str) -> str:
    if "'" in word and word not in irregular():
        word = word.removesuffix("'s").removesuffix("s'")
    if word in irregular():
        return irregular()[word]
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, replacement in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + replacement
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] in _DOUBLED:
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def tokenize(text: str) -> Tokens:
    """Split a text into stems with their offsets; curly quotes count as straight ones."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters change length in lower case; offsets must hold
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if not lowered.isascii():
        for mark, plain in _PLAIN:
            lowered = lowered.replace(mark, plain)
    known, words, starts, ends = _stems, [], [], []
    for match in TOKEN.finditer(lowered):
        word = match.group()
        words.append(known.get(word) or stem(word))
        start, end = match.span()
        starts.append(start)
        ends.append(end)
    return Tokens(words, starts, ends)


@cache
def _matcher() -> tuple[PhraseMatcher, Vocab]:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    vocab = Vocab()
    matcher = PhraseMatcher(vocab)
    for concept, phrases in lexicon().items():
        matcher.add(concept, [Doc(vocab, words=tokenize(phrase).stems) for phrase in phrases])
    return matcher, vocab


@cache
def lexicon() -> dict[str, tuple[str, ...]]:
    """Return the concepts and their phrases."""
    return {name: tuple(phrases) for name, phrases in _data()["concept"].items()}


def concepts(tokens: Tokens) -> list[Hit]:
    """Find the concepts of the lexicon, in order of place; a match inside a longer match is dropped."""
    if not tokens.stems:
        return []
    from spacy.tokens import Doc

    matcher, vocab = _matcher()
    strings = vocab.strings
    found = matcher(Doc(vocab, words=tokens.stems))
    found.sort(key=lambda match: (match[1], -match[2]))
    hits: list[Hit] = []
    reach_first = reach_last = -1
    for key, first, last in found:
        if first >= reach_first and last <= reach_last and (first, last) != (reach_first, reach_last):
            continue
        if last > reach_last:
            reach_first, reach_last = first, last
        hits.append(Hit(strings[key], first, last))
    return hits
