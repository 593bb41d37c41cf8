"""Atom feeds of new articles and of corrections."""

from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext, gettext_lazy

from claims.models import Correction
from editorial.freshness import shows
from editorial.models import Page

from .models import Article

LENGTH = 30


class KeptFeed(Feed):
    """A feed that readers' programs ask for again and again; `shown` are the keys of what it shows
    (see `editorial.freshness`)."""

    shown: tuple[str, ...]

    def __call__(self, request, *args, **kwargs):
        """The feed's XML."""
        return shows(super().__call__(request, *args, **kwargs), *self.shown)


class ArticleFeed(KeptFeed):
    """The newest articles, with their summaries."""

    shown = ("list:article",)
    feed_type = Atom1Feed
    title = gettext_lazy("Autoimmune Evidence: articles")
    subtitle = gettext_lazy(
        "New and changed articles, each with its sources and how sure anyone can be."
    )
    link = reverse_lazy("article-list")
    feed_url = reverse_lazy("article-feed")

    def items(self):
        """The newest published articles."""
        newest = Article.objects.published().order_by("-first_published_at")
        return newest.select_related("live_revision")[:LENGTH]

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return article.summary

    def item_author_name(self, article):
        return article.live_revision.author_name

    def item_pubdate(self, article):
        return article.first_published_at

    def item_updateddate(self, article):
        return article.published_at


class CorrectionFeed(KeptFeed):
    """What was corrected, on which page and why."""

    shown = ("list:correction",)
    feed_type = Atom1Feed
    title = gettext_lazy("Autoimmune Evidence: corrections")
    subtitle = gettext_lazy("Each sentence that was corrected, what it says now, and why.")
    link = reverse_lazy("correction-list")
    feed_url = reverse_lazy("correction-feed")

    def items(self):
        """The newest corrections of pages that are public."""
        return Correction.objects.of_pages(Page.Status.PUBLISHED)[:LENGTH]

    def item_title(self, correction):
        return gettext("Corrected: %(title)s") % {"title": correction.page.title}

    def item_description(self, correction):
        before, after = correction.before, correction.after
        now = (
            gettext("It now says: “%(after)s”") % {"after": after}
            if after
            else gettext("It was taken out.")
        )
        serious = correction.get_seriousness_display()
        return gettext("It said: “%(before)s” %(now)s Why: %(reason)s (%(serious)s)") % {
            "before": before,
            "now": now,
            "reason": correction.reason,
            "serious": serious,
        }

    def item_link(self, correction):
        return f"{correction.page.get_absolute_url()}#correction-{correction.pk}"

    def item_pubdate(self, correction):
        return correction.made_at

    def item_updateddate(self, correction):
        return correction.made_at
