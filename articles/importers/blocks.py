"""The body of an article as blocks of runs, and its one canonical HTML.

Reading HTML, plain text or Markdown ends here, and exporting begins here, so that what is
written is always the same for the same content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

MARKS = ("strong", "em", "sub", "sup")
SPACES = " \u00a0"
_WHITE = re.compile("[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_MIXED = re.compile("[ \u00a0]{2,}")
# Characters that nobody sees: soft hyphen, zero-width space, byte order mark, and controls.
# (Zero-width joiners stay: some scripts need them.)
UNSEEN = re.compile("[\u00ad\u200b\ufeff\u2060\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
SOURCE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}\Z")


class Run(NamedTuple):
    """A stretch of text with its marks, a line break, or a citation (`text` is the key)."""

    text: str = ""
    marks: frozenset[str] = frozenset()
    href: str = ""
    kind: str = "text"

    @property
    def style(self):
        """What makes two neighbours one run."""
        return self.kind, self.marks, self.href


BREAK = Run(kind="br")


@dataclass(slots=True)
class Text:
    """A block that holds text: `p`, `h2`, `h3`, `h4`, or "" for the bare text of a list item."""

    tag: str
    runs: list[Run]

    @property
    def plain(self) -> str:
        """Its words alone, breaks as spaces."""
        return plain_of(self.runs)


@dataclass(slots=True)
class Listing:
    """`ul` or `ol`; each item is a list of blocks."""

    tag: str
    items: list[list]


@dataclass(slots=True)
class Quote:
    """A block quotation."""

    children: list


@dataclass(slots=True)
class Table:
    """Rows of cells; a cell is ("th" or "td", runs). `head` holds at most one row."""

    head: list[list] = field(default_factory=list)
    body: list[list] = field(default_factory=list)


@dataclass(slots=True)
class Figure:
    """A picture of the site, by its key; it holds no text."""

    key: str


Block = Text | Listing | Quote | Table | Figure


def plain_of(runs: Iterable[Run]) -> str:
    """The words of the runs, breaks as spaces, citations left out."""
    words = "".join(r.text if r.kind == "text" else " " if r.kind == "br" else "" for r in runs)
    return " ".join(words.split())


def text_of(blocks: Iterable[Block]) -> str:
    """All words of the blocks, one block a line."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Text):
            lines.append(block.plain)
        elif isinstance(block, Listing):
            lines.extend(text_of(item) for item in block.items)
        elif isinstance(block, Quote):
            lines.append(text_of(block.children))
        elif isinstance(block, Table):
            lines.extend(plain_of(c[1]) for row in [*block.head, *block.body] for c in row)
    return "\n".join(line for line in lines if line)


# Runs


def squeeze(text: str) -> str:
    """White space to single spaces; a lone no-break space stays; unseen characters go."""
    if text.isprintable() and "  " not in text:  # nothing unseen and no other blank is printable
        return text
    text = _WHITE.sub(" ", UNSEEN.sub("", text))
    return _MIXED.sub(" ", text) if "\u00a0" in text else text


def settle(runs: Iterable[Run]) -> list[Run]:
    """The one canonical form of the runs of a block.

    Neighbours of one style are merged, spaces stand once, outside marks where they can, never
    at the ends of the block or before a citation, and no break stands at an end or after another.
    """
    runs = list(runs)
    if len(runs) == 1 and runs[0].kind == "text":  # as most are
        text = squeeze(runs[0].text).strip(SPACES)
        return [_with_text(runs[0], text)] if text else []
    out = _without_outer_space(_spaces_out(_merged(runs)))
    while out and out[0].kind == "br":
        out.pop(0)
    while out and out[-1].kind == "br":
        out.pop()
    return out


def _merged(runs: Iterable[Run]) -> list[Run]:
    groups: list[tuple[Run, list[str]]] = []
    for run in runs:
        if run.kind == "text" and not run.text:
            continue
        if run.kind == "br" and groups and groups[-1][0].kind == "br":
            continue
        if run.kind == "cite" and groups and groups[-1][0] == run:
            continue
        if groups and run.kind == "text" and groups[-1][0].style == run.style:
            groups[-1][1].append(run.text)
        else:
            groups.append((run, [run.text]))
    return [_with_text(run, "".join(pieces)) for run, pieces in groups]


def _with_text(run: Run, text: str) -> Run:
    text = squeeze(text) if run.kind == "text" else text
    return run if text == run.text else run._replace(text=text)


