"""Mend what fonts and earlier readings broke in words: shifted glyphs, lost or invented spaces, ligatures; it knows no format."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import pairwise
from statistics import median

from nlp.extract.draft import Token, cut
from nlp.extract.quality import known, measure, ranks

Runs = list[list[Token]]

_ODD = re.compile("[\ufb00-\ufb06\u00ad\u200b-\u200d\ufeff\u2060]")
_SOUND = 0.985
"""A page of this quality whose words hold no control character has no font without a map."""
_CONTROL = re.compile(r"[\x00-\x1f]")
_LIGATURES = {
    **dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
    **dict.fromkeys((0x200B, 0x200C, 0x200D, 0xFEFF, 0x2060)),
}
_BULLETS = frozenset("exo¢°©®*«»=•·")
_FUNCTION = frozenset(
    {"of", "the", "to", "in", "and", "or", "for", "by", "with", "from", "on", "as", "at", "any", "be", "is", "an", "that", "this"}
    | {"which", "not", "shall", "may", "will", "such", "all", "under", "upon", "has", "have", "are", "was"}
)
_GLUED_NUMBER = re.compile(r"([A-Za-z]+)(\d[\d\-–.,/()a-z]*)")
_GLUED_WORD = re.compile(r"([^\w]*)([A-Za-z]{5,40})(\W*)")


def mend(runs: Runs) -> tuple[Runs, list[str]]:
    """Return the words of a page mended, and what was mended."""
    done: list[str] = []
    score = measure(token.text for run in runs for token in run)
    if score < _SOUND or any(_CONTROL.search(token.text) for run in runs for token in run):
        bad = [part for run in runs if (part := _nonsense(run))]
        if bad and (better := _shifted(runs, bad)) is not runs:
            runs = better
            done.append("shifted glyphs")
            score = measure(token.text for run in runs for token in run)
        if score < 0.97 and (better := _letter_for_blank(runs)) is not runs:
            runs = better
            done.append("a letter in place of blanks")
    if any(_spaced_out(run) for run in runs):
        runs = [_close_up(run) if _spaced_out(run) else run for run in runs]
        done.append("letter-spacing")
    return [_mend_run(run) for run in runs], done


def _nonsense(run: list[Token]) -> list[Token]:
    """Return the words of a run that make no sense: all where most do not, else those that hold control characters."""
    text = " ".join(token.text for token in run)
    if measure(token.text for token in run) < 0.5 and sum(map(str.isalpha, text)) > 3:
        return run
    return [token for token in run if _CONTROL.search(token.text)]


def _mend_run(run: list[Token]) -> list[Token]:
    """Mend ligatures, soft hyphens, bullets and lost blanks of a run."""
    mended: list[Token] = []
    for at, token in enumerate(run):
        text = token.text
        if not text.isascii() and _ODD.search(text):
            text = _join_soft_hyphens(text.translate(_LIGATURES), at == len(run) - 1)
            if not text:
                continue
            token = token._replace(text=text)
        if len(text) > 4:
            parts = split_glued(text)
            if len(parts) > 1:
                mended.extend(cut(token, parts))
                continue
        elif at == 0 and len(run) > 1 and text in _BULLETS and run[1].text[:1].isupper():
            token = token._replace(text="•")
        mended.append(token)
    return mended


def _join_soft_hyphens(text: str, last: bool) -> str:
    """Drop soft hyphens, but keep one that cuts a word at the end of a line as a hyphen."""
    if last and text.endswith("\u00ad"):
        return text[:-1].replace("\u00ad", "") + "-"
    return text.replace("\u00ad", "")


@lru_cache(maxsize=1 << 16)
def split_glued(word: str) -> tuple[str, ...]:
    """Cut a word in which blanks were lost, such as ``ofthe``; any other word is returned whole.

    Only words that are not known are cut, and only where every part is known and one is a common particle.
    """
    number = _GLUED_NUMBER.fullmatch(word)
    if number and number[1].lower() in _FUNCTION:
        return number[1], number[2]
    match = _GLUED_WORD.fullmatch(word)
    if match is None or known(match[2]) or (match[2][0].isupper() and not match[2].isupper() and not _camel(match[2])):
        return (word,)
    if match[2].lower().startswith(("here", "there", "where")):
        return (word,)
    parts = _segment(match[2])
    if parts is None or len(parts) < 2 or not any(part.lower() in _FUNCTION for part in parts):
        return (word,)
    return (match[1] + parts[0], *parts[1:-1], parts[-1] + match[3])


def _camel(word: str) -> bool:
    return bool(re.search(r"[a-z]{2}[A-Z]", word))


def _segment(word: str) -> list[str] | None:
    """Find the likeliest cut of a word into known words, by their rank in the word list."""
    table = ranks()
    low = word.lower()
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(low) + 1):
        choice = (math.inf, 0)
        for start in range(max(0, end - 20), end):
            rank = table.get(low[start:end])
            if rank is None or best[start][0] == math.inf or rank > _rarest(end - start):
                continue
            choice = min(choice, (best[start][0] + math.log(rank + 20), start))
        best.append(choice)
    if best[-1][0] == math.inf:
        return None
    parts: list[str] = []
    end = len(low)
    while end:
        start = best[end][1]
        parts.append(word[start:end])
        end = start
    return parts[::-1]


def _rarest(length: int) -> int:
    """Return the highest rank at which a short word may be a part: short strings are often noise."""
    return (0, 40, 60, 400, 4_000)[length] if length < 5 else 30_000


def _shifted(runs: Runs, bad: Runs) -> Runs:
    """Undo glyph codes that stand a fixed distance from their letters, for want of a map in the font."""
    step = _likely_shift(re.sub(r"(.)\1{3,}", " ", " ".join(token.text for run in bad for token in run)[:4000]))
    if step == 0:
        return runs
    return [[piece for token in run for piece in _set_back(token, step)] for run in runs]


def _set_back(token: Token, step: int) -> list[Token]:
    """Set a word's letters back where that turns it from nonsense into words, numbers or a blank to fill in."""
    text = token.text
    if known(_letters(text)) or re.fullmatch(r"[\d.,:;/()$%§\-–—]+|[ivxlcdmIVXLCDM]+[.)]?|[A-Z]{1,4}|[A-Za-z][.)]", text):
        return [token]
    back = _unshift(text, step)
    sense = _legible(back) > 0.6 or bool(re.fullmatch(r"[\d\s.,:;/()$%&§\-–—_]{2,}", back))
    broken = any(char < " " for char in text)
    if not sense and not broken and not re.fullmatch(r"[A-Z][a-z]+[\s,.:;]*|[A-Z]{2,}[\s,.:;]*", back):
        return [token]
    if broken and text.lstrip("\x03").isalpha() and known(text.lstrip("\x03")):
        return [token._replace(text=text.lstrip("\x03"))]
    return _recut(token, back.split())


