"""Words with boxes become lines in reading order; it must not know where the words came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from nlp.extract.draft import Row, Token, cut
from nlp.records import Role

_MARGIN_NUMBER = re.compile(r"\d{1,3}")
_LISTED = re.compile(r"[(\[]?[A-Za-z0-9]{1,5}(?:[-–.][A-Za-z0-9]{1,4})*[.)\]]+|[•●▪◦○■§*–—-]|(?:\([A-Za-z0-9]{1,5}\))+")
_SIGNING = re.compile(r"_{3,}|(?i:\b(?:by|date|signature|signed|name|title|printed)\b\s*:?)")

_Pair = tuple[str, str]


@dataclass(slots=True)
class _Run:
    """Words that follow one another on a line without a wide gap."""

    tokens: list[Token]
    x0: float
    top: float
    x1: float
    bottom: float

    @classmethod
    def of(cls, tokens: list[Token]) -> _Run:
        _, lefts, tops, rights, bottoms, _ = zip(*tokens, strict=True)
        return cls(tokens, min(lefts), min(tops), max(rights), max(bottoms))

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)


def arrange(runs: Iterable[Sequence[Token]]) -> list[Row]:
    """Put the words of a page into lines in reading order.

    `runs` are words in the order the source gives them, broken where the source breaks its lines. Pieces that stand side by side
    become one line, or two columns where a gutter runs down the page; rows of a table stay rows. Numbers counting down a margin
    become lines of their own.
    """
    pieces = [piece for run in _open_blanks([list(run) for run in runs if run]) for piece in _split(run)]
    if not pieces:
        return []
    height = median(piece.bottom - piece.top for piece in pieces) or 10.0
    pieces, numbers = _margin_numbers(pieces, height)
    lines = _join_lines(pieces)
    rows = _order(lines, height)
    return _merge_numbers(rows, numbers)


def _open_blanks(runs: list[list[Token]]) -> list[list[Token]]:
    """Take away the underscores of a blank that is filled in, so that what fills it finds its place in the line."""
    blanks = [token for run in runs for token in run if "___" in token.text]
    if not blanks:
        return runs
    fillings = [token for run in runs for token in run if "_" not in token.text]
    opened: list[list[Token]] = []
    for run in runs:
        tokens: list[Token] = []
        for token in run:
            filled = "___" in token.text and any(_fills(other, token) for other in fillings)
            tokens.extend(cut(token, [part for part in re.split("_{3,}", token.text) if part]) if filled else [token])
        if tokens:
            opened.append(tokens)
    return opened


def _fills(token: Token, blank: Token) -> bool:
    across = min(token.x1, blank.x1) - max(token.x0, blank.x0)
    return across > 0.5 * (token.x1 - token.x0) and _overlap(token, blank) > 0.3 * (token.bottom - token.top)


def _split(tokens: list[Token]) -> list[_Run]:
    """Cut a run where the next word stands far to the right, to the left, or on another line."""
    cuts = [0]
    for at in range(1, len(tokens)):
        last, word = tokens[at - 1], tokens[at]
        tall = max(last.bottom - last.top, word.bottom - word.top, 1.0)
        apart = word.x0 - last.x1
        backwards = word.x0 + word.x1 < last.x0 + last.x1
        low = min(last.bottom - last.top, word.bottom - word.top)
        if apart > 1.5 * tall or backwards or _overlap(last, word) < 0.2 * low:
            cuts.append(at)
    cuts.append(len(tokens))
    return [_Run.of(tokens[start:end]) for start, end in pairwise(cuts)]


def _overlap(one: Token | _Run, other: Token | _Run) -> float:
    return min(one.bottom, other.bottom) - max(one.top, other.top)


def _margin_numbers(pieces: list[_Run], height: float) -> tuple[list[_Run], list[_Run]]:
    """Take out the numbers that count down the left or right margin of a page of law."""
    edge_left = min(piece.x0 for piece in pieces)
    edge_right = max(piece.x1 for piece in pieces)
    for side in ("left", "right"):
        found: list[_Run] = []
        for piece in pieces:
            first = piece.tokens[0] if side == "left" else piece.tokens[-1]
            near = first.x0 - edge_left < 2.5 * height if side == "left" else edge_right - first.x1 < 2.5 * height
            if near and _MARGIN_NUMBER.fullmatch(first.text):
                found.append(piece)
        numbers = _counting(found, side, height)
        if len(numbers) >= 5:
            return _detach(pieces, numbers, side)
    return pieces, []


def _counting(found: list[_Run], side: str, height: float) -> list[_Run]:
    """Keep the longest chain of numbers that grow down the page in one column."""
    found = sorted(found, key=lambda piece: piece.top)
    pick = 0 if side == "left" else -1
    # a page number above the first line must not hide the chain, so the first few may start it
    chain = max((_chain(found[start:], pick) for start in range(min(4, len(found)))), key=len, default=[])
    if len(chain) < 5:
        return []
    # the body text stands clear of the numbers, or the numbers stand alone
    edges = [piece.tokens[pick].x1 for piece in chain] if side == "left" else [piece.tokens[pick].x0 for piece in chain]
    return chain if max(edges) - min(edges) < 1.5 * height else []


def _chain(found: list[_Run], pick: int) -> list[_Run]:
    """Take the numbers that follow one another; some bills number every fifth line only."""
    chain: list[_Run] = []
    last = None
    for piece in found:
        number = int(piece.tokens[pick].text)
        if last is None or 0 < number - last <= 5:
            chain.append(piece)
            last = number
    return chain


def _detach(pieces: list[_Run], numbers: list[_Run], side: str) -> tuple[list[_Run], list[_Run]]:
    chosen = {id(piece) for piece in numbers}
    body: list[_Run] = []
    margin: list[_Run] = []
    for piece in pieces:
        if id(piece) not in chosen:
            body.append(piece)
            continue
        number = piece.tokens[:1] if side == "left" else piece.tokens[-1:]
        rest = piece.tokens[1:] if side == "left" else piece.tokens[:-1]
        margin.append(_Run.of(number))
        if rest:
            body.append(_Run.of(rest))
    return body, margin


def _join_lines(pieces: list[_Run]) -> list[list[_Run]]:
    """Group pieces that stand side by side at the same height."""
    lines: list[list[_Run]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom) / 2):
        best, most = None, 0.5
        for line in lines[-6:]:
            if line[0].bottom > piece.top and all(_beside(piece, other) for other in line):
                level = max(_level(piece, other) for other in line)
                if level > most:
                    best, most = line, level
        if best is None:
            lines.append([piece])
        else:
            best.append(piece)
    return [_rejoin_numbers(sorted(line, key=lambda piece: piece.x0)) for line in lines]


def _rejoin_numbers(line: list[_Run]) -> list[_Run]:
    """Join numbers, letters and bullets of a list to the text they number, however far it is indented."""
    joined: list[_Run] = []
    for piece in line:
        if joined and all(_LISTED.fullmatch(token.text) for token in joined[-1].tokens):
            joined[-1] = _Run.of([*joined[-1].tokens, *piece.tokens])
        else:
            joined.append(piece)
    return joined


def _beside(one: _Run, other: _Run) -> bool:
    shared = min(one.x1, other.x1) - max(one.x0, other.x0)
    return shared < 0.3 * min(one.x1 - one.x0, other.x1 - other.x0, 12.0)


def _level(one: _Run, other: _Run) -> float:
    """Return how far two pieces stand on one line, 0 to 1, compared where they are nearest: a skewed scan does not matter."""
    left, right = (one, other) if one.x0 <= other.x0 else (other, one)
    end, start = _Run.of(left.tokens[-3:]), _Run.of(right.tokens[:3])
    return _overlap(end, start) / max(0.1, min(end.bottom - end.top, start.bottom - start.top))


def _order(lines: list[list[_Run]], height: float) -> list[Row]:
    """Read bands of columns column by column, everything else line by line."""
    rows: list[Row] = []
    at = 0
    while at < len(lines):
        end, gutter = _band(lines, at, height)
        if gutter is None:
            role: Role = "table" if _is_table(lines, at) else "body"
            rows.append(Row.of([token for piece in lines[at] for token in piece.tokens], role))
            at += 1
            continue
        for left in (True, False):
            for line in lines[at:end]:
                side = [piece for piece in line if (piece.x1 <= gutter) == left]
                if side:
                    rows.append(Row.of([token for piece in side for token in piece.tokens]))
        at = end
    return rows


def _band(lines: list[list[_Run]], at: int, height: float) -> tuple[int, float | None]:
    """Find where a band of two columns that starts at line `at` ends, and the middle of its gutter."""
    best: tuple[int, float | None] = (at, None)
    most = 0
    for left, right in pairwise(lines[at]):
        end, pairs, gutter = _follow(lines, at, left.x1, right.x0, height)
        if len(pairs) > most and _are_columns(pairs):
            best, most = (end, gutter), len(pairs)
    return best


def _follow(lines: list[list[_Run]], at: int, low: float, high: float, height: float) -> tuple[int, list[_Pair], float]:
    """Follow a gutter between `low` and `high` down the page as far as no piece crosses it."""
    pairs: list[_Pair] = []
    end = at
    gutter = (low + high) / 2
    for index in range(at, len(lines)):
        line = lines[index]
        if index > at and line[0].top - max(piece.bottom for piece in lines[index - 1]) > 8 * height:
            break
        left = [piece for piece in line if piece.x0 + piece.x1 < low + high]
        right = [piece for piece in line if piece.x0 + piece.x1 >= low + high]
        new_low = max([low, *(piece.x1 for piece in left)])
        new_high = min([high, *(piece.x0 for piece in right)])
        if new_high - new_low < 0.8 * height:
            break
        low, high = new_low, new_high
        if left and right:
            pairs.append((" ".join(piece.text for piece in left), " ".join(piece.text for piece in right)))
            end, gutter = index + 1, (low + high) / 2
    return end, pairs, gutter


def _are_columns(pairs: list[_Pair]) -> bool:
    """Tell columns of prose, and blocks for two parties to sign, from the cells of a table."""
    if len(pairs) < 3:
        return False
    sides = list(zip(*pairs, strict=True))
    if len(pairs) >= 6 and min(median(len(text.split()) for text in side) for side in sides) >= 4:
        return True
    return min(sum(bool(_SIGNING.search(text)) for text in side) for side in sides) >= 2


def _is_table(lines: list[list[_Run]], at: int) -> bool:
    """Tell whether a line of several pieces has two like neighbours whose pieces start at the same places."""
    here = lines[at]
    if len(here) < 2:
        return False
    alike = 0
    for other in lines[max(0, at - 3) : at] + lines[at + 1 : at + 4]:
        if len(other) < 2:
            continue
        shared = sum(
            any(abs(piece.x0 - there.x0) < 3 or abs(piece.x1 - there.x1) < 3 for there in other[1:]) for piece in here[1:]
        )
        alike += shared >= max(1, min(len(here), len(other)) - 1)
    return alike >= 2


def _merge_numbers(rows: list[Row], numbers: list[_Run]) -> list[Row]:
    """Set each margin number as a line of its own before the line it counts."""
    if not numbers:
        return rows
    waiting = sorted(numbers, key=lambda piece: piece.top)
    merged: list[Row] = []
    for row in rows:
        bounds = row.bounds
        while waiting and bounds and (waiting[0].top + waiting[0].bottom) * 50 < bounds[3]:
            merged.append(Row.of(waiting.pop(0).tokens, "line-number"))
        merged.append(row)
    return merged + [Row.of(piece.tokens, "line-number") for piece in waiting]
