"""A saved web page as an article: finds the article in the page and leaves the page behind."""

from __future__ import annotations

import re

from lxml import etree

from . import furniture
from .article import (
    MAX_SUMMARY,
    ImportedArticle,
    Unreadable,
    digest_of,
    require_length,
    slug_of,
    when,
)
from .blocks import Block, Figure, Listing, Quote, Table, Text, text_of
from .decoding import decode
from .plain_text import title_matches
from .tidy import NEVER, blocks_of, parse, safe_html
from .words import same_words, shortened, summary_of, title_from_name, title_of

DROPPED = NEVER - {"head", "title", "meta"} | {"nav", "footer", "aside", "form", "button"}
ROLES = {
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "search",
    "dialog",
    "menu",
    "alert",
}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:[a-z%]*)\s*(?:;|$)"
    r"|opacity\s*:\s*0(?:\.0*)?\s*(?:;|$)",
    re.I,
)
# Words in a class or id that name a part of the page which is not the article.
_NAME_LIST = """
    share sharing sharedaddy social socials addtoany addthis related relatedposts
    jp-relatedposts sidebar widget breadcrumb breadcrumbs newsletter subscribe subscription
    cookie cookies consent gdpr advert advertisement advertisements ads adsbygoogle ad promo
    promotion banner popup modal overlay comments comment respond disqus navigation nav menu
    pagination pager toc author-box authorbox author-bio byline posted-on post-meta entry-meta
    meta-info postmeta tags-links taglist post-tags post-navigation nav-links skip-link
    screen-reader-text sr-only visually-hidden recommended recommendations trending teaser
    readmore read-more check-also inline-related footer masthead topbar toolbar rating ratings
"""
_FURNITURE_NAMES = frozenset(_NAME_LIST.split())
_SPLIT_NAMES = re.compile(r"[\s_]+")
MIN_PARAGRAPH = 25


def read_html(data: bytes, name: str) -> ImportedArticle:
    """The article in an HTML page or fragment.

    The title is the heading of the article, else og:title, else <title> without the name of the
    site; the summary is the page's description, else the first sentences. Raises Unreadable if
    the bytes are no text, the tags are nested too deep, or nothing to read is left.
    """
    root = parse(decode(data, markup=True))
    facts = _facts(root)
    title = _title(root, facts)
    _drop_hidden(root)
    main = _main(root)
    _drop_furniture(main)
    require_length(sum(len(piece.strip()) for piece in main.itertext()))
    blocks = blocks_of(main)
    tags = tuple(t for b in blocks if isinstance(b, Text) for t in furniture.tags_in(b.plain))
    blocks = clean_blocks(blocks, title)
    if not text_of(blocks).strip():
        raise Unreadable(
            "There is no readable text in this page: only code, menus or nothing at all."
        )
    title = title or _first_heading(blocks) or title_from_name(name)
    return ImportedArticle(
        slug=slug_of(title),
        title=title,
        summary=shortened(facts.get("description", ""), MAX_SUMMARY) or summary_of(blocks),
        body_html=safe_html(blocks),
        tags=tuple(dict.fromkeys([*facts["tags"], *tags])) or None,
        conditions=None,
        therapies=None,
        published_at=facts["published_at"],
        source_name=name,
        digest=digest_of(data),
    )


def clean_blocks(blocks: list[Block], title: str) -> list[Block]:
    """The blocks without furniture, repeats of the title at the start and empty last headings."""
    blocks = furniture.without_furniture(blocks, _line_of)
    while (
        blocks and isinstance(blocks[0], Text) and title and title_matches(blocks[0].plain, title)
    ):
        blocks.pop(0)
    kept: list[Block] = []
    for block in blocks:
        buttons = isinstance(block, Listing) and _is_menu(block)
        if not buttons:
            kept.append(block)
    while kept and isinstance(kept[-1], Text) and kept[-1].tag != "p":
        kept.pop()
    return kept


def _line_of(block: Block) -> str:
    # Lists, tables and quotations are judged as wholes, never as lines.
    if isinstance(block, Text):
        return block.plain
    return "\0" if isinstance(block, Listing | Quote | Table | Figure) else ""


def _is_menu(block: Listing) -> bool:
    lines = [text_of(item) for item in block.items]
    return all(furniture.is_furniture(line) for line in lines)


