"""Public pages of articles and tags."""

from django.core.paginator import Paginator
from django.db.models import Count, Q, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from taggit.models import Tag

from editorial.freshness import keys_of, shows_list
from editorial.models import Page
from editorial.prepared import Prepared
from editorial.reading import context_of, public_page, render_reading, tags_of
from therapies.models import Assessment

from .clocks import subjects
from .models import Article

PER_PAGE = 20
MOST_NEXT = 4


@require_safe
def article_list(request):
    """Every article, the newest first."""
    articles = Article.objects.published().order_by("-first_published_at", "title").defer("body")
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
    pages = AROUND(
        article=article.pk,
        conditions=about.get("conditions", []),
        therapies=about.get("therapies", []),
    )
    return {
        "topics": [page for page in pages if page.kind != Article.KIND],
        "next_articles": [page for page in pages if page.kind == Article.KIND],
        "searched_to": pages[0].searched_to if pages else None,
    }


def _pages_around(article, conditions, therapies):
    beside = Article.objects.published().exclude(pk=article)
    beside = beside.filter(Q(conditions__in=conditions) | Q(therapies__in=therapies))
    beside = beside.annotate(shared=Count("pk")).order_by("-shared", "-first_published_at", "pk")
    pairs = Assessment.objects.filter(therapy__in=therapies, condition__in=conditions)
    oldest = pairs.order_by("version__searched_on").values("version__searched_on")[:1]
    shown = Q(pk__in=conditions) | Q(pk__in=therapies) | Q(pk__in=beside.values("pk")[:MOST_NEXT])
    found = Page.objects.published().filter(shown).defer("body").order_by("kind", "title")
    return found.annotate(searched_to=Subquery(oldest))


AROUND = Prepared(_pages_around)


@require_safe
def tag_detail(request, slug):
    """Published pages with a tag; a tag of drafts only is not there."""
    tag = get_object_or_404(Tag, slug=slug)
    tagged = Page.objects.published().filter(tagged_items__tag=tag).order_by("title").defer("body")
    pages = Paginator(tagged, PER_PAGE).get_page(request.GET.get("page"))
    if not pages.object_list:
        raise Http404(gettext("No published page has this tag."))
    answer = render(request, "articles/tag_detail.html", {"tag": tag, "pages": pages})
    return shows_list(answer, pages, f"tag:{tag.slug}")
