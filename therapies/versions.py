"""Versions of an assessment: what was judged, from what, by whom, and who approved it.

A version is never changed once written; only its state moves on. The approved one is copied to
the `Assessment` that readers, the checker and the map read.
"""

from functools import reduce
from operator import add

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from editorial.models import CheckedAtOnce
from evidence.models import Source

from . import grade
from .words import Certainty, Direction, Stage, Start, known


def _points(domain: grade.Domain) -> models.SmallIntegerField:
    words = {
        -2: "two levels down",
        -1: "one level down",
        0: "no",
        1: "one level up",
        2: "two levels up",
    }
    choices = [(n, words[n]) for n in range(domain.most, domain.least - 1, -1)]
    if domain.most:
        choices.reverse()
    return models.SmallIntegerField(domain.label, default=0, choices=choices, help_text=domain.help)


def _why() -> models.CharField:
    return models.CharField("why", max_length=300, blank=True)


_BY_FIELD = {domain.field: domain for domain in grade.DOMAINS}


def _certainty_follows() -> Q:
    """That `certainty` is what `grade.certainty` says, as the database can add it up."""
    moved, rule = reduce(add, [F(domain.field) for domain in grade.DOMAINS]), Q()
    for start, begins in grade.STARTS.items():
        for points, level in enumerate(grade.LEVELS, 1):
            here = Q(start=start, certainty=level)
            if points > 1:
                here &= Q(GreaterThanOrEqual(moved, Value(points - begins)))
            if points < len(grade.LEVELS):
                here &= Q(LessThan(moved, Value(points + 1 - begins)))
            rule |= here
    return rule


def _account_complete() -> Q:
    """That each reason is within its points, and has a sentence exactly when it counts."""
    rule = Q()
    for d in grade.DOMAINS:
        rule &= Q(**{f"{d.field}__gte": d.least, f"{d.field}__lte": d.most})
        silent, said = Q(**{d.field: 0, d.why: ""}), ~Q(**{d.field: 0}) & ~Q(**{d.why: ""})
        rule &= silent | said
    return rule


class State(models.TextChoices):
    """Where a version stands."""

    DRAFT = "draft", gettext_lazy("draft, waits for approval")
    APPROVED = "approved", gettext_lazy("approved, readers see it")
    SUPERSEDED = "superseded", gettext_lazy("superseded")


class Axis(models.TextChoices):
    """Benefit and harm, which are never netted against each other."""

    BENEFIT = "benefit", gettext_lazy("benefit")
    HARM = "harm", gettext_lazy("harm")


