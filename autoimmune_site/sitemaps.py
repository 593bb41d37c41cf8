"""What search engines are told of: public pages with the day each was last changed."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from taggit.models import Tag

from claims.rule_pages import address_of, in_force
from editorial.models import Page, TaggedPage
from evidence.models import Source
from therapies.views import public_assessments

MOST_IN_A_FILE = 50_000  # addresses, by the protocol


class PageSitemap(Sitemap):
    """Articles, conditions and therapies."""

    def items(self):
        """Published pages."""
        return Page.objects.published().order_by("pk")

    def lastmod(self, page):
        return page.published_at


class AssessmentSitemap(Sitemap):
    """The cells of the evidence map."""

    def items(self):
        """Assessments of pairs that are public."""
        return public_assessments().order_by("pk")

    def lastmod(self, assessment):
        return assessment.updated_at


class SourceSitemap(Sitemap):
    """Pages of sources."""

    def items(self):
        """Every source."""
        return Source.objects.current().order_by("pk")


class ListSitemap(Sitemap):
    """The home page and the lists."""

    def items(self):
        """Names of addresses."""
        return [
            "home",
            "article-list",
            "condition-list",
            "therapy-list",
            "evidence-map",
            "source-list",
            "claim-list",
            "correction-list",
            "new",
            "glossary",
            "rule-list",
        ]

    def location(self, name):
        return reverse(name)


class TagSitemap(Sitemap):
    """What stands under each tag."""

    def items(self):
        """Tags of published pages."""
        shown = TaggedPage.objects.shown()
        return Tag.objects.filter(pk__in=shown.values("tag")).order_by("pk")

    def location(self, tag):
        return reverse("tag-detail", args=[tag.slug])


class RuleSitemap(Sitemap):
    """What the checker looks for, a rule a page."""

    def items(self):
        """Rules in force."""
        return in_force()

    def location(self, rule):
        return address_of(rule.id)


SITEMAPS = {
    "lists": ListSitemap,
    "pages": PageSitemap,
    "assessments": AssessmentSitemap,
    "sources": SourceSitemap,
    "tags": TagSitemap,
    "rules": RuleSitemap,
}
