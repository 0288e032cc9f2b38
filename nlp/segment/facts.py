"""Reads facts about a document from its text: kind, jurisdiction, agency, title, date, parties; never overwrites what is told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import PurePath

from nlp.records import DOCUMENT_KINDS, Document, DocumentKind, Fact, Segmentation
from nlp.segment.amendments import is_enacting
from nlp.segment.citations import citations
from nlp.segment.dates import date_facts
from nlp.segment.jurisdictions import STATES, locals_named, normalise, state_in_name, states_named
from nlp.segment.kinds import kind_of

HEAD = 6000
"""Facts about the whole document stand in its first so many characters, or in its last ones."""

_FRONT = re.compile(r"^#?[ ]?(?P<key>[a-z][a-z_-]{1,20}):[ ]+(?P<value>\S.{0,500})$", re.MULTILINE)
_BETWEEN = re.compile(
    r"\b(?:between|by and between|among)\s+(?:the\s+)?(?P<names>[A-Z].{5,600}?)"
    r"(?:,?\s+(?:pursuant to|hereinafter|whereby|under which|to which|for the purpose|in which)\b|[.;]\s+[A-Z(]|[.;:]?$)",
    re.DOTALL,
)
_AND = re.compile(r"[),_]\s*and\s+(?:the\s+)?(?=[A-Z_])")
_PLAIN_AND = re.compile(r"\s+and\s+(?:the\s+)?(?=[A-Z])")
_NAME_END = re.compile(r"\s*[(,_]|\s+an? (?:component|agency|political)\b")
_AFTER_NAME = re.compile(r"(?:\s+[^A-Za-z\s][^A-Za-z]*|\s+[a-z]{1,2})$")
"""What scans and forms leave after a name: rules, digits, scraps of letters."""
_FEDERAL_NAME = re.compile(
    r"immigration and customs|customs enforcement|\bU\.?\s?S\.?\s|homeland security|\bICE\b|\bDHS\b|united states"
    r"|customs and border",
    re.IGNORECASE,
)
_CASE = re.compile(r"(?:\bvs?|[a-z]v)\.\s+(?:the\s+)?$|[”’\"]\s*$")
_FEDERAL_SEAT = re.compile(r"\bOPLA\b|\bfield (?:location|office)\b|legal advis[oe]r|chief counsel", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:ordinance|resolution|agreement|memorandum|policy|order|directive|contract|bill|act|code|chapter|law|statute)s?\b",
    re.IGNORECASE,
)
TITLE_BLOCKS = 8
"""A document's title is one of its first so many headings."""
NEAR = 200
"""An address so many characters after a name is the address of what is named (in characters)."""
_STATE_OF = re.compile(r"\b(?:State|Commonwealth) of\s+$")
_MODELS = (
    (
        "task-force",
        re.compile(r"\btask force model\b|\bTFM\b|when operating in the field", re.IGNORECASE),
        ("task force model", "tfm", "when operating"),
    ),
    (
        "warrant-service-officer",
        re.compile(r"\bwarrant service officer\b|\bWSO\b|only delegated the two authorities", re.IGNORECASE),
        ("warrant service officer", "wso", "only delegated"),
    ),
    (
        "jail-enforcement",
        re.compile(r"\bjail enforcement (?:model|officer)\b|\bJEM\b|interrogate any person detained", re.IGNORECASE),
        ("jail enforcement model", "jail enforcement officer", "jem", "interrogate any person detained"),
    ),
)
"""The agreement models: pattern, and words of which one stands, in lower case, wherever the pattern matches."""
_AGENCY = re.compile(
    r"\b(?P<name>(?:[A-Z][\w.&’'-]*\s+(?:(?:of|and|the|for)\s+)?){1,6}(?:Sheriff[’']?s?\s+(?:Office|Department)|Police\s+Department|Department\s+of\s+Corrections?"
    r"|Department\s+of\s+Public\s+Safety|Probation\s+Department|Marshal[’']?s?\s+(?:Office|Department)|Highway\s+Patrol|Bureau\s+of\s+Investigation))"
)


