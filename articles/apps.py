from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Article pages, importers and exporters, feeds."""

    name = "articles"

    def ready(self):
        from editorial.registry import Kind, on_subjects, register_kind

        from .models import Article, subjects_of

        register_kind(Kind("article", Article, "articles.forms.ArticleForm", "articles"))
        on_subjects(subjects_of)