def _spaces_out(runs: list[Run]) -> list[Run]:
    """Spaces at the edge of a styled run get only the style that both neighbours share."""
    pieces: list[Run] = []
    for run in runs:
        bare = run.text.strip(SPACES) if run.kind == "text" else run.text
        if run.kind != "text" or bare == run.text:
            pieces.append(run)
            continue
        if bare:
            start = run.text.index(bare)
            before, after = run.text[:start], run.text[start + len(bare) :]
            pieces += [Run(" ")] * bool(before) + [run._replace(text=bare)]
            pieces += [Run(" ")] * bool(after)
        else:
            pieces.append(Run(" "))
    pieces = [p for p in pieces if p.kind != "text" or p.text]
    once = [p for i, p in enumerate(pieces) if not (_blank(p) and i and _blank(pieces[i - 1]))]
    return _merged(_shared(once, i) if _blank(p) else p for i, p in enumerate(once))


def _shared(runs: list[Run], index: int) -> Run:
    if not 0 < index < len(runs) - 1:
        return runs[index]
    left, right = runs[index - 1], runs[index + 1]
    return Run(" ", left.marks & right.marks, left.href if left.href == right.href else "")


def _blank(run: Run) -> bool:
    return run.kind == "text" and run.text == " "


def _without_outer_space(runs: list[Run]) -> list[Run]:
    out: list[Run] = []
    for run in runs:
        if run.kind == "text" and (not out or out[-1].kind == "br"):
            run = run._replace(text=run.text.lstrip(SPACES))
        if run.kind != "text":
            _strip_last(out)
        if run.kind != "text" or run.text:
            # Stripping may have brought two equal neighbours together.
            if out and run.kind != "text" and out[-1] == run:
                continue
            out.append(run)
    _strip_last(out)
    return out


def _strip_last(runs: list[Run]) -> None:
    while runs and runs[-1].kind == "text":
        text = runs[-1].text.rstrip(SPACES)
        if text:
            runs[-1] = runs[-1]._replace(text=text)
            return
        runs.pop()


# HTML


def html_of(blocks: Iterable[Block]) -> str:
    """The canonical HTML, one block a line."""
    return "\n".join(_block_html(block) for block in blocks)


def _block_html(block: Block) -> str:
    if isinstance(block, Text):
        inside = runs_html(block.runs)
        return f"<{block.tag}>{inside}</{block.tag}>" if block.tag else inside
    if isinstance(block, Listing):
        items = "".join(f"<li>{''.join(map(_block_html, item))}</li>" for item in block.items)
        return f"<{block.tag}>{items}</{block.tag}>"
    if isinstance(block, Quote):
        return f"<blockquote>{''.join(map(_block_html, block.children))}</blockquote>"
    if isinstance(block, Figure):
        return f'<figure data-image="{block.key}"></figure>'
    parts = [("thead", block.head), ("tbody", block.body)]
    inside = "".join(f"<{tag}>{_rows_html(rows)}</{tag}>" for tag, rows in parts if rows)
    return f"<table>{inside}</table>"


def _rows_html(rows: list) -> str:
    return "".join(
        "<tr>" + "".join(f"<{tag}>{runs_html(runs)}</{tag}>" for tag, runs in row) + "</tr>"
        for row in rows
    )


def runs_html(runs: Iterable[Run]) -> str:
    """The runs as HTML, marks nested always in the same order."""
    out: list[str] = []
    open_tags: list[tuple[str, str]] = []
    for run in runs:
        wanted = [("a", run.href)] if run.href else []
        wanted += [(mark, "") for mark in MARKS if mark in run.marks]
        keep = 0
        while keep < min(len(open_tags), len(wanted)) and open_tags[keep] == wanted[keep]:
            keep += 1
        out += [f"</{tag}>" for tag, _ in reversed(open_tags[keep:])]
        for tag, href in wanted[keep:]:
            out.append(f'<a href="{_escape_attribute(href)}">' if href else f"<{tag}>")
        open_tags = wanted
        if run.kind == "br":
            out.append("<br>")
        elif run.kind == "cite":
            out.append(f'<cite data-source="{escape(run.text)}"></cite>')
        else:
            out.append(escape(run.text, quote=False).replace("\u00a0", "&nbsp;"))
    out += [f"</{tag}>" for tag, _ in reversed(open_tags)]
    return "".join(out)


def _escape_attribute(value: str) -> str:
    return (
        value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    )
