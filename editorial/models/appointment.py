from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from .. import turns


class AppointmentQuerySet(models.QuerySet):
    """Appointments by whether they wait, are due or were refused."""

    def waiting(self):
        """Those whose moment is still to come, or has come and was not acted on yet."""
        return self.filter(state=Appointment.State.WAITING)

    def due(self, now):
        """Waiting ones whose moment has come, the earliest first."""
        return self.waiting().filter(at__lte=now).order_by("at", "pk")

    def refused(self):
        """Those that the gate refused and that nobody has dealt with since."""
        return self.filter(state=Appointment.State.REFUSED)


class Appointment(models.Model):
    """That an exact revision goes out, or comes down, at a moment; kept as history afterwards.

    A waiting publication's moment also stands in the revision's `scheduled_at`; both are written
    in one place (actions/appointments.py).
    """

    class Does(models.TextChoices):
        PUBLISH = "publish", gettext_lazy("goes out")
        WITHDRAW = "withdraw", gettext_lazy("comes down")

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waiting")
        DONE = "done", gettext_lazy("done")
        REFUSED = "refused", gettext_lazy("refused")
        CANCELLED = "cancelled", gettext_lazy("cancelled")

    revision = models.ForeignKey(
        "editorial.Revision", on_delete=models.PROTECT, related_name="appointments"
    )
    does = models.CharField(max_length=10, choices=Does.choices)
    at = models.DateTimeField()
    reason = models.TextField(
        blank=True, help_text=gettext_lazy("Why it comes down; readers see this.")
    )
    replaced_by = models.ForeignKey(
        "editorial.Page", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(
        blank=True, help_text=gettext_lazy("What became of it, in a sentence.")
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision"],
                condition=Q(state="waiting"),
                name="appointment_one_waiting_per_revision",
            ),
            models.CheckConstraint(
                name="appointment_closed_means_stamped",
                condition=Q(state="waiting", closed_at__isnull=True)
                | (~Q(state="waiting") & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="appointment_withdrawal_means_reason",
                condition=Q(does="publish") | (Q(does="withdraw") & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="appointment_state_known",
                condition=Q(state__in=["waiting", "done", "refused", "cancelled"]),
            ),
        ]
        indexes = [models.Index(fields=["state", "at"], name="appointment_calendar")]

    def __str__(self):
        return f"{self.revision} {self.get_does_display()} {self.moment}"

    @property
    def moment(self) -> str:
        """When, as “3 May 2026, 09:00 BST”."""
        return turns.moment(self.at)

    @property
    def clock(self) -> str:
        """The time of day, as “09:00 BST”."""
        return turns.clock(self.at)
