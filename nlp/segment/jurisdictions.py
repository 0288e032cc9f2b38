"""The names of American jurisdictions and how law writes them; knows nothing of documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

STATES: dict[str, tuple[str, ...]] = {
    "AL": ("Alabama", "Ala."), "AK": ("Alaska",), "AZ": ("Arizona", "Ariz."), "AR": ("Arkansas", "Ark."),
    "CA": ("California", "Cal.", "Calif."), "CO": ("Colorado", "Colo.", "C.R.S."), "CT": ("Connecticut", "Conn."),
    "DE": ("Delaware", "Del."), "DC": ("District of Columbia", "D.C. Code", "D.C. Law", "D.C. Official Code", "D.C. Act"),
    "FL": ("Florida", "Fla."), "GA": ("Georgia", "O.C.G.A.", "Ga."), "HI": ("Hawaii", "Hawai‘i", "Haw."), "ID": ("Idaho",),
    "IL": ("Illinois", "Ill.", "ILCS"), "IN": ("Indiana", "Ind."), "IA": ("Iowa",), "KS": ("Kansas", "Kan.", "K.S.A."),
    "KY": ("Kentucky", "Ky.", "KRS"), "LA": ("Louisiana", "La. R.S."), "ME": ("Maine", "M.R.S."), "MD": ("Maryland", "Md."),
    "MA": ("Massachusetts", "Mass.", "M.G.L."), "MI": ("Michigan", "Mich."), "MN": ("Minnesota", "Minn."),
    "MS": ("Mississippi", "Miss."), "MO": ("Missouri", "Mo.", "RSMo"), "MT": ("Montana", "Mont."), "NE": ("Nebraska", "Neb."),
    "NV": ("Nevada", "Nev.", "NRS"), "NH": ("New Hampshire", "N.H.", "RSA"), "NJ": ("New Jersey", "N.J.", "N.J.S.A."),
    "NM": ("New Mexico", "N.M.", "NMSA"), "NY": ("New York", "N.Y."), "NC": ("North Carolina", "N.C.", "G.S."),
    "ND": ("North Dakota", "N.D."), "OH": ("Ohio",), "OK": ("Oklahoma", "Okla.", "O.S."), "OR": ("Oregon", "Ore.", "ORS"),
    "PA": ("Pennsylvania", "Pa.", "Pa.C.S."), "RI": ("Rhode Island", "R.I."), "SC": ("South Carolina", "S.C."),
    "SD": ("South Dakota", "S.D."), "TN": ("Tennessee", "Tenn."), "TX": ("Texas", "Tex."), "UT": ("Utah",),
    "VT": ("Vermont", "Vt.", "V.S.A."), "VA": ("Virginia", "Va."), "WA": ("Washington", "Wash.", "RCW"),
    "WV": ("West Virginia", "W. Va."), "WI": ("Wisconsin", "Wis."), "WY": ("Wyoming", "Wyo."), "PR": ("Puerto Rico", "P.R."),
    "GU": ("Guam",), "VI": ("Virgin Islands",), "AS": ("American Samoa",), "MP": ("Northern Mariana Islands",),
}  # fmt: skip
"""Postal code to the state's name and the abbreviations legal citation uses for it."""

FEDERAL = ("United States (federal)", "United States", "U.S.", "federal", "US", "USA")

_NAMES = {name.lower(): code for code, names in STATES.items() for name in names[:1]}
_FORMS = {form.lower(): code for code, names in STATES.items() for form in (code, *names)}


def _by_letter(forms: Iterable[str]) -> str:
    """Return alternatives by their first letter, none within a word: a search passes over what begins with no such letter."""
    letters: dict[str, list[str]] = {}
    for form in sorted(forms, key=len, reverse=True):
        letters.setdefault(form[0], []).append(re.escape(form[1:]))
    return "|".join(rf"{letter}(?<![\w.]{letter})(?:{'|'.join(rest)})" for letter, rest in letters.items())


_CITE_PATTERN = re.compile(
    rf"(?P<name>{_by_letter(form for names in STATES.values() for form in names[1:])})(?=[\s,])(?=.{{0,30}}[§\d])"
)
_POSTAL_PATTERN = re.compile(r",\s*(?P<name>" + "|".join(STATES) + r")\b\.?(?=\s+\d{5}|\s*$|[\s,;)])", re.MULTILINE)
_STREET = re.compile(r"\s(?:A ?venue|Ave|Street|St|Boulevard|Blvd|Road|Rd|Drive|Lane|Highway|Hwy)\b", re.IGNORECASE)
_NAME = r"[A-Z][a-zA-Z.’'-]+(?:[ ][A-Z][a-zA-Z.’'-]+){0,2}"
_LOUD = r"[A-Z][A-Z.’'-]+(?:[ ][A-Z][A-Z.’'-]+){0,2}"
_LOCAL = re.compile(
    rf"\b(?:(?P<kind>City|Town|Village|Borough|Township|County|Parish)\s+(?:and\s+County\s+)?of\s+(?P<of>{_NAME})"
    rf"|(?P<KIND>CITY|TOWN|VILLAGE|BOROUGH|TOWNSHIP|COUNTY|PARISH)[ ](?:AND[ ]COUNTY[ ])?OF[ ](?P<OF>{_LOUD})"
    rf"|(?P<county>{_NAME})\s+(?P<county_kind>County|Parish|Borough)\b"
    rf"|(?P<COUNTY>{_LOUD})[ ](?P<COUNTY_KIND>COUNTY|PARISH|BOROUGH)\b"
    rf"|(?P<police>{_NAME})\s+(?:Police|Marshal’?s?)\s+(?:Department|Dept\.?|Office)"
    rf"|(?P<POLICE>{_LOUD})[ ](?:POLICE|MARSHAL[’']?S?)[ ](?:DEPARTMENT|OFFICE))"
)
_STOP = frozenset(
    {
        "the", "this", "each", "any", "such", "said", "by", "for", "and", "or", "of", "in", "to", "from", "with", "under",
        "no", "state", "federal", "local", "participating", "named", "sheriff", "sheriffs", "board", "boards", "council",
        "commission", "police", "department", "office", "officer", "policy", "order", "general", "ordinance",
        "resolution", "code", "municipal", "charter", "clerk", "attorney", "county", "city", "town", "chapter", "section",
        "article", "title", "whereas", "agreement", "memorandum",
    }
)  # fmt: skip
_SAINTS = frozenset({"St.", "Ste.", "Ft.", "Mt.", "Pt."})
_IN_NAME = re.compile(r"(?:^|(?<=[a-z])|(?<=SO)|(?<=PD)|(?<=[_\W]))(?P<code>" + "|".join(STATES) + r")(?=[_\W\d]|$)")