def _facts(root: etree._Element) -> dict:
    """What the page's head says of it."""
    facts: dict = {"tags": [], "published_at": None}
    for meta in root.iter("meta"):
        key = (
            (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower().strip()
        )
        value = " ".join((meta.get("content") or "").split())
        if not value:
            continue
        if key == "article:tag":
            facts["tags"].append(value[:60])
        elif key in ("article:published_time", "datepublished", "date", "dc.date"):
            facts["published_at"] = facts["published_at"] or _moment(value)
        elif key in ("og:title", "og:site_name", "description", "og:description"):
            facts.setdefault(key, value)
    facts["description"] = facts.get("description") or facts.get("og:description") or ""
    if facts["description"].endswith(("[…]", "[...]", "…", "...")):
        # A description cut by a machine is no summary.
        facts["description"] = ""
    return facts


def _moment(value: str):
    try:
        return when(value)
    except Unreadable:
        return None


def _title(root: etree._Element, facts: dict) -> str:
    headings = [(h, _words(h)) for h in root.iter("h1") if not _is_hidden(h)]
    site = facts.get("og:site_name", "")
    head = next((_words(t) for t in root.iter("title") if t.getparent().tag != "svg"), "")
    headings = [(h, words) for h, words in headings if words and not same_words(words, site)]
    if headings:
        inside = [
            w for h, w in headings if next(h.iterancestors("article", "main"), None) is not None
        ]
        named = [w for _, w in headings if title_matches(head, w)]
        return title_of((named or inside or [headings[0][1]])[0])
    return title_of(_without_site(facts.get("og:title") or head, site))


def _without_site(title: str, site: str) -> str:
    parts = re.split(r"\s+(?:[|»·–—-]|::)\s+", title)
    if len(parts) < 2:
        return title
    if site and same_words(parts[-1], site):
        return title[: title.rindex(parts[-1])].rstrip(" |»·–—-:")
    if len(parts[-1].split()) <= 4 and len(parts[0].split()) >= len(parts[-1].split()):
        return title[: title.rindex(parts[-1])].rstrip(" |»·–—-:")
    return title


def _words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _is_hidden(element: etree._Element) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden", "").lower() == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def _drop_hidden(root: etree._Element) -> None:
    for element in list(root.iter(etree.Element)):
        if element.tag in ("html", "body"):
            continue
        dropped = element.tag in DROPPED or element.get("role", "").lower() in ROLES
        if dropped or _is_hidden(element):
            _remove(element)


def _main(root: etree._Element) -> etree._Element:
    """The element that holds the article: marked as such, or where the paragraphs are densest."""
    body = root.find("body") if root.tag == "html" else root
    body = root if body is None else body
    weights = _weights(body)
    total = weights.get(body, 0)
    marked = [
        e
        for e in body.iter("article", "main", "div", "section")
        if e.tag in ("article", "main")
        or e.get("role") == "main"
        or "articleBody" in (e.get("itemprop") or "")
    ]
    # The innermost of those that hold most of the text.
    for element in reversed(marked):
        if weights.get(element, 0) >= max(total * 0.5, 1):
            return element
    best = max(marked, key=lambda e: weights.get(e, 0), default=None)
    if best is not None and weights.get(best, 0) >= total * 0.25 and best.tag != "div":
        return best
    here = body
    while True:
        inner = max(here, key=lambda e: weights.get(e, 0), default=None)
        if inner is None or inner.tag in ("p", "ul", "ol", "table", "blockquote"):
            return here
        if weights.get(inner, 0) < max(total * 0.75, 1):
            return here
        here = inner


def _weights(body: etree._Element) -> dict[etree._Element, int]:
    """Characters of running text below each element."""
    weights: dict[etree._Element, int] = {}
    for block in body.iter("p", "li", "td", "blockquote", "h2", "h3", "br"):
        if block.tag == "br":
            size = len((block.tail or "").strip())
        else:
            size = sum(len(piece.strip()) for piece in _own_text(block))
        if size < MIN_PARAGRAPH and block.tag not in ("h2", "h3"):
            continue
        weights[block] = weights.get(block, 0) + size
        for above in block.iterancestors():
            weights[above] = weights.get(above, 0) + size
            if above is body:
                break
    return weights


def _own_text(block: etree._Element):
    """Text in the block and its inline children, but not what nested blocks count themselves."""
    yield block.text or ""
    for child in block:
        if child.tag not in ("p", "ul", "ol", "table", "blockquote", "div"):
            yield "".join(child.itertext())
        yield child.tail or ""


def _drop_furniture(main: etree._Element) -> None:
    """Drop parts named as furniture, unless they hold the better part of the text."""
    whole = max(1, len(_words(main)))
    for element in list(main.iterdescendants(etree.Element)):
        if element.getparent() is None and element is not main:
            continue
        if element.tag == "header" or _is_named_furniture(element):
            share = len(_words(element)) / whole
            if share < 0.4 and not (element.tag == "header" and share > 0.25):
                _remove(element)


def _is_named_furniture(element: etree._Element) -> bool:
    if element.tag in ("p", "strong", "em", "a", "h2", "h3", "td", "tr", "tbody", "body"):
        names = element.get("class") or ""
    else:
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
    for name in _SPLIT_NAMES.split(names.lower()):
        parts = name.split("-")
        if name in _FURNITURE_NAMES or parts[0] in _FURNITURE_NAMES:
            return True
        # “has-sidebar” says something of the page, “widget-sidebar” is one.
        if (
            len(parts) > 1
            and parts[-1] in _FURNITURE_NAMES
            and parts[0] not in ("has", "no", "with")
        ):
            return True
    return False


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _first_heading(blocks: list[Block]) -> str:
    first = next((b for b in blocks if isinstance(b, Text)), None)
    if first is None or first.tag == "p":
        return ""
    blocks.remove(first)
    return title_of(first.plain)