class AssessmentVersion(CheckedAtOnce):
    """One account of what the evidence says of a pair."""

    State = State

    therapy = models.ForeignKey(
        "therapies.Therapy", on_delete=models.PROTECT, related_name="assessment_versions"
    )
    condition = models.ForeignKey(
        "therapies.Condition", on_delete=models.PROTECT, related_name="assessment_versions"
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)

    start = models.CharField(
        "what kind of studies",
        max_length=13,
        choices=Start.choices,
        help_text=gettext_lazy("The best studies that the answer rests on."),
    )
    risk_of_bias = _points(_BY_FIELD["risk_of_bias"])
    risk_of_bias_why = _why()
    inconsistency = _points(_BY_FIELD["inconsistency"])
    inconsistency_why = _why()
    indirectness = _points(_BY_FIELD["indirectness"])
    indirectness_why = _why()
    imprecision = _points(_BY_FIELD["imprecision"])
    imprecision_why = _why()
    publication_bias = _points(_BY_FIELD["publication_bias"])
    publication_bias_why = _why()
    large_effect = _points(_BY_FIELD["large_effect"])
    large_effect_why = _why()
    dose_response = _points(_BY_FIELD["dose_response"])
    dose_response_why = _why()
    plausible_confounding = _points(_BY_FIELD["plausible_confounding"])
    plausible_confounding_why = _why()
    certainty = models.CharField(
        "certainty of the evidence", max_length=10, choices=Certainty.choices, editable=False
    )

    direction = models.CharField(
        "where the finding points",
        max_length=12,
        choices=Direction.choices,
        help_text=gettext_lazy(
            "Of the benefit that matters most to patients. How surely, the reasons say."
        ),
    )
    stage = models.CharField("stage of development", max_length=40, choices=Stage.choices)
    summary = models.TextField(
        help_text=gettext_lazy("What is known, in two or three plain sentences.")
    )
    note = models.TextField(
        blank=True, help_text=gettext_lazy("A limit or remark shown with the summary.")
    )
    would_change = models.TextField(
        "what would change it",
        blank=True,
        help_text=gettext_lazy(
            "Which study or finding would move this answer, in a plain sentence."
        ),
    )
    basis = models.CharField(
        "how it was judged",
        max_length=200,
        blank=True,
        help_text=gettext_lazy(
            "Such as “one reader's judgement, not a formal appraisal”. Readers see it."
        ),
    )
    searched_on = models.DateField(
        "last search",
        null=True,
        blank=True,
        help_text=gettext_lazy("When evidence was last looked for."),
    )
    searched_where = models.CharField(
        "where",
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Which databases, registers or lists were searched."),
    )
    sources = models.ManyToManyField(Source, related_name="assessment_versions")

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    author_name = models.CharField(max_length=200, editable=False)
    written_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    approved_by_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("version of an assessment")
        verbose_name_plural = gettext_lazy("assessments at work")
        ordering = ["therapy_id", "condition_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["therapy", "condition", "number"], name="version_number_once"
            ),
            models.UniqueConstraint(
                fields=["therapy", "condition"],
                condition=Q(state="draft"),
                name="version_one_draft_a_pair",
            ),
            models.UniqueConstraint(
                fields=["therapy", "condition"],
                condition=Q(state="approved"),
                name="version_one_approved_a_pair",
            ),
            models.CheckConstraint(
                name="version_approved_means_stamped",
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="version_stamp_has_a_name",
                condition=Q(approved_at__isnull=True, approved_by_name="")
                | (Q(approved_at__isnull=False) & ~Q(approved_by_name="")),
            ),
            models.CheckConstraint(
                name="version_not_approved_by_its_author",
                condition=Q(approved_by__isnull=True)
                | Q(author__isnull=True)
                | ~Q(approved_by=F("author")),
            ),
            models.CheckConstraint(name="version_reasons_complete", condition=_account_complete()),
            models.CheckConstraint(
                name="version_certainty_follows", condition=_certainty_follows()
            ),
            models.CheckConstraint(name="version_summarised", condition=~Q(summary="")),
            models.CheckConstraint(
                name="version_search_dated_and_placed",
                condition=Q(searched_on__isnull=True, searched_where="")
                | (Q(searched_on__isnull=False) & ~Q(searched_where="")),
                violation_error_message=gettext_lazy(
                    "Give both: when evidence was last looked for, and where."
                ),
            ),
            known("stage", Stage, name="version_stage_known"),
            known("direction", Direction, name="version_direction_known"),
            known("state", State, name="version_state_known"),
        ]

    def __str__(self):
        return gettext("%(therapy)s for %(condition)s, version %(number)s") % {
            "therapy": self.therapy,
            "condition": self.condition,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        """The cell of the evidence map that it is about."""
        return reverse("assessment-detail", args=[self.therapy.slug, self.condition.slug])

    @property
    def reasons(self) -> list[grade.Reason]:
        """Why certainty stands where it does, beyond where the studies start."""
        return grade.reasons(self)


class Outcome(CheckedAtOnce):
    """One outcome in natural frequencies: of so many people, over such a time, so many.

    Benefit and harm are two axes; a harm has a certainty of its own. Without figures it says only
    that it happens. A figure is one that its source carries.
    """

    Axis = Axis

    version = models.ForeignKey(
        AssessmentVersion, on_delete=models.CASCADE, related_name="outcomes"
    )
    axis = models.CharField("kind", max_length=7, choices=Axis.choices)
    order = models.PositiveSmallIntegerField(default=1, editable=False)
    what = models.CharField(
        "outcome", max_length=200, help_text=gettext_lazy("Such as: remission.")
    )
    among = models.PositiveIntegerField(
        "in how many people", null=True, blank=True, help_text=gettext_lazy("Usually 100.")
    )
    with_therapy = models.PositiveIntegerField("with it", null=True, blank=True)
    without_therapy = models.PositiveIntegerField(
        "without it", null=True, blank=True, help_text=gettext_lazy("Empty: nothing was compared.")
    )
    compared_with = models.CharField(
        "compared with", max_length=80, blank=True, help_text=gettext_lazy("Such as: placebo.")
    )
    over = models.CharField(
        "time", max_length=60, blank=True, help_text=gettext_lazy("Such as: 1 year.")
    )
    people = models.PositiveIntegerField("people studied", null=True, blank=True)
    studies = models.PositiveSmallIntegerField(null=True, blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty.choices, blank=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes"
    )

    class Meta:
        ordering = ["axis", "order"]
        constraints = [
            models.CheckConstraint(name="outcome_named", condition=~Q(what="")),
            models.CheckConstraint(
                name="outcome_frequency_whole",
                condition=Q(with_therapy__isnull=True, among__isnull=True)
                | Q(with_therapy__isnull=False, among__isnull=False, among__gt=0)
                & Q(source__isnull=False)
                & ~Q(over=""),
                violation_error_message=(
                    gettext_lazy(
                        "A frequency needs all of: in how many people, how many with it, over "
                        "what time, and the source that says so."
                    )
                ),
            ),
            models.CheckConstraint(
                name="outcome_comparison_whole",
                condition=Q(without_therapy__isnull=True, compared_with="")
                | Q(without_therapy__isnull=False, with_therapy__isnull=False)
                & ~Q(compared_with=""),
                violation_error_message=(
                    gettext_lazy("A comparison needs both figures and what it was compared with.")
                ),
            ),
            models.CheckConstraint(
                name="outcome_not_more_than_all",
                condition=(Q(with_therapy__isnull=True) | Q(with_therapy__lte=F("among")))
                & (Q(without_therapy__isnull=True) | Q(without_therapy__lte=F("among"))),
                violation_error_message=gettext_lazy("More people are counted than there are."),
            ),
            known("axis", Axis, name="outcome_axis_known"),
            known("certainty", Certainty, blank=True, name="outcome_certainty_known"),
        ]

    def __str__(self):
        return self.what
