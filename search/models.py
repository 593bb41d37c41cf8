from django.db import models

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

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self):
        return f"{self.kind} {self.page_id}"


class SearchName(models.Model):
    """One name a published page goes by: its title, another name or a loose name."""

    class Role(models.IntegerChoices):
        TITLE = 0, "title"
        OTHER = 1, "other name"
        LOOSE = 2, "loose name"

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=20)
    role = models.PositiveSmallIntegerField(choices=Role.choices)
    name = models.CharField(max_length=300)
    key = models.CharField(max_length=300, help_text="The folded words without blanks.")
    text = models.CharField(max_length=300, help_text="The folded words with blanks.")

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
