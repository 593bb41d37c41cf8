from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class EvidenceConfig(AppConfig):
    """Sources, their notices, and which revisions cite them."""

    name = "evidence"
    verbose_name = gettext_lazy("Evidence base")

    def ready(self):
        from editorial import dashboard, registry
        from editorial.where_used import on_where_used

        from . import citations, desk_cards, uses
        from .models import Source

        registry.on_revision_saved(citations.record_citations)
        registry.on_page_changed(citations.pages_changed)
        registry.gate_check(citations.citation_obstacles)
        registry.on_dashboard(desk_cards.retraction_card)
        dashboard.register_blocker(desk_cards.BLOCKER)
        on_where_used(Source, uses.uses_of_source)
