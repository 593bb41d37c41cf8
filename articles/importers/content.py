"""From articles that were read to content for their forms: relations, tags and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from articles.models import Article
from claims.knowledge import Suggestion, suggest
from editorial.models import Page
from editorial.text import Document
from therapies.models import Condition, Therapy

from .article import MAX_SLUG, ImportedArticle

MAX_TAG = 100


class Content(NamedTuple):
    """Content for an article's form, and the names in its file that the site does not know."""

    content: dict
    unknown: tuple[str, ...]


def contents_of(pairs: Sequence[tuple[ImportedArticle, Page | None]]) -> list[Content]:
    """The content of each article, for the page that it became before or for a new one.

    What the file does not say of relations and tags is suggested from the names in its text.
    """
    articles = [article for article, _ in pairs]
    silent = [article for article in articles if _is_silent(article)]
    found = dict(zip(map(id, silent), suggest(map(_text_of, silent)), strict=True))
    conditions = _known_names(Condition, any(article.conditions for article in articles))
    therapies = _known_names(Therapy, any(article.therapies for article in articles))
    slugs = _free_slugs(pairs)
    return [
        _content(article, slug, found.get(id(article)), conditions, therapies)
        for article, slug in zip(articles, slugs, strict=True)
    ]


def _is_silent(article: ImportedArticle) -> bool:
    return None in (article.tags, article.conditions, article.therapies)


def _text_of(article: ImportedArticle) -> str:
    return Document(article.title, article.summary, article.body_html).text


def _content(article, slug: str, found: Suggestion | None, conditions, therapies) -> Content:
    about, no_conditions = _relations(conditions, article.conditions or ())
    by_means_of, no_therapies = _relations(therapies, article.therapies or ())
    tags = [tag.replace('"', "").strip()[:MAX_TAG] for tag in article.tags or ()]
    content = {
        "title": article.title,
        "slug": slug,
        "summary": article.summary,
        "body": article.body_html,
        "tags": found.tags if article.tags is None else [tag for tag in tags if tag],
        "conditions": found.conditions if article.conditions is None else about,
        "therapies": found.therapies if article.therapies is None else by_means_of,
    }
    return Content(content, (*no_conditions, *no_therapies))


def _known_names(model, is_wanted: bool) -> dict[str, int]:
    """Primary keys by every name, title and slug in small letters."""
    known: dict[str, int] = {}
    rows = model.objects.values_list("pk", "slug", "title", "other_names") if is_wanted else ()
    for pk, slug, title, others in rows:
        for name in (*others, title, slug):
            known[str(name).casefold()] = pk
    return known


def _relations(known: dict[str, int], names: tuple[str, ...]) -> tuple[list[int], list[str]]:
    """(primary keys of the pages that slugs or names mean, names that mean none)."""
    unknown = [name for name in names if name.casefold() not in known]
    return sorted({known[n.casefold()] for n in names if n.casefold() in known}), unknown


def _free_slugs(pairs) -> list[str]:
    """Each article's slug; one that another page has, or an article before it, gets a number. A
    known page keeps its own."""
    standing = Page.objects.filter(kind=Article.KIND, slug__in=[_base(a) for a, _ in pairs])
    taken = dict(standing.values_list("slug", "pk"))
    slugs = []
    for article, page in pairs:
        slug, own = _base(article), page.pk if page else None
        if page is not None and not article.slug_given:
            slug = page.slug
        elif taken.get(slug, own) != own:
            slug = _numbered(slug, taken, own)
        taken[slug] = own
        slugs.append(slug)
    return slugs


def _base(article: ImportedArticle) -> str:
    return article.slug or "article"


def _numbered(base: str, taken: dict, own: int | None) -> str:
    """The first free one of base-2, base-3 and so on."""
    start = base[: MAX_SLUG - 4]
    others = Page.objects.filter(kind=Article.KIND, slug__startswith=start).exclude(pk=own)
    others = {*others.values_list("slug", flat=True), *taken}
    number = 2
    while (slug := f"{start.rstrip('-')}-{number}") in others:
        number += 1
    return slug
