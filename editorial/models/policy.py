from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy


class KindPolicy(models.Model):
    """What an administrator demands of one kind of page. Written by `actions.set_policy` only."""

    kind = models.CharField(max_length=20, unique=True, editable=False)
    approvals_needed = models.PositiveSmallIntegerField(
        default=1,
        choices=[(1, "one medical reviewer"), (2, "two medical reviewers")],
        help_text=gettext_lazy(
            "How many different reviewers must approve a text. Holds for texts "
            "approved from now on."
        ),
    )
    review_days = models.PositiveSmallIntegerField(
        "days until the next review",
        default=365,
        help_text=gettext_lazy(
            "At most so many days after its last review a page is due to be read "
            "again; sooner where the evidence it rests on is uncertain. Holds from "
            "each page's next review."
        ),
    )

    class Meta:
        ordering = ["kind"]
        verbose_name = gettext_lazy("rule for a kind of page")
        verbose_name_plural = gettext_lazy("rules for kinds of page")
        constraints = [
            models.CheckConstraint(
                name="policy_one_or_two_approvals", condition=Q(approvals_needed__in=[1, 2])
            ),
            models.CheckConstraint(
                name="policy_review_within_reason",
                condition=Q(review_days__gte=7, review_days__lte=1825),
            ),
        ]

    def __str__(self):
        return self.kind


class DeclaredInterest(models.Model):
    """That a member of staff has a stake in what a page is about, from one day to another.

    Who holds one in a page, or in a page that it is about, cannot approve it. Never deleted: it
    ends on a day.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="declared_interests",
        verbose_name=gettext_lazy("person"),
    )
    user_name = models.CharField(max_length=150, editable=False)
    page = models.ForeignKey(
        "editorial.Page",
        on_delete=models.PROTECT,
        related_name="declared_interests",
        help_text=gettext_lazy("The page, or the therapy or condition that other pages are about."),
    )
    what = models.TextField(
        help_text=gettext_lazy(
            "Money, shares, an employer, a friendship: what it is, in a sentence."
        )
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text=gettext_lazy("Empty while it lasts."))

    class Meta:
        ordering = ["user_name", "-since"]
        constraints = [
            models.CheckConstraint(
                name="interest_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(name="interest_says_what", condition=~Q(what="")),
        ]

    def __str__(self):
        return f"{self.user_name}: {self.page}"
