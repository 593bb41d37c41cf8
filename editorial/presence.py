"""Who has a page's form open at this moment: told by each tab every so often, and forgotten.

A tab that was closed says so; one that vanished (a crash, a flat battery) is no longer shown
after `SHOWN_FOR`.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext

from .models import FormTab, Page, User

PING_EVERY = 20  # seconds, told to the script
SHOWN_FOR = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_TOKEN = 40


def tab_of(by: User, token: str, kind: str, page: Page | None) -> FormTab:
    """The row of this person's tab, locked; made when the tab is heard of first.

    Must run inside a transaction. A page that the tab has made itself since is kept.
    """
    found = FormTab.objects.select_for_update().filter(person=by, token=token[:LONGEST_TOKEN])
    tab = found.first()
    if tab is None:
        FormTab.objects.bulk_create(
            [FormTab(person=by, token=token[:LONGEST_TOKEN], kind=kind, page=page)],
            ignore_conflicts=True,
        )
        tab = found.get()
    return tab


@transaction.atomic
def ping(*, by: User, token: str, kind: str, page: Page | None) -> FormTab:
    """This tab is still open."""
    tab = tab_of(by, token, kind, page)
    tab.seen_at = tab.heard_at = timezone.now()
    tab.save(update_fields=["seen_at", "heard_at"])
    return tab


def leave(*, by: User, token: str) -> None:
    """This tab was closed, or shows something else now."""
    FormTab.objects.filter(person=by, token=token[:LONGEST_TOKEN]).update(seen_at=None)


def others(page: Page, *, by: User, token: str = "", own_tabs: bool = True) -> list[str]:
    """A sentence for each other tab that has the page's form open, the longest open first."""
    tabs = FormTab.objects.filter(page_id=page.pk, seen_at__gt=timezone.now() - SHOWN_FOR)
    tabs = tabs.exclude(person=by, token=token).select_related("person")
    if not own_tabs:
        tabs = tabs.exclude(person=by)
    return [_sentence(tab, by) for tab in tabs]


def _sentence(tab: FormTab, by: User) -> str:
    since = clock(tab.opened_at)
    if tab.person_id == by.pk:
        return gettext("You have this page open in another tab, since %(since)s.") % {
            "since": since
        }
    return gettext("%(display_name)s has had this page open since %(since)s.") % {
        "display_name": tab.person.display_name,
        "since": since,
    }


def clock(moment) -> str:
    """A time of day in words, with the date where it is not today's."""
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localdate()
    return format_date(local, "H:i" if is_today else "H:i, j F Y")


def sweep(now) -> None:
    """Forget tabs that were not heard of for a day; part of every round."""
    FormTab.objects.filter(heard_at__lt=now - FORGOTTEN_AFTER).delete()
