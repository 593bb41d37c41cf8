"""The words of an assessment, each with what readers see."""

from django.db import models
from django.db.models import Q


class Certainty(models.TextChoices):
    """How sure anyone can be of a finding (GRADE)."""

    HIGH = "high", "high"
    MODERATE = "moderate", "moderate"
    LOW = "low", "low"
    VERY_LOW = "very low", "very low"


class Stage(models.TextChoices):
    """How far a therapy has come for a condition."""

    STANDARD = "standard of care", "standard of care"
    SELECTED = "approved for selected patients", "approved or accepted for selected patients"
    TRIALS = "in trials", "in trials"
    PRECLINICAL = "preclinical only", "preclinical only"
    NOT_SUPPORTED = "not supported", "not supported"


class Direction(models.TextChoices):
    """Where the finding points; how surely is another question."""

    BENEFIT = "benefit", "points to benefit"
    MIXED = "mixed", "results differ"
    NO_BENEFIT = "no benefit", "no benefit seen"
    HARM = "harm", "points to harm"
    UNCLEAR = "unclear", "too little to say"


class Start(models.TextChoices):
    """Where certainty starts, before any reason is counted."""

    RANDOMISED = "randomised", "randomised studies: starts high"
    OBSERVATIONAL = "observational", "observational studies: starts low"


class Footing(models.TextChoices):
    """What an assessment rests on now that its sources may have been retracted."""

    SOUND = "sound", "all its sources stand"
    PARTLY = "partly", "some of its sources were retracted"
    NOTHING = "nothing", "rests on nothing sound"


def known(field: str, choices, blank: bool = False, **extra) -> models.CheckConstraint:
    """A constraint that keeps a column to its choices; `extra` names the constraint."""
    words = [*choices.values, *([""] if blank else [])]
    return models.CheckConstraint(condition=Q(**{f"{field}__in": words}), **extra)
