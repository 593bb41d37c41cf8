from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.backends.signals import connection_created


class SiteConfig(AppConfig):
    """The top room: settings, addresses, sign-in, the shipped content."""

    name = "autoimmune_site"

    def ready(self):
        from editorial import freshness, registry

        from . import logs, metrics, sessions
        from .page_cache import marks, purge, watch

        sessions.connect()
        freshness.on_stale(marks.write)
        freshness.on_stale(watch.note_change)
        freshness.on_stale(purge.after_commit)
        registry.on_round(marks.clear_away)
        registry.on_round(purge.send_all)
        registry.on_round(metrics.count_round)
        registry.on_blocked(metrics.count_refusal)
        connection_created.connect(logs.watch_queries)


class SiteAdminConfig(AdminConfig):
    """The stock admin with our site object."""

    default_site = "autoimmune_site.admin_site.EvidenceAdminSite"
