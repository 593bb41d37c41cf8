"""A WordPress export (WXR, .xml): one article for each post and page in it.

Read as a stream, one item in memory at a time, so that the size of the blog does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from .article import (
    MAX_SUMMARY,
    ImportedArticle,
    Unreadable,
    digest_of,
    require_length,
    slug_of,
    when,
)
from .blocks import text_of
from .html_page import clean_blocks
from .safe_xml import HAS_DOCTYPE, CleanStream, options
from .tidy import blocks_of, parse, safe_html
from .words import shortened, summary_of, title_of

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
KINDS = ("post", "page")
LEFT_OUT = ("trash", "auto-draft", "inherit")
NOT_WXR = (
    "This is XML, but no WordPress export. In WordPress: Tools, Export, All content, Download."
)
# [gallery ids="1,2"], [caption …]…[/caption]; never [1] or [@key], which are references.
_SHORTCODE = re.compile(r"\[/?[a-z][a-z0-9_-]{2,40}(?:\s[^\[\]<>]{0,2000})?/?\]", re.I)
_BLOCK = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|li|table|blockquote|section|article|figure|pre|hr)\b", re.I
)
_GAP = re.compile(r"\n[ \t]*\n\s*")


def read_wordpress(file: BinaryIO, name: str) -> Iterator[ImportedArticle | Unreadable]:
    """The posts and pages of an export, in order; one that cannot be read comes as Unreadable.

    Drafts and private posts come too, since everything becomes a draft here; what was put in the
    bin, pictures, menus and revisions do not. Broken XML ends the reading; what came before it
    was read.
    """
    items = articles = 0
    try:
        for event, element in etree.iterparse(
            CleanStream(file), events=("start", "end"), **options()
        ):
            if event == "start":
                if not items and element.getparent() is None:
                    _require_wxr(element)
                continue
            if element.tag != "item":
                continue
            items += 1
            if _is_article(element):
                articles += 1
                yield _read(element, name, items)
            _forget(element)
    except etree.XMLSyntaxError as error:
        line = f"line {error.lineno}" if error.lineno else ""
        yield Unreadable("The XML is broken here, so the rest could not be read.", line)
        return
    except Unreadable as refusal:
        yield refusal
        return
    if not articles:
        yield Unreadable("There is no post and no page in this export.")


def _require_wxr(root) -> None:
    if root.getroottree().docinfo.doctype:
        raise Unreadable(HAS_DOCTYPE)
    if root.tag != "rss" or not any("wordpress.org/export" in uri for uri in root.nsmap.values()):
        raise Unreadable(NOT_WXR)


def _is_article(item) -> bool:
    return _wp(item, "post_type") in KINDS and _wp(item, "status") not in LEFT_OUT


def _forget(item) -> None:
    """Free an item and what stands before it."""
    item.clear(keep_tail=False)
    while item.getprevious() is not None:
        del item.getparent()[0]


def _wp(item, field: str) -> str:
    """A field of WordPress's own, whatever version of the format it is from."""
    for child in item:
        space, _, own = str(child.tag).rpartition("}")
        if own == field and "wordpress.org/export" in space:
            return (child.text or "").strip()
    return ""


def _read(item, name: str, number: int) -> ImportedArticle | Unreadable:
    try:
        return _article(item, name)
    except Unreadable as refusal:
        title = " ".join((item.findtext("title") or "").split())[:60]
        refusal.where = f"item {number}" + (f" “{title}”" if title else "")
        return refusal


def _article(item, name: str) -> ImportedArticle:
    title = title_of(" ".join((item.findtext("title") or "").split()))
    if not title:
        raise Unreadable("It has no title.")
    written = item.findtext(CONTENT) or ""
    require_length(len(written))
    html = html_of_post(written)
    blocks = clean_blocks(blocks_of(parse(html)), title) if html.strip() else []
    if not text_of(blocks).strip():
        raise Unreadable("It holds no readable text.")
    slug = slug_of(_wp(item, "post_name") or title)
    excerpt = shortened(_excerpt(item), MAX_SUMMARY)
    tags = _tags(item)
    date = _wp(item, "post_date_gmt")
    facts = "\x1f".join([title, slug, excerpt, written, date, *tags])
    return ImportedArticle(
        slug=slug,
        title=title,
        summary=excerpt or summary_of(blocks),
        body_html=safe_html(blocks),
        tags=tuple(tags) or None,
        conditions=None,
        therapies=None,
        published_at=None if date.startswith("0000") else when(date),
        source_name=f"{name}#{_wp(item, 'post_id') or slug}",
        digest=digest_of(facts.encode()),
        slug_given=bool(_wp(item, "post_name")),
    )


def _excerpt(item) -> str:
    for child in item:
        if isinstance(child.tag, str) and child.tag.endswith("/excerpt/}encoded"):
            text = (child.text or "").strip()
            return text_of(blocks_of(parse(text))) if text else ""
    return ""


def _tags(item) -> list[str]:
    """Tags and categories in the order given, each once; “Uncategorized” says nothing."""
    found: dict[str, str] = {}
    for category in item.iterfind("category"):
        if category.get("domain") in ("post_tag", "category"):
            tag = " ".join((category.text or "").split())
            if tag and category.get("nicename") != "uncategorized":
                found.setdefault(tag.casefold(), tag)
    return list(found.values())


def html_of_post(written: str) -> str:
    """What an author wrote in WordPress as HTML: without shortcodes, with paragraphs.

    The classic editor keeps a blank line for a paragraph and a line end for a break.
    """
    text = _SHORTCODE.sub("", written.replace("\r\n", "\n"))
    if "<!-- wp:" in text:
        return text
    pieces = []
    for piece in _GAP.split(text.strip()):
        if _BLOCK.search(piece) or not piece.strip():
            pieces.append(piece)
        else:
            pieces.append(f"<p>{piece.strip().replace(chr(10), '<br>')}</p>")
    return "\n".join(pieces)