def state_code(name: str) -> str | None:
    """Return the postal code of a state's name, abbreviation or code, or None."""
    return _FORMS.get(name.strip().lower()) or _FORMS.get(name.strip().rstrip(".").lower())


def normalise(text: str) -> str | None:
    """Return the jurisdiction a person may have written: ``Maryland`` is MD, ``Somerville, MA`` is MA/Somerville."""
    value = text.strip().strip(".")
    if value in FEDERAL or value.lower().startswith("united states"):
        return "US"
    if (code := state_code(value)) is not None:
        return code
    for separator in (",", "/"):
        if separator in value:
            head, tail = (part.strip() for part in value.rsplit(separator, 1))
            place, code = (head, state_code(tail)) if separator == "," else (tail, state_code(head))
            if code is not None and place:
                return f"{code}/{place}"
    return None


def state_in_name(name: str) -> str | None:
    """Return the state whose code a file's name ends a part with, ``MarshCountyOH_signed``; None where none or several do."""
    codes = {match["code"] for match in _IN_NAME.finditer(name)}
    return codes.pop() if len(codes) == 1 else None


@lru_cache(maxsize=512)
def _one_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of some states' names, the longer first: ``West Virginia`` before ``Virginia``."""
    choice = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?P<name>{choice})\b", re.IGNORECASE)


def _named(text: str, lowered: str, names: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Yield where a text names one of some states, tried only where the letters of a name stand."""
    pattern = _one_of(names)
    if len(lowered) != len(text):  # a few letters change length in lower case; places must hold
        yield from pattern.finditer(text)
        return
    reach = 0
    for at in sorted({match.start() for name in names for match in re.finditer(name, lowered)}):
        if at >= reach and (match := pattern.match(text, at)) is not None:
            reach = match.end()
            yield match


def states_named(text: str) -> list[tuple[str, int, int]]:
    """Return each state a text names, by name, citation or address, with the span; a street's name is none."""
    lowered = text.lower()
    # a pattern of the few names that stand in the text at all is many times faster than one of every state's
    within = tuple(name for name in _NAMES if name in lowered)
    found = [
        (_NAMES[match["name"].lower()], match.start("name"), match.end("name"))
        for match in (_named(text, lowered, within) if within else ())
        if not _STREET.match(text, match.end())
    ]
    found.extend(
        (_FORMS[match["name"].lower()], match.start("name"), match.end("name")) for match in _CITE_PATTERN.finditer(text)
    )
    found.extend((match["name"], match.start("name"), match.end("name")) for match in _POSTAL_PATTERN.finditer(text))
    return sorted(found, key=lambda item: item[1])


def locals_named(text: str) -> list[tuple[str, int, int]]:
    """Return each county, city or town a text names, ``Los Angeles County`` or ``Somerville``, with the span."""
    found = []
    for match in _LOCAL.finditer(text):
        whole = match["of"] or match["OF"]
        county = match["county"] or match["COUNTY"]
        kind = (match["kind"] or match["KIND"] or match["county_kind"] or match["COUNTY_KIND"] or "").capitalize()
        # what stands before ``County`` may open with other words, what stands after ``City of`` may run on into them
        name = _cut(whole) if whole else _cut_front(county or match["police"] or match["POLICE"])
        if name:
            place = f"{name} {kind}" if kind in ("County", "Parish", "Borough") else name
            found.append((place, match.start(), match.end()))
    return found


def _cut(name: str) -> str:
    """Return the words of a name up to one that no place is named by, or to the end of the sentence."""
    kept: list[str] = []
    for word in name.split():
        bare = word.strip(".").lower()
        if bare in _STOP:
            break
        kept.append(word if word in _SAINTS else word.rstrip(".’'-"))
        if word.endswith(".") and word not in _SAINTS:
            break
    return _cased(kept)


def _cut_front(name: str) -> str:
    """Return the words of a name from the last one on that ends a sentence or names no place."""
    kept: list[str] = []
    for word in name.split():
        if word.strip(".").lower() in _STOP or (word.endswith(".") and word not in _SAINTS):
            kept.clear()
        else:
            kept.append(word)
    return _cased(kept)


def _cased(words: list[str]) -> str:
    return " ".join(word.title() if word.isupper() and len(word) > 2 else word for word in words)
