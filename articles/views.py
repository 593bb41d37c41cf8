"""Public pages of articles and tags."""

from collections import Counter

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from taggit.models import Tag

from editorial.freshness import keys_of, shows_list
from editorial.models import Page, TaggedPage
from editorial.prepared import Prepared
from editorial.reading import context_of, public_page, render_reading, tags_of
from therapies.models import Assessment
from therapies.reading import newest_articles

from .clocks import subjects
from .models import Article

PER_PAGE = 20
MOST_NEXT = 4
MOST_RANKED = 30  # of the articles about each topic, the newest


def newest():
    """Published articles as their pages, which hold all that a list shows; the newest first."""
    articles = Page.objects.published().filter(kind=Article.KIND)
    return articles.order_by("-first_published_at").defer("body")


@require_safe
def article_list(request):
    """Every article, the newest first."""
    articles = newest().order_by("-first_published_at", "title")
    page = Paginator(articles, PER_PAGE).get_page(request.GET.get("page"))
    answer = render(request, "articles/article_list.html", {"articles": page})
    return shows_list(answer, page, "list:article")


@public_page(Article)
def article_detail(request, article):
    """One article with its claims, references, trust block and what it is about."""
    context = context_of(article) | _around(article) | {"tags": tags_of(article)}
    # Those that are not public yet too: they will be shown as soon as they are. They stand for
    # what to read next as well: an article about them that comes or goes makes them stale.
    context["keys"] |= set(keys_of("page", subjects(article.live_revision)))
    return render_reading(request, "articles/article_detail.html", context)


def _around(article) -> dict:
    """What the article is about, what to read next, and to when the evidence of its pairs was
    searched; one query."""
    about = article.live_revision.content
    topics = TOPICS(conditions=about.get("conditions", []), therapies=about.get("therapies", []))
    return {
        "topics": [topic for topic in topics if topic.is_published],
        "next_articles": _next(article, topics),
        "searched_to": topics[0].searched_to if topics else None,
    }


def _next(article, topics) -> list[Page]:
    """Of the newest articles about these topics those that share most of them, the newest first
    among equals; by title."""
    beside = [tuple(row) for topic in topics for row in (*topic.as_condition, *topic.as_therapy)]
    shared = Counter(row for row in beside if row[0] != article.pk)
    by_newest = sorted(shared, key=lambda row: row[1], reverse=True)
    nearest = sorted(by_newest, key=lambda row: -shared[row])[:MOST_NEXT]
    return [Page(kind=Article.KIND, title=t, slug=s) for _, _, t, s in sorted(nearest, key=_title)]


def _title(row) -> str:
    return row[2]


def _topics(conditions, therapies):
    """The pages of these topics, by kind and title, published or not."""
    pairs = Assessment.objects.filter(therapy__in=therapies, condition__in=conditions)
    oldest = pairs.order_by("version__searched_on").values("version__searched_on")[:1]
    pages = Page.objects.filter(pk__in=[*conditions, *therapies]).order_by("kind", "title")
    return pages.only("kind", "title", "slug", "status").annotate(
        searched_to=Subquery(oldest),
        as_condition=newest_articles(Article.conditions, OuterRef("pk"), MOST_RANKED),
        as_therapy=newest_articles(Article.therapies, OuterRef("pk"), MOST_RANKED),
    )


TOPICS = Prepared(_topics)


@require_safe
def tag_detail(request, slug):
    """Published pages with a tag; a tag of drafts only is not there."""
    tag = get_object_or_404(Tag, slug=slug)
    tagged = TaggedPage.objects.shown().filter(tag=tag).order_by("shown_title", "content_object_id")
    tagged = tagged.select_related("content_object").defer("content_object__body")
    pages = Paginator(tagged, PER_PAGE).get_page(request.GET.get("page"))
    pages.object_list = [row.content_object for row in pages.object_list]
    if not pages.object_list:
        raise Http404(gettext("No published page has this tag."))
    answer = render(request, "articles/tag_detail.html", {"tag": tag, "pages": pages})
    return shows_list(answer, pages, f"tag:{tag.slug}")
