"""Recognises paragraphs that are no clauses: contents, signatures, contacts, forms, notes; knows nothing of numbering."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.records import BlockKind
from nlp.segment.paragraphs import Paragraph

_LEADERS = re.compile(r"\.{4,}|(?:\s\.){4,}|…{2,}|_{3,}\s*\d{1,3}$")
_CONTENTS = re.compile(r"(?:table of )?contents$|index$", re.IGNORECASE)
_SECTIONS = re.compile(
    r"(?:sections?|articles?|chapters?|(?:chapter |article |part )?(?:contents|analysis)|in this (?:chapter|article))\s?:?$",
    re.IGNORECASE,
)
_TO_PAGE = re.compile(r"\D\s(?:\d{1,3}|[ivx]{1,5})$")
_PAGE_ENDS = frozenset("0123456789ivx")
_SIGN = re.compile(
    r"(?:by|signature|signed|date(?:d)?|name|title|print(?:ed)? name|attest|approved|witness|its|agency|accepted(?: by)?"
    r"|/s/)\s?(?:of [\w ]{1,40})?\s?(?:[:_./]|$)"
    r"|_{5,}|/s/|x_{3,}|approved as to form|(?:so )?ordered this",
    re.IGNORECASE,
)
_TESTIMONIUM = re.compile(r"in (?:witness|testimony) (?:whereof|thereof)\b", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:copyright\b|©).{0,80}(?:all rights reserved|\b(?:19|20)\d\d\b)", re.IGNORECASE)
_FOR_PARTY = re.compile(r"(?:(?:on behalf of|for)\s+(?:the\s+)?[A-Z][\w.&’'() -]{1,60}:?\s*){1,2}$", re.IGNORECASE)
_FOR_PARTY_RUN = re.compile(r"(?:on behalf of|for)\s+(?:the\s+)?[A-Z][\w.&’'() -]{1,60}:", re.IGNORECASE)
_CONTACT_LEAD = re.compile(r"\bcontacts?\b[^.]{0,160}:$", re.IGNORECASE)
_REACH = re.compile(
    r"\b\(?\d{3}\)?[\s.–-]{1,2}\d{3}[\s.–-]\d{4}\b|[\w.+-]{1,40}@[\w-]{1,40}\.\w{2,}|\b[A-Z]{2}\.? \d{5}(?:-\d{4})?\b"
    r"|\bP\.?\s?O\.?\s?Box\b"
    r"|\bphone\b|\bfax\b|\be-?mail\b|\btelephone\b|\bsuite \d",
    re.IGNORECASE,
)
_REACH_SIGN = re.compile(r"[\d@]")
_REACH_WORDS = ("phone", "fax", "mail", "box")
_BLANK_FIELD = re.compile(r"___+|\[\s?\]|☐|☒|□\s")
_HISTORY = re.compile(
    r"(?:history|source|amended|added|effect of amendments?|editor'?’?s? notes?|cross[- ]references?|case notes"
    r"|notes? to decisions|annotations?"
    r"|legal periodicals|law reviews?|credits?|statutory notes|opinions? of the attorney general|research references"
    r"|references? in text"
    r"|legislative history|amendments|codification|references|prior provisions|historical and revision notes"
    r"|savings provision|short title"
    r"|michie'?’?s jurisprudence|revision note|drafting note|derivation|recodified?|applied in|cited in)\b\s?[.:—–-]",
    re.IGNORECASE,
)
_ACT_DATE = re.compile(
    r"(?:(?:as )?(?:added|amended|enacted),? )?(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov"
    r"|Dec)[a-z]*\.? \d{1,2}, (?:18|19|20)\d\d, "
    r"(?:ch\.|c\.|D\.C\. (?:Law|Act)|Pub\. L|P\.L|\d{1,3} Stat)"
)
_HISTORY_PARENS = re.compile(r"[(\[](?:(?:history|source|code|acts?|added|amended|ord(?:inance)?\.?|stats?\.?|laws"
    r"|p\.?l\.?|l\.|c\."
    r"|s\.l\.|am\.|en\.|prior code)\b|\d{4}(?:-\d+)?,?\s)"
                             r"[^()]{0,2000}(?:\([^()]{0,80}\)[^()]{0,1000}){0,30}[)\]]\.?$", re.IGNORECASE)  # fmt: skip
_NOTE = re.compile(r"\*?\(?(?:editor'?’?s )?notes?\s?[:—–]|\*+\s?note|\[(?:reserved|repealed)|(?:effective"
    r"|operative) (?:date|until)[^.]{0,60}\]$",
                   re.IGNORECASE)  # fmt: skip
_NOTE_HEADS = re.compile(
    r"(?:history|case notes?|editor'?’?s notes?|effect of amendments?|cross references?|legal periodicals|annotations?"
    r"|notes? of decisions"
    r"|notes? to decisions|statutory notes[\w ]{0,40}|editorial notes|amendments|research references|law reviews?"
    r"|opinions of [\w ]{3,40}"
    r"|local law enforcement agencies|references in text|re-recodification; [\w ;]{3,60})\.?$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[a-z][.;:][\"”’')\]]{0,3}$")
_STRONG = re.compile(r"(?:date|signature|signed|by|/s/)\s?[:_]", re.IGNORECASE)
_TO_SIGN = re.compile(r"\b(?:Signature|Title|Date|Name)\s?[:(_]")
_ADDRESS = re.compile(r"(?:[A-Z][\w.’'&-]*,?\s+){0,8}\d{1,6}\s[^.;]{3,60},\s[A-Z]{2}\.?\s\d{5}(?:-\d{4})?\.?$")
_PLAIN = re.compile(r"[\"“(]?[A-Za-z]?[a-z’'-]+[.,;:)”\"]{0,2}|[A-Z]{2,12}[.,;:)]?|\d{1,5}|§+|&")
_LOWER = re.compile(r"[\"“(]?[a-z’'-]{2,}[.,;:)”\"]{0,2}")
_HEADING_LIKE = re.compile(
    r"(?:[IVX]{1,6}|[A-Z]|\d{1,2})\.\s|APPENDIX|ATTACHMENT|EXHIBIT|ADDENDUM|ARTICLE|SECTION"
    # a numeral as scans read it, before capitals
    r"|[IVXLUHTJDYilj1|!]{1,6}[.,]{1,2}\s[A-Z]{3}"
)
_SMALL = frozenset(["of", "the", "and", "for", "to", "in", "on", "at", "by", "an", "or", "with", "from", "as"])
LONGEST_ENTRY = 160
"""An entry in a list of sections is no longer than this (in characters)."""
REACH = 8
"""How many paragraphs a signature block may reach from a line to sign."""
SENTENCE_WORDS = 12
"""A paragraph of so many words that ends like a sentence is text, even among signatures and contacts."""


def labels(parts: Sequence[Paragraph], texts: Sequence[str]) -> list[BlockKind | None]:
    """Say of each paragraph what it is if it is no text of the law; None for text and headings."""
    found: list[BlockKind | None] = [_own(part, text) for part, text in zip(parts, texts, strict=True)]
    _contents(parts, texts, found)
    _section_lists(parts, texts, found)
    _contacts(texts, found)
    _addresses(parts, texts, found)
    _signatures(parts, texts, found)
    return found


def _own(part: Paragraph, text: str) -> BlockKind | None:
    if not part.rows:
        return None
    if not any(character.isalnum() for character in text[:2000]):
        return "form" if "_" in text else "furniture"
    if len(text) < 200 and _COPYRIGHT.match(text):
        return "furniture"
    if _TESTIMONIUM.match(text) and len(text) < 800:
        return "signature"
    if is_history(text) or _NOTE.match(text):
        return "note"
    fields = len(_BLANK_FIELD.findall(text[:2000]))
    if fields and fields * 6 >= len(text.split()):
        return "form"
    return None


def is_history(text: str) -> bool:
    """Tell whether a paragraph is a section's history: which acts made and changed it."""
    return bool(_HISTORY.match(text) or _HISTORY_PARENS.match(text) or _ACT_DATE.match(text))


