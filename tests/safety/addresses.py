"""Every address of the site, from the URL patterns themselves, with real things behind it.

A route is written as in the URL patterns, with the page kinds of the admin folded into one
(`admin/PAGE/…`), as they share their views.
"""

import re
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.urls import URLResolver, get_resolver

from editorial import actions, comments, previewing, saved_filters
from editorial.models import DeclaredInterest, Event, Image, KindPolicy, Redirect
from evidence.models import Acknowledgement, Notice
from tests import factories
from tests.site.conftest import Site
from therapies.models import AssessmentVersion, EmptySearch

PAGES = re.compile(r"^admin/(?:articles/article|therapies/condition|therapies/therapy)/")
_GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def routes() -> list[str]:
    """Every route of the site, as one text each, in order."""
    return list(dict.fromkeys(_walk(get_resolver(), "")))


def _walk(resolver, before):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        else:
            yield route


def folded(route: str) -> str:
    """The route with the kind of page left open."""
    return PAGES.sub("admin/PAGE/", route)


@dataclass
class World:
    """A site with one of everything, and what stands for each part of an address."""

    site: Site
    parts: dict[str, dict[str, object]] = field(default_factory=dict)
    general: dict[str, object] = field(default_factory=dict)

    def address(self, route: str) -> str:
        """An address of this route that leads to something."""
        own = next((v for k, v in self.parts.items() if route.startswith(k)), {})
        values = self.general | own

        def value(match):
            return str(values[match.group(1)])

        path = _CONVERTER.sub(value, _GROUP.sub(value, route))
        return "/" + re.sub(r"[\^$?]|\\Z", "", path)


def world(site: Site) -> World:
    """One of everything that an address can name."""
    cast = factories.people()
    page = site.article
    first = page.live_revision
    draft = factories.draft(page=page, by=cast.editor, title="Does rest help at all?")
    comment = comments.add(draft, by=cast.reviewer, text="Is that so?")
    link, token = previewing.make_link(draft, by=cast.editor, for_whom="An expert", days=3)
    saved = saved_filters.save(
        by=cast.author,
        list_name="articles_article",
        name="Mine",
        query="q=rest",
        is_shared=True,
    )
    other = factories.published_page(title="Moved once", slug="moved-once")
    actions.add_redirect(by=cast.admin, kind="article", slug="before", page=other)
    general = {
        "pk": page.pk,
        "object_id": page.pk,
        "id": cast.author.pk,
        "number": draft.number,
        "a": first.number,
        "b": draft.number,
        "kept": draft.number,
        "link": link.pk,
        "step": "submit",
        "name": "mine",
        "token": token,
        "url": "nothing-here",
        "content_type_id": ContentType.objects.get_for_model(type(site.article)).pk,
        "app_label": "articles",
        "slug": "does-rest-help",
        "kind": "article",
        "plural": "articles",
        "ending": "bib",
        "therapy": "rest",
        "condition": "lupus",
        "key": "nothing",
        "uidb36": "1",
        "rule": "efficacy-mends",
        "section": "pages",
    }
    parts = _parts(site, cast, comment, saved)
    return World(site, parts, general)


def _parts(site, cast, comment, saved) -> dict[str, dict[str, object]]:
    def first(model):
        row = model.objects.first()
        return {"pk": row.pk, "object_id": row.pk} if row else {"pk": 1, "object_id": 1}

    version = AssessmentVersion.objects.first()
    source = {"pk": site.source.pk, "object_id": site.source.pk}
    page = {
        "articles/article": site.article,
        "therapies/condition": site.condition,
        "therapies/therapy": site.therapy,
    }
    parts = {
        "articles/": {"number": 1},
        "conditions/": {"slug": "lupus", "number": 1},
        "therapies/": {"slug": "rest", "number": 1},
        "tags/": {"slug": "tiredness"},
        "sources/": source,
        "claims/": {"pk": site.claim.pk},
        "api/v1/claims": {"number": site.claim.pk},
        "api/v1/sources": {"key": site.source.key},
        "admin/claims/rules/": {"key": "efficacy-mends"},
        "admin/moderation/corrections/": {"pk": site.claim.pk},
        "admin/moderation/": {"pk": site.claim.pk},
        "admin/desk/": {"name": "drafts"},
        "admin/schedule/": {"pk": 1},
        "admin/therapies/assessmentversion/": {"pk": version.pk, "object_id": version.pk},
        "admin/therapies/assessment/": {
            "pk": site.assessment.pk,
            "object_id": site.assessment.pk,
        },
        "admin/therapies/emptysearch/": first(EmptySearch),
        "admin/evidence/source/": source,
        "admin/evidence/notice/": first(Notice),
        "admin/evidence/acknowledgement/": first(Acknowledgement),
        "admin/editorial/kindpolicy/": first(KindPolicy),
        "admin/editorial/declaredinterest/": first(DeclaredInterest),
        "admin/editorial/redirect/": first(Redirect),
        "admin/editorial/user/": {"object_id": cast.author.pk, "pk": cast.author.pk},
        "admin/editorial/event/": first(Event),
        "admin/editorial/image/": first(Image),
        "accounts/": {"pk": 1, "key": "nothing"},
    }
    for name, row in page.items():
        start = f"admin/{name}/"
        parts[start + "filters/"] = {"pk": saved.pk}
        parts[start + "<int:pk>/comment/"] = {"pk": row.pk, "number": 1, "step": "resolve"}
        parts[start] = {"pk": row.pk, "object_id": row.pk}
    return parts
