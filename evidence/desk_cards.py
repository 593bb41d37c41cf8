"""What the evidence base puts on the desk's first page: retracted sources that texts still cite."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext

from editorial import roles
from editorial.dashboard import Blocker
from editorial.models import Page, Revision
from editorial.registry import Card

from .models import Acknowledgement, RevisionCitation, Source

LIVE = Q(revision__live_on__status=Page.Status.PUBLISHED)
AT_WORK = Q(revision__state__in=Revision.OPEN_STATES)


# Said to be cited on purpose, that page's citation needs no repair.
ON_PURPOSE = Exists(
    Acknowledgement.objects.filter(page=OuterRef("revision__page"), source=OuterRef("source"))
)


def cited(where: Q):
    """The condition on sources that a text of this kind cites, and not on purpose."""
    return Exists(RevisionCitation.objects.filter(where, ~ON_PURPOSE, source=OuterRef("pk")))


class CitedFilter(SimpleListFilter):
    """Sources by who cites them now."""

    title = "cited"
    parameter_name = "cited"
    _conditions = {"live": LIVE, "work": AT_WORK, "now": LIVE | AT_WORK}

    def lookups(self, request, model_admin):
        return [
            ("now", "on a page or in a text at work"),
            ("live", "on a page that readers see"),
            ("work", "in a text at work"),
            ("no", "nowhere"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "no":
            return queryset.filter(~cited(LIVE | AT_WORK))
        where = self._conditions.get(self.value())
        return queryset.filter(cited(where)) if where else queryset


def retraction_card(user):
    """Retracted sources that a page or a text at work cites."""
    if not roles.can(user, "source.view"):
        return
    found = Source.objects.retracted().filter(cited(LIVE | AT_WORK))
    yield Card(
        title=gettext("Retracted sources still cited"),
        count=found.count(),
        url=f"{reverse('admin:evidence_source_changelist')}?standing__exact=retracted&cited=now",
        order=45,
        is_urgent=True,
    )


def _retracted_at_work():
    return RevisionCitation.objects.filter(
        AT_WORK, ~ON_PURPOSE, source__standing=Source.Standing.RETRACTED
    )


def _reasons(pages) -> dict[int, list[str]]:
    """For each page, the retracted sources that its text at work cites; one query."""
    found: dict[int, list[str]] = {}
    rows = _retracted_at_work().filter(revision__page__in=pages)
    for row in rows.select_related("source", "revision").order_by("order"):
        found.setdefault(row.revision.page_id, []).append(
            gettext("It cites %(label)s, which was retracted.") % {"label": row.source.label}
        )
    return found


BLOCKER = Blocker(
    "evidence", Exists(_retracted_at_work().filter(revision__page=OuterRef("pk"))), _reasons
)
