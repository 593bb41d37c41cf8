"""Pages as somebody who knows Wagtail writes them: only what is shown is asked for, once."""

from django.core.paginator import Paginator
from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

A_PAGE = 20  # rows of a list


def rows(queryset, request):
    """The page of a list that was asked for."""
    return Paginator(queryset, A_PAGE).get_page(request.GET.get("page"))


class HomePage(Page):
    """The front page: the newest articles and all conditions."""

    def get_context(self, request):
        context = super().get_context(request)
        context["newest"] = ArticlePage.objects.live().order_by("-first_published_at")[:10]
        context["conditions"] = ConditionPage.objects.live().order_by("title")
        return context


class ListPage(Page):
    """The pages below it: all articles, all conditions."""

    def get_context(self, request):
        context = super().get_context(request)
        context["rows"] = rows(self.get_children().live().order_by("title"), request)
        return context


class ConditionPage(Page):
    """A condition and the articles about it."""

    introduction = RichTextField(blank=True)
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]

    def get_context(self, request):
        context = super().get_context(request)
        context["rows"] = rows(self.articles.live().order_by("title"), request)
        return context


class ArticleTag(TaggedItemBase):
    """A tag of an article."""

    content_object = ParentalKey("ArticlePage", related_name="tagged_items")


class ArticlePage(Page):
    """An article."""

    summary = models.TextField(blank=True)
    body = RichTextField()
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)
    conditions = ParentalManyToManyField(ConditionPage, blank=True, related_name="articles")
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("tags"),
        FieldPanel("conditions"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]

    def get_context(self, request):
        context = super().get_context(request)
        context["conditions"] = about = list(self.conditions.live())
        context["next"] = (
            ArticlePage.objects.live()
            .filter(conditions__in=about)
            .exclude(pk=self.pk)
            .distinct()
            .order_by("-first_published_at")[:3]
        )
        return context
