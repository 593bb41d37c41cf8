"""Markdown with YAML front matter as an article; `[@key]` cites a source."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from . import front_matter
from .article import ImportedArticle, Unreadable, digest_of, require_length, slug_of
from .blocks import Block, Text, text_of
from .decoding import decode
from .tidy import blocks_of, parse, safe_html
from .words import same_words, summary_of, title_from_name, title_of

_KEY = r"@[A-Za-z0-9][\w.:-]{0,99}"
_CITATION = re.compile(rf"\[{_KEY}(?:\s*;\s*{_KEY}){{0,50}}\]", re.A)


def read_markdown(data: bytes, name: str) -> ImportedArticle:
    """The article in a Markdown file. Without a title in the front matter the first heading is.

    HTML in it is read as in any page, by the same allowlist. Raises Unreadable for bad front
    matter, a text that is too long, or one with nothing to read.
    """
    fields, text = front_matter.split(decode(data))
    facts = front_matter.facts_of(fields)
    html = html_of_markdown(text)
    blocks = blocks_of(parse(html))
    heading = blocks[0] if blocks and isinstance(blocks[0], Text) and blocks[0].tag != "p" else None
    # Beside a title in the front matter only “# The same title” repeats it.
    repeats = html.startswith("<h1") and heading and same_words(heading.plain, facts.title)
    if heading and (not facts.title or repeats):
        blocks = blocks[1:]
    title = facts.title or (title_of(heading.plain) if heading else title_from_name(name))
    _require_text(blocks)
    return ImportedArticle(
        slug=facts.slug or slug_of(title),
        title=title,
        summary=summary_of(blocks) if facts.summary is None else facts.summary,
        body_html=safe_html(blocks),
        tags=facts.tags,
        conditions=facts.conditions,
        therapies=facts.therapies,
        published_at=facts.published_at,
        source_name=name,
        digest=digest_of(data),
        slug_given=bool(facts.slug),
    )


def html_of_markdown(text: str) -> str:
    """The HTML of Markdown (CommonMark with tables and citations), not yet cleaned.

    Raises Unreadable if the text is longer than MAX_TEXT.
    """
    require_length(len(text))
    return _parser().render(text)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 40}).enable("table")
    parser.inline.ruler.before("link", "citation", _citation)
    return parser


def _citation(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[@", state.pos):
        return False
    found = _CITATION.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        keys = re.findall(r"[^\s;@\[\]]+", found.group())
        token = state.push("html_inline", "", 0)
        token.content = "".join(f'<cite data-source="{key}"></cite>' for key in keys)
    state.pos = found.end()
    return True


def _require_text(blocks: list[Block]) -> None:
    if not text_of(blocks).strip():
        raise Unreadable("There is no readable text beside the title.")
