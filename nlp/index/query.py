"""Reads what a person types into a search box; knows nothing of databases.

    query   := choice
    choice  := all (OR all)*
    all     := not ([AND] not)*
    not     := (NOT | -) not | near
    near    := atom (NEAR/n atom)*                          words or phrases, or a choice of them in parentheses
    atom    := "(" choice ")" | "a phrase" | word | word* | field:value

Operators are written in capitals. Nothing typed reaches an engine: words are cut down to letters and digits, and values of
fields are passed beside the query.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

from nlp.errors import QueryError
from nlp.index.dates import span_of
from nlp.index.places import code_of
from nlp.index.storable import clean
from nlp.index.tree import Everything, Field, FieldName, Near, Node, Not, Or, Phrase, join
from nlp.records import DOCUMENT_KINDS, MODALITIES, ConditionType, Stance
from nlp.taxonomy import codebook

MAX_LENGTH = 2000
MAX_TERMS = 100
MAX_DEPTH = 40
"""Bounds that no query of a person reaches, in characters, terms and levels: what is typed must not cost an engine seconds."""

DEFAULT_DISTANCE = 10
MAX_DISTANCE = 50
"""Words between the two sides of NEAR."""

FIELDS: dict[str, str] = {
    "label": "a label of the codebook; a star may end it",
    "stance": "restricts, enables, safeguards, neutral or mixed",
    "modality": "prohibition, obligation, permission, exemption, definition or statement",
    "jurisdiction": "a state, or part of the name of a place",
    "state": "a state's postal code or name",
    "kind": "statute, ordinance, bill, policy, agreement, resolution, order or other",
    "date": "2017, >2017, <=2019-06, 2017..2020",
    "has": "judicial-warrant, listed-offence, hours, form, agreement, consent or exception",
    "document": "part of the path or title, or the id",
    "number": "the number path of a clause; what it holds is found too",
    "reviewed": "yes or no",
    "abstained": "yes or no: clauses the model wants a person to see",
    "id": "the id of a clause",
}
"""The fields of the query language and what each takes."""

_CLOSED: dict[str, tuple[str, ...]] = {
    "stance": get_args(Stance),
    "modality": MODALITIES,
    "kind": DOCUMENT_KINDS,
    "has": get_args(ConditionType),
}
_YES_NO = {"yes": "1", "true": "1", "1": "1", "no": "0", "false": "0", "0": "0"}
_QUOTES = '"“”„«»'
_FIELD = re.compile(r"([A-Za-z][A-Za-z_-]*):")
_CHUNK = re.compile(rf"[^\s(){_QUOTES}]+")
_ENUMERATOR = re.compile(r"\([^\W_]{1,4}\)")
_NEAR = re.compile(r"NEAR(?:/(.*))?")
_TOKEN = re.compile(r"[^\W_]+")

TokenKind = Literal["open", "close", "and", "or", "not", "near", "term", "end"]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: TokenKind
    position: int
    node: Node | None = None
    distance: int = 0


def words(text: str) -> tuple[str, ...]:
    """Return the runs of letters and digits of a text, in order."""
    return tuple(_TOKEN.findall(unicodedata.normalize("NFC", text)))


def parse(query: str, *, labels: Collection[str] = ()) -> Node:
    """Read a query into a tree.

    `labels` are names beyond the codebook's that ``label:`` accepts. Raises `QueryError` with the place where reading stopped;
    no other error whatever is typed. An empty query is `Everything`.
    """
    if len(query) > MAX_LENGTH:
        raise QueryError(f"the query is over {MAX_LENGTH} characters long; shorten it", query, MAX_LENGTH)
    return _Parser(query, _tokens(query, frozenset(labels) | set(codebook().names))).read()


class _Parser:
    def __init__(self, query: str, tokens: list[_Token]) -> None:
        self.query = query
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def here(self) -> _Token:
        return self.tokens[self.at]

    def error(self, message: str, position: int | None = None) -> QueryError:
        return QueryError(message, self.query, self.here().position if position is None else position)

    def read(self) -> Node:
        if self.here().kind == "end":
            if self.query.strip():
                raise self.error("nothing to search for: the query holds no letter or digit", 0)
            return Everything()
        node = self.choice()
        if self.here().kind == "close":
            raise self.error("this closing parenthesis has no opening one")
        return node

    def choice(self) -> Node:
        parts = [self.all()]
        while self.here().kind == "or":
            self.at += 1
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all(self) -> Node:
        parts = [self.negation()]
        while self.here().kind in ("and", "not", "term", "open"):
            if self.here().kind == "and":
                self.at += 1
            parts.append(self.negation())
        return join(parts)

    def negation(self) -> Node:
        if self.here().kind != "not":
            return self.near()
        self.nest()
        self.at += 1
        part = self.negation()
        self.depth -= 1
        return part.part if isinstance(part, Not) else Not(part)

    def near(self) -> Node:
        start = self.here().position
        left = self.atom()
        found: list[Node] = []
        while self.here().kind == "near":
            token = self.here()
            self.at += 1
            after = self.here().position
            right = self.atom()
            before, behind = _phrases(left), _phrases(right)
            if not before or not behind:
                message = "NEAR stands between two words or phrases, or choices of them, as in (jail OR prison) NEAR/5 warrant"
                raise self.error(message, after if before else start)
            if len(before) * len(behind) > MAX_TERMS:
                raise self.error(f"NEAR between {len(before)} and {len(behind)} words is over {MAX_TERMS} pairs", after)
            found.append(self.pairs(before, behind, token.distance, after))
            left, start = right, after
        return join(found) if found else left

    def pairs(self, before: Sequence[Phrase], behind: Sequence[Phrase], distance: int, position: int) -> Node:
        ways: list[Node] = []
        for left, right in product(before, behind):
            shared = {word.lower() for word in left.words} & {word.lower() for word in right.words}
            if shared:
                raise self.error(f"both sides of NEAR hold the word {min(shared)!r}; it takes different words", position)
            ways.append(Near(left, right, distance))
        return ways[0] if len(ways) == 1 else Or(tuple(ways))

    def atom(self) -> Node:
        token = self.here()
        if token.kind == "term" and token.node is not None:
            self.at += 1
            return token.node
        if token.kind == "open":
            self.nest()
            return self.group(token)
        if token.kind == "end":
            raise self.error("the query ends where a word was expected")
        if token.kind == "close":
            raise self.error("a word was expected before this closing parenthesis")
        raise self.error(f"a word was expected before {token.kind.upper()}; quote it to search for the word itself")

    def group(self, opening: _Token) -> Node:
        self.at += 1
        if self.here().kind == "close":
            raise self.error("nothing stands between these parentheses", opening.position)
        node = self.choice()
        if self.here().kind != "close":
            raise self.error("this parenthesis is not closed", opening.position)
        self.at += 1
        self.depth -= 1
        return node

    def nest(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"the query is nested more than {MAX_DEPTH} deep")


def _phrases(node: Node) -> tuple[Phrase, ...]:
    """Return the phrases a tree chooses from; none where it is anything else."""
    if isinstance(node, Phrase):
        return (node,)
    if not isinstance(node, Or):
        return ()
    parts = [_phrases(part) for part in node.parts]
    return tuple(phrase for part in parts for phrase in part) if all(parts) else ()


def _tokens(query: str, labels: Collection[str]) -> list[_Token]:
    """Cut a query into tokens; a chunk without letter or digit, such as a lone section sign, is passed over."""
    text = clean(query)
    tokens: list[_Token] = []
    terms = at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()":
            tokens.append(_Token("open" if char == "(" else "close", at))
            at += 1
        elif char == "-" and text[at + 1 : at + 2].strip(" \t\r\n-)") and not text[at + 1].isspace():
            tokens.append(_Token("not", at))
            at += 1
        else:
            token, at = _term(query, text, at, labels)
            if token is not None:
                tokens.append(token)
                terms += token.kind == "term"
        if terms > MAX_TERMS:
            raise QueryError(f"the query has more than {MAX_TERMS} terms; shorten it", query, at)
    return [*tokens, _Token("end", len(text))]


def _term(query: str, text: str, at: int, labels: Collection[str]) -> tuple[_Token | None, int]:
    """Read an operator, field, phrase or word at `at`; return it and where it ends."""
    field = _FIELD.match(text, at)
    if field is not None:
        value, start, end = _value(query, text, field.end())
        node = _field(query, field[1].lower(), value, at, start, labels)
        return _Token("term", at, node), end
    if text[at] in _QUOTES:
        value, _, end = _value(query, text, at)
        prefix = text[end : end + 1] == "*"
        found = words(value)
        return (_Token("term", at, Phrase(found, prefix)) if found else None), end + prefix
    chunk, end = _chunk(text, at)
    if (operator := {"AND": "and", "OR": "or", "NOT": "not"}.get(chunk)) is not None:
        return _Token(operator, at), end  # type: ignore[arg-type]  # the table above holds token kinds alone
    if (near := _NEAR.fullmatch(chunk)) is not None:
        return _Token("near", at, distance=_distance(query, near[1], at)), end
    found = words(chunk)
    if not found:
        return None, end
    star = chunk.rstrip(".,;:!?").find("*")
    if star >= 0 and any(char.isalnum() for char in chunk[star:]):
        raise QueryError("a star may only end a word", query, at + star)
    return _Token("term", at, Phrase(found, star >= 0)), end


def _chunk(text: str, at: int) -> tuple[str, int]:
    """Return the word at `at` with the enumerators that cling to it, as in ``287(g)``."""
    match = _CHUNK.match(text, at)
    assert match is not None  # noqa: S101 - the caller stands on no space, quote or parenthesis
    end = match.end()
    if match[0] not in ("AND", "OR", "NOT") and not match[0].startswith("NEAR") and text[end - 1].isalnum():
        while (enumerator := _ENUMERATOR.match(text, end)) is not None:
            end = enumerator.end()
            if (tail := _CHUNK.match(text, end)) is not None:
                end = tail.end()
    return text[at:end], end


def _value(query: str, text: str, at: int) -> tuple[str, int, int]:
    """Return a quoted or bare value, where it starts and where it ends."""
    if at < len(text) and text[at] in _QUOTES:
        close = next((index for index in range(at + 1, len(text)) if text[index] in _QUOTES), None)
        if close is None:
            raise QueryError("this quotation mark is not closed", query, at)
        return text[at + 1 : close], at, close + 1
    match = _CHUNK.match(text, at)
    return (match[0], at, match.end()) if match is not None else ("", at, at)


def _distance(query: str, written: str | None, at: int) -> int:
    if written is None:
        return DEFAULT_DISTANCE
    if not (written.isascii() and written.isdecimal() and int(written[:4]) <= MAX_DISTANCE and len(written) < 4):
        raise QueryError(f"NEAR/n takes a number from 0 to {MAX_DISTANCE}, as in detainer NEAR/5 warrant", query, at)
    return int(written)


def _field(query: str, name: str, value: str, at: int, start: int, labels: Collection[str]) -> Node:
    name = {"jur": "jurisdiction", "doc": "document"}.get(name, name)
    if name not in FIELDS:
        near = difflib.get_close_matches(name, FIELDS, n=1)
        hint = f"did you mean {near[0]}:?" if near else f"fields are {', '.join(FIELDS)}"
        raise QueryError(f"there is no field {name!r}; {hint} Quote the words to search for them as they stand", query, at)
    value = value.strip()
    if not value:
        raise QueryError(f"{name}: needs a value: {FIELDS[name]}", query, start)
    if name == "date":
        return span_of(query, value, start)
    try:
        return field(name, value, labels=labels)
    except ValueError as error:
        raise QueryError(str(error), query, start) from error


def field(name: str, value: str, *, labels: Collection[str] = ()) -> Field:
    """Return the tree of one field and value; raise `ValueError` with the values allowed if there is no such value."""
    kind: FieldName = name  # type: ignore[assignment]  # callers pass names of FIELDS alone
    if name == "label":
        prefix = value.endswith("*")
        stem = value.rstrip("*").lower()
        known = [label for label in labels if label.lower().startswith(stem)] if prefix else [stem]
        if (not prefix and stem not in {label.lower() for label in labels}) or not known:
            raise ValueError(_no_such("label", stem, sorted(labels)))
        return Field("label", tuple(sorted(label for label in labels if label.lower() in known or label in known)))
    if name in _CLOSED:
        if value.lower() not in _CLOSED[name]:
            raise ValueError(_no_such(name, value, _CLOSED[name]))
        return Field(kind, (value.lower(),))
    if name in ("reviewed", "abstained"):
        if value.lower() not in _YES_NO:
            raise ValueError(f"{name}: takes yes or no")
        return Field(kind, (_YES_NO[value.lower()],))
    if name == "state":
        code = code_of(value)
        if code is None:
            raise ValueError(f"there is no state {value!r}; give its postal code or name")
        return Field(kind, (code,))
    return Field(kind, (value,))


def _no_such(name: str, value: str, allowed: Collection[str]) -> str:
    near = difflib.get_close_matches(value, list(allowed), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(allowed)}"
    return f"there is no {name} {value!r}; {hint}"
