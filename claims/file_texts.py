"""What `check_claims` reads: text files, web pages, and what is piped into it."""

import io
import os
import re
import select
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html
from lxml.html.defs import tags

from claims.checker import Block, Citation
from editorial import prose
from editorial.text import Document, serialise

PIPED = "-"  # the name that stands for standard input
_HTML_NAMES = (".html", ".htm")
_TAG = re.compile(r"<(!--|(?:!doctype|[a-z][a-z0-9]*)(?=[\s/>]))", re.I)
_BLANKS = re.compile(r"[\x00-\x20]+")
# What no reader of the page sees.
_UNSEEN = frozenset(
    "title script style template noscript svg math iframe object select textarea".split()
)
# Elements of a page as it comes -> those that the site's own texts are made of.
_LIKE = {
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    **dict.fromkeys("dt dd pre address figcaption caption summary legend".split(), "p"),
    **dict.fromkeys(
        "section article main header footer nav aside form fieldset details dl hgroup".split(),
        "div",
    ),
}


class Unreadable(Exception):
    """A file that cannot be checked; the message says why."""


@dataclass(frozen=True)
class FileText:
    """A text as the checker is to read it. Of a web page that is its visible text, with the blocks
    and citations that its elements say; of a text file the file, and the checker finds blocks."""

    text: str
    blocks: list[Block] | None = None
    citations: tuple[Citation, ...] = ()

    @property
    def about(self) -> dict:
        """What a report must tell of it: its text, where offsets count in none that is known."""
        return {} if self.blocks is None else {"text": self.text}


def read_file(name: str) -> FileText:
    """The text of a file, or of standard input by the name PIPED; Unreadable says why not."""
    try:
        data = sys.stdin.buffer.read() if name == PIPED else Path(name).read_bytes()
        # As a file that is opened as text: a line ends in one way.
        text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig").read()
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8 text") from error
    except OSError as error:
        raise Unreadable(error.strerror) from error
    if name.lower().endswith(_HTML_NAMES) or _begins_with_a_tag(text):
        return _read_page(text)
    return FileText(text)


def _begins_with_a_tag(text: str) -> bool:
    """Whether the first thing in it is a tag of HTML; “<name>” is none."""
    tag = _TAG.match(text.lstrip())
    return tag is not None and tag[1].lower() in {"!doctype", "!--", *tags, *_LIKE}


def _read_page(html: str) -> FileText:
    if prose.too_deep(html):
        raise Unreadable(f"its tags stand more than {prose.DEEPEST} deep in each other")
    document = Document(body=_as_ours(html))
    return FileText(
        document.text,
        [Block(b.start, b.end, b.kind) for b in document.blocks],
        tuple(Citation(c.position, c.source) for c in document.citations),
    )


def _as_ours(html: str) -> str:
    """A page as a body of the site's own kind: nothing unseen, blanks as a browser shows them."""
    body = lxml_html.document_fromstring(f"<body>{_BLANKS.sub(' ', html)}").find("body")
    etree.strip_tags(body, etree.Comment, etree.ProcessingInstruction)
    for element in [e for e in body.iterdescendants() if _is_unseen(e)]:
        element.drop_tree()
    for element in body.iter(*_LIKE):
        element.tag = _LIKE[element.tag]
    body.tag = "div"
    return serialise(body)


def _is_unseen(element) -> bool:
    return element.tag in _UNSEEN or "hidden" in element.attrib


def something_is_piped() -> bool:
    """Whether somebody piped or redirected text into this command; waits for none."""
    try:
        stream = sys.stdin.buffer
        mode = os.fstat(stream.fileno()).st_mode
        if not (stat.S_ISFIFO(mode) or stat.S_ISREG(mode)):
            return False
        return bool(select.select([stream], [], [], 0)[0] and stream.peek(1))
    except (AttributeError, OSError, ValueError):  # there is no such thing as standard input
        return False
