"""Home, health and the pages that belong to no room."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.views import newest
from claims.models import Correction
from editorial.freshness import shows
from editorial.models import Page
from therapies.models import Assessment, Condition

MOST_NEW = 40
MOST_CORRECTED = 10


@require_safe
def home(request):
    """The first page: search, conditions from A to Z, newest articles, how to read certainty."""
    context = {
        "conditions": Condition.objects.published().order_by("title", "pk").defer("body"),
        "articles": newest()[:6],
        "levels": Assessment.Certainty.values,
    }
    answer = render(request, "home.html", context)
    return shows(answer, "list:condition", "list:article")


@require_safe
def new(request):
    """What was published, changed or corrected lately; two queries."""
    pages = Page.objects.published().defer("body").order_by("-published_at", "-pk")
    corrections = Correction.objects.of_pages(Page.Status.PUBLISHED)
    context = {"pages": pages[:MOST_NEW], "corrections": corrections[:MOST_CORRECTED]}
    lists = ("list:article", "list:condition", "list:therapy", "list:correction")
    return shows(render(request, "new.html", context), *lists)


@require_safe
def healthz(request):
    """Answers as long as the process does."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request):
    """Answers 200 when database and cache answer, else 503 and which does not."""
    parts = {"database": _database_answers, "cache": _cache_answers}
    state = {name: _works(test) for name, test in parts.items()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _works(test) -> bool:
    try:
        return bool(test())
    except Exception:  # whatever is wrong with it, it is not ready
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _cache_answers() -> bool:
    if hasattr(cache, "answers"):  # a shared one; it would step in for itself otherwise
        return cache.answers()
    cache.set("readyz", "yes", 5)
    return cache.get("readyz") == "yes"


@require_safe
def robots(request):
    """What crawlers may read: everything but the staff's rooms."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return shows(HttpResponse("\n".join(lines), content_type="text/plain"))


@require_safe
def security_txt(request):
    """Where to report a hole (RFC 9116). Expires is moved on each day, so it never runs out."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(midnight + timedelta(days=180)):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{request.path}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def not_found(request, exception):
    """A 404 that helps to search on."""
    words = request.path.strip("/").rsplit("/", 1)[-1].replace("-", " ")[:80]
    return render(request, "404.html", {"words": words, "search": reverse("search")}, status=404)
