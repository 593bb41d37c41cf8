from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The reader's search."""

    name = "search"