def is_note_heading(text: str) -> bool:
    """Tell whether a paragraph is the heading of an editor's notes."""
    return len(text) < 90 and bool(_NOTE_HEADS.match(text))


def _is_sentence(text: str) -> bool:
    return len(text.split(None, SENTENCE_WORDS + 1)) > SENTENCE_WORDS and _ends_sentence(text)


def _ends_sentence(text: str) -> bool:
    return bool(_SENTENCE.search(text[-6:]))  # a letter, a mark, what closes it, and a line break


def _contents(parts: Sequence[Paragraph], texts: Sequence[str], found: list[BlockKind | None]) -> None:
    """Mark a table of contents: its heading and the entries under it, or any run of entries with leaders."""
    inside = False
    for index, text in enumerate(texts):
        if not parts[index].rows:
            continue
        if len(text) < 30 and _CONTENTS.match(text):
            inside = True
        elif text[-1:] not in _PAGE_ENDS or (
            not (_LEADERS.search(text) and _TO_PAGE.search(" " + text))
            and not (inside and len(text) < 200 and _TO_PAGE.search(text))
        ):
            inside = False
            continue
        found[index] = "contents"


def _section_lists(parts: Sequence[Paragraph], texts: Sequence[str], found: list[BlockKind | None]) -> None:
    """Mark the list of sections a chapter may open with: numbers and titles without text, whose numbers come again below."""
    numbers = [_section(part, text) for part, text in zip(parts, texts, strict=True)]
    index = 0
    while index < len(parts):
        announced = bool(_SECTIONS.match(texts[index]))
        start = index + announced
        end = start
        seen: set[str] = set()
        while end < len(parts) and (not parts[end].rows or (numbers[end] and numbers[end] not in seen)):
            seen.add(numbers[end])
            end += 1
        seen.discard("")
        # a section whose text follows is no entry of the list, unless its number comes again
        later = {number for number in numbers[end:] if number}
        if len(seen) >= (2 if announced else 3) and len(seen & later) >= 0.8 * len(seen):
            for entry in range(index, end):
                if parts[entry].rows and (numbers[entry] in later or entry < start):
                    found[entry] = "contents"
        index = max(end, index + 1)


