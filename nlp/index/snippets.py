"""Cuts excerpts of clauses around what was searched for; knows nothing of engines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from nlp.index.stems import stem, stems
from nlp.index.tree import Node, wanted

START, STOP = "\x02", "\x03"
SNIPPET_WORDS = 32
_RUN = re.compile(r"\S+")


def mark_each(node: Node, texts: Mapping[int, str]) -> dict[int, str]:
    """Return the excerpt of each text, by the key of its provision."""
    return {key: marked(node, text) for key, text in texts.items()}


def marked(node: Node, text: str) -> str:
    """Return the stretch of a text with the most hits, each between STX and ETX characters."""
    found = list(stems(text))
    hits = _hits([(tuple(map(stem, phrase.words)), phrase.prefix) for phrase in wanted(node)], [token for token, _, _ in found])
    if not found:
        return text
    starts = [first for first, _ in hits] or [0]
    best = max(starts, key=lambda start: (sum(start <= first < start + SNIPPET_WORDS for first in starts), -start))
    low = 0 if len(found) <= SNIPPET_WORDS else max(0, min(best - 4, len(found) - SNIPPET_WORDS))
    high = min(len(found), low + SNIPPET_WORDS)
    begin = found[low][1] if low else 0
    end = found[high - 1][2] if high < len(found) else len(text)
    parts, at = ["…" if low else ""], begin
    for first, last in hits:
        if low <= first and last < high:
            parts.extend((text[at : found[first][1]], START, text[found[first][1] : found[last][2]], STOP))
            at = found[last][2]
    return "".join((*parts, text[at:end], "…" if high < len(found) else ""))


def excerpt(text: str) -> str:
    """Return the stretch with the most hits of a text in which each stands between STX and ETX characters."""
    words = list(_RUN.finditer(text))
    starts = [at for at, word in enumerate(words) if START in word[0]] or [0]
    if len(words) <= SNIPPET_WORDS:
        return text
    best = max(starts, key=lambda start: (sum(start <= first < start + SNIPPET_WORDS for first in starts), -start))
    low = max(0, min(best - 4, len(words) - SNIPPET_WORDS))
    high = low + SNIPPET_WORDS
    cut = text[words[low].start() if low else 0 : words[high - 1].end() if high < len(words) else len(text)]
    unclosed = STOP if cut.rfind(START) > cut.rfind(STOP) else ""
    return f"{'…' if low else ''}{cut}{unclosed}{'…' if high < len(words) else ''}"


def _hits(phrases: Sequence[tuple[tuple[str, ...], bool]], tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Return the first and last word of each place where a phrase stands, places that overlap joined."""
    where: Mapping[str, list[int]] = defaultdict(list)
    for at, token in enumerate(tokens):
        where[token].append(at)
    found = []
    for words, prefix in phrases:
        starts = where.get(words[0], []) if len(words) > 1 or not prefix else range(len(tokens))
        for start in starts:
            here = tuple(tokens[start : start + len(words)])
            if here == words or (prefix and len(here) == len(words) and _goes_on(words, here)):
                found.append((start, start + len(words) - 1))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _goes_on(words: tuple[str, ...], here: tuple[str, ...]) -> bool:
    return here[:-1] == words[:-1] and here[-1].startswith(words[-1])
