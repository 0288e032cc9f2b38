"""The grammar of American legal enumerators: reads the marks at the start of a paragraph, and knows nothing of trees or pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

ROMAN = re.compile(r"(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})\Z")
ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
MAX_MARKS = 5
"""No real paragraph opens with more enumerators than this, ``(a)(1)(A)(i)(I)``; the bound keeps hostile text cheap."""

BULLETS = "•●○◦▪■□▫‣⁃·∙❖➢➤✓\uf0b7\uf0a7\uf0d8\uf076\uf02d\ufffd"
WEAK_BULLETS = "-–—*oexv¢«»°"
"""Marks that are bullets only where several paragraphs open with the same one: scans turn bullets into letters."""

UNIT_RANKS = {
    "appendix": 0, "attachment": 0, "exhibit": 0, "schedule": 0, "annex": 0, "addendum": 0, "amendment": 0, "enclosure": 0,
    "title": 1, "subtitle": 2, "division": 3, "part": 4, "chapter": 5, "subchapter": 6, "article": 7, "subpart": 8,
    "section": 9,
}  # fmt: skip
UNIT_PREFIXES = {
    "appendix": "App", "attachment": "Att", "exhibit": "Exh", "schedule": "Sched", "annex": "Annex", "addendum": "Addendum",
    "amendment": "Amendment", "enclosure": "Encl",
}  # fmt: skip
"""Only what stands beside the numbered body gets a prefix in a number path: ``App.A`` cannot be mistaken for item A."""

_UNIT_NAMES = (
    r"appendix|attachment|exhibit|schedule|annex|addendum|enclosure|title|subtitle|division|part|chapter|subchapter|article|subpart"
    r"|section|sect?\.|§§?|�"
)
_OPENING = re.compile(rf"[(0-9]|[A-Z|!][A-Z0-9|!]{{0,5}}[.)]|{_UNIT_NAMES}", re.IGNORECASE)
"""What every enumerator begins with, and few lines of running text do."""
_UNIT = re.compile(
    rf"(?P<unit>{_UNIT_NAMES})\s*"
    r"(?P<number>(?:[0-9]{1,6}[a-z]{0,3}(?:[-–—.:][0-9]{1,6}[a-z]{0,3}){0,5}"
    r"|[ivxlc]{1,7}|[a-z]{1,2})(?:\.[0-9]{1,3})?(?:\([a-z0-9]{1,4}\))?)?(?P<stop>\s*[.:–—-]|)(?=\s|$)",
    re.IGNORECASE,
)
_BARE_ARTICLE = re.compile(r"Article\s+[–—-]+\s+(?=[A-Z])|ARTICLE\s+[–—-]+\s+(?=[A-Z])")
_CODE = re.compile(
    r"(?P<number>[0-9]{1,4}[A-Z]{0,2}(?:[-–—.:][0-9]{1,5}[A-Z]{0,2}){1,5}(?:\([A-Za-z]{1,5}\))?)(?P<stop>\.|)(?=\s|$)"
)
_ALONE = re.compile(r"(?P<number>[0-9]{3,6}[A-Za-z]{0,2})\.$")
_BRACKET = re.compile(r"\(\s?(?P<value>[a-z]{1,6}|[A-Z]{1,6}|[0-9]{1,3}|[A-Za-z]{1,2}[-–—]?[0-9]{1,2}|[0-9]{1,3}[a-z])\s?\)")
_DOT = re.compile(
    r"(?P<value>[A-Z]{1,6}|[a-z]{1,5}|[0-9]{1,3}|[A-Za-z0-9|!]{1,6})(?P<stop>[.)])(?=\s|$|[A-Z][a-z]|[A-Z]{3}|[“\"])"
)
_RUNS_ON_LOUD = re.compile(r"\s+(?:OF|AND|OR|THROUGH|TO)\b")
_RUNS_ON = re.compile(r"\s*[a-z,;)]|\s+\(\d{4}\)|\s+U\.\s?S\.|\s+C\.\s?F|\s+Stat\.")
"""What follows a number in a reference to other law, and never the number of a unit that begins here."""
_SPACE = re.compile(r"[\s ]{0,20}")


@dataclass(frozen=True, slots=True)
class Mark:
    """One enumerator as it stands in the text.

    `readings` are the (style, ordinal) pairs it can mean, likeliest first; a style is a kind of numeral (``1 A a R r``) and its
    delimiters. `unit` names the word before it (section, article), `rank` its place among such words. `end` is where it ends.
    """

    raw: str
    value: str
    readings: tuple[tuple[str, int], ...]
    end: int
    unit: str | None = None
    rank: int | None = None


def roman_value(text: str) -> int | None:
    """Return the value of a well-formed Roman numeral up to 399, or None."""
    lower = text.lower()
    if not lower or len(lower) > 12 or not ROMAN.match(lower):
        return None
    total = 0
    for here, after in zip(lower, lower[1:] + " ", strict=True):
        value = ROMAN_VALUES[here]
        total += -value if value < ROMAN_VALUES.get(after, 0) else value
    return total


def to_roman(number: int) -> str:
    """Write a number below 400 in lower-case Roman numerals."""
    out = ""
    for value, numeral in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        while number >= value:
            out, number = out + numeral, number - value
    return out


def readings(value: str, delimiter: str) -> tuple[tuple[str, int], ...]:
    """Return every (style, ordinal) an enumerator's value can mean, such as both Roman one and the ninth letter for ``I``."""
    if not value:
        return ()
    if value.isdigit():
        return (("1" + delimiter, int(value)),)
    if not value.isalpha() or not (value.isupper() or value.islower()):
        return _inserted(value, delimiter)
    found: list[tuple[str, int]] = []
    upper = value.isupper()
    if (number := roman_value(value)) is not None:
        found.append((("R" if upper else "r") + delimiter, number))
    if len(value) == 1 or (len(value) <= 3 and len(set(value.lower())) == 1):
        letter = ord(value[0].lower()) - 96 + 26 * (len(value) - 1)
        found.append((("A" if upper else "a") + delimiter, letter))
    return tuple(sorted(found, key=lambda pair: pair[1]))