def _section(part: Paragraph, text: str) -> str:
    """Return the number of a section or a like unit, where its title is all the paragraph holds; else the empty string."""
    if not part.rows or not part.marks or part.marks[0].unit is None or len(text) > LONGEST_ENTRY or text[-1] in ":;,":
        return ""
    return f"{part.marks[0].unit} {part.marks[0].value}" if part.marks[0].value else ""


def _contacts(texts: Sequence[str], found: list[BlockKind | None]) -> None:
    """Mark the short lines that follow a lead-in about points of contact, and lines that are nothing but addresses."""
    inside = False
    for index, text in enumerate(texts):
        if found[index] is not None or not text:
            continue
        if text.endswith(":") and _CONTACT_LEAD.search(text[-200:]):
            inside = True
            continue
        words = len(text.split(None, 61))
        if _is_sentence(text) and not (words < 60 and _FOR_PARTY_RUN.match(text)):
            inside = False
        elif inside and (words <= 60 and not _is_heading_like(text)):
            found[index] = "contact"
        elif inside:
            inside = False
        elif _ADDRESS.match(text[:160]) or (words <= 40 and _ways_to_reach(text) >= 2 and not _ends_sentence(text)):
            found[index] = "contact"


def _ways_to_reach(text: str) -> int:
    """Count numbers, addresses and words for such; most texts have no character or word of one, and that is seen far quicker."""
    if not _REACH_SIGN.search(text) and not any(word in text.lower() for word in _REACH_WORDS):
        return 0
    return len(_REACH.findall(text))


def _addresses(parts: Sequence[Paragraph], texts: Sequence[str], found: list[BlockKind | None]) -> None:
    """Mark the lines of an address that a colon announces."""
    index = 0
    while index < len(texts):
        start = index = index + 1
        if not texts[start - 1].endswith(":"):
            continue
        while index < len(texts) and index - start < 10 and found[index] is None and _is_address_line(parts[index], texts[index]):
            if index > start and texts[index].isupper() and _ways_to_reach(texts[index - 1]) and not _ways_to_reach(texts[index]):
                break
            index += 1
        if index - start >= 2 and any(_ways_to_reach(texts[line]) for line in range(start, index)):
            found[start:index] = ["contact"] * (index - start)


def _is_address_line(part: Paragraph, text: str) -> bool:
    item = bool(part.marks and part.marks[0].readings)
    return bool(text) and not item and not part.bullet and len(text.split(None, 11)) <= 10 and text[-1:] not in ".;:,"


def _is_heading_like(text: str) -> bool:
    return bool(_HEADING_LIKE.match(text))


def _signatures(parts: Sequence[Paragraph], texts: Sequence[str], found: list[BlockKind | None]) -> None:
    """Mark signature blocks: lines to sign or fill, and the short lines around them up to the next sentence or heading."""
    body = next((index for index, text in enumerate(texts) if found[index] is None and _is_sentence(text)), len(texts))
    cues = [i for i, text in enumerate(texts) if i > body and text and len(text) < 400 and _cue(parts[i], text)]
    for position, index in enumerate(cues):
        near = any(abs(other - index) <= 8 for other in cues[max(0, position - 1) : position + 2] if other != index)
        if not near and not _STRONG.match(texts[index]):
            continue
        if found[index] in (None, "form", "contact"):
            found[index] = "signature"
        for step in (-1, 1):
            _spread(index, step, parts, texts, found)


def _spread(index: int, step: int, parts: Sequence[Paragraph], texts: Sequence[str], found: list[BlockKind | None]) -> None:
    other = index + step
    while 0 <= other < len(texts) and abs(other - index) <= REACH:
        text = texts[other]
        if text:
            if found[other] not in (None, "form", "signature") or _is_heading_like(text) or parts[other].marks:
                return
            if _is_sentence(text) or len(text.split(None, 21)) > 20 or (text.endswith((".", ":")) and not _FOR_PARTY.match(text)):
                return
            found[other] = "signature"
        other += step


def _cue(part: Paragraph, text: str) -> bool:
    return any(_SIGN.match(row.text) or _TO_SIGN.search(row.text) for row in part.rows) and not _is_sentence(text)


def is_fragment(text: str) -> bool:
    """Tell whether a paragraph is a scrap without a rule: a name, an office, a stamp or what a scan made of a signature."""
    words = text.split(None, 40)
    if len(words) > 40 or _ends_sentence(text) or text.endswith((":", ";")):
        return False
    plain = sum(1 for word in words if _PLAIN.fullmatch(word))
    lower = sum(1 for word in words if _LOWER.fullmatch(word) and word not in _SMALL)
    return lower * 5 < len(words) or plain * 2 < len(words)
