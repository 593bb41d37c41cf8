"""Public pages of articles and tags."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from taggit.models import Tag

from editorial.freshness import keys_of, shows_list
from editorial.models import Page
from editorial.reading import context_of, links_of, links_query, public_page, render_reading

from .clocks import subjects
from .models import Article

PER_PAGE = 20
TOPICS = links_query(lambda about: Page.objects.filter(pk__in=about))


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
    about = subjects(article.live_revision)
    topics, tags = links_of(article, TOPICS, about=about)
    context = context_of(article) | {"topics": topics, "tags": tags}
    # Those that are not public yet too: they will be shown as soon as they are.
    context["keys"] |= set(keys_of("page", about))
    return render_reading(request, "articles/article_detail.html", context)


@require_safe
def tag_detail(request, slug):
    """Published pages with a tag; a tag of drafts only is not there."""
    tag = get_object_or_404(Tag, slug=slug)
    tagged = Page.objects.published().filter(tagged_items__tag=tag).order_by("title").defer("body")
    pages = Paginator(tagged, PER_PAGE).get_page(request.GET.get("page"))
    if not pages.object_list:
        raise Http404("No published page has this tag.")
    answer = render(request, "articles/tag_detail.html", {"tag": tag, "pages": pages})
    return shows_list(answer, pages, f"tag:{tag.slug}")
