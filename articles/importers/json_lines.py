"""Articles as JSON Lines: one object a line, as another site writes its library out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from . import front_matter
from .article import MAX_FILE_BYTES, ImportedArticle, Unreadable, digest_of, require_length, slug_of
from .blocks import text_of
from .tidy import blocks_of, parse, safe_html
from .words import summary_of

GIVE_UP_AFTER = 20
"""So many unreadable lines in a row, and the rest of the file is left."""


def read_json_lines(file: BinaryIO, name: str) -> Iterator[ImportedArticle | Unreadable]:
    """The articles of the file, one a line, in order; a bad line comes as Unreadable.

    Holds one line in memory at a time, none longer than MAX_FILE_BYTES. Keys: slug, title,
    summary, body_html, tags, conditions, therapies, published_at; title and body_html are needed.
    """
    seen: dict[str, int] = {}
    bad_in_a_row = 0
    articles = 0
    for number, line in _lines(file):
        if isinstance(line, bytes) and not line.strip():
            continue
        try:
            if isinstance(line, Unreadable):
                raise line
            article = read_line(line, name)
            _refuse_repeat(article, seen, number)
        except Unreadable as refusal:
            refusal.where = f"line {number}"
            yield refusal
            bad_in_a_row += 1
            if bad_in_a_row >= GIVE_UP_AFTER:
                yield Unreadable(
                    f"Gave up after {GIVE_UP_AFTER} unreadable lines in a row.", f"line {number}"
                )
                return
            continue
        bad_in_a_row = 0
        articles += 1
        yield article
    if not articles and not bad_in_a_row:
        yield Unreadable("The file is empty.")


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | Unreadable]]:
    number = 0
    while line := file.readline(MAX_FILE_BYTES + 1):
        number += 1
        if len(line) <= MAX_FILE_BYTES:
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_FILE_BYTES)
        yield number, Unreadable(f"The line is longer than {MAX_FILE_BYTES // 1024**2} MB.")


def read_line(line: bytes, name: str) -> ImportedArticle:
    """One article from one line of JSON. Raises Unreadable."""
    found = _object(line)
    facts = front_matter.facts_of(found)
    if not facts.title:
        raise Unreadable("The field “title” is missing or empty.")
    body = found.get("body_html")
    if not isinstance(body, str):
        raise Unreadable("The field “body_html” is missing or is not text.")
    require_length(len(body))
    blocks = blocks_of(parse(body)) if body.strip() else []
    if not text_of(blocks).strip():
        raise Unreadable("The field “body_html” holds no readable text.")
    slug = facts.slug or slug_of(facts.title)
    return ImportedArticle(
        slug=slug,
        title=facts.title,
        summary=facts.summary or summary_of(blocks),
        body_html=safe_html(blocks),
        # Every line carries these lists, so an empty one says only that nobody filled it.
        tags=facts.tags or None,
        conditions=facts.conditions or None,
        therapies=facts.therapies or None,
        published_at=facts.published_at,
        source_name=f"{name}#{slug}",
        digest=digest_of(json.dumps(found, sort_keys=True, ensure_ascii=True).encode()),
        slug_given=bool(facts.slug),
    )


def _object(line: bytes) -> dict:
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unreadable("The line is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise Unreadable("The line is not valid JSON.") from None
    if not isinstance(found, dict):
        raise Unreadable("The line is not a JSON object.")
    return found


def _refuse_repeat(article: ImportedArticle, seen: dict[str, int], number: int) -> None:
    first = seen.setdefault(article.slug, number)
    if first != number:
        raise Unreadable(f"The slug “{article.slug}” stands in line {first} already.")
