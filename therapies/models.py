from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from editorial.addresses import address
from editorial.models import Page
from evidence.models import Source

from .words import Certainty, Direction, Footing, Stage, known


def rich(help_text: str) -> models.TextField:
    """A part of a page that holds rich text, as the body does; empty is not shown."""
    return models.TextField(blank=True, help_text=help_text)


class NamedPage(Page):
    """What conditions and therapies share: the names they go by, and sources about them."""

    other_names = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy(
            "Other names and abbreviations, one a line. They are found in texts."
        ),
    )
    loose_names = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy(
            "Names people use that also mean other things. Searched, not found in texts."
        ),
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="+")

    # Rich text besides the body; parts.py says in which order and under which heading it stands.
    about = rich(gettext_lazy("What it is, in a few plain sentences."))
    pregnancy = rich(gettext_lazy("Wanting a child, pregnancy and breastfeeding."))
    unknown = rich(gettext_lazy("What nobody knows yet, said plainly."))
    questions = rich(gettext_lazy("Questions to take to the people who treat you, as a list."))

    class Meta:
        abstract = True

    @property
    def all_names(self) -> list[str]:
        """Title, other names and loose names, in that order."""
        return [self.title, *self.other_names, *self.loose_names]


class Condition(NamedPage):
    """An autoimmune disease."""

    KIND = "condition"

    body_system = models.CharField(max_length=80, blank=True)
    symptoms = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("One a line, in plain words.")
    )
    key_messages = rich(
        gettext_lazy("Two or three messages as a list, each with how sure anyone can be.")
    )
    help_now = rich(
        gettext_lazy("When to call 999, as a list that ends “Call 999 or go to A&E if …”.")
    )
    help_today = rich(
        gettext_lazy("When to ask for help the same day (111, the specialist team), as a list.")
    )
    help_soon = rich(gettext_lazy("When to see a GP, as a list."))
    looks = rich(gettext_lazy("How symptoms show, on light, brown and black skin."))
    diagnosis = rich(gettext_lazy("How it is found out, and what tests can and cannot say."))
    living = rich(gettext_lazy("Living with it: daily life, work, movement, food, mood."))
    vaccines = rich(gettext_lazy("Vaccines, with the condition and with its treatments."))
    causes = rich(gettext_lazy("Why people get it, as far as anyone knows."))
    outlook = rich(
        gettext_lazy("What to expect. Numbers as “1 in 10 people”, with the time and a source.")
    )
    mesh_id = models.CharField(gettext_lazy("MeSH id"), max_length=12, blank=True)
    mesh_name = models.CharField(gettext_lazy("MeSH name"), max_length=120, blank=True)
    icd10 = models.CharField(gettext_lazy("ICD-10 code"), max_length=10, blank=True)
    icd10_also = models.JSONField("further ICD-10 codes", default=list, blank=True)
    snomed_ct = models.CharField(gettext_lazy("SNOMED CT id"), max_length=18, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="condition_mesh_begins_with_d",
                condition=Q(mesh_id="") | Q(mesh_id__startswith="D"),
            ),
        ]


class Therapy(NamedPage):
    """A medicine, procedure or way of living that is used or proposed as treatment."""

    KIND = "therapy"

    class Form(models.TextChoices):
        SMALL_MOLECULE = "small molecule", gettext_lazy("small molecule")
        BIOLOGIC = "biologic", gettext_lazy("biologic")
        CELL_THERAPY = "cell therapy", gettext_lazy("cell therapy")
        GENE_THERAPY = "gene therapy", gettext_lazy("gene therapy")
        PROCEDURE = "procedure", gettext_lazy("procedure")
        LIFESTYLE = "lifestyle", gettext_lazy("lifestyle")

    form = models.CharField("kind of therapy", max_length=20, choices=Form.choices, blank=True)
    harms = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("Known harms, one a line.")
    )
    unproven = rich(
        gettext_lazy("A warning where it is sold before it is known to work. Shown first.")
    )
    who_should_not = rich(gettext_lazy("Who should not have it, or only with special care."))
    interactions = rich(gettext_lazy("Other medicines, food and vaccines that do not go with it."))
    how_given = rich(gettext_lazy("How it is given, how often, for how long, and what is watched."))
    without_it = rich(gettext_lazy("What happens without it, and what else there is."))
    cost = rich(
        gettext_lazy("What it costs and where it can be had. Empty: “not known here” is shown.")
    )
    regulatory = models.JSONField(
        "regulatory status",
        default=list,
        blank=True,
        help_text=gettext_lazy("What a regulator said, which one, when, and how it was checked."),
    )

    class Meta:
        verbose_name_plural = gettext_lazy("therapies")
        constraints = [
            models.CheckConstraint(
                name="therapy_form_known",
                condition=Q(
                    form__in=[
                        "",
                        "small molecule",
                        "biologic",
                        "cell therapy",
                        "gene therapy",
                        "procedure",
                        "lifestyle",
                    ]
                ),
            ),
        ]


