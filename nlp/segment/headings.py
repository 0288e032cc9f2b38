"""Judges whether a paragraph is a heading, or opens with one; knows nothing of the tree it will stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.segment.enumerators import Mark, leading_marks

MAX_HEADING = 320
"""A longer paragraph is never a heading, whatever its type says (in characters)."""

_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
        "without",
        "under",
        "upon",
        "per",
        "via",
        "v",
        "vs",
        "nor",
        "not",
    ]
)
_RULE = re.compile(
    r"\b(?:shall|must|may not|is|are|was|were|has|have|had|will|does|do|takes? effect|becomes?|applies|apply|means"
    r"|includes?|constitutes?"
    r"|amended|repealed|ENACTED|provides?|agrees?)\b"
)
_DETERMINER = re.compile(
    r"(?:This|That|These|Those|No|Each|Any|Every|If|When|Whenever|Where|It|There|In|For|Upon|Unless|Except)\b"
)
_RUN_IN = re.compile(r"(?P<title>[A-Z“\"][^.:;—]{1,90}?)\s?(?P<stop>[.:]\s?[—–-]{1,2}|[.—:]|\s[–-]\s)\s*(?=[A-Z“\"(0-9])")
_SECTION_TITLE = re.compile(
    r"(?P<title>[^.]{2,240}?(?:(?:(?:\b[A-Z]\.){1,4}|\b(?:No|St|Art)\.|(?<=\d)\.(?=\d))[^.]{0,80}){0,8})(?<!\b[A-Z])\.\s?(?:[—–-]\s?)?(?=\s*[A-Z“\"(\[�§])"
)
_WORDS = re.compile(r"[^\s]+")


@dataclass(frozen=True, slots=True)
class Judgement:
    """How much of a paragraph is heading: `whole`, or the run-in title up to `end` (0 where there is none)."""

    whole: bool
    end: int = 0


NONE = Judgement(False)


def judge(
    text: str,
    marks: Sequence[Mark],
    *,
    loud: bool,
    level: int | None,
    rows: int,
    following: str,
    item_follows: bool,
    mark_follows: bool = False,
    in_list: bool = False,
) -> Judgement:
    """Judge a paragraph. `following` is the next paragraph's text; `item_follows` tells that the next one is a sibling item."""
    start = marks[-1].end if marks else 0
    rest = text[start:].strip()
    if level is not None and len(text) <= MAX_HEADING:
        return Judgement(True)
    unit = marks[0].unit if marks else None
    if unit == "decimal" and not (marks[0].raw.endswith(".") and len(marks[0].value.split(".")[0]) > 2):
        return _judge_decimal(rest, start, loud)
    if unit is not None:
        return _judge_unit(rest, start, text, marks[0], loud)
    if len(text) > MAX_HEADING or not rest:
        return _run_in(text, start) if marks else NONE
    if loud and not rest.endswith((",", ";")) and (not rest.endswith(":") or len(rest) < 60) and len(rest.split()) <= 28:
        return Judgement(True)
    if not marks and rows == 1 and len(rest) > 6 and _stands_alone(rest, following, listed=item_follows or in_list):
        return Judgement(True)
    if rest.endswith((";", ",", ":", "; or", "; and")) or not following:
        return _run_in(text, start) if marks else NONE
    if marks and not item_follows and _is_title(rest) and not marks[0].raw.startswith("("):
        return Judgement(True)
    leads_on = _caption_follows(following) if mark_follows else following[0].isupper()
    if marks and not in_list and rows == 1 and leads_on and _is_caption(rest):
        return Judgement(True)
    return _run_in(text, start) if marks else NONE


def _caption_follows(following: str) -> bool:
    """Tell whether the first item of a list is but its caption too: ``(1) Removal period`` over ``(A) In general``."""
    marks = leading_marks(following)
    first = bool(marks) and any(ordinal == 1 for _, ordinal in marks[-1].readings)
    rest = following[marks[-1].end :].strip() if first else ""
    return bool(rest) and rest[-1].isalnum() and _is_caption(rest)


def _is_caption(rest: str) -> bool:
    """Tell whether an item's words are but its caption: ``(1) In general``."""
    bare = rest.rstrip(" .") if len(rest.split()) <= 3 and "@" not in rest else rest
    return len(rest.split()) <= 8 and rest[0].isupper() and bare[-1:].isalnum() and not _RULE.search(rest)


def _stands_alone(rest: str, following: str, *, listed: bool) -> bool:
    """Tell whether a short plain line is a heading over the text that follows, and no item of a list."""
    if rest.endswith(".") or not _is_title(rest.rstrip(":;,"), 9) or (listed and rest.endswith((":", ";", ","))):
        return False
    return len(following) > 60 and following[0].isupper()


def _judge_decimal(rest: str, start: int, loud: bool) -> Judgement:
    """Judge a paragraph numbered ``3.1``: a policy numbers its rules so as well as its headings."""
    if not rest:
        return Judgement(True)
    titled = loud or _is_title(rest.rstrip(".")) or (rest[-1] != "." and _is_caption(rest))
    if titled and rest[-1] not in ":;," and len(rest.split()) <= 28 and not _is_sentence(rest):
        return Judgement(True)
    match = _SECTION_TITLE.match(rest)
    title = match["title"] if match else ""
    if match is None or _RULE.search(title) or ":" in title or not (_is_title(title, 12) or len(title.split()) <= 4):
        return NONE
    return Judgement(False, start + match.end())


def _judge_unit(rest: str, start: int, text: str, mark: Mark, loud: bool) -> Judgement:
    if mark.unit != "section" and mark.unit != "decimal":
        short = len(rest) <= 200 and (not _RULE.search(rest) or loud) and not rest.endswith((",", ";"))
        return Judgement(short)
    if not rest:
        return Judgement(True)
    if len(rest.split()) <= 60 and not rest.endswith((":", ";", ",")) and (loud or not _is_sentence(rest)):
        whole = _SECTION_TITLE.match(rest + " A")
        if whole is None or whole.end() >= len(rest) or "—" in rest or "[" in rest[whole.end() :]:
            return Judgement(True)
    match = _SECTION_TITLE.match(rest)
    if match and not _is_sentence(match["title"]) and len(match["title"].split()) <= 40:
        return Judgement(False, start + len(text[start:]) - len(text[start:].lstrip()) + match.end())
    return NONE


def _run_in(text: str, start: int) -> Judgement:
    match = _RUN_IN.match(text, start)
    if match is None:
        return NONE
    words = match["title"].split()
    if len(words) > 10 or _RULE.search(match["title"]) or (not _is_title(match["title"], 10) and len(words) > 4):
        return NONE
    return Judgement(False, match.end("stop"))


def _is_sentence(text: str) -> bool:
    """Tell whether a text reads as a rule and not as a title."""
    if _title_share(text) > 0.85 and len(text.split()) > 2:
        return False
    return bool(_DETERMINER.match(text) and _RULE.search(text)) or bool(
        re.search(r"\b(?:shall|is amended|are amended|takes effect)\b", text)
    )


def _title_share(text: str) -> float:
    words = [word for word in _WORDS.findall(text) if word[0].isalpha() and word.lower() not in _SMALL]
    return sum(word[0].isupper() for word in words) / len(words) if words else 0.0


def _is_title(text: str, most: int = 16) -> bool:
    words = text.split()
    return 0 < len(words) <= most and text[0].isupper() and _title_share(text) >= 0.8 and not re.search(r"[.;:!?]\s+\S", text)
