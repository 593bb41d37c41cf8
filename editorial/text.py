"""A page as plain text with offsets: what the checker reads and what claims are anchored in.

The text is the title, the summary and each block of the body and of the page's other rich parts
(a paragraph, heading, list item, table cell or quoted paragraph), one a line. Every character of a
block stands for exactly one character of the HTML's text, so an offset here can be marked there
again. A citation (`<cite data-source="key">`) adds no text; it has a position.

Kinds of page may have rich text besides the body. They register its fields, and the order in
which readers meet them, with `read_parts`; whoever reads a Document reads them all.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from operator import attrgetter

from lxml import html as lxml_html

_BLOCK_KINDS = {
    "p": "paragraph",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "li": "item",
    "td": "cell",
    "th": "cell",
    "blockquote": "quote",
}
_CONTAINERS = {"ul", "ol", "table", "thead", "tbody", "tr", "div", "figure"}
_parts_in_order: list[str] = ["body"]
_BLANKS = "\n\r\t\xa0\u2028\u2029\x0b\x0c\x85"
_FLATTEN = str.maketrans(dict.fromkeys(_BLANKS, " "))
_find_cites = re.compile(r'<cite\b[^>]*?\bdata-source="([^"]+)"').findall
_find_blank = re.compile(f"[{_BLANKS}]").search


def read_parts(before: Iterable[str], after: Iterable[str]) -> None:
    """Register rich fields that readers meet before the body and after it, in their order."""
    _parts_in_order[:] = [*before, "body", *after]


def rich_names() -> tuple[str, ...]:
    """The fields of a content that hold rich text, in readers' order; `body` is among them."""
    return tuple(_parts_in_order)


def cited_keys(content: dict) -> list[str]:
    """Keys of the sources that a sanitised content cites, each once, without parsing it."""
    found = (_find_cites(content.get(name) or "") for name in _parts_in_order)
    return list(dict.fromkeys(unescape(key) for keys in found for key in keys))


@dataclass(frozen=True)
class Piece:
    """A stretch of text in the tree: `node.text` or `node.tail`, and where it begins."""

    node: object
    is_tail: bool
    start: int
    text: str


@dataclass
class Block:
    """One block: offsets in the document's text, kind, and the element it came from.

    `field` is title, summary or body; `part` names the rich part in which a block of the body
    stands.
    """

    start: int
    end: int
    kind: str
    field: str
    element: object = None
    pieces: list[Piece] = field(default_factory=list)
    part: str = "body"

    @property
    def place(self) -> str:
        """The field of the form in which it is written."""
        return self.part if self.field == "body" else self.field


@dataclass(frozen=True)
class Cited:
    """A citation: where it stands in the text, and the key of its source."""

    position: int
    source: str
    element: object = None


