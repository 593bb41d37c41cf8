"""The text of a Word document as plain HTML, to be cleaned like any other page's."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MAX_BASE = 20  # styles may be based on styles; a circle ends here
# What is not text that readers see: deleted words, field codes, pictures, notes' marks.
SKIPPED = {
    f"{W}{name}"
    for name in (
        "del",
        "moveFrom",
        "instrText",
        "drawing",
        "pict",
        "object",
        "footnoteReference",
        "endnoteReference",
        "commentReference",
        "annotationRef",
    )
} | {f"{MC}Fallback"}
MARKS = {"b": "strong", "i": "em"}


class Styles:
    """What the parts beside the text say of it: levels of headings, kinds of lists, links."""

    def __init__(self, styles, numbering, relations):
        self._levels: dict[str, int] = {}
        self._based_on: dict[str, str] = {}
        self._lists: dict[str, str] = {}
        self.titles: set[str] = set()
        self._read_styles(styles if styles is not None else ())
        self._ordered = _ordered_lists(numbering)
        self.links = {
            r.get("Id"): r.get("Target", "")
            for r in (relations if relations is not None else ())
            if r.get("TargetMode") == "External"
        }

    def _read_styles(self, styles) -> None:
        for style in styles:
            if style.tag != f"{W}style" or style.get(f"{W}type") != "paragraph":
                continue
            key = style.get(f"{W}styleId", "")
            name = _value(style, "name").lower()
            if base := _value(style, "basedOn"):
                self._based_on[key] = base
            if name == "title":
                self.titles.add(key)
            named, outline = name.removeprefix("heading "), _value(style, "pPr/outlineLvl")
            if named != name and named.isdecimal():
                self._levels[key] = int(named)
            elif outline.isdecimal() and int(outline) < 9:
                self._levels[key] = int(outline) + 1
            if number := _value(style, "pPr/numPr/numId"):
                self._lists[key] = number

    def heading(self, paragraph) -> int:
        """1 to 6 for a heading, 0 for other paragraphs."""
        own = _value(paragraph, "pPr/outlineLvl")
        if own.isdecimal() and int(own) < 9:
            return min(int(own) + 1, 6)
        return min(self._inherited(paragraph, self._levels) or 0, 6)

    def is_title(self, paragraph) -> bool:
        """Whether it is in the style “Title”."""
        return _value(paragraph, "pPr/pStyle") in self.titles

    def listing(self, paragraph) -> tuple[str, int] | None:
        """("ul" or "ol", depth from 0) for an item of a list."""
        number = _value(paragraph, "pPr/numPr/numId") or self._inherited(paragraph, self._lists)
        if not number or number == "0":
            return None
        depth = _value(paragraph, "pPr/numPr/ilvl")
        level = min(int(depth), 8) if depth.isdecimal() else 0
        return ("ol" if (number, level) in self._ordered else "ul"), level

    def _inherited(self, paragraph, values):
        key = _value(paragraph, "pPr/pStyle")
        for _ in range(MAX_BASE):
            if key in values:
                return values[key]
            key = self._based_on.get(key, "")
        return None


def _value(element, path: str) -> str:
    """The `w:val` of the element at a path of `w:` names; empty where there is none."""
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return "" if found is None else found.get(f"{W}val", "")


def _ordered_lists(numbering) -> set[tuple[str, int]]:
    """(number of the list, level) of every level that counts."""
    if numbering is None:
        return set()
    counts: dict[str, set[int]] = {}
    for abstract in numbering.iterfind(f"{W}abstractNum"):
        counts[abstract.get(f"{W}abstractNumId", "")] = {
            int(level.get(f"{W}ilvl", "0"))
            for level in abstract.iterfind(f"{W}lvl")
            if _value(level, "numFmt") not in ("bullet", "none", "")
            and level.get(f"{W}ilvl", "0").isdecimal()
        }
    return {
        (number.get(f"{W}numId", ""), level)
        for number in numbering.iterfind(f"{W}num")
        for level in counts.get(_value(number, "abstractNumId"), ())
    }


def body_html(document: etree._Element, styles: Styles) -> tuple[str, str]:
    """(the title, if a paragraph is in that style; HTML of everything else)."""
    body = document.find(f"{W}body")
    writer = _Writer(styles)
    for block in _blocks(body if body is not None else ()):
        writer.add(block)
    return writer.title, writer.finish()


def _blocks(parent) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, out of the boxes that templates put round them."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            yield from _blocks(content if content is not None else ())
        elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from _blocks(child)


class _Writer:
    """Writes blocks one after the other, opening and closing lists as their depth asks."""

    def __init__(self, styles: Styles):
        self.styles = styles
        self.title = ""
        self._out: list[str] = []
        self._open: list[str] = []  # tags of the lists that are open

    def add(self, block) -> None:
        """Write a paragraph or a table."""
        if block.tag == f"{W}tbl":
            self._close(0)
            self._out.append(_table(block, self.styles))
            return
        inside = "".join(_inline(block, self.styles))
        if not inside.strip():
            return
        if self.styles.is_title(block) and not self.title:
            self.title = " ".join("".join(block.itertext(f"{W}t")).split())
            return
        level = self.styles.heading(block)
        item = None if level else self.styles.listing(block)
        if item:
            self._item(*item, inside)
        else:
            self._close(0)
            tag = f"h{min(level + 1, 4)}" if level else "p"  # the page's own title is its h1
            self._out.append(f"<{tag}>{inside}</{tag}>")

    def _item(self, tag: str, depth: int, inside: str) -> None:
        self._close(depth + 1)
        if len(self._open) == depth + 1 and self._open[-1] != tag:
            self._close(depth)
        if len(self._open) == depth + 1:
            self._out.append("</li>")
        while len(self._open) <= depth:
            self._out.append(f"<{tag}>" if len(self._open) == depth else f"<{tag}><li>")
            self._open.append(tag)
        self._out.append(f"<li>{inside}")

    def _close(self, depth: int) -> None:
        while len(self._open) > depth:
            self._out.append(f"</li></{self._open.pop()}>")

    def finish(self) -> str:
        """All that was written."""
        self._close(0)
        return "\n".join(self._out)


def _table(table, styles: Styles) -> str:
    rows = []
    for number, row in enumerate(table.iterfind(f"{W}tr")):
        is_head = number == 0 and row.find(f"{W}trPr/{W}tblHeader") is not None
        tag = "th" if is_head else "td"
        cells = [
            f"<{tag}>" + "<br>".join(_cell(cell, styles)) + f"</{tag}>"
            for cell in row.iterfind(f"{W}tc")
        ]
        line = "<tr>" + "".join(cells) + "</tr>"
        rows.append(f"<thead>{line}</thead>" if is_head else line)
    return "<table>" + "".join(rows) + "</table>"


def _cell(cell, styles: Styles) -> Iterator[str]:
    for block in _blocks(cell):
        if block.tag == f"{W}p":
            yield "".join(_inline(block, styles))
        else:  # a table in a table: its words are kept, one line a row
            for row in block.iterfind(f"{W}tr"):
                yield escape(" ".join("".join(row.itertext(f"{W}t")).split()), quote=False)


def _inline(parent, styles: Styles) -> Iterator[str]:
    """The runs of a paragraph, a link or an insertion."""
    for child in parent:
        if child.tag in SKIPPED:
            continue
        if child.tag == f"{W}r":
            yield _run(child)
        elif child.tag == f"{W}hyperlink":
            inside = "".join(_inline(child, styles))
            target = styles.links.get(child.get(f"{R}id", ""), "")
            yield f'<a href="{escape(target)}">{inside}</a>' if target else inside
        elif child.tag != f"{W}pPr":
            yield from _inline(child, styles)


def _run(run) -> str:
    text = "".join(_pieces(run))
    if not text:
        return ""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return text
    for name, tag in MARKS.items():
        mark = properties.find(f"{W}{name}")
        if mark is not None and mark.get(f"{W}val", "1") not in ("0", "false", "off"):
            text = f"<{tag}>{text}</{tag}>"
    raised = {"superscript": "sup", "subscript": "sub"}.get(_value(properties, "vertAlign"))
    return f"<{raised}>{text}</{raised}>" if raised else text


def _pieces(run) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield escape(child.text or "", quote=False)
        elif child.tag == f"{W}tab":
            yield " "
        elif child.tag in (f"{W}br", f"{W}cr"):
            yield "" if child.get(f"{W}type") == "page" else "<br>"
        elif child.tag == f"{W}noBreakHyphen":
            yield "\u2011"
        elif child.tag == f"{MC}AlternateContent":
            for choice in child.iterfind(f"{MC}Choice"):
                yield from _pieces(choice)
