"""Word documents: paragraphs with their automatic numbers, tables, and tracked changes kept apart; it knows no other format."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from nlp.errors import ReadError
from nlp.extract.blocks import Blocks, Style
from nlp.extract.draft import Row
from nlp.extract.limits import Limits
from nlp.extract.numerals import letters, roman

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(path: Path, limits: Limits) -> tuple[str | None, list[list[Row]]]:
    """Read a Word document as one page; deleted text is struck, inserted text added.

    Raises `ReadError` where the file is too large once unpacked or is not whole.
    """
    import docx

    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > limits.decoded_bytes:
        raise ReadError("too_large", f"unpacks to {size} bytes; the limit is {limits.decoded_bytes}")
    try:
        document = docx.Document(str(path))
    except (KeyError, ValueError) as error:
        raise ReadError("unreadable", f"not a whole Word document: {error}") from error
    walk = _Walk(document)
    walk.body(document.element.body, Style())
    walk.blocks.end_block()
    title = " ".join((document.core_properties.title or "").split())
    return title[:500] or None, [walk.blocks.rows]


class _Walk:
    """Walk the body and fill blocks."""

    def __init__(self, document: Any) -> None:
        self.blocks = Blocks()
        self._numbers = _Numbers(document)
        self._styles = {style.style_id: style for style in document.styles}

    def body(self, node: Any, style: Style) -> None:
        """Take in paragraphs and tables, those inside content controls and tracked blocks too."""
        for child in node:
            name = child.tag.removeprefix(_W) if isinstance(child.tag, str) else ""
            if name == "p":
                self._paragraph(child, style)
            elif name == "tbl":
                for row in child.iter(f"{_W}tr"):
                    self._row(row, style)
            elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"):
                self.body(child, _tracked(name, style))

    def _paragraph(self, node: Any, style: Style) -> None:
        self.blocks.end_block()
        chain = self._chain(node)
        self.blocks.level = next((level for entry in chain if (level := _level(entry)) is not None), None)
        self.blocks.marker = self._numbers.marker(node, chain)
        base = Style(any(entry.font.bold for entry in chain[:1] if entry.type == 1), style.marks)
        self._runs(node, base)
        self.blocks.end_block()
        self.blocks.level = self.blocks.marker = None

    def _chain(self, node: Any) -> list[Any]:
        """Return the paragraph's style and the styles it is based on."""
        found = node.find(f"{_W}pPr/{_W}pStyle")
        style = self._styles.get(found.get(f"{_W}val")) if found is not None else None
        chain: list[Any] = []
        while style is not None and len(chain) < 20:
            chain.append(style)
            style = getattr(style, "base_style", None)
        return chain

    def _row(self, row: Any, style: Style) -> None:
        cells = row.findall(f"{_W}tc")
        if len(cells) == 1:
            self.body(cells[0], style)
            return
        self.blocks.end_block()
        self.blocks.role = "table"
        for cell in cells:
            for paragraph in cell.iter(f"{_W}p"):
                self._runs(paragraph, style)
                self.blocks.add(" ", style)
        self.blocks.end_block()
        self.blocks.role = "body"

    def _runs(self, node: Any, style: Style) -> None:
        for child in node:
            name = child.tag.removeprefix(_W) if isinstance(child.tag, str) else ""
            if name == "r":
                self._run(child, style)
            elif name in (
                "ins",
                "del",
                "moveTo",
                "moveFrom",
                "hyperlink",
                "smartTag",
                "sdt",
                "sdtContent",
                "fldSimple",
                "customXml",
            ):
                self._runs(child, _tracked(name, style))

    def _run(self, run: Any, style: Style) -> None:
        properties = run.find(f"{_W}rPr")
        if properties is not None:
            if _on(properties, "vanish"):
                return
            style = _run_style(properties, style)
        for part in run:
            name = part.tag.removeprefix(_W) if isinstance(part.tag, str) else ""
            if name in ("t", "delText"):
                self.blocks.add(part.text or "", style)
            elif name in ("tab", "ptab"):
                self.blocks.add(" ", style)
            elif name in ("br", "cr"):
                self.blocks.end_line()
            elif name == "noBreakHyphen":
                self.blocks.add("-", style)


