"""Conditions a clause sets, who it binds, and whether it only excepts: rules on the clause's own words, without labels."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.classify.force import BAR, DUTY, LIMITED, MAY, SAVE, TURNED
from nlp.classify.reading import KEPT, Reading
from nlp.records import Condition, ConditionType, Cue, CueRole

_FORM = re.compile(
    r"\b(?:DHS |ICE |USCIS )?Forms? [A-Z]{0,3}-?\d[\w-]*(?:,? (?:and|or|,) (?:Form )?[A-Z]{0,3}-?\d[\w-]*)*"
    r"|\bI-(?:200|203|205|247[A-Z]?|914B?|918B?)\b"
)
_HOURS = re.compile(r"\b(?:\d+|six|twelve|twenty-four|forty-eight|seventy-two)(?:\s*\(\d+\))?[\s-]hours?\b", re.IGNORECASE)
_WARRANT = re.compile(
    r"\b(?:judicial(?:ly issued)? (?:warrant|order|determination|finding)s?|(?:court|judge's) orders?|criminal warrants?"
    r"|(?:warrant|order)s?\b[^.;:]{0,60}?\b(?:issued|signed|approved|authori[sz]ed)\b[^.;:]{0,30}?"
    r"\b(?:judges?|magistrates?|courts?|judicial officers?)\b(?: (?:or|judge)\b[^.;:,]{0,20}?\b(?:magistrates?|judges?)\b)?"
    r"|(?:judge|magistrate|court|judicial officer)\b[^.;:]{0,40}?\b(?:issued|signed|approved)\b[^.;:]{0,20}?"
    r"\b(?:warrant|order)s?\b)",
    re.IGNORECASE,
)
_OFFENCE = re.compile(
    r"\b(?:(?:has|have|had) been |is |was |were |been )?convicted of[^.;:]{3,120}"
    r"|\b(?:charged with|conviction (?:for|of))[^.;:]{3,90}|\b(?:serious|violent|aggravated) felon(?:y|ies)\b",
    re.IGNORECASE,
)
_AGREEMENT = re.compile(
    r"\b(?:under|pursuant to|unless there (?:exists|is)|in the absence of|subject to|in accordance with) "
    r"(?:an?|the|any|such|this|its) "
    r"(?:[\w()-]+ ){0,4}?(?:agreement|contract|memorandum|MOA|MOU)\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:written |informed |voluntary |prior )?consent(?: of (?:the )?[\w' -]{3,40})?\b|\bconsents? (?:in writing|to)\b",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(
    r"\b(?:unless|except (?:as|that|when|where|if|for|in|to)|only (?:if|when|upon|after|with|pursuant to|to the extent)"
    r"|provided,? (?:that|however)|absent|without (?:a|an|the|first|prior)|notwithstanding)\b[^.;]{3,160}",
    re.IGNORECASE,
)
_PATTERNS: tuple[tuple[ConditionType, re.Pattern[str], tuple[str, ...]], ...] = (
    ("judicial-warrant", _WARRANT, ("warrant", "order", "judicial")),
    ("listed-offence", _OFFENCE, ("convict", "charged with", "felon")),
    ("hours", _HOURS, ("hour",)),
    ("form", _FORM, ("form ", "forms ", "i-2", "i-9")),
    ("agreement", _AGREEMENT, ("agreement", "contract", "memorandum", "moa", "mou")),
    ("consent", _CONSENT, ("consent",)),
    ("exception", _EXCEPTION, ("unless", "except", "only", "provided", "absent", "without", "notwithstanding")),
)
"""Kinds of condition with their patterns; no pattern matches a text that has none of its words, in lower case, given last."""

_ROLES: dict[str, CueRole] = {
    BAR: "negation",
    TURNED: "negation",
    SAVE: "exception",
    DUTY: "modality",
    MAY: "modality",
    LIMITED: "modality",
}
_EXCEPTING = re.compile(
    r"^\W*(?:\(?[\dA-Za-z]{1,4}[).]\s*){0,3}(?:nothing (?:in|contained)"
    r"|(?:this|the) (?:section|subsection|chapter|act|article|paragraph|subdivision|ordinance|policy|limitation|prohibition)s?\b"
    r"[^.;:]{0,40}? (?:shall|do|does|will) not (?:apply|prohibit|prevent|limit|restrict|affect|preclude)"
    r"|(?:subsection|paragraph|section|subdivision)s? \(?[\w.-]+\)?(?:[^.;:]{0,30})? (?:shall|do|does) not apply|exceptions?\b)",
    re.IGNORECASE,
)
_SUBJECT_SKIP = re.compile(r"^\W*(?:\(?[\dA-Za-z]{1,5}[).]\s*){0,3}")


@lru_cache(maxsize=KEPT)
def conditions(text: str) -> tuple[Condition, ...]:
    """Find the conditions in a clause's text, in order of place; offsets are in that text."""
    lowered = text.lower()
    found = [
        Condition(kind, match.group(), match.start(), match.end())
        for kind, pattern, words in _PATTERNS
        if any(word in lowered for word in words)
        for match in pattern.finditer(text)
    ]
    if len(found) > 1:
        found.sort(key=lambda condition: (condition.start, condition.end, condition.type))
    return tuple(found)


def is_exception(text: str, lead_in: str | None) -> bool:
    """Tell whether a clause only takes cases out of another rule ("This section does not apply to ...")."""
    return bool(_EXCEPTING.match(lead_in or text))


def force_cues(reading: Reading, text: str) -> tuple[Cue, ...]:
    """Return the words that set the force of the clause's own text: auxiliaries, negations, savings formulas."""
    cues = []
    for first, last, state in reading.force.triggers:
        if first >= reading.own and last <= len(reading.tokens):
            start, end = reading.tokens.starts[first], reading.tokens.ends[last - 1]
            cues.append(Cue(text[start:end], start, end, _ROLES[state]))
    return tuple(cues)


def actor(reading: Reading, text: str) -> str | None:
    """Return the words before the first auxiliary: who must, may or may not; None where the clause names nobody.

    An item's actor stands in its lead-in.
    """
    for first, last, state in reading.force.triggers:
        in_text = first >= reading.own
        source = text if in_text else reading.lead_in
        head = source[: reading.tokens.starts[first]]
        if state in (BAR, TURNED) and reading.tokens.stems[first] in ("no", "neither"):
            tail = source[reading.tokens.ends[first] : reading.tokens.starts[last - 1]] if last - 1 > first else ""
            name = tail.strip(" ,")
        else:
            name = _SUBJECT_SKIP.sub("", head.rsplit(". ", 1)[-1]).rsplit(", ", 1)[-1].strip(" ,:;")
        if 2 < len(name) <= 120:
            return name
        return None
    return None
