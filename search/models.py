from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from editorial.models import Page


class SearchEntry(models.Model):
    """A published page as the search knows it. The full text lies beside it: in the FTS5 table
    `search_index` on SQLite, in the column `vector` on PostgreSQL (see the migrations).

    There is a row for each published page and for no other.
    """

    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    kind = models.CharField(max_length=20, db_index=True)
    facets = models.TextField(
        default=" ",
        help_text=gettext_lazy("What it can be narrowed by, as blank-separated words: facets.py."),
    )
    reviewed_on = models.DateField(
        null=True, help_text=gettext_lazy("The day of the page's last review.")
    )

    class Meta:
        verbose_name_plural = gettext_lazy("search entries")

    def __str__(self):
        return f"{self.kind} {self.page_id}"


class SearchName(models.Model):
    """One name a published page goes by: its title, another name or a loose name; or words that
    lead readers to it (`reader_words.yaml`)."""

    class Role(models.IntegerChoices):
        TITLE = 0, gettext_lazy("title")
        OTHER = 1, gettext_lazy("other name")
        LOOSE = 2, gettext_lazy("loose name")
        LAY = 3, gettext_lazy("lay words")
        BRAND = 4, gettext_lazy("brand")

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=20)
    role = models.PositiveSmallIntegerField(choices=Role.choices)
    name = models.CharField(max_length=300)
    key = models.CharField(
        max_length=300, help_text=gettext_lazy("The folded words without blanks.")
    )
    text = models.CharField(max_length=300, help_text=gettext_lazy("The folded words with blanks."))
    means = models.CharField(
        max_length=300,
        blank=True,
        help_text=gettext_lazy("The folded words of what is in a brand."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "key"], name="search_name_once_a_page"),
            models.CheckConstraint(
                name="search_name_not_empty", condition=~models.Q(key="") & ~models.Q(text="")
            ),
        ]
        indexes = [
            models.Index(fields=["key"], name="search_name_key"),
            models.Index(fields=["text"], name="search_name_text"),
        ]

    def __str__(self):
        return self.name


class SearchClaim(models.Model):
    """A claim on a published page as the search knows it; its words lie beside it, as a page's do:
    in the FTS5 table `search_claims` on SQLite, in the column `vector` on PostgreSQL.

    What is found is looked up once more among the claims that readers see.
    """

    claim = models.OneToOneField(
        "claims.Claim", on_delete=models.CASCADE, primary_key=True, related_name="search_claim"
    )
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="search_claims")

    def __str__(self):
        return f"claim {self.claim_id}"


class Miss(models.Model):
    """Words that readers searched for and nothing was found: what might be written next.

    Words, days and nothing else: not who, not when in the day, not from where (`misses.py`).
    """

    words = models.CharField("what was searched for", max_length=60, unique=True)
    days = models.PositiveIntegerField("days on which it was", default=1)
    last_day = models.DateField("last on")

    class Meta:
        ordering = ["-days", "-last_day", "words"]
        verbose_name = gettext_lazy("search that found nothing")
        verbose_name_plural = gettext_lazy("searches that found nothing")
        indexes = [models.Index(fields=["last_day"], name="search_miss_last_day")]
        constraints = [
            models.CheckConstraint(name="search_miss_not_empty", condition=~Q(words="")),
            models.CheckConstraint(name="search_miss_on_a_day", condition=Q(days__gt=0)),
        ]

    def __str__(self):
        return self.words


class IndexState(models.Model):
    """Which words of readers the index was built with; one row. See `rebuild.py`."""

    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="search_one_state", condition=Q(id=1))]

    def __str__(self):
        return self.digest
