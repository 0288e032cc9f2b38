"""The names of American jurisdictions and how law writes them; knows nothing of documents."""

from __future__ import annotations

import re

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
_NAME_PATTERN = re.compile(
    r"\b(?P<name>" + "|".join(sorted((re.escape(names[0]) for names in STATES.values()), key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)
_CITE_PATTERN = re.compile(
    r"(?<![\w.])(?P<name>"
    + "|".join(sorted((re.escape(form) for names in STATES.values() for form in names[1:]), key=len, reverse=True))
    + r")(?=[\s,])(?=.{0,30}[§\d])"
)
_POSTAL_PATTERN = re.compile(r",\s*(?P<name>" + "|".join(STATES) + r")\b\.?(?=\s+\d{5}|\s*$|[\s,;)])", re.MULTILINE)
_LOCAL = re.compile(
    r"\b(?:(?P<kind>City|Town|Village|Borough|Township|County"
        r"|Parish)\s+(?:and County\s+)?of\s+(?P<of>[A-Z][a-zA-Z.’'-]+(?:\s[A-Z][a-zA-Z.’'-]+){0,2})"
    r"|(?P<county>[A-Z][a-zA-Z.’'-]+(?:\s[A-Z][a-zA-Z.’'-]+){0,2})\s+(?P<county_kind>County|Parish|Borough)\b"
    r"|(?P<police>[A-Z][a-zA-Z.’'-]+(?:\s[A-Z][a-zA-Z.’'-]+){0,2})\s+(?:Police|Marshal’?s?)\s+(?:Department|Dept\.?|Office))"
)  # fmt: skip
_STOP = frozenset(
    [
        "The",
        "This",
        "Each",
        "Any",
        "Such",
        "Said",
        "By",
        "For",
        "And",
        "Or",
        "Of",
        "In",
        "State",
        "Federal",
        "Local",
        "Participating",
        "Named",
        "Named",
        "Sheriff",
        "Board",
    ]
)


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


def states_named(text: str) -> list[tuple[str, int, int]]:
    """Return each state a text names, by name, citation or address, with the span."""
    found = [(_NAMES[match["name"].lower()], match.start("name"), match.end("name")) for match in _NAME_PATTERN.finditer(text)]
    found.extend(
        (_FORMS[match["name"].lower()], match.start("name"), match.end("name")) for match in _CITE_PATTERN.finditer(text)
    )
    found.extend((match["name"], match.start("name"), match.end("name")) for match in _POSTAL_PATTERN.finditer(text))
    return sorted(found, key=lambda item: item[1])


def locals_named(text: str) -> list[tuple[str, int, int]]:
    """Return each county, city or town a text names, ``Los Angeles County`` or ``Somerville``, with the span."""
    found = []
    for match in _LOCAL.finditer(text):
        if match["of"]:
            name = _trim(match["of"])
            place = f"{name} {match['kind']}" if match["kind"] in ("County", "Parish", "Borough") else name
        elif match["county"]:
            name = _trim(match["county"])
            place = f"{name} {match['county_kind']}"
        else:
            name = place = _trim(match["police"])
        if name:
            found.append((place, match.start(), match.end()))
    return found


def _trim(name: str) -> str:
    words = name.split()
    while words and words[0] in _STOP:
        words.pop(0)
    while words and words[-1] in _STOP:
        words.pop()
    return " ".join(words)
