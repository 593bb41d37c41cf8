"""HTML to blocks: what an article may hold, in one canonical form, and nothing else.

lxml does the parsing: it is linear on every input tried, where html5ever and lexbor take time
quadratic in the depth of nesting. It drops what is nested too deep, so depth is checked first
and a document beyond MAX_DEPTH is refused rather than read in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import nh3
from lxml import etree
from lxml import html as lxml_html

from editorial.prose import IMAGE_KEY

from .article import Unreadable
from .blocks import (
    BREAK,
    SOURCE_KEY,
    UNSEEN,
    Block,
    Figure,
    Listing,
    Quote,
    Run,
    Table,
    Text,
    html_of,
    settle,
)
from .tables import table_of

MAX_DEPTH = 120
MAX_ELEMENTS = 200_000
TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "br",
    "sub",
    "sup",
    "cite",
    "figure",
}
ATTRIBUTES = {"a": {"href"}, "cite": {"data-source"}, "figure": {"data-image"}}
SCHEMES = {"http", "https", "mailto"}
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
MARK_OF = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "sub": "sub", "sup": "sup"}
NEVER = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "applet",
    "svg",
    "math",
    "canvas",
    "video",
    "audio",
    "picture",
    "img",
    "map",
    "button",
    "select",
    "option",
    "textarea",
    "input",
    "datalist",
    "head",
    "title",
    "meta",
    "link",
    "base",
    "frameset",
    "noframes",
    "dialog",
    "progress",
    "meter",
}
CONTAINERS = {
    "html",
    "body",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "nav",
    "form",
    "center",
    "figure",
    "figcaption",
    "fieldset",
    "legend",
    "address",
    "details",
    "dl",
    "pre",
    "hgroup",
    "menu",
    "dir",
    "search",
    "td",
    "th",
    "tr",
    "tbody",
    "thead",
    "tfoot",
    "caption",
    "li",
}
BLOCKS = (
    CONTAINERS
    | set(HEADINGS)
    | {"p", "ul", "ol", "blockquote", "table", "dt", "dd", "summary", "hr"}
)
_CLEANER = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None, strip_comments=True
)


def parse(text: str) -> etree._Element:
    """The tree of an HTML document or fragment; raises Unreadable if too deep or without tags."""
    parser = lxml_html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    data = UNSEEN.sub("", text)
    try:
        root = lxml_html.document_fromstring(f"<!doctype html><body>{data}", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Unreadable("The HTML could not be read.") from None
    depth = elements = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if elements > MAX_ELEMENTS:
            raise Unreadable(f"The page has more than {MAX_ELEMENTS:,} tags.")
        if depth > MAX_DEPTH:
            raise Unreadable(
                f"The tags are nested more than {MAX_DEPTH} deep, which no article needs."
            )
    return root


def tidy(text: str) -> str:
    """Canonical, safe HTML from any HTML; doing it twice changes nothing more.

    Raises Unreadable if the tags are nested too deep.
    """
    return safe_html(blocks_of(parse(text))) if text.strip() else ""


def safe_html(blocks: list[Block]) -> str:
    """The canonical HTML of the blocks, passed through the allowlist once more."""
    return _CLEANER.clean(html_of(blocks))


def blocks_of(root: etree._Element) -> list[Block]:
    """The blocks inside an element; depth must have been checked by `parse`."""
    return _Reader(root).blocks(root)


def safe_href(value: str | None) -> str:
    """The address if a link may lead there (http, https, mailto, relative), else ""."""
    href = re.sub(r"[\x00-\x20\x7f-\xa0]+", "", value or "")
    if href.startswith("//"):
        href = f"https:{href}"
    if not href or href.startswith("#"):
        return ""
    try:
        scheme = urlsplit(href).scheme
    except ValueError:
        return ""
    if scheme.lower() in SCHEMES:
        return href
    # A colon before the first slash would be a scheme to some browser.
    return "" if scheme or ":" in re.split(r"[/?#]", href)[0] else href


class _Reader:
    """Walks one tree. Recursion is bounded by MAX_DEPTH."""

    def __init__(self, root: etree._Element):
        self.holders: set[etree._Element] = set()
        for element in root.iter(*BLOCKS):
            for above in element.iterancestors():
                if above in self.holders:
                    break
                self.holders.add(above)

    def blocks(self, element: etree._Element) -> list[Block]:
        """The element's content as blocks; loose text becomes paragraphs."""
        out: list[Block] = []
        loose: list[Run] = [Run(element.text or "")]
        for child in element:
            if child.tag in BLOCKS or child in self.holders:
                out += paragraphs(loose)
                loose = []
                out += self.block(child)
            else:
                loose += self.inline(child, frozenset(), "")
            loose.append(Run(child.tail or ""))
        return out + paragraphs(loose)

    def block(self, element: etree._Element) -> list[Block]:
        tag = element.tag
        if tag in NEVER or tag == "hr" or not isinstance(tag, str):
            return []
        if tag == "figure" and IMAGE_KEY.fullmatch(element.get("data-image") or ""):
            return [Figure(element.get("data-image")), *self.blocks(element)]
        if tag in HEADINGS:
            return self.heading(element, HEADINGS[tag])
        if tag in ("ul", "ol"):
            return self.listing(element, tag)
        if tag == "blockquote":
            inside = self.blocks(element)
            return [Quote(inside)] if inside else []
        if tag == "table":
            return self.table(element)
        if tag in ("dt", "summary") and element not in self.holders:
            return paragraphs(self.inline(element, frozenset({"strong"}), ""))
        return self.blocks(element)

    def heading(self, element: etree._Element, tag: str) -> list[Block]:
        runs = []
        for run in self.flat(element):
            # A heading is bold as it is, and one line.
            run = Run(" ") if run.kind == "br" else run
            runs.append(Run(run.text, run.marks - {"strong"}, run.href, run.kind))
        runs = settle(runs)
        return [Text(tag, runs)] if any(run.kind == "text" for run in runs) else []

    def listing(self, element: etree._Element, tag: str) -> list[Block]:
        items: list[list[Block]] = []
        for child in element:
            if child.tag == "li":
                item = item_of(self.blocks(child))
            elif child.tag in ("ul", "ol") and items:
                # A list put straight into a list belongs to the item before it.
                items[-1] += self.block(child)
                continue
            else:
                item = item_of(self.block(child)) if child.tag in BLOCKS else []
            if item:
                items.append(item)
        return [Listing(tag, items)] if items else []

    def table(self, element: etree._Element) -> list[Block]:
        if next(element.iterdescendants("table"), None) is None:
            table = table_of(element, self.flat)
            if table:
                return [table]
        # A table of one column, or of tables, was only there for the layout.
        return self.blocks(element)

    def flat(self, element: etree._Element) -> list[Run]:
        """All runs inside, blocks told apart by line breaks."""
        if element not in self.holders:
            return self.inline(element, frozenset(), "")
        return list(_flattened(self.blocks(element)))

    def inline(self, element: etree._Element, marks: frozenset[str], href: str) -> list[Run]:
        tag = element.tag
        if tag in NEVER or not isinstance(tag, str):
            return []
        if tag == "br":
            return [BREAK]
        if tag == "cite" and (key := element.get("data-source")) is not None:
            return [Run(key, kind="cite")] if SOURCE_KEY.match(key) else []
        if tag in MARK_OF:
            marks = marks | {MARK_OF[tag]}
            if {"sub", "sup"} <= marks:
                marks -= {"sub" if tag == "sup" else "sup"}
        elif tag == "a":
            href = href or safe_href(element.get("href"))
        runs = [Run(element.text or "", marks, href)]
        for child in element:
            runs += self.inline(child, marks, href)
            runs.append(Run(child.tail or "", marks, href))
        return runs


