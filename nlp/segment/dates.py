"""Finds the dates a document gives and tells which of them is its own; knows nothing of clauses or kinds of law."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nlp.records import FILE_DATE, Fact

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_DATE = re.compile(
    rf"\b(?=[\djfmasond])(?:(?P<month>{_NAME})\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s*(?P<year>(?:19|20)\d\d)\b"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:day\s+of\s+)?(?P<month2>{_NAME}),?\s*(?P<year2>(?:19|20)\d\d)\b"
    r"|(?P<month3>\d{1,2})[/.-](?P<day3>\d{1,2})[/.-](?P<year3>(?:19|20)?\d\d)\b(?![/.-]\d)"
    r"|(?P<iso>(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b)",
    re.IGNORECASE,
)
_CUES = (
    ("adopted", r"adopted|passed|enacted|approved|ordained", r"[^.\n]{0,40}"),
    ("signed", r"date|dated|signed|executed", r"[.\s_:-]{0,12}|[^.]{0,30}"),
    ("effective", r"effective|take effect|takes effect|becomes law|eff\.|operative|issued|revised", r"[^.\n]{0,50}|[\s:]{0,5}"),
    ("introduced", r"introduced|first time", r"[^.\n]{0,40}"),
)
_CUE = re.compile("|".join(rf"(?P<{name}>\b(?:{words})(?!\w)(?=(?:{gap})$))" for name, words, gap in _CUES), re.IGNORECASE)
_EFFECT = re.compile(r"\b(?:effective|operative)\s+dates?\b[^.\n]{0,30}$", re.IGNORECASE)
_REVISED = re.compile(r"\b(?:revised|rev\.|version|form)\s*:?\s*\(?$", re.IGNORECASE)
_OTHER_ACT = re.compile(
    r"\b(?:Act|Law|Code|Ordinance|Resolution|Policy)\b[^.;:\n]{0,60},\s*(?:as\s+)?(?:approved|effective|enacted|adopted|dated|passed)\s*$"
)
_CITED = re.compile(r"\s*[;,]?\s*[(\[]?\s*(?:\d{1,3}\s+Stat\.|Pub\.\s|P\.\s?L\.|ch\.\s|D\.C\.\s(?:Law|Act)|\d{1,2}\s+DCR)")


class _Found(NamedTuple):
    value: str
    start: int
    end: int
    short: bool


def _dates(text: str) -> Iterator[_Found]:
    """Yield every date in a text, as ``2025-03-05``, with its span; `short` years have two digits."""
    for match in _DATE.finditer(text):
        if match["iso"]:
            yield _Found(match["iso"], match.start(), match.end(), False)
            continue
        year = match["year"] or match["year2"] or match["year3"]
        day = int(match["day"] or match["day2"] or match["day3"])
        name = match["month"] or match["month2"]
        month = _MONTHS.index(name[:3].lower()) + 1 if name else int(match["month3"])
        short = len(year) == 2
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield _Found(f"{'20' if short else ''}{year}-{month:02d}-{day:02d}", match.start(), match.end(), short)


def date_facts(text: str, signing: Sequence[tuple[int, int]], told: Sequence[Fact]) -> list[Fact]:
    """Return the dates of adoption, signing, effect and introduction that a text gives, each the best attested.

    `signing` are the spans of signature blocks; `told` may hold the file's own date. Nothing is signed or adopted later than
    that, or than today: a later year was misread, and is mended where one digit of it can be wrong in one way only.
    """
    everything = list(_dates(text))
    latest = _latest({found.value for found in everything}, told)
    best: dict[str, Fact] = {}
    forms: list[str] = []
    for value, start, end, short in everything:
        before = text[max(0, start - 80) : start]
        if _REVISED.search(before):
            forms.append(value)
            continue
        if _OTHER_ACT.search(before) or _CITED.match(text, end):
            continue
        name = next((cue.lastgroup for cue in reversed(list(_CUE.finditer(before)))), None)
        if name == "signed" and _EFFECT.search(before):
            name = "effective"
        if name is None and not short and any(first <= start < last for first, last in signing):
            name = "signed"
        if name is None:
            continue
        plausible = value if value <= latest or name == "effective" else _mended(value, latest, forms)
        later = name == "signed" and name in best and plausible is not None and plausible > best[name].value
        if plausible is not None and (later or name not in best):
            best[name] = Fact(f"date-{name}", plausible, start, end)
    return list(best.values())


def _latest(values: set[str], told: Sequence[Fact]) -> str:
    """Return the last day anything can have been signed; the clock of a file that several dates contradict was wrong."""
    today = datetime.date.today().isoformat()
    file = next((fact.value for fact in told if fact.name == FILE_DATE), today)
    return today if file > today or sum(file < value <= today for value in values) > 1 else file


def _mended(value: str, latest: str, forms: Sequence[str]) -> str | None:
    """Return the one date that differs in a digit of the year, and is neither too late nor older than the form it stands on."""
    oldest = max((form for form in forms if form <= latest), default=None)
    if oldest is None:
        return None
    year, rest = value[:4], value[4:]
    years = {f"{year[:at]}{digit}{year[at + 1 :]}{rest}" for at in range(4) for digit in "0123456789"}
    fitting = [date for date in years if oldest <= date <= latest]
    return fitting[0] if len(fitting) == 1 else None
