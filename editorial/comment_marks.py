"""The reading view's text with the words marked that comments are about.

The text is cut only at tree nodes that `editorial.text` names, so nothing is escaped twice and no
tag is torn. Comments may overlap: each stretch is marked once, each comment has one link.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from lxml.html import builder

from . import figures
from .marking import put_behind, put_in_place
from .text import Document, serialise


@dataclass(frozen=True)
class Mark:
    """A comment's words in the text: offsets, the comment's key, and the name of its link."""

    start: int
    end: int
    pk: int
    name: str


@dataclass
class Stretch:
    """A run of text under the same comments; those that begin and end with it."""

    text: str
    marks: list[Mark] = field(default_factory=list)
    begins: list[Mark] = field(default_factory=list)
    ends: list[Mark] = field(default_factory=list)


def marked(content: dict, marks: list[Mark]) -> dict[str, SafeString]:
    """`summary` and `body` as safe HTML with these comments' words marked, pictures drawn."""
    document = Document.of(content)
    summary = escape(content.get("summary", ""))
    marks = sorted(marks, key=lambda mark: (mark.start, mark.end))
    pieces = [
        (block, piece)
        for block in document.blocks
        for piece in block.pieces
        if block.field != "title"
    ]
    starts = [piece.start for _, piece in pieces]
    touched: dict[int, list[Mark]] = {}
    for mark in marks:
        index = max(bisect_right(starts, mark.start) - 1, 0)
        while index < len(pieces) and starts[index] < mark.end:
            block, piece = pieces[index]
            is_markable = piece.node is not None or block.field == "summary"
            if is_markable and piece.start + len(piece.text) > mark.start:
                touched.setdefault(index, []).append(mark)
            index += 1
    last = {mark.pk: index for index, found in touched.items() for mark in found}
    first = {mark.pk: index for index, found in reversed(touched.items()) for mark in found}
    for index, found in touched.items():
        block, piece = pieces[index]
        stretches = _stretches(piece, found, index, first, last)
        if block.field == "summary":
            summary = mark_safe("".join(map(_html_of, stretches)))
        else:
            _write(piece, stretches)
    figures.draw(document.root)
    _name_parts(document.root)
    body = mark_safe(serialise(document.root))  # sanitised when saved; see editorial.prose
    return {"summary": summary, "body": body}


def _name_parts(root) -> None:
    """Say before each part of the text which one it is: a list of signs means nothing without."""
    for part in root:
        name = part.get("data-part")
        if name and name != "body":
            label = builder.P(name.replace("_", " ").capitalize(), {"class": "desk-part"})
            label.tail, part.text = part.text, None
            part.insert(0, label)


def _stretches(piece, marks, index, first, last) -> list[Stretch]:
    low, high = piece.start, piece.start + len(piece.text)
    edges = {low, high}
    for mark in marks:
        edges |= {max(mark.start, low), min(mark.end, high)}
    edges = sorted(edges)
    result = []
    for a, b in zip(edges, edges[1:], strict=False):
        here = [m for m in marks if m.start < b and m.end > a]
        result.append(
            Stretch(
                piece.text[a - low : b - low],
                here,
                [m for m in here if first[m.pk] == index and max(m.start, low) == a],
                [m for m in here if last[m.pk] == index and min(m.end, high) == b],
            )
        )
    return result


def _html_of(stretch: Stretch) -> SafeString:
    """A stretch of plain text as HTML."""
    if not stretch.marks:
        return escape(stretch.text)
    anchors = [format_html('<span id="words-{}"></span>', m.pk) for m in stretch.begins]
    links = [
        format_html(
            '<a class="desk-comment-link" href="#comment-{}" aria-label="{}"></a>', m.pk, m.name
        )
        for m in stretch.ends
    ]
    words = format_html('<mark class="desk-commented">{}</mark>', stretch.text)
    return mark_safe("".join([*anchors, words, *links]))


def _write(piece, stretches: list[Stretch]) -> None:
    """Put the stretches in the piece's place in the tree."""
    node, is_tail = piece.node, piece.is_tail
    # The tree's own text, as ours has blanks for line ends: they are equally long.
    raw = (node.tail if is_tail else node.text) or ""
    nodes, before, at = [], "", 0
    for stretch in stretches:
        text, at = raw[at : at + len(stretch.text)], at + len(stretch.text)
        if stretch.marks:
            nodes += [builder.SPAN({"id": f"words-{m.pk}"}) for m in stretch.begins]
            nodes.append(builder.E.mark(text, {"class": "desk-commented"}))
        elif nodes:
            nodes[-1].tail = (nodes[-1].tail or "") + text
        else:
            before += text
    put_in_place(piece, before, nodes)
    marks = [n for n in nodes if n.tag == "mark"]
    for stretch, element in zip([s for s in stretches if s.marks], marks, strict=True):
        for mark in reversed(stretch.ends):
            put_behind(element, _link(mark))


def _link(mark: Mark):
    """What leads from a comment's last words to the comment."""
    return builder.A(
        {"class": "desk-comment-link", "href": f"#comment-{mark.pk}", "aria-label": mark.name}
    )
