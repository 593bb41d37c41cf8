from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    """The reader's search: kept true in the transaction that publishes or withdraws."""

    name = "search"

    def ready(self):
        from editorial import registry

        from . import engine
        from .backends import sqlite

        registry.on_page_changed(engine.page_changed)
        # SQLite forgets a table's triggers when a migration rebuilds it.
        post_migrate.connect(sqlite.install_trigger, sender=self)
