"""HTML: the main content of a page, with its headings, list numbers, table rows and amendments; it knows no other format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nlp.extract.blocks import Blocks, Style
from nlp.extract.draft import Row
from nlp.extract.numerals import letters, roman
from nlp.extract.plaintext import decode

_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "nav",
        "button",
        "select",
        "input",
        "textarea",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "map",
        "dialog",
        "title",
        "link",
        "meta",
    ]
)
_CHROME = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|toolbar|share|social|cookie|banner|pagination|pager|skip|search"
    r"|footer|masthead|advert\w*)(?:$|[\s_-])"
)
_CHROME_ROLES = frozenset(
    ["navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar", "dialog", "alert"]
)
_STRUCK = frozenset(("del", "s", "strike"))
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
_ENUMERATOR = re.compile(r"\s*(?:\(?[A-Za-z0-9]{1,5}[.)]|§|[•●▪◦○■])")
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_DECORATION = re.compile(r"(?i)text-decoration[\w-]*\s*:[^;]*?(line-through|underline)")
_LIST_STYLE = re.compile(r"(?i)list-style(?:-type)?\s*:\s*([\w-]+)")
_LIST_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}


def read_html(data: bytes) -> tuple[str | None, list[list[Row]]]:
    """Read the main content of an HTML page as one page of lines."""
    root = parse(data)
    if root is None:
        return None, [[]]
    title = root.find(".//title")
    name = " ".join((title.text or "").split()) if title is not None else ""
    blocks = Blocks()
    _Walk(blocks).element(main_content(root), Style())
    blocks.end_block()
    return name[:500] or None, [blocks.rows]


def parse(data: bytes) -> Any:
    """Parse HTML without network, entities of its own or unbounded depth."""
    from lxml import html

    text = _decode(data)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text, parser=parser)
    except (html.etree.ParserError, ValueError):
        return None


def _decode(data: bytes) -> str:
    """Decode by the page's own declaration where it has one, and drop an XML declaration, which lxml refuses on text."""
    declared = re.search(rb"(?i)<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,30})", data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return _undeclared(data.decode(declared[1].decode("ascii")))
        except (LookupError, UnicodeDecodeError):
            pass
    return _undeclared(decode(data))


def _undeclared(text: str) -> str:
    return re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).replace("\0", "")


def main_content(root: Any) -> Any:
    """Return the element that holds the text of the page: a marked main part if it holds most text, else the body."""
    body = root.find(".//body")
    body = root if body is None else body
    best, most = body, 0
    for part in body.iter("main", "article", "div", "section"):
        if (
            part.tag not in ("main", "article")
            and part.get("role") != "main"
            and part.get("id") not in ("content", "main", "main-content")
        ):
            continue
        size = len(part.text_content())
        if size > most:
            best, most = part, size
    return best if most > 0.3 * len(body.text_content()) else body


@dataclass(slots=True)
class _Counter:
    """Where an ordered list stands."""

    style: str
    value: int
    step: int

    def marker(self) -> str:
        label = _label(self.value, self.style)
        self.value += self.step
        return label