class Document:
    """The text of one page's content with its blocks and citations. See the module."""

    def __init__(self, title: str = "", summary: str = "", body: str = ""):
        self.blocks: list[Block] = []
        self.citations: list[Cited] = []
        self._parts: list[str] = []
        self._length = 0
        self._part = "body"
        for kind, value in (("title", title), ("summary", summary)):
            block = self._open(kind, kind)
            self._add(block, None, False, value)
        self.root = parse(body)
        self._walk()
        self._close()
        self.text = "".join(self._parts)
        del self._parts
        # A citation alone in a last block has no text of its own to stand in.
        end = len(self.text)
        self.citations = [Cited(min(c.position, end), c.source, c.element) for c in self.citations]

    @classmethod
    def of(cls, content: dict) -> "Document":
        """The document of a revision's content, with all its rich parts (see `take_parts`)."""
        parts = [(name, content[name]) for name in _parts_in_order if content.get(name)]
        if [name for name, _ in parts] in ([], ["body"]):
            body = content.get("body", "")
        else:
            body = "".join(f'<div data-part="{name}">{html}</div>' for name, html in parts)
        return cls(content.get("title", ""), content.get("summary", ""), body)

    @property
    def source_keys(self) -> list[str]:
        """Keys of the cited sources, each once, in order of first mention."""
        return list(dict.fromkeys(c.source for c in self.citations))

    def block_at(self, position: int) -> Block | None:
        """The block that holds this offset; blocks stand in order, so few are looked at."""
        at = bisect_right(self.blocks, position, key=attrgetter("start")) - 1
        if at < 0:
            return None
        block = self.blocks[at]
        return block if position < max(block.end, block.start + 1) else None

    # Building. A block without text is dropped when the next one opens.

    def _open(self, kind: str, field_name: str, element=None) -> Block:
        self._close()
        if self.blocks:
            self._parts.append("\n")
            self._length += 1
        block = Block(self._length, self._length, kind, field_name, element, part=self._part)
        self.blocks.append(block)
        return block

    def _close(self) -> None:
        if self.blocks and not self.blocks[-1].pieces:
            self.blocks.pop()
            if self.blocks:
                self._parts.pop()
                self._length -= 1

    def _add(self, block: Block, node, is_tail: bool, text: str | None) -> None:
        if not text:
            return
        flat = text.translate(_FLATTEN) if _find_blank(text) else text
        block.pieces.append(Piece(node, is_tail, self._length, flat))
        self._parts.append(flat)
        self._length += len(flat)
        block.end = self._length

    def _walk(self) -> None:
        """One pass over the tree without recursion; text between blocks opens a paragraph."""
        block: Block | None = None
        for event, node in _events(self.root):
            tag = node.tag
            if event == "start" and node.get("data-part") and node.getparent() is self.root:
                self._part = node.get("data-part")
            if event == "start" and (tag in _BLOCK_KINDS or tag in _CONTAINERS):
                kind = _kind_of(node)
                block = self._open(kind, "body", node) if kind else None
            elif event == "end" and (tag in _BLOCK_KINDS or tag in _CONTAINERS):
                block = None
            elif event == "start" and tag == "cite":
                key = node.get("data-source")
                if key:
                    self.citations.append(Cited(self._length, key, node))
                continue
            text = node.tail if event == "end" else node.text
            if event == "end" and node is self.root:
                break
            if text and block is None and text.strip():
                parent = node.getparent() if event == "end" else node
                block = self._open("paragraph", "body", parent)
            if tag == "br" and event == "start" and block is not None:
                text = " "
                self._add(block, None, False, text)
                continue
            if block is not None:
                self._add(block, node, event == "end", text)


def _kind_of(node) -> str | None:
    if node.tag == "p":
        parent = node.getparent()
        if parent is not None and parent.tag in ("li", "blockquote", "td", "th"):
            return _BLOCK_KINDS[parent.tag]
    return _BLOCK_KINDS.get(node.tag)


def _events(root) -> Iterator[tuple[str, object]]:
    """("start", node) and ("end", node) in document order; a citation's inside is passed over."""
    yield "start", root
    stack = [iter(root)]
    nodes = [root]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            yield "end", nodes.pop()
        elif isinstance(child.tag, str):
            yield "start", child
            nodes.append(child)
            stack.append(iter(() if child.tag == "cite" else child))


def take_parts(root) -> dict[str, str]:
    """The HTML of each rich part of a tree made by `Document.of`, by name; never an empty one."""
    divisions = [node for node in root if node.get("data-part")]
    if not divisions:
        body = serialise(root)
        return {"body": body} if body else {}
    return {node.get("data-part"): serialise(node) for node in divisions}


def parse(body: str):
    """The body's tree under one `<div>`; anything at all gives a tree."""
    return lxml_html.fragment_fromstring(body or "", create_parent="div")


def serialise(root) -> str:
    """The HTML inside the root of `parse`."""
    html = lxml_html.tostring(root, encoding="unicode", with_tail=False)
    return html[html.index(">") + 1 : html.rindex("<")] if html.endswith("</div>") else ""