def facts(document: Document, segmentation: Segmentation) -> Document:
    """Return the document with kind, jurisdiction, agency, title, date and facts filled where the text tells them.

    What the document already carries stays, whether a sidecar or the caller told it.
    """
    head = document.text[:HEAD]
    front = {match["key"]: match for match in _FRONT.finditer(head[:3000])}
    found: list[Fact] = []
    kind = document.kind or _kind(document, head, front, found)
    parties = _parties(document, segmentation, found) if kind == "agreement" else []
    agency = document.agency or _agency(document, parties, kind, found)
    jurisdiction = document.jurisdiction or _jurisdiction(document, kind, agency, front, found)
    title = document.title or _title(document, segmentation, front, found)
    date = document.date or _date(document, segmentation, kind, found)
    if kind == "agreement":
        _model(document, found)
    found.extend(citations(document.text))
    return replace(
        document, kind=kind, jurisdiction=jurisdiction, agency=agency, title=title, date=date, facts=(*document.facts, *found)
    )  # fmt: skip


def _kind(document: Document, head: str, front: dict[str, re.Match[str]], found: list[Fact]) -> DocumentKind | None:
    told = front.get("kind")
    if told is not None:
        for kind in DOCUMENT_KINDS:
            if told["value"].strip().lower() == kind:
                found.append(Fact("kind", kind, told.start("value"), told.end("value")))
                return kind
    named = kind_of(head, document.title)
    if named is None:
        return None
    best, start, end = named
    found.append(Fact("kind", best, start, end))
    return best


def _parties(document: Document, segmentation: Segmentation, found: list[Fact]) -> list[str]:
    for clause in segmentation.clauses[:6]:
        match = _BETWEEN.search(clause.text)
        if match is None:
            continue
        text = match["names"]
        seams = list(_AND.finditer(text)) or list(_PLAIN_AND.finditer(text))
        pieces = [text] if not seams else [text[: seams[-1].start() + 1], text[seams[-1].end() :]]
        names = [" ".join(_NAME_END.split(piece.strip(" ,_"), maxsplit=1)[0].split()) for piece in pieces]
        names = [_AFTER_NAME.sub("", name) for name in names]
        names = [name for name in names if 3 < len(name) < 120]
        for name in names:
            start = document.text.find(name, clause.start, clause.end)
            found.append(
                Fact("party", name, start, start + len(name)) if start >= 0 else Fact("party", name, clause.start, clause.end)
            )
        return names
    return []


def _agency(document: Document, parties: list[str], kind: DocumentKind | None, found: list[Fact]) -> str | None:
    for party in parties:
        if not _FEDERAL_NAME.search(party) and len(party.split()) > 1:
            return party
    if kind not in ("policy", "order", "agreement"):
        return None
    if document.title and (match := _AGENCY.search(document.title)) is not None:
        return re.sub(r"^(?:MOA|MOU|The|and|between|ICE|WSO|JEM|TFM?)\s+", "", " ".join(match["name"].split()))
    for match in _AGENCY.finditer(document.text):
        name = re.sub(r"^(?:The|This|By|For|Each|Any)\s+(?:the\s+)?", "", " ".join(match["name"].split()))
        if len(name.split()) > 2 and not _FEDERAL_NAME.search(name):
            found.append(Fact("agency", name, match.start("name"), match.end("name")))
            return name
    return None


def _jurisdiction(
    document: Document, kind: DocumentKind | None, agency: str | None, front: dict[str, re.Match[str]], found: list[Fact]
) -> str | None:
    told = front.get("jurisdiction")
    if told is not None and (value := normalise(told["value"])) is not None:
        found.append(Fact("jurisdiction", value, told.start("value"), told.end("value")))
        return value
    weights, first = _states(document, kind, agency)
    if kind == "statute" and re.search(r"\b\d+ U\.S\.C\. §", document.text[:800]) and not weights:
        return "US"
    state = weights.most_common(1)[0][0] if weights else state_in_name(PurePath(document.source).stem)
    local = _local(document.text, kind, agency, document.title)
    if state is None and local is None:
        return "US" if kind == "statute" and re.search(r"\bof this title\b", document.text) else None
    value = "/".join(part for part in (state, local) if part)
    found.append(Fact("jurisdiction", value, *first.get(state or "", (None, None))))
    return value


