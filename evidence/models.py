from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from editorial.addresses import address
from editorial.models import CheckedAtOnce, Page
from editorial.prepared import Prepared


class SourceQuerySet(models.QuerySet):
    """Sources by their standing."""

    def retracted(self):
        """Those that may support nothing."""
        return self.filter(standing=Source.Standing.RETRACTED)

    def current(self):
        """Those that no other source took the place of."""
        return self.filter(merged_into__isnull=True)

    def by_key(self, keys) -> dict[str, "Source"]:
        """The sources that these keys name; a key of a merged source names the one it went into."""
        wanted = list(keys)
        found = _BY_KEY(keys=wanted) if wanted else []
        return {source.key: source.merged_into or source for source in found}

    def lines_by_key(self, keys) -> dict[str, "Source"]:
        """As `by_key`, with no more of each source than `for_lines` reads."""
        wanted = list(keys)
        found = _LINES_BY_KEY(keys=wanted) if wanted else []
        return {source.key: source.merged_into or source for source in found}

    def for_lines(self):
        """With what a line among the sources of a text says, and the source it went into."""
        merged = (f"merged_into__{name}" for name in LINE_FIELDS)
        return self.select_related("merged_into").only(*LINE_FIELDS, "merged_into", *merged)


_BY_KEY = Prepared(
    lambda keys: Source.objects.filter(key__in=keys).select_related("merged_into").order_by()
)
_LINES_BY_KEY = Prepared(lambda keys: Source.objects.filter(key__in=keys).for_lines().order_by())
# What a line among the sources of a text says.
LINE_FIELDS = (
    "key title title_is_description authors journal year citation doi pmid nct url design "
    "participants standing"
).split()


