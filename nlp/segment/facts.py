"""Reads facts about a document from its text: kind, jurisdiction, agency, title, date, parties; never overwrites what is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from nlp.records import DOCUMENT_KINDS, Document, DocumentKind, Fact, Segmentation
from nlp.segment.citations import citations
from nlp.segment.jurisdictions import STATES, locals_named, normalise, states_named

HEAD = 6000
"""Facts about the whole document stand in its first so many characters, or in its last ones."""

_FRONT = re.compile(r"^#?[ ]?(?P<key>[a-z][a-z_-]{1,20}):[ ]+(?P<value>\S.{0,500})$", re.MULTILINE)
_KIND_SIGNS: tuple[tuple[DocumentKind, int, str, re.RegexFlag], ...] = (
        ("agreement", 5, r"^\W{0,3}(?:standard operating|addendum to|amendment to)?.{0,40}\b(?:memorandum of (?:agreement"
            "|understanding)|intergovernmental (?:service )?agreement|cooperative agreement"
                "|basic ordering agreement)\b.{0,60}$", re.IGNORECASE),
        ("agreement", 2, r"\bthis (?:memorandum of (?:agreement|understanding)|agreement|mo[au])\b.{0,80}\b(?:between"
            "|constitutes|is (?:made|entered))", re.IGNORECASE),
        ("bill", 4, r"^.{0,30}\b(?:house|senate|assembly|council) (?:bill|file)\b(?: no\.?)? ?[\d-]{1,8}", re.IGNORECASE),
        ("bill", 4, r"^.{0,12}(?:a bill(?: to be)? entitled|an act (?:concerning|to|relating)|a bill for an act"
            "|a bill to be entitled)\b", re.IGNORECASE),
        ("bill", 2, r"introduced (?:and read|by)|read (?:the )?first time|^by:? (?:delegates?|senators?"
            "|representatives?)", re.IGNORECASE),
        ("ordinance", 5, r"^.{0,30}\b(?:ordinance|local law)\s+(?:no\.?|number|#)|\ban ordinance (?:of|amending|adding"
            "|relating|to)\b|be it (?:hereby )?ordained|\blocal law to amend\b", re.IGNORECASE),
        ("ordinance", 3, r"\b(?:municipal code|code of ordinances|administrative code|county code|city code"
            "|\bthis ordinance\b|board of aldermen|city council|county board of supervisors)\b", re.IGNORECASE),
        ("resolution", 5, r"^.{0,30}\b(?:joint |concurrent )?resolution\b(?: no\.?| #|$| (?:of|declaring|affirming))"
            "|\bbe it (?:further )?resolved\b", re.IGNORECASE),
        ("order", 5, r"^.{0,30}\b(?:executive|administrative) order\b|now,? therefore,? I\b", re.IGNORECASE),
        ("policy", 4, r"^.{0,60}\b(?:general order|policy(?: manual| no\.?| number| statement)?|directive|special order"
            "|standard operating procedures?|procedures? manual|lexipol)\b.{0,60}$", re.IGNORECASE),
        ("statute", 3, r"^(?:#{1,6} )?(?:§+ ?|sec(?:tion|\.) )?\d+[A-Z]?[-–.:]\d[\w.:–-]*\.? [A-Z]", re.NOFLAG),
        ("statute", 3, r"^(?:#{1,6} )?§ ?\d+[\w.:–-]*\.", re.NOFLAG),
        ("statute", 2, r"\b(?:general statutes|revised statutes|code annotated|u\.s\.c\.|general assembly|session laws"
            "|history[.:] )\b", re.IGNORECASE),
        ("statute", 4, r"\bthe legislature finds and declares|be it enacted by the (?:people|council|senate)", re.IGNORECASE),
)  # fmt: skip
_KINDS = tuple((kind, weight, re.compile(pattern, re.MULTILINE | flags)) for kind, weight, pattern, flags in _KIND_SIGNS)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"\b(?P<month>{_MONTHS})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b"
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:day\s+of\s+)?(?P<month2>{_MONTHS}),?\s+(?P<year2>(?:19|20)\d\d)\b"
    r"|\b(?P<month3>\d{1,2})[/.-](?P<day3>\d{1,2})[/.-](?P<year3>(?:19|20)\d\d)\b|\b(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_DATE_CUES = (
    ("adopted", re.compile(r"\b(?:adopted|passed|enacted|approved|ordained)\b[^.\n]{0,40}$", re.IGNORECASE)),
    ("signed", re.compile(r"\b(?:date|dated|signed|executed)\b[^.]{0,30}$", re.IGNORECASE)),
    (
        "effective",
        re.compile(
            r"\b(?:effective|take effect|takes effect|becomes law|eff\.|operative|issued|revised)\b[^.\n]{0,50}$", re.IGNORECASE
        ),
    ),
    ("introduced", re.compile(r"\b(?:introduced|first time)\b[^.\n]{0,40}$", re.IGNORECASE)),
)
_FORM_DATE = re.compile(r"\b(?:revised|rev\.|version|form)\s*:?\s*\(?$", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\b(?:between|by and between|among)\s+(?:the\s+)?(?P<names>[A-Z].{5,600}?)"
    r"(?:,?\s+(?:pursuant to|hereinafter|whereby|under which|to which|for the purpose|in which)\b|[.;]\s+[A-Z(]|[.;:]?$)",
    re.DOTALL,
)
_AND = re.compile(r"[),_]\s*and\s+(?:the\s+)?(?=[A-Z_])")
_PLAIN_AND = re.compile(r"\s+and\s+(?:the\s+)?(?=[A-Z])")
_NAME_END = re.compile(r"\s*[(,_]|\s+an? (?:component|agency|political)\b")
_FEDERAL_NAME = re.compile(
    r"immigration and customs|customs enforcement|\bU\.?\s?S\.?\s|homeland security|\bICE\b|\bDHS\b|united states"
    r"|customs and border",
    re.IGNORECASE,
)
_CASE = re.compile(r"\bvs?\.\s+(?:the\s+)?$|[”’\"]\s*$")
_STATE_OF = re.compile(r"\b(?:State|Commonwealth) of\s+$")
_MODELS = (
    ("task-force", re.compile(r"\btask force model\b|\bTFM\b|when operating in the field", re.IGNORECASE)),
    (
        "warrant-service-officer",
        re.compile(r"\bwarrant service officer\b|\bWSO\b|only delegated the two authorities", re.IGNORECASE),
    ),
    (
        "jail-enforcement",
        re.compile(r"\bjail enforcement (?:model|officer)\b|\bJEM\b|interrogate any person detained", re.IGNORECASE),
    ),
)
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
    date = document.date or _date(document, kind, found)
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
    scores: Counter[DocumentKind] = Counter()
    where: dict[DocumentKind, re.Match[str]] = {}
    for kind, weight, pattern in _KINDS:
        match = pattern.search(head)
        if match is not None:
            scores[kind] += int(weight * (2 if match.start() < 400 else 1))
            where.setdefault(kind, match)
    if not scores:
        return None
    best = scores.most_common(1)[0][0]
    found.append(Fact("kind", best, where[best].start(), where[best].end()))
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
    text = document.text
    weights: Counter[str] = Counter()
    first: dict[str, tuple[int, int]] = {}
    for code, start, end in states_named(text[:60000]):
        washington = text[start:end] == "Washington" and text[end : end + 6].strip(" ,.").startswith("D")
        if (code == "DC" and kind == "agreement") or washington or _CASE.search(text[max(0, start - 12) : start]):
            continue
        weights[code] += 3 if start < 800 or _STATE_OF.search(text[max(0, start - 20) : start]) else 1
        first.setdefault(code, (start, end))
    for code, _, _ in states_named(f"{document.title or ''} "):
        weights[code] += 10
    if kind == "statute" and re.search(r"\b\d+ U\.S\.C\. §", text[:800]) and not weights:
        return "US"
    state = weights.most_common(1)[0][0] if weights else None
    local = _local(text, kind, agency, document.title)
    if state is None:
        return "US" if kind == "statute" and re.search(r"\bof this title\b", text) else None
    found.append(Fact("jurisdiction", f"{state}/{local}" if local else state, *first.get(state, (None, None))))
    return f"{state}/{local}" if local else state


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
    told = front.get("title")
    if told is not None:
        found.append(Fact("title", told["value"].strip(), told.start("value"), told.end("value")))
        return told["value"].strip()
    for block in segmentation.blocks:
        if block.kind in ("heading", "title"):
            value = " ".join(document.text[block.start : block.end].split())[:300]
            if len(value) > 5:
                found.append(Fact("title", value, block.start, block.end))
                return value
        if block.kind == "clause":
            return None
    return None


def _dates(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _DATE.finditer(text):
        if match["iso"]:
            value = match["iso"]
        else:
            year = match["year"] or match["year2"] or match["year3"]
            day = int(match["day"] or match["day2"] or match["day3"])
            name = match["month"] or match["month2"]
            month = _MONTHS.split("|").index(name.capitalize()) + 1 if name else int(match["month3"])
            if not (1 <= month <= 12 and 1 <= day <= 31):
                continue
            value = f"{year}-{month:02d}-{day:02d}"
        yield value, match.start(), match.end()


def _date(document: Document, kind: DocumentKind | None, found: list[Fact]) -> str | None:
    """Return the date of adoption, signing, effect or introduction, the best attested first."""
    text = document.text
    best: dict[str, Fact] = {}
    for value, start, end in _dates(text):
        before = text[max(0, start - 80) : start]
        if _FORM_DATE.search(before):
            continue
        for name, cue in _DATE_CUES:
            if cue.search(before):
                best.setdefault(name, Fact(f"date-{name}", value, start, end))
                if name == "signed":
                    best[name] = Fact(f"date-{name}", value, start, end)
                break
    found.extend(best.values())
    order = ("signed", "effective", "adopted") if kind == "agreement" else ("adopted", "effective", "introduced")
    return next((best[name].value for name in order if name in best), None)


def _model(document: Document, found: list[Fact]) -> None:
    """Note which of the agreement models the text names, by the earliest naming."""
    matches = [(match.start(), name, match) for name, pattern in _MODELS if (match := pattern.search(document.text)) is not None]
    if matches:
        _, name, match = min(matches, key=lambda item: item[0])
        found.append(Fact("model", name, match.start(), match.end()))
