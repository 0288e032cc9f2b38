"""Recognises paragraphs that are no clauses: contents, signatures, contacts, forms, notes; knows nothing of numbering."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.records import BlockKind
from nlp.segment.paragraphs import Paragraph

_LEADERS = re.compile(r"\.{4,}|(?:\s\.){4,}|…{2,}|_{3,}\s*\d{1,3}$")
_CONTENTS = re.compile(r"(?:table of )?contents$|index$", re.IGNORECASE)
_TO_PAGE = re.compile(r"\D\s(?:\d{1,3}|[ivx]{1,5})$")
_SIGN = re.compile(
    r"(?:by|signature|signed|date(?:d)?|name|title|print(?:ed)? name|attest|witness|its|agency|/s/)\s?(?:of [\w ]{1,40})?\s?(?:[:_./]|$)"
    r"|_{5,}|/s/|x_{3,}|approved as to form|(?:so )?ordered this",
    re.IGNORECASE,
)
_FOR_PARTY = re.compile(r"(?:on behalf of|for)\s+(?:the\s+)?[A-Z][\w.&’'() -]{1,60}:?$", re.IGNORECASE)
_FOR_PARTY_RUN = re.compile(r"(?:on behalf of|for)\s+(?:the\s+)?[A-Z][\w.&’'() -]{1,60}:", re.IGNORECASE)
_CONTACT_LEAD = re.compile(r"\bcontacts?\b[^.]{0,160}:$", re.IGNORECASE)
_REACH = re.compile(
    r"\b\(?\d{3}\)?[\s.–-]{1,2}\d{3}[\s.–-]\d{4}\b|[\w.+-]{1,40}@[\w-]{1,40}\.\w{2,}|\b[A-Z]{2}\.? \d{5}(?:-\d{4})?\b|\bP\.?O\.? Box\b"
    r"|\bphone\b|\bfax\b|\be-?mail\b|\btelephone\b|\bsuite \d",
    re.IGNORECASE,
)
_BLANK_FIELD = re.compile(r"_{3,}|\[\s?\]|☐|☒|□\s")
_HISTORY = re.compile(
    r"(?:history|source|amended|added|effect of amendments?|editor'?’?s? notes?|cross[- ]references?|case notes|notes? to decisions|annotations?"
    r"|legal periodicals|law reviews?|credits?|statutory notes|opinions? of the attorney general|research references|references? in text"
    r"|legislative history|amendments|codification|references|prior provisions|historical and revision notes|savings provision|short title"
    r"|michie'?’?s jurisprudence|revision note|drafting note|derivation|recodified?|applied in|cited in)\b\s?[.:—–-]",
    re.IGNORECASE,
)
_HISTORY_PARENS = re.compile(r"[(\[](?:(?:code|acts?|added|amended|ord(?:inance)?\.?|stats?\.?|laws|p\.?l\.?|l\.|c\.|s\.l\.|am\.|en\.|prior code)\b|\d{4}(?:-\d+)?,?\s)"
                             r"[^()]{0,2000}(?:\([^()]{0,80}\)[^()]{0,1000}){0,30}[)\]]\.?$", re.IGNORECASE)  # fmt: skip
_NOTE = re.compile(r"\*?\(?(?:editor'?’?s )?notes?\s?[:—–]|\*+\s?note|\[(?:reserved|repealed)|(?:effective|operative) (?:date|until)[^.]{0,60}\]$",
                   re.IGNORECASE)  # fmt: skip
_NOTE_HEADS = re.compile(
    r"(?:history|case notes?|editor'?’?s notes?|effect of amendments?|cross references?|legal periodicals|annotations?|notes? of decisions"
    r"|notes? to decisions|statutory notes[\w ]{0,40}|editorial notes|amendments|research references|law reviews?|opinions of [\w ]{3,40}"
    r"|local law enforcement agencies|references in text|re-recodification; [\w ;]{3,60})\.?$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[a-z][.;:][\"”’')\]]{0,3}$")
SENTENCE_WORDS = 12
"""A paragraph of so many words that ends like a sentence is text, even among signatures and contacts."""


def labels(parts: Sequence[Paragraph], texts: Sequence[str]) -> list[BlockKind | None]:
    """Say of each paragraph what it is if it is no text of the law; None for text and headings."""
    found: list[BlockKind | None] = [_own(part, text) for part, text in zip(parts, texts, strict=True)]
    _contents(parts, texts, found)
    _contacts(texts, found)
    _signatures(parts, texts, found)
    return found


def _own(part: Paragraph, text: str) -> BlockKind | None:
    if not part.rows:
        return None
    if not any(character.isalnum() for character in text[:2000]):
        return "form" if "_" in text else "furniture"
    if _HISTORY.match(text) or _HISTORY_PARENS.match(text) or _NOTE.match(text):
        return "note"
    if len(_BLANK_FIELD.findall(text[:2000])) * 6 >= len(text.split()) and _BLANK_FIELD.search(text):
        return "form"
    return None


def _is_sentence(text: str) -> bool:
    return len(text.split(None, SENTENCE_WORDS + 1)) > SENTENCE_WORDS and bool(_SENTENCE.search(text))


def _contents(parts: Sequence[Paragraph], texts: Sequence[str], found: list[BlockKind | None]) -> None:
    """Mark a table of contents: its heading and the entries under it, or any run of entries with leaders."""
    inside = False
    for index, text in enumerate(texts):
        if not parts[index].rows:
            continue
        if len(text) < 30 and _CONTENTS.match(text):
            inside = True
        elif not (_LEADERS.search(text) and _TO_PAGE.search(" " + text)) and not (
            inside and len(text) < 200 and _TO_PAGE.search(text)
        ):
            inside = False
            continue
        found[index] = "contents"


def _contacts(texts: Sequence[str], found: list[BlockKind | None]) -> None:
    """Mark the short lines that follow a lead-in about points of contact, and lines that are nothing but addresses."""
    inside = False
    for index, text in enumerate(texts):
        if found[index] is not None or not text:
            continue
        if _CONTACT_LEAD.search(text):
            inside = True
            continue
        words = len(text.split(None, 61))
        if _is_sentence(text) and not (words < 60 and _FOR_PARTY_RUN.match(text)):
            inside = False
        elif inside and (words <= 60 and not _is_heading_like(text)):
            found[index] = "contact"
        elif inside:
            inside = False
        elif words <= 40 and len(_REACH.findall(text)) >= 2 and not _SENTENCE.search(text):
            found[index] = "contact"


def _is_heading_like(text: str) -> bool:
    return bool(re.match(r"(?:[IVX]{1,6}|[A-Z]|\d{1,2})\.\s|APPENDIX|ATTACHMENT|EXHIBIT|ADDENDUM|ARTICLE|SECTION", text))


def _signatures(parts: Sequence[Paragraph], texts: Sequence[str], found: list[BlockKind | None]) -> None:
    """Mark signature blocks: at least two lines to sign or fill near one another, and the short lines around them."""
    cues = [index for index, text in enumerate(texts) if text and len(text) < 300 and _cue(parts[index], text)]
    for position, index in enumerate(cues):
        near = [other for other in cues[max(0, position - 3) : position + 4] if abs(other - index) <= 8 and other != index]
        if not near and parts[index].length > 0 and sum(1 for row in parts[index].rows if _SIGN.match(row.text)) < 2:
            continue
        if found[index] in (None, "form", "contact"):
            found[index] = "signature"
        for step in (-1, 1):
            other = index + step
            while 0 <= other < len(texts) and abs(other - index) <= 6 and found[other] in (None, "contact", "form"):
                text = texts[other]
                if not text:
                    other += step
                    continue
                if len(text.split(None, 13)) > 12 or _is_sentence(text) or _is_heading_like(text) or parts[other].marks:
                    break
                if step < 0 and not _FOR_PARTY.match(text):
                    break
                found[other] = "signature"
                other += step


def _cue(part: Paragraph, text: str) -> bool:
    return any(_SIGN.match(row.text) for row in part.rows) and not _is_sentence(text)
