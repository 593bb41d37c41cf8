from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class TherapiesConfig(AppConfig):
    """Conditions, therapies and what the evidence says of each pair."""

    name = "therapies"
    verbose_name = gettext_lazy("Conditions and therapies")

    def ready(self):
        from editorial.guards import add as add_guard
        from editorial.registry import (
            Kind,
            on_dashboard,
            on_page_changed,
            on_review_days,
            on_subjects,
            register_kind,
        )
        from editorial.text import read_parts
        from editorial.where_used import on_where_used
        from evidence.actions import on_standing_changed
        from evidence.models import Source

        from . import cards, clocks, guards, parts, resting, uses
        from .models import Condition, Therapy

        read_parts(before=parts.BEFORE_BODY, after=parts.AFTER_BODY)
        register_kind(
            Kind(
                "condition",
                Condition,
                "therapies.forms.ConditionForm",
                "conditions",
                gettext_lazy("condition"),
            )
        )
        register_kind(
            Kind(
                "therapy",
                Therapy,
                "therapies.forms.TherapyForm",
                "therapies",
                gettext_lazy("therapy"),
            )
        )
        on_subjects(clocks.subjects)
        on_review_days(clocks.review_days)
        on_standing_changed(resting.standing_changed)
        on_page_changed(resting.pages_changed)
        on_dashboard(cards.assessment_cards)
        add_guard(guards.VERSION_FROZEN)
        on_where_used(Source, uses.of_source)
        on_where_used(Condition, uses.of_condition)
        on_where_used(Therapy, uses.of_therapy)
