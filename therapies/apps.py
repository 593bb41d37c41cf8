from django.apps import AppConfig


class TherapiesConfig(AppConfig):
    """Conditions, therapies and what the evidence says of each pair."""

    name = "therapies"
    verbose_name = "Conditions and therapies"

    def ready(self):
        from editorial.registry import Kind, on_review_days, on_subjects, register_kind

        from . import clocks
        from .models import Condition, Therapy

        register_kind(Kind("condition", Condition, "therapies.forms.ConditionForm", "conditions"))
        register_kind(Kind("therapy", Therapy, "therapies.forms.TherapyForm", "therapies"))
        on_subjects(clocks.subjects)
        on_review_days(clocks.review_days)