class Assessment(models.Model):
    """What the evidence says of one therapy for one condition, as approved.

    The row is what readers, the map and the checker read: it repeats the words of its approved
    version, and only `assessing.approve` writes it. `footing` says what is left of its sources.
    """

    Certainty, Stage, Direction, Footing = Certainty, Stage, Direction, Footing

    therapy = models.ForeignKey(Therapy, on_delete=models.PROTECT, related_name="assessments")
    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="assessments")
    certainty = models.CharField(
        "certainty of the evidence", max_length=10, choices=Certainty.choices
    )
    stage = models.CharField("stage of development", max_length=40, choices=Stage.choices)
    direction = models.CharField(
        "where the finding points",
        max_length=12,
        choices=Direction.choices,
        default=Direction.UNCLEAR,
    )
    summary = models.TextField(
        help_text=gettext_lazy("What is known, in two or three plain sentences.")
    )
    note = models.TextField(
        blank=True, help_text=gettext_lazy("A limit or remark shown with the summary.")
    )
    footing = models.CharField(
        "what it rests on now", max_length=8, choices=Footing.choices, default=Footing.SOUND
    )
    main_harm = models.CharField(
        max_length=200, blank=True, help_text=gettext_lazy("The first harm named.")
    )
    version = models.OneToOneField(
        "therapies.AssessmentVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="live_as",
        help_text=gettext_lazy("Empty: written before assessments had versions."),
    )
    sources = models.ManyToManyField(Source, related_name="assessments")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["therapy__title", "condition__title"]
        constraints = [
            models.UniqueConstraint(fields=["therapy", "condition"], name="assessment_one_a_pair"),
            known("certainty", Certainty, name="assessment_certainty_known"),
            known("stage", Stage, name="assessment_stage_known"),
            known("direction", Direction, name="assessment_direction_known"),
            known("footing", Footing, name="assessment_footing_known"),
            models.CheckConstraint(name="assessment_summarised", condition=~Q(summary="")),
        ]

    def __str__(self):
        return gettext("%(therapy)s for %(condition)s") % {
            "therapy": self.therapy,
            "condition": self.condition,
        }

    def get_absolute_url(self) -> str:
        """Its cell of the evidence map."""
        return address("assessment-detail", self.therapy.slug, self.condition.slug)


class EmptySearch(models.Model):
    """Evidence was looked for, here and then, and none was found. The latest one counts.

    That is another thing than a pair nobody looked for, which has neither this nor an assessment.
    """

    therapy = models.ForeignKey(Therapy, on_delete=models.PROTECT, related_name="empty_searches")
    condition = models.ForeignKey(
        Condition, on_delete=models.PROTECT, related_name="empty_searches"
    )
    searched_on = models.DateField("looked for on")
    searched_where = models.CharField("where", max_length=300)
    note = models.TextField(
        blank=True, help_text=gettext_lazy("Shown to readers. What was expected, perhaps.")
    )
    recorded_by_name = models.CharField(max_length=200, editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("search that found nothing")
        verbose_name_plural = gettext_lazy("searches that found nothing")
        ordering = ["-searched_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["therapy", "condition", "searched_on"], name="empty_search_once_a_day"
            ),
            models.CheckConstraint(name="empty_search_placed", condition=~Q(searched_where="")),
        ]

    def __str__(self):
        return gettext("%(therapy)s for %(condition)s: nothing found") % {
            "therapy": self.therapy,
            "condition": self.condition,
        }

    def get_absolute_url(self) -> str:
        """Its cell of the evidence map."""
        return address("assessment-detail", self.therapy.slug, self.condition.slug)


from .versions import AssessmentVersion, Outcome  # noqa: E402  they point at the models above

__all__ = [
    "Assessment",
    "AssessmentVersion",
    "Condition",
    "EmptySearch",
    "NamedPage",
    "Outcome",
    "Therapy",
]
