from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ArticlesConfig(AppConfig):
    """Article pages, importers and exporters, feeds."""

    name = "articles"

    def ready(self):
        from editorial.registry import Kind, on_review_days, on_subjects, register_kind
        from editorial.where_used import on_where_used
        from therapies.models import Condition, Therapy

        from . import clocks, uses
        from .models import Article

        register_kind(
            Kind(
                "article",
                Article,
                "articles.forms.ArticleForm",
                "articles",
                gettext_lazy("article"),
            )
        )
        on_subjects(clocks.subjects)
        on_review_days(clocks.review_days)
        on_where_used(Condition, uses.of_condition)
        on_where_used(Therapy, uses.of_therapy)
