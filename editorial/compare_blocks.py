"""What comparing reads: a field's value as blocks, a block as words with their form."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from . import figures
from .text import Document, rich_names

_TOKEN = re.compile(r"\w+(?:[’'.,]\w+)*|\s+|[^\w\s]", re.UNICODE)
_MARKS = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic", "sub": "lowered"}
_MARKS |= {"sup": "raised"}
_HEADINGS = {
    "h2": gettext_lazy("heading"),
    "h3": gettext_lazy("smaller heading"),
    "h4": gettext_lazy("smallest heading"),
}
_CELL_KINDS = {"td": gettext_lazy("table cell"), "th": gettext_lazy("table heading")}


@dataclass(frozen=True)
class Token:
    """A word, a blank, a mark of punctuation or a citation, with its form."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""
    is_citation: bool = False

    @property
    def key(self) -> tuple[str, bool]:
        """What makes two tokens the same word, whatever their form."""
        return self.text, self.is_citation

    @property
    def form(self) -> tuple:
        """How it looks and where it leads."""
        return self.marks, self.href


@dataclass(frozen=True)
class Block:
    """One block of a field: what it is in words, and its tokens."""

    kind: str
    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """Its words; a citation stands as its key in brackets."""
        return text_of(self.tokens)


# Reading a field


def blocks_of(name: str, value) -> list[Block]:
    """The blocks of one field's value: rich text, items of a list, rows, or a text."""
    if value in (None, "", []):
        return []
    if name in rich_names():
        return rich_blocks(value)
    if not isinstance(value, list | tuple):
        return [Block("text", tokens_of(str(value)))]
    return [
        Block("row", tokens_of("; ".join(f"{k}: {v}" for k, v in item.items() if v)))
        if isinstance(item, dict)
        else Block("item", tokens_of(str(item)))
        for item in value
    ]


def rich_blocks(html: str) -> list[Block]:
    """The blocks of rich text with the form of each word; citations stand in their place."""
    document = Document(body=figures.in_words(html))
    citations = iter([*document.citations, None])
    cited = next(citations)
    blocks = []
    for block in document.blocks:
        tokens: list[Token] = []
        for piece in block.pieces:
            while cited and cited.position <= piece.start:
                tokens.append(_citation(cited))
                cited = next(citations)
            marks, href = _form_of(piece, block.element)
            tokens += (Token(t, marks, href) for t in _TOKEN.findall(piece.text))
        while cited and cited.position <= block.end:
            tokens.append(_citation(cited))
            cited = next(citations)
        blocks.append(Block(_kind(block), tuple(tokens)))
    if cited:
        rest = [_citation(cited), *(_citation(c) for c in citations if c)]
        blocks.append(Block("paragraph", tuple(rest)))
    return blocks


def tokens_of(text: str) -> tuple[Token, ...]:
    """A plain text cut into words, blanks and marks; joined they are the text."""
    return tuple(Token(t) for t in _TOKEN.findall(text))


def _citation(cited) -> Token:
    return Token(f"[{cited.source}]", is_citation=True)


def _form_of(piece, top) -> tuple[frozenset[str], str]:
    if piece.node is None:
        return frozenset({"line break"}), ""
    node = piece.node.getparent() if piece.is_tail else piece.node
    marks, href = set(), ""
    while node is not None and node is not top:
        if node.tag in _MARKS:
            marks.add(_MARKS[node.tag])
        elif node.tag == "a":
            href = href or node.get("href") or ""
        node = node.getparent()
    return frozenset(marks), href


def _kind(block) -> str:
    """What a block is, in words a reader of the page would use."""
    tags, node = [], block.element
    while node is not None:
        tags.append(node.tag)
        node = node.getparent()
    own = tags[0] if tags else ""
    if own in _HEADINGS:
        return _HEADINGS[own]
    for tag in tags:
        if tag in _CELL_KINDS:
            return _CELL_KINDS[tag]
        if tag in ("ul", "ol"):
            depth = sum(t in ("ul", "ol") for t in tags)
            kind = "list item" if tag == "ul" else "numbered item"
            return (
                kind
                if depth == 1
                else gettext("%(kind)s, level %(depth)s") % {"kind": kind, "depth": depth}
            )
        if tag == "blockquote":
            return "quotation"
    return "paragraph"


def text_of(tokens) -> str:
    """The words of tokens, joined."""
    return "".join(token.text for token in tokens)
