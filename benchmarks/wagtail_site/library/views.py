"""What is no page of the tree: a tag's articles, and the search."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from taggit.models import Tag
from wagtail.models import Page

from .models import A_PAGE, ArticlePage, rows


def tag(request, slug):
    """The articles with a tag, in the order of titles."""
    found = get_object_or_404(Tag, slug=slug)
    articles = ArticlePage.objects.live().filter(tags=found).order_by("title")
    return render(request, "library/tag.html", {"tag": found, "rows": rows(articles, request)})


def search(request):
    """The pages that match, the best first."""
    query = request.GET.get("q", "")
    results = Page.objects.live().specific().search(query) if query else Page.objects.none()
    page = Paginator(results, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "library/search.html", {"query": query, "rows": page})
