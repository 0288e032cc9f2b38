"""XML of statute publishers, read by the shape of its elements rather than by one publisher's schema."""

from __future__ import annotations

import re
from typing import Any

from nlp.errors import ReadError
from nlp.extract.blocks import Blocks, Style
from nlp.extract.draft import Row
from nlp.extract.told import day_of

_NUMBER = frozenset({"num", "enum", "no", "number", "designator", "label", "sectno", "secno"})
_HEADING = frozenset(
    {"heading", "head", "header", "title", "caption", "catchline", "longtitle", "officialtitle", "shorttitle", "subheading"}
)
_SKIP = frozenset(
    {"meta", "metadata", "identification", "publication", "lifecycle", "analysis", "proprietary", "script", "style"}
)
_STRUCK = frozenset({"del", "strike", "strikethrough", "s", "deletedtext", "deletedphrase"})
_ADDED = frozenset({"ins", "addedtext", "addedphrase"})
_RECORD = frozenset({"meta", "metadata", "identification", "lifecycle"})
_DATED = {
    "introduced": "introduced", "introduceddate": "introduced", "effective": "effective", "effectivedate": "effective",
    "adopted": "adopted", "enacted": "adopted", "approved": "adopted", "approveddate": "adopted", "signed": "signed",
}  # fmt: skip
_BREAK = frozenset({"br", "eol", "linebreak", "lb"})


def read_xml(data: bytes) -> tuple[str | None, list[list[Row]], dict[str, str]]:
    """Read XML as one page: a number stands before the text it numbers, a heading has the level of its depth.

    The last value returned holds the dates that the file's record of the act gives, by name, ``date-effective``.
    """
    root = _parse(data)
    if _name(root) == "html":
        from nlp.extract.markup import read_html

        return *read_html(data), {}
    blocks = Blocks()
    walk = _Walk(blocks)
    walk.element(root, Style(), 0)
    blocks.end_block()
    return walk.title, [blocks.rows], _dates(root)


def _dates(root: Any) -> dict[str, str]:
    """Return the dates of the file's own record; where one is told twice, the first stands."""
    found: dict[str, str] = {}
    for part in root.iter():
        if _name(part) not in _RECORD:
            continue
        for leaf in part.iter():
            name = _DATED.get(_name(leaf))
            day = day_of((leaf.text or "") if name else None)
            if name and day:
                found.setdefault(f"date-{name}", day)
    return found


def _parse(data: bytes) -> Any:
    """Parse without entities, network or a document type of its own; a damaged file gives what can be recovered."""
    from lxml import etree

    def parser(recover: bool) -> Any:
        return etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            recover=recover,
            remove_comments=True,
            remove_pis=True,
        )

    try:
        return etree.fromstring(data, parser(False))
    except etree.XMLSyntaxError as error:
        root = etree.fromstring(data, parser(True))
        if root is None:
            raise ReadError("unreadable", f"not well-formed XML: {error}") from error
        return root


def _name(node: Any) -> str:
    """Return an element's name without namespace, hyphens and case."""
    tag = node.tag
    return re.sub(r"[-_]", "", tag.rpartition("}")[2]).lower() if isinstance(tag, str) else ""


class _Walk:
    """Walk the tree and fill blocks."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.title: str | None = None
        self._numbered = False

    def element(self, node: Any, style: Style, depth: int) -> None:
        """Take in a structural element."""
        name = _name(node)
        if not name or name in _SKIP:
            return
        style = _style(node, name, style)
        if name in _NUMBER:
            self._number(node, style)
        elif name in _HEADING and _is_leaf(node):
            self._heading(node, style, depth)
        elif name in ("tr", "row"):
            self._row(node, style)
        elif _is_leaf(node):
            self._paragraph(node, style)
        else:
            if not self._numbered:
                self.blocks.end_block()
            for child in node:
                self.element(child, style, depth + 1)
                if (child.tail or "").strip():
                    self.blocks.add(child.tail, style)
            if not self._numbered:
                self.blocks.end_block()

    def _number(self, node: Any, style: Style) -> None:
        if not self._numbered:
            self.blocks.end_block()
        self._text(node, style)
        self.blocks.add(" ", style)
        self._numbered = True

    def _heading(self, node: Any, style: Style, depth: int) -> None:
        if not self._numbered:
            self.blocks.end_block()
        self._numbered = False
        self.blocks.level = min(6, max(1, depth))
        self._text(node, style)
        self.blocks.end_block()
        self.blocks.level = None
        if self.title is None and self.blocks.rows:
            self.title = self.blocks.rows[-1].text[:500]

    def _paragraph(self, node: Any, style: Style) -> None:
        if not self._numbered:
            self.blocks.end_block()
        self._numbered = False
        self._text(node, style)
        self.blocks.end_block()

    def _row(self, node: Any, style: Style) -> None:
        self.blocks.end_block()
        self.blocks.role = "table"
        for cell in node:
            self._text(cell, style)
            self.blocks.add(" ", style)
        self.blocks.end_block()
        self.blocks.role = "body"

    def _text(self, node: Any, style: Style) -> None:
        style = _style(node, _name(node), style)
        self.blocks.add(node.text or "", style)
        for child in node:
            name = _name(child)
            if name in _BREAK:
                self.blocks.end_line()
            elif name and name not in _SKIP:
                self._text(child, style)
            self.blocks.add(child.tail or "", style)


def _is_leaf(node: Any) -> bool:
    """Tell whether an element holds running text: words of its own, words between its children, or no children."""
    if (node.text or "").strip() or len(node) == 0:
        return True
    return any((child.tail or "").strip() for child in node) and not any(_name(child) in _NUMBER for child in node)


def _style(node: Any, name: str, style: Style) -> Style:
    change = (node.get("changed") or node.get("status") or "").lower()
    if name in _STRUCK or change in ("deleted", "removed", "struck"):
        return Style(style.bold, ("struck",))
    if name in _ADDED or change in ("added", "inserted"):
        return Style(style.bold, ("added",))
    if name in ("u", "underline"):
        return Style(style.bold, tuple(dict.fromkeys((*style.marks, "underlined"))))
    if name in ("b", "bold", "strong"):
        return Style(True, style.marks)
    return style