def _states(document: Document, kind: DocumentKind | None, agency: str | None) -> tuple[Counter[str], dict[str, tuple[int, int]]]:
    """Weigh the states a document names: the address of its own agency tells most, that of a federal office next to nothing."""
    text = document.text
    weights: Counter[str] = Counter()
    first: dict[str, tuple[int, int]] = {}
    own = " ".join((agency or "").split()[:2])
    for code, start, end in states_named(text[:60000]):
        before = text[max(0, start - NEAR) : start]
        washington = text[start:end] == "Washington" and text[end : end + 6].strip(" ,.").startswith("D")
        if (code == "DC" and kind == "agreement") or washington or _CASE.search(before[-12:]):
            continue
        seat = max((match.end() for match in _FEDERAL_SEAT.finditer(before)), default=-1)
        if kind == "agreement" and own and before.replace("\n", " ").rfind(own) > seat:
            weights[code] += 60
        elif kind == "agreement" and seat >= 0:
            weights[code] += 1
        else:
            weights[code] += 30 if start < 800 or _STATE_OF.search(before[-20:]) else 10
        first.setdefault(code, (start, end))
    for code, _, _ in states_named(f"{document.title or ''} "):
        weights[code] += 100
    return weights, first


def _local(text: str, kind: DocumentKind | None, agency: str | None, title: str | None) -> str | None:
    if kind == "agreement":
        named = locals_named(f"{agency or ''} . {title or ''}")
        return named[0][0] if named else None
    if kind in ("ordinance", "policy", "resolution", "order"):
        counts = Counter(place for place, start, _ in locals_named(text[:20000]) for _ in range(3 if start < 600 else 1))
        places = [place for place, _ in counts.most_common(3) if place not in {names[0] for names in STATES.values()}]
        return places[0] if places else None
    return None


def _title(document: Document, segmentation: Segmentation, front: dict[str, re.Match[str]], found: list[Fact]) -> str | None:
    told = front.get("title") or front.get("citation")
    if told is not None:
        found.append(Fact("title", told["value"].strip(), told.start("value"), told.end("value")))
        return told["value"].strip()
    heads: list[tuple[str, int, int]] = []
    for block in segmentation.blocks:
        if block.kind == "clause" or len(heads) == TITLE_BLOCKS:
            break
        value = " ".join(document.text[block.start : block.end].split())[:300]
        if block.kind in ("heading", "title") and len(value) > 5 and not is_enacting(value):
            heads.append((value, block.start, block.end))
    chosen = next((head for head in heads if _NAMED.search(head[0])), heads[0] if heads else None)
    if chosen is None:
        return None
    found.append(Fact("title", *chosen))
    return chosen[0]


def _date(document: Document, segmentation: Segmentation, kind: DocumentKind | None, found: list[Fact]) -> str | None:
    """Return the date of adoption, signing, effect or introduction, the best attested first."""
    told = {fact.name: fact.value for fact in document.facts}
    signing = [(block.start, block.end) for block in segmentation.blocks if block.kind == "signature"]
    dates = [fact for fact in date_facts(document.text, signing, document.facts) if fact.name not in told]
    found.extend(dates)
    known = {fact.name: fact.value for fact in dates} | told
    order = ("signed", "effective", "adopted") if kind == "agreement" else ("adopted", "effective", "introduced")
    return next((known[f"date-{name}"] for name in order if f"date-{name}" in known), None)


def _model(document: Document, found: list[Fact]) -> None:
    """Note which of the agreement models the text names, by the earliest naming."""
    lowered = document.text.lower()
    matches = [
        (match.start(), name, match)
        for name, pattern, words in _MODELS
        if any(word in lowered for word in words) and (match := pattern.search(document.text)) is not None
    ]
    if matches:
        _, name, match = min(matches, key=lambda item: item[0])
        found.append(Fact("model", name, match.start(), match.end()))