def _tracked(name: str, style: Style) -> Style:
    if name in ("del", "moveFrom"):
        return Style(style.bold, ("struck",))
    return Style(style.bold, ("added",)) if name in ("ins", "moveTo") else style


def _run_style(properties: Any, style: Style) -> Style:
    marks = style.marks
    if _on(properties, "strike") or _on(properties, "dstrike"):
        marks = tuple(dict.fromkeys((*marks, "struck")))
    line = properties.find(f"{_W}u")
    if line is not None and line.get(f"{_W}val") not in ("none", None):
        marks = tuple(dict.fromkeys((*marks, "underlined")))
    bold = style.bold if properties.find(f"{_W}b") is None else _on(properties, "b")
    return Style(bold, marks)


def _on(properties: Any, name: str) -> bool:
    found = properties.find(f"{_W}{name}")
    return found is not None and found.get(f"{_W}val", "1") not in ("0", "false", "off", "none")


def _level(style: Any) -> int | None:
    """Return the heading level a style gives, by its outline level or its name."""
    outline = style.element.find(f"{_W}pPr/{_W}outlineLvl")
    if outline is not None and outline.get(f"{_W}val", "9").isdigit() and int(outline.get(f"{_W}val")) < 6:
        return int(outline.get(f"{_W}val")) + 1
    match = re.fullmatch(r"(?i)heading ([1-6])", style.name or "")
    return int(match[1]) if match else 1 if (style.name or "").lower() == "title" else None


class _Numbers:
    """The counters of a document's automatic numbering."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None)
        root = getattr(part, "element", None)
        if root is None:
            return
        for abstract in root.findall(f"{_W}abstractNum"):
            self._levels[abstract.get(f"{_W}abstractNumId")] = {
                int(level.get(f"{_W}ilvl")): (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    int(_value(level, "start", "1")),
                )
                for level in abstract.findall(f"{_W}lvl")
            }
        for entry in root.findall(f"{_W}num"):
            self._lists[entry.get(f"{_W}numId")] = _value(entry, "abstractNumId", "")

    def marker(self, node: Any, chain: list[Any]) -> str | None:
        """Return the number Word shows before a paragraph, and count it."""
        places = [node.find(f"{_W}pPr/{_W}numPr"), *(style.element.find(f"{_W}pPr/{_W}numPr") for style in chain)]
        found = next((place for place in places if place is not None), None)
        if found is None:
            return None
        listed = next((_value(place, "numId", "") for place in places if place is not None and _value(place, "numId", "")), "")
        abstract = self._lists.get(listed, "")
        depth = int(_value(found, "ilvl", "0"))
        levels = self._levels.get(abstract, {})
        if depth not in levels:
            return None
        counts = self._counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, levels[depth][2] - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        form, pattern, _ = levels[depth]
        if form in ("bullet", "none"):
            return "•" if form == "bullet" else None
        return self._fill(pattern, levels, counts) or None

    @staticmethod
    def _fill(pattern: str, levels: dict[int, tuple[str, str, int]], counts: dict[int, int]) -> str:
        def number(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            form, _, start = levels.get(level, ("decimal", "", 1))
            return _numeral(counts.get(level, start), form)

        return re.sub(r"%([1-9])", number, pattern).strip()


def _value(node: Any, name: str, default: str) -> str:
    found = node.find(f"{_W}{name}")
    return default if found is None else found.get(f"{_W}val") or default


def _numeral(value: int, form: str) -> str:
    if form == "lowerLetter":
        return letters(value)
    if form == "upperLetter":
        return letters(value).upper()
    if form == "lowerRoman" and value < 4000:
        return roman(value)
    if form == "upperRoman" and value < 4000:
        return roman(value).upper()
    return f"{value:02d}" if form == "decimalZero" else str(value)