class Source(CheckedAtOnce):
    """A bibliographic record: a paper, trial registration, guideline or regulator's statement."""

    class Standing(models.TextChoices):
        SOUND = "sound", gettext_lazy("no notice known")
        CORRECTED = "corrected", gettext_lazy("corrected")
        CONCERN = "concern", gettext_lazy("expression of concern")
        RETRACTED = "retracted", gettext_lazy("retracted")

    class Direction(models.TextChoices):
        SUPPORTS = "supports", gettext_lazy("supports")
        MIXED = "mixed", gettext_lazy("mixed")
        AGAINST = "against", gettext_lazy("against")
        SAFETY = "safety signal", gettext_lazy("safety signal")

    class Confidence(models.TextChoices):
        HIGH = "high", gettext_lazy("high: record and identifier were seen together")
        MEDIUM = "medium", gettext_lazy("medium: part of the record was not looked up")

    key = models.SlugField(
        max_length=80,
        unique=True,
        help_text=gettext_lazy(
            "Short name used in texts, such as burt-2019-mist. It cannot be changed later."
        ),
    )
    title = models.TextField()
    title_is_description = models.BooleanField(
        default=False,
        help_text=gettext_lazy("The real title was not seen; what stands there describes it."),
    )
    authors = models.CharField(max_length=300, blank=True)
    journal = models.CharField("journal or body", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    citation = models.CharField("volume and pages", max_length=120, blank=True)
    doi = models.CharField("DOI", max_length=220, null=True, blank=True, unique=True)
    pmid = models.PositiveIntegerField("PMID", null=True, blank=True, unique=True)
    nct = models.CharField("trial registration (NCT)", max_length=11, null=True, blank=True)
    other_ids = models.JSONField(default=list, blank=True)
    url = models.CharField(
        "address", max_length=500, blank=True, validators=[URLValidator(["https", "http"])]
    )
    design = models.CharField("study design", max_length=80, blank=True)
    participants = models.PositiveIntegerField(null=True, blank=True)
    finding = models.TextField(
        blank=True, help_text=gettext_lazy("What it found, in our own words.")
    )
    direction = models.CharField(max_length=20, choices=Direction.choices, blank=True)
    confidence = models.CharField(
        max_length=10, choices=Confidence.choices, default=Confidence.MEDIUM
    )
    comparator = models.CharField(
        "compared with",
        max_length=200,
        blank=True,
        help_text=gettext_lazy("Such as placebo or methotrexate."),
    )
    outcome = models.CharField(
        "main outcome",
        max_length=300,
        blank=True,
        help_text=gettext_lazy("What was measured, and when."),
    )
    funding = models.TextField(
        blank=True, help_text=gettext_lazy("Who paid for it, as the paper says.")
    )
    interests = models.TextField(
        "competing interests",
        blank=True,
        help_text=gettext_lazy("What its authors declare, in a sentence."),
    )
    free_url = models.CharField(
        "free full text",
        max_length=500,
        blank=True,
        validators=[URLValidator(["https", "http"])],
        help_text=gettext_lazy("Where anybody may read the whole paper without paying."),
    )
    about = models.ManyToManyField(
        Page,
        blank=True,
        related_name="sources_about",
        limit_choices_to={"kind__in": ["condition", "therapy"]},
        verbose_name=gettext_lazy("conditions and therapies"),
        help_text=gettext_lazy(
            "What it is about. A sentence on another therapy that cites it is questioned."
        ),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        help_text=gettext_lazy("The source that took its place: both were the same paper."),
    )
    checked_by = models.TextField(
        blank=True, help_text=gettext_lazy("The page that confirmed the record, or “memory”.")
    )
    identifier_checks = models.JSONField(default=dict, blank=True)
    standing = models.CharField(
        max_length=10, choices=Standing.choices, default=Standing.SOUND, editable=False
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["authors", "year"]
        constraints = [
            models.CheckConstraint(
                name="source_can_be_found",
                condition=Q(doi__isnull=False)
                | Q(pmid__isnull=False)
                | Q(nct__isnull=False)
                | ~Q(url="")
                | Q(merged_into__isnull=False),
                violation_error_message=gettext_lazy(
                    "Give a DOI, a PMID, a trial registration or an address."
                ),
            ),
            models.CheckConstraint(
                name="source_pmid_possible",
                condition=Q(pmid__isnull=True) | Q(pmid__gt=0, pmid__lt=100_000_000),
            ),
            models.CheckConstraint(
                name="source_doi_begins_with_ten",
                condition=Q(doi__isnull=True) | Q(doi__startswith="10."),
            ),
            models.CheckConstraint(
                name="source_nct_begins_with_nct",
                condition=Q(nct__isnull=True) | Q(nct__startswith="NCT"),
            ),
            models.CheckConstraint(
                name="source_standing_known",
                condition=Q(standing__in=["sound", "corrected", "concern", "retracted"]),
            ),
            models.CheckConstraint(
                name="source_merged_into_another",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("pk")),
            ),
            models.CheckConstraint(
                name="source_merged_gave_up_its_identifiers",
                condition=Q(merged_into__isnull=True) | Q(doi__isnull=True, pmid__isnull=True),
            ),
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self) -> str:
        """Its page on this site."""
        return address("source-detail", self.pk)

    @property
    def label(self) -> str:
        """Author and year, short enough for a list."""
        who = self.authors.split(",")[0] or self.journal or self.key
        return f"{who}, {self.year}" if self.year else who

    @property
    def is_retracted(self) -> bool:
        """Whether it may support nothing."""
        return self.standing == self.Standing.RETRACTED

    @property
    def link(self) -> str:
        """Where the record itself is found."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url or f"https://clinicaltrials.gov/study/{self.nct}"


class Notice(models.Model):
    """A retraction, expression of concern, correction or reinstatement of a source."""

    class Kind(models.TextChoices):
        RETRACTION = "retraction", gettext_lazy("retraction")
        CONCERN = "concern", gettext_lazy("expression of concern")
        CORRECTION = "correction", gettext_lazy("correction")
        REINSTATEMENT = "reinstatement", gettext_lazy("reinstatement")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    date = models.DateField(null=True, blank=True)
    date_text = models.CharField(
        max_length=20,
        blank=True,
        help_text=gettext_lazy("As published, where only a year or month is known."),
    )
    doi = models.CharField(gettext_lazy("DOI of the notice"), max_length=220, null=True, blank=True)
    reason = models.TextField(blank=True)
    checked = models.CharField(
        max_length=200, blank=True, help_text=gettext_lazy("Where the notice was seen.")
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "date_text"], name="notice_recorded_once"
            ),
            models.CheckConstraint(
                name="notice_kind_known",
                condition=Q(kind__in=["retraction", "concern", "correction", "reinstatement"]),
            ),
        ]

    def __str__(self):
        return gettext("%(kind)s of %(source)s") % {
            "kind": self.get_kind_display(),
            "source": self.source,
        }


class RevisionCitation(models.Model):
    """A source cited in a revision, in order of first mention. A cited source stays."""

    revision = models.ForeignKey(
        "editorial.Revision", on_delete=models.CASCADE, related_name="cited"
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="cited_in")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "source"], name="citation_once_a_revision")
        ]

    def __str__(self):
        return gettext("%(revision)s cites %(source)s") % {
            "revision": self.revision,
            "source": self.source,
        }


class Acknowledgement(models.Model):
    """A moderator's word that a page cites a retracted source on purpose, and why; readers see it.

    The source still supports nothing there.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="acknowledgements")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="acknowledgements")
    reason = models.TextField(help_text=gettext_lazy("Readers see it beside the source."))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["page", "source"], name="acknowledged_once_a_page"),
            models.CheckConstraint(name="acknowledged_with_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return gettext("%(page)s cites %(source)s on purpose") % {
            "page": self.page,
            "source": self.source,
        }