def _inserted(value: str, delimiter: str) -> tuple[tuple[str, int], ...]:
    """Read a number put in between by later law, ``c1`` or ``a-1``, as standing at its letter."""
    letter = value[0]
    if letter.isalpha() and value.lstrip(letter).strip("-–—").isdigit():
        return ((("A" if letter.isupper() else "a") + delimiter, ord(letter.lower()) - 96),)
    if value[:-1].isdigit() and value[-1].isalpha():
        return (("1" + delimiter, int(value[:-1])),)
    return ()


def write(style: str, ordinal: int) -> str:
    """Write an ordinal in a style's numerals, the inverse of `readings`."""
    kind = style[0]
    if kind == "1":
        return str(ordinal)
    if kind in "Rr":
        text = to_roman(ordinal) if ordinal < 400 else ""
    else:
        turns, letter = divmod(ordinal - 1, 26)
        text = chr(97 + letter) * (turns + 1) if turns < 3 else ""
    return text.upper() if kind in "RA" else text


def unit_mark(text: str) -> Mark | None:
    """Read a named unit at the start of a text: ``ARTICLE IV``, ``Sec. 2-6.``, ``§ 12``, ``APPENDIX B``."""
    match = _UNIT.match(text)
    bare = _BARE_ARTICLE.match(text)
    if match is None or bare is not None:
        return None if bare is None else Mark(bare[0], "", (), bare.end(), "article", UNIT_RANKS["article"])
    word = match["unit"].lower().rstrip(".")
    unit = "section" if word in ("sec", "sect", "§", "§§", "�") else word
    if _refers(text, match):
        return None
    number = match["number"] or ""
    glued = bool(number) and match.end("unit") == match.start("number") and word[0] not in "§�"
    if glued and (UNIT_RANKS[unit] > 0 or number.upper() in ("D", "S", "ED", "ES")):
        return None
    if len(number) == 2 and number.isalpha() and number[0] != number[1] and roman_value(number) is None:
        number = ""
    if not number and (unit != "addendum" or not match["unit"].isupper()):
        return None
    if number.isalpha() and not number.isupper() and roman_value(number) is None:
        return None
    if number.isalpha() and not match["unit"].isupper() and number.islower():
        return None
    value = number.rstrip(".").replace("–", "-").replace("—", "-")
    end = match.end() if number else match.end("unit")
    return Mark(text[:end], value, readings(value, "~"), end, unit, UNIT_RANKS[unit])


