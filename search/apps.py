from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    """The reader's search: kept true in the transaction that publishes or withdraws."""

    name = "search"

    def ready(self):
        from editorial import freshness, registry

        from . import engine, listening, misses, rebuild
        from .backends import sqlite

        registry.on_page_changed(engine.pages_changed)
        registry.on_reviewed(listening.reviewed)
        registry.on_round(misses.tidy)
        registry.on_round(rebuild.put_right)
        freshness.on_stale(listening.became_stale)
        # SQLite forgets a table's triggers when a migration rebuilds it.
        post_migrate.connect(sqlite.install_trigger, sender=self)
