from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Claims, flags, decisions, corrections."""

    name = "claims"
    verbose_name = "Claims and moderation"

    def ready(self):
        from editorial import registry
        from editorial.reading import on_reading
        from evidence.actions import on_standing_changed

        from . import corrections, gate, panels, passages, reading, ripple, standing

        registry.register_carrier(passages.Passages())
        registry.on_revision_saved(standing.check_revision)
        registry.on_page_changed(corrections.note_corrections)
        registry.on_page_changed(standing.page_changed)
        registry.gate_check(gate.claim_obstacles)
        registry.on_review_panel(panels.claims_panel)
        on_reading(reading.reading_of)
        on_standing_changed(ripple.standing_changed)
