"""What of a page is searched: its columns, heaviest first, and the names it goes by."""

import html
import re
from dataclasses import dataclass

from editorial.models import TaggedPage
from editorial.text import rich_names

from .models import SearchName
from .reader_words import reader_words
from .words import index_text, key, words

LONGEST_BODY = 200_000  # characters; a PostgreSQL tsvector holds no more than a megabyte
LONGEST_NAME = 300
_CITATION = re.compile(r"<cite\b[^>]*>.*?</cite>", re.S)
_TAG = re.compile("<[^>]*>")
_HEADING_ENDS = re.compile("(?<=[^?!.:>])</h[1-6]>")
# Lists of plain words on condition and therapy pages that readers search for.
_WORD_LISTS = ("symptoms", "harms")


@dataclass(frozen=True)
class Columns:
    """The index words of one page."""

    page_id: int
    title: str
    names: str
    summary: str
    body: str


def plain(body: str) -> str:
    """The words of a sanitised HTML body without tags and citation marks."""
    if "<cite" in body:
        body = _CITATION.sub("", body)
    body = _HEADING_ENDS.sub(": ", body)  # so that a heading does not run into its text
    return " ".join(html.unescape(_TAG.sub(" ", body)).split())


def tags_of(page_ids) -> dict[int, list[str]]:
    """The names of the pages' tags, in one query."""
    found: dict[int, list[str]] = {}
    rows = TaggedPage.objects.filter(content_object_id__in=page_ids)
    for page_id, name in rows.values_list("content_object_id", "tag__name"):
        found.setdefault(page_id, []).append(name)
    return found


def columns(page, tags: list[str]) -> Columns:
    """The page's text by weight. `page` is the Article, Condition or Therapy itself."""
    rich = [plain(text) for name in rich_names() if (text := getattr(page, name, ""))]
    names = [name for role, name, _ in _given(page) if role != SearchName.Role.TITLE]
    lists = [line for field in _WORD_LISTS for line in getattr(page, field, ())]
    return Columns(
        page.pk,
        index_text(page.title, LONGEST_BODY),
        index_text(" | ".join(names), LONGEST_BODY),
        index_text(" ".join([page.summary, *tags]), LONGEST_BODY),
        index_text(" ".join([*rich, *lists]), LONGEST_BODY),
    )


def names(page) -> list[SearchName]:
    """The page's names, unsaved, each once; the title before others of the same key."""
    kept: dict[str, SearchName] = {}
    for role, name, means in _given(page):
        name = name[:LONGEST_NAME]
        text = " ".join(words(name))[:LONGEST_NAME]
        key_ = key(name)[:LONGEST_NAME]
        if key_ and key_ not in kept:
            kept[key_] = SearchName(
                entry_id=page.pk,
                kind=page.kind,
                role=role,
                name=name,
                key=key_,
                text=text,
                means=" ".join(words(means)),
            )
    return list(kept.values())


def _given(page) -> list[tuple[int, str, str]]:
    """(role, name, what is in it) as the page and the readers' words have them."""
    role, said, place = SearchName.Role, reader_words(), (page.kind, page.slug)
    asked = (row.name for row in said.ask.values() if row.page == place)
    return [
        (role.TITLE, page.title, ""),
        *((role.OTHER, name, "") for name in getattr(page, "other_names", ())),
        *((role.LOOSE, name, "") for name in getattr(page, "loose_names", ())),
        *((role.LOOSE, name, "") for name in asked),
        *((role.LAY, name, "") for name in said.lay.get(place, ())),
        *((role.BRAND, name, means) for name, means in said.brands.get(place, {}).items()),
    ]
