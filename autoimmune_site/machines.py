"""What machines ask for that is no page: how to search here, what is here, and where."""

from django.conf import settings
from django.contrib.sitemaps.views import index as sitemap_index
from django.contrib.sitemaps.views import sitemap
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Article
from editorial.freshness import shows
from therapies.models import Condition, Therapy

from .context import SITE_NAME
from .sitemaps import MOST_IN_A_FILE, SITEMAPS

LISTED = 60  # articles named one by one in llms.txt; the rest stand in the list


IN_SITEMAPS = ("list:article", "list:condition", "list:therapy", "list:assessment", "list:source")


@require_safe
def opensearch(request):
    """The description by which browsers add the site's search to their own."""
    context = {
        "name": SITE_NAME,
        "search": settings.SITE_URL + reverse("search"),
        "suggest": settings.SITE_URL + reverse("search-completions"),
    }
    answer = render(
        request,
        "site/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
    return shows(answer)


@require_safe
def llms(request):
    """What is here in a page of Markdown, for programs that read the web for somebody."""
    context = {
        "site": settings.SITE_URL,
        "name": SITE_NAME,
        "groups": [
            ("Conditions", Condition.objects.published().order_by("title", "pk")),
            ("Treatments", Therapy.objects.published().order_by("title", "pk")),
            ("Articles", Article.objects.published().order_by("-first_published_at")[:LISTED]),
        ],
    }
    text = render(request, "site/llms.txt", context, content_type="text/plain; charset=utf-8")
    return shows(text, "list:condition", "list:therapy", "list:article")


@require_safe
def sitemaps(request):
    """One sitemap while a single file may hold it all, else an index of files."""
    if sum(section().paginator.count for section in SITEMAPS.values()) <= MOST_IN_A_FILE:
        answer = sitemap(request, SITEMAPS)
    else:
        answer = sitemap_index(request, SITEMAPS, sitemap_url_name="sitemap-section")
    return answer if request.GET else shows(answer, *IN_SITEMAPS, params=["p"])