def paragraphs(runs: list[Run]) -> list[Block]:
    """Paragraphs of the runs; two breaks in a row part them, as old pages do."""
    if all(run.kind == "text" and not run.text.strip(" \n") for run in runs):  # as between blocks
        return []
    groups: list[list[Run]] = [[]]
    for run in runs:
        waiting = groups[-1]
        if run.kind == "br":
            while waiting and waiting[-1].kind == "text" and not waiting[-1].text.strip():
                waiting.pop()
            if waiting and waiting[-1].kind == "br":
                groups.append([])
                continue
        waiting.append(run)
    settled = (settle(group) for group in groups)
    return [Text("p", group) for group in settled if group]


def item_of(blocks: list[Block]) -> list[Block]:
    """A list item: its only paragraph, if it comes first, stands bare."""
    count = sum(isinstance(block, Text) and block.tag == "p" for block in blocks)
    if count == 1 and isinstance(blocks[0], Text) and blocks[0].tag == "p":
        simple = all(isinstance(block, Listing) for block in blocks[1:])
        if simple:
            return [Text("", blocks[0].runs), *blocks[1:]]
    return blocks


def _flattened(blocks: list[Block]) -> Iterator[Run]:
    for block in blocks:
        if isinstance(block, Text):
            yield from block.runs
            yield BREAK
        elif isinstance(block, Listing):
            for item in block.items:
                yield from _flattened(item)
        elif isinstance(block, Quote):
            yield from _flattened(block.children)
        elif isinstance(block, Table):
            for row in [*block.head, *block.body]:
                for _, runs in row:
                    yield from runs
                    yield BREAK
