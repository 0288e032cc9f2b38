"""What a file says of itself beside its text: a title fit to show, and dates; it must not know any format."""

from __future__ import annotations

import re

_PROGRAM = re.compile(r"(?i)(?:microsoft\s+(?:office\s+)?(?:word|powerpoint|excel|publisher)|wordperfect|print)\s+-\s+")
_FILE_NAME = re.compile(r"(?i)\S\.(?:docx?|docm|dotx?|pdf|wpd|rtf|te?xt|odt|indd|pub|pages|xlsx?|pptx?|tiff?|jpe?g|png|html?)$")
_NAMELESS = re.compile(
    r"(?i)\W*(?:anonymous|untitled|unknown|unspecified|none|null|no title|title|document|new (?:microsoft word )?document"
    r"|blank(?: page)?|fax|full page fax print|powerpoint presentation|word document|template|slide|layout|page|draft|copy"
    r"|adobe \w+(?: document)?|pdf(?: document)?)\W*\d{0,12}\W*"
)
_SCANNER = re.compile(
    r"(?i)(?:scan(?:ned|ner)?|img|image|dsc|doc|file|kmbt|skm|mfp|xerox|canon|ricoh|sharp|konica|brother|epson|copier|hp|lj|e-?studio)"
    r"[\W_]*(?:(?:document|image|file|page|copy|scan|from|to|an?|my|the|xerox|canon|multifunction|printer|device|desktop)[\W_]*)*"
    r"[\d\W_a-z]{0,4}[\d\W_]*"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_DAY = re.compile(r"(?:D:)?((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])")


def title_of(value: str | None) -> str | None:
    """Return a title a person would give, without the program that wrote it; None for names of files, scanners and nothing."""
    title = _PROGRAM.sub("", " ".join((value or "").split()), count=1)
    if _FILE_NAME.search(title) or _NAMELESS.fullmatch(title) or _SCANNER.fullmatch(title) or not _WORD.search(title):
        return None
    if " " not in title and re.search(r"[\d_]", title):
        return None
    return title[:500]


def day_of(value: str | None) -> str | None:
    """Return the day of a date as files keep it, ``D:20250305120000Z`` or ``2025-03-05``, or None."""
    match = _DAY.match((value or "").strip())
    return None if match is None else "-".join(match.groups())
