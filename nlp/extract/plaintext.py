"""Plain text: its encoding, pages, paragraphs, margin numbers and struck words; it must not know other formats."""

from __future__ import annotations

import re

from nlp.extract.draft import Row

_NUMBERED = re.compile(r"\s*(\d{1,3})(?:\s+(.*))?$")
_PAGE_MARK = re.compile(r"(?i)\W*(?:(?:start|beginning|end) of )?page \d+(?: of \d+)?\W*")
_WRAPPED = 130
"""Characters of a line at most where lines are wrapped and not whole paragraphs."""


def decode(data: bytes) -> str:
    """Decode text by its byte-order mark, as UTF-8, as UTF-16 by its zero bytes, or by its letters."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    head = data[:4096]
    if head.count(0) > len(head) // 5:
        return data.decode("utf-16-be" if head[0::2].count(0) > head[1::2].count(0) else "utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_guess(data[: 1 << 16]), "replace")


def _guess(sample: bytes) -> str:
    """Guess an eight-bit encoding; text of this kind is Western far more often than a guesser thinks."""
    from charset_normalizer import from_bytes

    if sum(byte > 127 for byte in sample) < 0.1 * len(sample):
        return "mac_roman" if _apostrophes(sample, 0xD5) > _apostrophes(sample, 0x92) else "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"


def _apostrophes(sample: bytes, code: int) -> int:
    return len(re.findall(rb"[a-z]" + re.escape(bytes([code])) + rb"[a-z]", sample))


def read_text(text: str) -> list[list[Row]]:
    """Cut text into pages at form feeds, and each page into lines.

    A block is a paragraph between empty lines; where lines are not wrapped, every line is a block.
    """
    lines = [line for page in text.split("\f") for line in page.splitlines() if line.strip()]
    lengths = sorted(len(line) for line in lines)
    wrapped = not lengths or lengths[int(0.95 * (len(lengths) - 1))] <= _WRAPPED
    block = 0
    pages: list[list[Row]] = []
    for page in text.split("\f"):
        rows, block = _page(page.splitlines(), wrapped, block)
        pages.append(rows)
    while len(pages) > 1 and not pages[-1]:
        pages.pop()
    return pages


def _page(lines: list[str], wrapped: bool, block: int) -> tuple[list[Row], int]:
    numbered = _margin_numbers(lines)
    rows: list[Row] = []
    fresh = True
    for at, line in enumerate(lines):
        body = line
        if at in numbered:
            number, body = numbered[at]
            rows.append(Row([number], role="line-number"))
        if not body.strip():
            fresh = True
            continue
        if _PAGE_MARK.fullmatch(body):
            rows.append(Row(body.split(), role="foot"))
            continue
        if fresh or not wrapped:
            block += 1
            fresh = False
        rows.append(_row(body, block))
    return rows, block + 1


def _margin_numbers(lines: list[str]) -> dict[int, tuple[str, str]]:
    """Find the numbers that count the lines of a bill, by place of the line; each with the rest of its line.

    They rise by one and start anew on each page; lists do not number line after line at least five times.
    """
    found = [(at, match) for at, line in enumerate(lines) if (match := _NUMBERED.match(line))]
    chains: list[list[tuple[int, re.Match[str]]]] = [[]]
    for entry in found:
        chain = chains[-1]
        if chain and int(entry[1][1]) == int(chain[-1][1][1]) + 1 and _adjacent(lines, chain[-1][0], entry[0]):
            chain.append(entry)
        else:
            chains.append([entry])
    numbered: dict[int, tuple[str, str]] = {}
    strong = any(len(chain) >= 5 for chain in chains)
    for chain in chains:
        if len(chain) >= 5 or (strong and len(chain) >= 2):
            numbered.update({at: (match[1], match[2] or "") for at, match in chain})
    return numbered


def _adjacent(lines: list[str], before: int, after: int) -> bool:
    return not any(line.strip() for line in lines[before + 1 : after])


def _row(line: str, block: int) -> Row:
    """Make a row, reading ``~~word~~`` as struck."""
    row = Row([], block=block)
    struck = False
    for word in line.split():
        parts = word.split("~~")
        mine = struck or len(parts) > 1
        if len(parts) % 2 == 0:  # an odd number of marks
            struck = not struck
        core = "".join(parts)
        if core:
            if mine:
                row.marks[len(row.words)] = ("struck",)
            row.words.append(core)
    return row