class _Walk:
    """Walk a tree of elements and fill blocks."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self._lists: list[_Counter | None] = []

    def element(self, node: Any, style: Style) -> None:
        """Take in an element and what it holds."""
        tag = node.tag if isinstance(node.tag, str) else ""
        if not tag or tag in _SKIP or _is_chrome(node, tag):
            return
        style = _style(node, tag, style)
        if tag == "br":
            self.blocks.end_line()
            return
        if tag == "tr" and _plain_row(node):
            self._row(node, style)
            return
        outer = self._enter(node, tag)
        self.blocks.add(node.text or "", style)
        for child in node:
            self.element(child, style)
            self.blocks.add(child.tail or "", style)
        self._leave(tag, outer)

    def _enter(self, node: Any, tag: str) -> int | None:
        outer = self.blocks.level
        if tag in _BLOCK:
            self.blocks.end_block()
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.blocks.level = int(tag[1])
        if tag in ("ol", "ul", "menu"):
            self._lists.append(_counter(node) if tag == "ol" else None)
        if tag == "li":
            self._item(node)
        return outer

    def _leave(self, tag: str, outer: int | None) -> None:
        if tag in _BLOCK:
            self.blocks.end_block()
        if tag in ("ol", "ul", "menu"):
            self._lists.pop()
        self.blocks.level = outer

    def _item(self, node: Any) -> None:
        """Set the marker of a list item, unless its own text begins with one."""
        counter = self._lists[-1] if self._lists else None
        if counter is not None and (node.get("value") or "").lstrip("-").isdigit():
            counter.value = int(node.get("value")[:9])
        style = (_LIST_STYLE.search(node.get("style") or "") or [None, None])[1]
        marker = counter.marker() if counter is not None else "•"
        if style == "none" or (counter is not None and counter.style == "none"):
            marker = ""
        self.blocks.marker = None if not marker or _ENUMERATOR.match(node.text_content()[:200]) else marker

    def _row(self, node: Any, style: Style) -> None:
        self.blocks.end_block()
        self.blocks.role = "table"
        for cell in node:
            self.blocks.add(" ", style)
            for text, mine in _inline(cell, style):
                self.blocks.add(text, mine)
        self.blocks.end_block()
        self.blocks.role = "body"


def _inline(node: Any, style: Style) -> list[tuple[str, Style]]:
    if not isinstance(node.tag, str) or node.tag in _SKIP:
        return []
    style = _style(node, node.tag, style)
    pieces = [(node.text or "", style)]
    if node.tag == "br":
        pieces.append((" ", style))
    for child in node:
        pieces += _inline(child, style)
        pieces.append((child.tail or "", style))
    return pieces


def _plain_row(node: Any) -> bool:
    """Tell a row of data from a row that only lays out paragraphs."""
    cells = [cell for cell in node if cell.tag in ("td", "th")]
    inner = sum(
        1 for cell in cells for part in cell.iterdescendants() if part.tag in ("p", "li", "table", "h1", "h2", "h3", "h4")
    )
    return len(cells) > 1 and inner <= len(cells)


def _is_chrome(node: Any, tag: str) -> bool:
    """Tell navigation and other furniture of a web page from its text."""
    if node.get("hidden") is not None or node.get("aria-hidden") == "true" or _HIDDEN.search(node.get("style") or ""):
        return True
    if tag in ("body", "html", "main", "article"):
        return False
    if node.get("role") in _CHROME_ROLES or tag == "aside":
        return True
    if tag in ("header", "footer") and node.getparent() is not None and node.getparent().tag in ("body", "div"):
        return not node.xpath(".//h1|.//h2|.//h3") or tag == "footer"
    if not _CHROME.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
        return False
    whole = len(node.text_content().strip())
    links = sum(len(link.text_content().strip()) for link in node.iter("a"))
    return links >= 0.5 * whole


def _style(node: Any, tag: str, style: Style) -> Style:
    """Return the style inside an element."""
    bold = style.bold or tag in _BOLD
    marks = style.marks
    decoration = _DECORATION.search(node.get("style") or "")
    if tag in _STRUCK or (decoration and decoration[1].lower() == "line-through"):
        marks = (*[mark for mark in marks if mark != "struck"], "struck")
    elif tag == "ins":
        marks = (*[mark for mark in marks if mark != "added"], "added")
    elif tag == "u" or (decoration and tag != "a"):
        marks = (*[mark for mark in marks if mark != "underlined"], "underlined")
    return style if bold == style.bold and marks == style.marks else Style(bold, marks)


def _counter(node: Any) -> _Counter:
    css = _LIST_STYLE.search(node.get("style") or "")
    style = css[1].lower() if css else _LIST_TYPES.get(node.get("type") or "1", "decimal")
    start = node.get("start") or ""
    reverse = node.get("reversed") is not None
    first = int(start[:9]) if re.fullmatch(r"-?\d{1,8}", start) else sum(1 for item in node if item.tag == "li") if reverse else 1
    return _Counter(style, first, -1 if reverse else 1)


def _label(value: int, style: str) -> str:
    """Return the label a browser shows for an item."""
    if style == "none":
        return ""
    if style in ("disc", "circle", "square"):
        return "•"
    if style in ("lower-alpha", "lower-latin", "upper-alpha", "upper-latin") and value > 0:
        return (letters(value) if style.startswith("lower") else letters(value).upper()) + "."
    if style in ("lower-roman", "upper-roman") and 0 < value < 4000:
        return (roman(value) if style.startswith("lower") else roman(value).upper()) + "."
    return f"{value}."
