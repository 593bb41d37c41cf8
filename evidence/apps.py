from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Sources, their notices, and which revisions cite them."""

    name = "evidence"
    verbose_name = "Evidence base"

    def ready(self):
        from editorial import registry

        from . import citations

        registry.on_revision_saved(citations.record_citations)
        registry.gate_check(citations.citation_obstacles)