def _likely_shift(text: str) -> int:
    """Return the distance that makes most of a text legible, or 0."""
    if len(text) < 8:
        return 0
    scores = {step: _legible(_unshift(text, step)) for step in range(-40, 41) if step}
    step = max(scores, key=lambda step: scores[step])
    return step if scores[step] > 0.6 else 0


def _legible(text: str) -> float:
    """Return the share of a text's characters that stand in known words."""
    words = [_letters(word) for word in text.split()]
    return sum(len(word) for word in words if len(word) > 1 and known(word)) / max(1, len(text.replace(" ", "")))


def _unshift(text: str, step: int) -> str:
    """Move every character by a distance; what falls outside the printable ones was a blank."""
    return text.translate(_shift_table(step))


@cache
def _shift_table(step: int) -> dict[int, int]:
    """Return the map of a shift for the codes that a simple font can hold."""
    codes = range(0x300)
    return {code: code + step if code != 32 and 31 < code + step < 0x2FF else 32 for code in codes}


def _recut(token: Token, parts: list[str]) -> list[Token]:
    """Place the parts of a word whose letters changed; the characters that became blanks keep their place."""
    if not parts:
        return []
    width = (token.x1 - token.x0) / max(1, sum(map(len, parts)) + len(parts) - 1)
    cells, x = [], token.x0
    for part in parts:
        cells.append(Token(part, x, token.top, x + len(part) * width, token.bottom, token.bold))
        x += (len(part) + 1) * width
    return cells


def _letter_for_blank(runs: Runs) -> Runs:
    """Undo a blank glyph that is mapped to a letter: ``ImmigrationoandoCustoms``."""
    unknown = [core for run in runs for token in run if len(core := _letters(token.text)) > 3 and not known(core)]
    if len(unknown) < 8:
        return runs
    best, solved = "", 0
    for letter in "aeioutnsrlcdqxzv":
        count = sum(_split_at(word, letter) is not None for word in unknown)
        if count > solved:
            best, solved = letter, count
    if solved < 0.5 * len(unknown):
        return runs
    return [[piece for token in run for piece in _without_letter(token, best)] for run in runs]


