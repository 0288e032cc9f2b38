"""Tells what kind of document a text is by the words such documents open with; knows nothing of clauses or places."""

from __future__ import annotations

import re
from collections import Counter

from nlp.records import DocumentKind

_AGREEMENT = (
    r"memorand(?:um|a) of (?:agreement|understanding)|inter-?\s?governmental (?:service[s]? |detention )?(?:agreement|contract)"
    r"|inter-?\s?local (?:\w+ )?agreement|(?:basic ordering|cooperative|mutual aid|operating|joint powers) agreement"
    r"|(?:detention|detainee|housing|jail|custody|transportation|bed ?space|prisoner|inmate|law enforcement)"
    r"(?: \w+){0,3} (?:agreement|contract)|(?:agreement|contract) for (?:\w+ ){0,4}(?:detention|housing|detainees|services)"
)
_Sign = tuple[DocumentKind, int, str, tuple[str, ...]]
"""A kind, what a sign of it weighs, its pattern, and words of which one stands, in lower case, wherever the pattern matches."""
_SIGNS: tuple[_Sign, ...] = (
    ("agreement", 5, rf"^\W{{0,3}}(?:standard operating|addendum to|amendment to)?.{{0,40}}\b(?:{_AGREEMENT})\b.{{0,60}}$",
        ("memorand", "agreement", "contract")),
    ("agreement", 3, r"\bthis (?:memorandum of (?:agreement|understanding)|agreement|contract|mo[au]|igsa)\b.{0,80}?\s"
        r"(?:between|constitutes|is (?:made|entered)|sets forth|establishes)",
        ("this memorandum", "this agreement", "this contract", "this moa", "this mou", "this igsa")),
    ("agreement", 2, r"\bthe parties (?:hereto|agree|to this)\b|\b(?:hereinafter|herein) (?:referred to as|called)\b"
        r"|\bwitnesseth\b|\bthe service provider\b|\bparties to this\b",
        ("the parties ", "hereinafter referred", "hereinafter called", "herein referred", "herein called", "witnesseth",
         "the service provider", "parties to this")),
    ("bill", 4, r"^.{0,30}\b(?:house|senate|assembly|council) (?:bill|file)\b(?: no\.?)? ?[\d-]{1,8}"
        r"|^\W{0,3}[HS]\. ?B\. ?\d{1,5}\b",
        ("house", "senate", "assembly", "council", "h.b.", "h. b.", "s.b.", "s. b.")),
    ("bill", 4, r"^.{0,12}\b(?:a bill(?: to be)? entitled|an act (?:concerning|to|relating)|a bill for an act)\b",
        ("a bill", "an act")),
    ("bill", 2, r"\bintroduced (?:and read|by)|\bread (?:the )?first time|^by:? (?:delegates?|senators?|representatives?)\b",
        ("introduced", "first time", "by delegate", "by senator", "by representative", "by: ")),
    ("ordinance", 5, r"^.{0,30}\b(?:ordinance|local law)\s+(?:no\.?|number|#)"
        r"|\ban ordinance (?:of|amending|adding|relating|to|on)\b|\bbe it (?:hereby )?ordained|\blocal law to amend\b"
        r"|\bordains(?: as follows)?:",
        ("ordinance", "local law", "ordain")),
    ("ordinance", 3, r"\b(?:municipal code|code of ordinances|administrative code|county code|city code|this ordinance"
        r"|board of aldermen|city council|county board of supervisors)\b",
        ("municipal code", "code of ordinances", "administrative code", "county code", "city code", "this ordinance",
         "board of aldermen", "city council", "county board")),
    ("resolution", 5, r"^.{0,30}\b(?:joint |concurrent )?resolution\b(?: no\.?| #|$| (?:of|declaring|affirming))"
        r"|\bbe it (?:further )?resolved\b",
        ("resolution", "resolved")),
    ("order", 5, r"^.{0,30}\b(?:executive|administrative) order\b|\bnow,? therefore,? I\b",
        ("executive order", "administrative order", "therefore")),
    ("policy", 5, r"^.{0,60}\b(?:general order|special order|policy (?:manual|no\.?|number|statement)|policy ?[#:]?\s?\d[\d.-]*"
        r"|standard operating procedures?|(?:policy|policies) (?:and|&) procedures?|procedures? manual|departmental directive"
        r"|directive (?:no\.?|number)|lexipol)\b.{0,60}$|^(?:policy|directive)$",
        ("order", "polic", "procedure", "directive", "lexipol")),
    ("policy", 3, r"\bit is the policy of (?:the|this)\b.{0,60}\b(?:department|office|agency|division|bureau|jail)\b"
        r"|\b(?:members|officers|deputies|personnel|employees) of (?:the|this) (?:department|office|agency|division)\b"
        r"|^.{0,40}\bchief of police\b.{0,40}$",
        ("it is the policy", "chief of police",
         *(f"{who} of {which}" for who in ("members", "officers", "deputies", "personnel", "employees")
           for which in ("this", "the department", "the office", "the agency", "the division")))),
    ("policy", 1, r"^.{0,40}\b(?:policy|procedure|directive)s?$|\b(?:supersedes|replaces|rescinds):?\s|\breview date\b"
        r"|\b(?:officers|deputies|members) (?:shall|will|may|should) not\b",
        ("policy\n", "policys\n", "procedure\n", "procedures\n", "directive\n", "directives\n", "supersedes", "replaces",
         "rescinds", "review date", *(f"{who} {must} not" for who in ("officers", "deputies", "members")
                                      for must in ("shall", "will", "may", "should")))),
)  # fmt: skip
_CASED_SIGNS: tuple[_Sign, ...] = (
    ("statute", 3, r"^(?:#{1,6} )?(?:§+ ?|[Ss]ec(?:tion|\.) )?(?!\d{1,2}\.\d{1,2}\.? )\d+[A-Z]?[-–.:]\d[\w.:–-]*\.? [A-Z]",
        ("-", "–", ".", ":")),
    ("statute", 3, r"^(?:#{1,6} )?§ ?\d+[\w.:–-]*\.", ("§",)),
)  # fmt: skip
_STATUTE_SIGNS: tuple[_Sign, ...] = (
    ("statute", 2, r"\b(?:general statutes|revised statutes|code annotated|annotated code|u\.s\.c\.|general assembly"
        r"|session laws)|^history[.:] ",
        ("statutes", "code", "u.s.c.", "general assembly", "session laws", "history")),
    ("statute", 4, r"\bthe legislature finds and declares|\bbe it enacted by the (?:people|council|senate)",
        ("the legislature finds", "be it enacted")),
)  # fmt: skip
_KINDS = tuple(
    (kind, weight, re.compile(pattern, re.MULTILINE | flags), words)
    for signs, flags in ((_SIGNS, re.IGNORECASE), (_CASED_SIGNS, re.NOFLAG), (_STATUTE_SIGNS, re.IGNORECASE))
    for kind, weight, pattern, words in signs
)
ENOUGH = 2
"""Signs that weigh less together tell nothing."""
_TOP = 400
"""A sign within so many characters from the start counts twice."""


def kind_of(head: str, title: str | None) -> tuple[DocumentKind, int | None, int | None] | None:
    """Return the kind that the opening of a text and its title speak for, and where the first sign of it stands."""
    scores: Counter[DocumentKind] = Counter()
    best: DocumentKind
    where: dict[DocumentKind, tuple[int, int]] = {}
    lowered = f"{head}\n{title or ''}\n".lower()
    for kind, weight, pattern, words in _KINDS:
        if not any(word in lowered for word in words):
            continue
        match = pattern.search(head)
        if match is not None:
            scores[kind] += weight * (2 if match.start() < _TOP else 1)
            where.setdefault(kind, match.span())
        if title and pattern.search(title):
            scores[kind] += weight
    best, score = scores.most_common(1)[0] if scores else ("other", 0)
    if score < ENOUGH:
        return None
    start, end = where.get(best, (None, None))
    return best, start, end
