"""Articles as Markdown with front matter, which imports back to the same content.

What Markdown cannot say (a table with a heading column, marks that its rules would not see) is
written as HTML, which Markdown allows. Each text is read back before it is handed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import yaml

from articles.importers.blocks import (
    SOURCE_KEY,
    Block,
    Figure,
    Listing,
    Quote,
    Run,
    Table,
    Text,
    html_of,
    runs_html,
)
from articles.importers.markdown_file import html_of_markdown
from articles.importers.tidy import blocks_of, parse, tidy

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_LINE_START = re.compile(r"^([#>+=~-]|\d{1,9}(?=[.)]))")
_MARKERS = {"strong": "**", "em": "*"}
_HEADINGS = {"h2": "## ", "h3": "### ", "h4": "#### "}


def article_markdown(article) -> str:
    """A published article as Markdown: front matter of what readers see, then the body."""
    facts = {
        "slug": article.slug,
        "title": article.title,
        "summary": article.summary,
        "tags": sorted(tag.name for tag in article.tags.all()),
        "conditions": sorted(page.slug for page in article.conditions.all()),
        "therapies": sorted(page.slug for page in article.therapies.all()),
        "published_at": article.published_at.isoformat(),
    }
    head = yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=100_000)
    return f"---\n{head}---\n\n{markdown_of(article.body)}"


def markdown_of(html: str) -> str:
    """Markdown that reads back to `tidy(html)` exactly."""
    if not html.strip():
        return ""
    blocks = blocks_of(parse(html))
    whole = _document(blocks)
    if _reads_back(whole, blocks):
        return whole
    # One block is beyond Markdown: find it and write it as HTML.
    parts = [m if _reads_back(m, [b]) else _html_block(b) for b, m in _each(blocks)]
    mixed = "\n\n".join(parts) + "\n"
    return mixed if _reads_back(mixed, blocks) else _as_html(blocks)


def _reads_back(markdown: str, blocks: list[Block]) -> bool:
    return tidy(html_of_markdown(markdown)) == tidy(html_of(blocks))


def _as_html(blocks: list[Block]) -> str:
    return "\n\n".join(map(_html_block, blocks)) + "\n"


def _html_block(block: Block) -> str:
    return html_of([block])


def _document(blocks: list[Block]) -> str:
    return "\n\n".join(markdown for _, markdown in _each(blocks)) + "\n"


def _each(blocks: list[Block]) -> Iterable[tuple[Block, str]]:
    """Each block with its Markdown; lists in a row take turns with their markers."""
    other = False
    before: Block | None = None
    for block in blocks:
        same = isinstance(before, Listing) and isinstance(block, Listing)
        other = not other if same and before.tag == block.tag else False
        yield block, _block(block, other)
        before = block


def _block(block: Block, other: bool = False) -> str:
    if isinstance(block, Text):
        prefix = _HEADINGS.get(block.tag, "")
        text = _inline(block.runs)
        # “## Title ##” would lose its end.
        return prefix + (re.sub(r"(#+)$", r"\\\1", text) if prefix else text)
    if isinstance(block, Listing):
        return _listing(block, other)
    if isinstance(block, Quote):
        inside = _document(block.children).rstrip("\n")
        return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))
    return _html_block(block) if isinstance(block, Figure) else _table(block)


def _listing(block: Listing, other: bool) -> str:
    loose = any(not _is_tight(item) for item in block.items)
    out = []
    for number, item in enumerate(block.items, 1):
        if block.tag == "ol":
            marker = f"{number}{')' if other else '.'} "
        else:
            marker = "* " if other else "- "
        separator = "\n\n" if loose else "\n"
        inside = separator.join(markdown for _, markdown in _each(item))
        indented = inside.replace("\n", "\n" + " " * len(marker))
        out.append(marker + re.sub(r"(?m)^[ ]+$", "", indented))
    return ("\n\n" if loose else "\n").join(out)


def _is_tight(item: list[Block]) -> bool:
    first, *rest = item
    return (
        isinstance(first, Text)
        and not first.tag
        and all(isinstance(block, Listing) and all(map(_is_tight, block.items)) for block in rest)
    )


def _table(block: Table) -> str:
    plain = block.head and all(tag == "td" for row in block.body for tag, _ in row)
    if not plain or any(run.kind == "br" for row in block.body for _, runs in row for run in runs):
        return _html_block(block)
    lines = [_row(block.head[0]), "|" + " --- |" * len(block.head[0])]
    return "\n".join([*lines, *map(_row, block.body)])


def _row(row: list) -> str:
    return "| " + " | ".join(_inline(runs).replace("|", "\\|") for _, runs in row) + " |"


def _inline(runs: list[Run]) -> str:
    """Runs as Markdown, marks that it cannot say as HTML."""
    out: list[str] = []
    index = 0
    while index < len(runs):
        run = runs[index]
        if run.kind == "cite":
            index = _citations(runs, index, out)
            continue
        if run.kind == "br":
            out.append("\\\n")
        else:
            out.append(_marked(run, at_start=not out or out[-1] == "\\\n"))
        index += 1
    return "".join(out)


def _citations(runs: list[Run], index: int, out: list[str]) -> int:
    """Write the citations that stand together; returns where the runs go on."""
    keys = []
    while index < len(runs) and runs[index].kind == "cite":
        keys.append(runs[index].text)
        index += 1
    if all(SOURCE_KEY.match(key) for key in keys):
        space = " " if out and not out[-1].endswith("\n") else ""
        out.append(f"{space}[{'; '.join('@' + key for key in keys)}]")
    return index


def _marked(run: Run, *, at_start: bool) -> str:
    text = _escaped(run.text, at_start=at_start)
    if {"sub", "sup"} & run.marks:
        return runs_html([run])
    for mark in ("em", "strong"):
        if mark in run.marks:
            text = f"{_MARKERS[mark]}{text}{_MARKERS[mark]}"
    if run.href:
        return f"[{text}](<{_address(run.href)}>)"
    return text


def _address(href: str) -> str:
    return re.sub(r"([\\<>])", r"\\\1", _ENTITY.sub("&amp;", href))


def _escaped(text: str, *, at_start: bool) -> str:
    text = _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\1", text))
    if at_start:
        text = _LINE_START.sub(lambda found: _escaped_start(found.group(1)), text)
    return text


def _escaped_start(found: str) -> str:
    # A number is escaped behind it: “1\.”.
    return f"{found}\\" if found.isdigit() else f"\\{found}"