def _refers(text: str, match: re.Match[str]) -> bool:
    """Tell whether a unit's name is a reference in the middle of a sentence: ``§ 14-101 OF THE CRIMINAL LAW ARTICLE``."""
    if _RUNS_ON.match(text, match.end()):
        return True
    return not match["stop"].strip() and bool(_RUNS_ON_LOUD.match(text, match.end()))


def code_mark(text: str) -> Mark | None:
    """Read a code's section number at the start of a text: ``16-3-501.``, ``5–104.1.``, ``4.2``."""
    if (alone := _ALONE.match(text)) is not None:
        return Mark(text, alone["number"], (), len(text), "section", UNIT_RANKS["section"])
    match = _CODE.match(text)
    if match is None or _refers(text, match):
        return None
    value = match["number"].replace("–", "-").replace("—", "-")
    return Mark(
        match[0], value, (), match.end(), "decimal" if re.fullmatch(r"[0-9.]+", value) else "section", UNIT_RANKS["section"]
    )


def item_mark(text: str, position: int = 0) -> Mark | None:
    """Read one plain enumerator at `position`: ``(a)``, ``IV.``, ``1)``."""
    match = _BRACKET.match(text, position)
    delimiter = "()"
    if match is None:
        match = _DOT.match(text, position)
        if match is None:
            return None
        delimiter = match["stop"]
    value = match["value"]
    return Mark(match[0], value.replace("–", "-").replace("—", "-"), readings(value, delimiter), match.end())


def leading_marks(text: str) -> tuple[Mark, ...]:
    """Read every enumerator at the start of a text, ``(a) (1) (A)``; `end` of the last one is where its words begin."""
    if _OPENING.match(text) is None:
        return ()
    unit = unit_mark(text) or code_mark(text)
    marks: list[Mark] = [] if unit is None else [unit]
    position = 0 if unit is None else _skip(text, unit.end)
    while len(marks) < MAX_MARKS:
        mark = item_mark(text, position)
        if mark is None or (not mark.readings and (marks or mark.raw.startswith("("))):
            break
        position = _skip(text, mark.end)
        marks.append(Mark(mark.raw, mark.value, mark.readings, position))
        if unit is not None and not mark.raw.startswith("("):
            marks.pop()
            break
    return tuple(marks)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return position if match is None else match.end()


_CONFUSED = str.maketrans({"l": "I", "1": "I", "|": "I", "!": "I", "i": "I", "j": "I", "J": "I", "L": "I", "T": "I", "t": "I",
                           "U": "II", "u": "II", "Y": "V", "y": "V", "v": "V", "x": "X", "H": "II", "n": "II",
                           "8": "B", "0": "O", "o": "O", "Q": "O", "5": "S", "s": "S", "6": "G", "2": "Z", "z": "Z"})  # fmt: skip


_DOUBLED = re.compile("V+")


def confusable(seen: str, expected: str, *, loosely: bool = False) -> bool:
    """Tell whether a scan may show `expected` as `seen`: ``Ill`` for ``III``, ``VIU`` for ``VIII``, ``8`` for ``B``.

    `loosely` forgives one stroke too many or too few, which only a heading that reads as no numeral deserves.
    """
    one, other = (_DOUBLED.sub("V", value.translate(_CONFUSED)) for value in (seen, expected))
    if one == other:
        return True
    if not loosely or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 2:
        return False
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    return any(
        longer[:i] + longer[i + 1 :] == shorter or longer[:i] + longer[i + 1 :] == shorter[:i] + shorter[i + 1 :]
        for i in range(len(longer))
    )


_FIRST_WORD = re.compile(r"(?P<value>[A-Za-z0-9|!]{1,6})(?P<stop>[.,:;·]{0,3})(?=\s+\S)")


def word_mark(text: str) -> Mark | None:
    """Read a heading's first word as an enumerator that lost its point or its letters; what it means is left open."""
    match = _FIRST_WORD.match(text)
    if match is None:
        return None
    found = readings(match["value"], ".") if match["stop"] and match["value"].isupper() else ()
    return Mark(match[0], match["value"], found, _skip(text, match.end()))
