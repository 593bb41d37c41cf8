from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ClaimsConfig(AppConfig):
    """Claims, flags, decisions, corrections."""

    name = "claims"
    verbose_name = gettext_lazy("Claims and moderation")

    def ready(self):
        from editorial import dashboard, registry
        from editorial.guards import add as add_guards
        from editorial.reading import on_counting, on_reading
        from editorial.where_used import on_where_used
        from evidence.actions import on_acknowledged, on_standing_changed
        from evidence.models import Source
        from therapies.actions import on_assessment_changed
        from therapies.models import Condition, Therapy
        from therapies.reading import on_reading_assessment

        from . import (
            corrections,
            desk_cards,
            gate,
            guards,
            leaning,
            overdue,
            panels,
            passages,
            queueing,
            reading,
            rechecking,
            regrading,
            ripple,
            standing,
            uses,
            writing,
        )

        registry.register_carrier(passages.Passages())
        registry.on_revision_saved(standing.check_revisions)
        registry.on_revision_saved(writing.hand_on)
        registry.on_page_changed(corrections.note_corrections)
        registry.on_page_changed(standing.pages_changed)
        registry.on_round(overdue.ask_what_is_overdue)
        registry.on_round(queueing.tidy)
        registry.on_round(rechecking.go_on)
        registry.gate_check(gate.claim_obstacles)
        registry.on_review_panel(panels.claims_panel)
        registry.on_review_panel(panels.corrections_panel)
        registry.on_review_panel(panels.reading_age_panel)
        registry.on_dashboard(desk_cards.flag_cards)
        dashboard.register_blocker(desk_cards.BLOCKER)
        on_reading(reading.reading_of)
        on_counting(reading.counts)
        on_standing_changed(ripple.standing_changed)
        add_guards(*guards.GUARDS)
        on_acknowledged(ripple.acknowledged)
        on_assessment_changed(regrading.assessment_changed)
        on_reading_assessment(leaning.leaning_on)
        on_where_used(Source, uses.of_source)
        on_where_used(Condition, uses.of_condition)
        on_where_used(Therapy, uses.of_therapy)
