from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ClaimsConfig(AppConfig):
    """Claims, flags, decisions, corrections."""

    name = "claims"
    verbose_name = "Claims and moderation"

    def ready(self):
        from editorial import registry
        from editorial.reading import on_reading
        from evidence.actions import on_standing_changed

        from . import corrections, gate, guards, panels, queueing, reading, ripple, standing

        registry.on_revision_saved(standing.check_revision)
        registry.on_page_changed(corrections.note_corrections)
        registry.on_page_changed(standing.page_changed)
        registry.on_round(queueing.tidy)
        registry.gate_check(gate.claim_obstacles)
        registry.on_review_panel(panels.claims_panel)
        on_reading(reading.reading_of)
        on_standing_changed(ripple.standing_changed)
        pre_migrate.connect(guards.before_migrate, sender=self)
        post_migrate.connect(guards.after_migrate, sender=self)