def _letters(text: str) -> str:
    return text.strip(".,;:()[]\"'“”‘’")


def _without_letter(token: Token, letter: str) -> list[Token]:
    pieces = re.findall(r"[A-Za-z]+|[^A-Za-z]+", token.text)
    text = "".join(_opened(piece, letter) for piece in pieces)
    text = re.sub(rf"(?<=[\d.,;:)§’'”]){letter}(?![A-Za-z])|(?<=[.,;:)§”]){letter}(?=[A-Za-z(“\d])", " ", text)
    parts = text.split()
    return [token] if parts == [token.text] else _recut(token, parts)


def _opened(piece: str, letter: str) -> str:
    """Return a stretch of letters with the false ones turned into blanks, where that gives known words."""
    table = ranks()
    low = piece.lower()
    if known(piece):
        shorter = low.removesuffix(letter)
        common = shorter != low and table.get(shorter, 1 << 20) * 10 < table.get(low, 1 << 20)
        return piece[:-1] + " " if common and len(shorter) > 1 else piece
    found = _split_at(piece, letter)
    if found is None:
        return piece
    before = "" if piece.startswith(found[0]) else " "
    after = "" if piece.endswith(found[-1]) else " "
    return before + " ".join(found) + after


@lru_cache(maxsize=1 << 14)
def _split_at(word: str, letter: str) -> tuple[str, ...] | None:
    """Cut a word at some of its occurrences of a letter, which are dropped, so that every part is known."""
    places = [at for at, char in enumerate(word.lower()) if char == letter]
    if not places or len(places) > 60 or len(word) > 200:
        return None
    stops = [-1, *places, len(word)]
    best: list[tuple[float, int]] = [(0.0, 0)] + [(math.inf, 0)] * (len(stops) - 1)
    for to in range(1, len(stops)):
        for back in range(to):
            cost = _cost(word[stops[back] + 1 : stops[to]])
            best[to] = min(best[to], (best[back][0] + cost, back))
    if best[-1][0] == math.inf:
        return None
    parts: list[str] = []
    to = len(stops) - 1
    while to:
        back = best[to][1]
        parts.append(word[stops[back] + 1 : stops[to]])
        to = back
    found = tuple(part for part in reversed(parts) if part)
    return found if found and found != (word,) else None


def _cost(part: str) -> float:
    if not part:
        return 0.5
    if part.isupper() and 1 < len(part) < 7:
        return math.log(5_000)
    rank = ranks().get(part.lower())
    if rank is None:
        return math.log(60_000) if len(part) > 3 and known(part) else math.inf
    return math.log(rank + 20) if rank <= _rarest(len(part)) else math.inf


def _spaced_out(run: list[Token]) -> bool:
    """Tell whether a run holds four or more single letters in a row."""
    count = 0
    for token in run:
        count = count + 1 if len(token.text) == 1 and token.text.isalpha() else 0
        if count >= 4:
            return True
    return False


def _close_up(run: list[Token]) -> list[Token]:
    """Join letters that were set apart into words: by the wider gaps between words, else by the word list."""
    gaps = [after.x0 - token.x1 for token, after in pairwise(run)]
    narrow = median(gaps) if gaps else 0.0
    height = max(token.bottom - token.top for token in run)
    wide: Callable[[float], bool] = lambda gap: gap > max(1.6 * narrow, narrow + 0.12 * height)  # noqa: E731
    joined: list[list[Token]] = [[run[0]]]
    for token, gap in zip(run[1:], gaps, strict=True):
        if wide(gap) or (len(token.text) > 3 and len(joined[-1]) == 1 and len(joined[-1][0].text) > 3):
            joined.append([token])
        else:
            joined[-1].append(token)
    return [piece for group in joined for piece in _whole(group)]


def _whole(group: list[Token]) -> Iterable[Token]:
    text = "".join(token.text for token in group)
    box = (group[0].x0, min(t.top for t in group), max(t.x1 for t in group), max(t.bottom for t in group))
    token = Token(text, *box, all(t.bold for t in group))
    core = _letters(text)
    if len(group) > 1 and core.isalpha() and not known(core) and (parts := _segment(core)) and len(parts) > 1:
        lead = text.index(core)
        return cut(token, [text[:lead] + parts[0], *parts[1:-1], parts[-1] + text[lead + len(core) :]])
    return [token]
