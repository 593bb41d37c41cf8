"""Public pages of articles and tags."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from taggit.models import Tag

from editorial.freshness import keys_of, shows_list
from editorial.models import Page
from editorial.reading import context_of, public_page, related, render_reading, tags_of

from .clocks import subjects
from .models import Article

PER_PAGE = 20


@require_safe
def article_list(request):
    """Every article, the newest first."""
    articles = Article.objects.published().order_by("-first_published_at", "title")
    page = Paginator(articles, PER_PAGE).get_page(request.GET.get("page"))
    answer = render(request, "articles/article_list.html", {"articles": page})
    return shows_list(answer, page, "list:article")


@public_page(Article)
def article_detail(request, article):
    """One article with its claims, references, trust block and what it is about."""
    context = context_of(article) | {
        "topics": _topics(article),
        "tags": tags_of(article),
    }
    # Those that are not public yet too: they will be shown as soon as they are.
    context["keys"] |= set(keys_of("page", subjects(article.live_revision)))
    return render_reading(request, "articles/article_detail.html", context)


def _topics(article) -> list[Page]:
    """The published conditions and therapies that the article is about, in one query."""
    about = Q(pk__in=related(article, "conditions").values("pk"))
    about |= Q(pk__in=related(article, "therapies").values("pk"))
    return list(Page.objects.published().filter(about).order_by("kind", "title"))


@require_safe
def tag_detail(request, slug):
    """Published pages with a tag; a tag of drafts only is not there."""
    tag = get_object_or_404(Tag, slug=slug)
    tagged = Page.objects.published().filter(tagged_items__tag=tag).order_by("title")
    pages = Paginator(tagged, PER_PAGE).get_page(request.GET.get("page"))
    if not pages.object_list:
        raise Http404("No published page has this tag.")
    answer = render(request, "articles/tag_detail.html", {"tag": tag, "pages": pages})
    return shows_list(answer, pages, f"tag:{tag.slug}")
