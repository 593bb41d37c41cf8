"""A Word document (.docx) as an article: headings, lists, tables, links, bold and italic.

Only the parts that hold text are opened, each with a limit on its unpacked size, so that no
archive can unpack itself into the memory. Pictures, comments and deleted text are left behind.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

from lxml import etree

from .article import ImportedArticle, Unreadable, digest_of, require_length, slug_of
from .blocks import Text, text_of
from .safe_xml import root_of
from .tidy import blocks_of, parse, safe_html
from .word_html import Styles, body_html
from .words import summary_of, title_from_name, title_of

MAX_WORD_BYTES = 50 * 1024 * 1024
"""The largest document read, in bytes: pictures, which are left behind, make them large."""

MAX_PART = 20 * 1024 * 1024
"""The largest unpacked part of a document that is read, in bytes."""
MAX_PARTS = 5_000

_NOT_WORD = "This is not a Word document, though its name ends in “.docx”. Save it again as .docx."


def read_word(data: bytes, name: str) -> ImportedArticle:
    """The article in a Word document. The title is the paragraph in the style “Title”, else a
    heading at the very top, else the name of the file.

    Raises Unreadable if it is no Word document, is protected by a password, is damaged, unpacks
    to more than MAX_PART, or holds no text.
    """
    title, html = _html_in(data)
    require_length(len(html))
    blocks = blocks_of(parse(html)) if html else []
    if not title and blocks and isinstance(blocks[0], Text) and blocks[0].tag != "p":
        title = blocks.pop(0).plain
    if not text_of(blocks).strip():
        raise Unreadable("There is no readable text in this document.")
    title = title_of(title) or title_from_name(name)
    return ImportedArticle(
        slug=slug_of(title),
        title=title,
        summary=summary_of(blocks),
        body_html=safe_html(blocks),
        tags=None,
        conditions=None,
        therapies=None,
        published_at=None,
        source_name=name,
        digest=digest_of(data),
    )


def _html_in(data: bytes) -> tuple[str, str]:
    """(title, HTML of the rest) of the document in an archive."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("This document is protected by a password. Save it without one.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if len(archive.infolist()) > MAX_PARTS:
                raise Unreadable("This document has too many parts to be an article.")
            document = _part(archive, "word/document.xml")
            if document is None:
                raise Unreadable(_NOT_WORD)
            styles = Styles(
                _part(archive, "word/styles.xml"),
                _part(archive, "word/numbering.xml"),
                _part(archive, "word/_rels/document.xml.rels"),
            )
            return body_html(document, styles)
    except zipfile.BadZipFile:
        raise Unreadable(_NOT_WORD) from None
    except (NotImplementedError, RuntimeError, EOFError, OSError):
        raise Unreadable("This document is damaged or packed in a way that is not read.") from None


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The root of one part, or None where the document has none. The size is what was unpacked,
    not what the archive says of itself."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    try:
        with archive.open(info) as file:
            data = file.read(MAX_PART + 1)
    except Exception as error:  # zlib and lzma raise errors of their own for damaged data
        raise Unreadable(f"This document is damaged: {name} cannot be unpacked.") from error
    if len(data) > MAX_PART:
        raise Unreadable(f"This document unpacks to more than {MAX_PART // 1024**2} MB.")
    return root_of(data, name)
