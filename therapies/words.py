"""The words of an assessment, each with what readers see."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy


class Certainty(models.TextChoices):
    """How sure anyone can be of a finding (GRADE)."""

    HIGH = "high", gettext_lazy("high")
    MODERATE = "moderate", gettext_lazy("moderate")
    LOW = "low", gettext_lazy("low")
    VERY_LOW = "very low", gettext_lazy("very low")


class Stage(models.TextChoices):
    """How far a therapy has come for a condition."""

    STANDARD = "standard of care", gettext_lazy("standard of care")
    SELECTED = (
        "approved for selected patients",
        gettext_lazy("approved or accepted for selected patients"),
    )
    TRIALS = "in trials", gettext_lazy("in trials")
    PRECLINICAL = "preclinical only", gettext_lazy("preclinical only")
    NOT_SUPPORTED = "not supported", gettext_lazy("not supported")


class Direction(models.TextChoices):
    """Where the finding points; how surely is another question."""

    BENEFIT = "benefit", gettext_lazy("points to benefit")
    MIXED = "mixed", gettext_lazy("results differ")
    NO_BENEFIT = "no benefit", gettext_lazy("no benefit seen")
    HARM = "harm", gettext_lazy("points to harm")
    UNCLEAR = "unclear", gettext_lazy("too little to say")


class Start(models.TextChoices):
    """Where certainty starts, before any reason is counted."""

    RANDOMISED = "randomised", gettext_lazy("randomised studies: starts high")
    OBSERVATIONAL = "observational", gettext_lazy("observational studies: starts low")


class Footing(models.TextChoices):
    """What an assessment rests on now that its sources may have been retracted."""

    SOUND = "sound", gettext_lazy("all its sources stand")
    PARTLY = "partly", gettext_lazy("some of its sources were retracted")
    NOTHING = "nothing", gettext_lazy("rests on nothing sound")


def known(field: str, choices, blank: bool = False, **extra) -> models.CheckConstraint:
    """A constraint that keeps a column to its choices; `extra` names the constraint."""
    words = [*choices.values, *([""] if blank else [])]
    return models.CheckConstraint(condition=Q(**{f"{field}__in": words}), **extra)
