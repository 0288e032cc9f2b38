"""The immutable records that flow through clausedex: Document, Clause, Provision.

    file -> extract -> Document -> segment -> Clause -> classify -> Provision -> index

This module is the ground floor: it imports nothing of ours and knows nothing of formats, models or storage. All offsets are
half-open ``[start, end)`` in Unicode code points of `Document.text`. Coordinates are PDF points (1/72 inch) with the origin
at the top left of the page as a reader sees it (rotation applied). Pages are numbered from 1.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Format = Literal["pdf", "docx", "html", "xml", "rtf", "text", "image"]
Method = Literal["text-layer", "ocr", "mixed", "markup", "none"]
Role = Literal["body", "head", "foot", "line-number", "table", "stamp"]
Mark = Literal["struck", "added"]
DocumentKind = Literal["statute", "ordinance", "bill", "policy", "agreement", "resolution", "order", "other"]
ClauseKind = Literal["clause", "lead-in", "item", "recital", "note"]
BlockKind = Literal[
    "clause", "heading", "contents", "signature", "contact", "furniture", "form", "note", "title", "struck", "blank"
]
Modality = Literal["prohibition", "obligation", "permission", "exemption", "definition", "statement"]
Stance = Literal["restricts", "enables", "safeguards", "neutral", "mixed"]
ConditionType = Literal["judicial-warrant", "listed-offence", "hours", "form", "agreement", "consent", "exception"]
CueRole = Literal["modality", "negation", "exception", "actor", "topic", "condition"]

FILE_DATE = "file-date"
"""The name of the fact that tells when a file was last written: reading finds it, and no act is dated later than that."""

MODALITIES: tuple[Modality, ...] = get_args(Modality)
DOCUMENT_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the page's top left corner."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line: ``Document.text[start:end]`` and where it stands.

    `box` is None where the format has no pages. `marks` says whether amended law strikes the word out or adds it.
    """

    start: int
    end: int
    box: Box | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words in reading order: ``Document.text[start:end]`` without the line break.

    `block` numbers the paragraph the line belongs to where the format says so (markup, blank lines in plain text) and is None
    where layout alone tells (PDF, scans). `level` is the heading level given by markup (1 is highest) or None. `bold` is True
    where every letter of the line is set bold. `marker` is a list number or bullet that the format generates and the text lacks
    (``<ol>`` in HTML, automatic numbering in DOCX).
    """

    start: int
    end: int
    page: int
    box: Box | None
    words: tuple[Word, ...]
    role: Role = "body"
    block: int | None = None
    level: int | None = None
    bold: bool = False
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page, how it was read, and how well.

    `quality` is the share of common words among its words, 0 to 1 (0 for an empty page). `reason` says in a few words why the
    page was read by `method`. `rotation` is the clockwise turn in degrees that was undone. Size in points.
    """

    number: int
    width: float
    height: float
    rotation: int
    method: Method
    quality: float
    reason: str
    start: int
    end: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong on one file or page, kept as data.

    `code` is a key of `nlp.errors.FAILURE_CODES`; `page` is None where the whole file is meant.
    """

    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about a document and the span of `Document.text` it was read from (None where told from outside)."""

    name: str
    value: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file as it was read.

    Invariants: pages are in order and their spans tile `text`; a page's lines are disjoint and ordered; a line's words are
    disjoint, ordered and lie within it. `partial` documents carry a `Problem` for each page that is missing.
    """

    source: str
    sha256: str
    format: Format
    text: str
    pages: tuple[Page, ...]
    title: str | None = None
    kind: DocumentKind | None = None
    jurisdiction: str | None = None
    agency: str | None = None
    date: str | None = None
    facts: tuple[Fact, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """Return the identity of the document's bytes, ``sha256:...``."""
        return f"sha256:{self.sha256}"

    @property
    def partial(self) -> bool:
        """Tell whether some page could not be read."""
        return bool(self.problems)


@dataclass(frozen=True, slots=True)
class Block:
    """A span of `Document.text` and what it is; blocks are ordered, disjoint and cover every non-space character."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest numbered unit that states one rule, or a paragraph where nothing is numbered.

    `text` is clean: no running heads, line numbers, end-of-line hyphens or struck words. `start` and `end` span the clause in
    the document's text (furniture between its pages lies inside the span but not in `text`). `number` is the path of enumerators
    joined by dots, such as ``V.A.2``, or the empty string. `struck` is the old wording that amended law takes out.
    """

    id: str
    document: str
    document_id: str
    number: str
    heading: tuple[str, ...]
    lead_in: str | None
    text: str
    start: int
    end: int
    pages: tuple[int, ...]
    boxes: tuple[Box, ...]
    kind: ClauseKind = "clause"
    struck: str | None = None
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The clauses of a document, and every other block of it."""

    clauses: tuple[Clause, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A label that applies, with its calibrated probability."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition the clause sets; offsets are in `Clause.text`."""

    type: ConditionType
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that decided something; offsets are in `Clause.text`, `label` names what they speak for, if a label."""

    text: str
    start: int
    end: int
    role: CueRole
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Provision:
    """A classified clause.

    `labels` are those decided to apply, best first. Where `abstained` is True a person should look, and `guesses` holds the two
    best labels whether or not they apply. `exception_to` is the id of the clause whose rule this one limits.
    """

    clause: Clause
    labels: tuple[Label, ...]
    stance: Stance
    modality: Modality
    conditions: tuple[Condition, ...]
    cues: tuple[Cue, ...]
    model: str
    actor: str | None = None
    exception_to: str | None = None
    abstained: bool = False
    guesses: tuple[Label, ...] = ()
    reviewed: bool = False

    def row(self) -> dict[str, Any]:
        """Return the JSON row of the command-line contract: the clause's fields and the provision's, side by side."""
        row = to_json(self)
        clause = row.pop("clause")
        return {**clause, **row}


_fields: dict[type, tuple[str, ...]] = {}


def _field_names(kind: type) -> tuple[str, ...]:
    """Return the fields of a record's type, none for any other type; looked up once a type, for records are many."""
    names = _fields.get(kind)
    if names is None:
        names = _fields[kind] = tuple(f.name for f in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()
    return names


def to_json(record: Any) -> Any:
    """Turn a record into plain JSON values: tuples become lists, nested records become objects."""
    if record is None or isinstance(record, str | int | float):
        return record
    if names := _field_names(type(record)):
        return {name: to_json(getattr(record, name)) for name in names}
    if isinstance(record, tuple | list):
        return [to_json(item) for item in record]
    if isinstance(record, Mapping):
        return {key: to_json(value) for key, value in record.items()}
    return record
