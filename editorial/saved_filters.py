"""Keeping a filter of an admin list under a name, for oneself or for all."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

from . import audit, roles
from .errors import NotAllowed, WrongState
from .models import SavedFilter

NOT_PART_OF_A_FILTER = ("p", "e", "_popup", "_to_field", "_facets")


def plain_query(query: str) -> str:
    """The part of a list's address that filters, sorts and searches, in one spelling.

    Raises WrongState when nothing is left, or too much.
    """
    values = QueryDict(query, mutable=True)
    for name in NOT_PART_OF_A_FILTER:
        values.pop(name, None)
    text = values.urlencode()
    if not text:
        raise WrongState(
            gettext("This list is not filtered. Filter, sort or search it first, then save.")
        )
    if len(text) > SavedFilter.LONGEST_QUERY:
        raise WrongState(gettext("This filter is too long to be saved. Use fewer conditions."))
    return text


def visible(user, list_name: str = "") -> QuerySet:
    """The filters that this person may use: their own, and what others share."""
    found = SavedFilter.objects.filter(Q(owner=user) | Q(is_shared=True))
    return found.filter(list_name=list_name) if list_name else found


@transaction.atomic
def save(*, by, list_name: str, name: str, query: str, is_shared: bool = False) -> SavedFilter:
    """Keep a filter; the person's own of the same name and list is replaced.

    Whoever calls it has asked whether the person may see the list. Raises WrongState.
    """
    name = " ".join(name.split())[:60]
    if not name:
        raise WrongState(gettext("Give the filter a name."))
    saved, _ = SavedFilter.objects.update_or_create(
        owner=by,
        list_name=list_name,
        name=name,
        defaults={
            "query": plain_query(query),
            "is_shared": is_shared,
            "owner_name": by.display_name,
        },
    )
    audit.record("filter.saved", by=by, subject=f"{name} ({list_name})", shared=is_shared)
    return saved


@transaction.atomic
def delete(saved, *, by) -> None:
    """Take a filter away: one's own, or as an administrator anybody's that is shared.

    Raises NotAllowed.
    """
    is_tidying = saved.is_shared and roles.can(by, "user.manage")
    if saved.owner_id != by.pk and not is_tidying:
        raise NotAllowed(
            gettext("“%(name)s” belongs to %(owner_name)s. Only they can delete it.")
            % {"name": saved.name, "owner_name": saved.owner_name}
        )
    audit.record("filter.deleted", by=by, subject=f"{saved.name} ({saved.list_name})")
    saved.delete()
