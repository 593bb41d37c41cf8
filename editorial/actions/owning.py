"""Whose page it is: its owner may edit it and is told of it."""

from django.db import transaction
from django.utils.translation import gettext

from .. import audit, letters, roles
from ..errors import NotAllowed, WrongState
from ..models import Page
from .locking import locked


@transaction.atomic
def set_owner(page, *, by, owner) -> Page:
    """Give the page to somebody who writes; they are told by mail, and it is theirs to edit.

    Raises NotAllowed, and WrongState when it is theirs already.
    """
    page = locked(page.pk)
    roles.require(by, "page.assign", page)
    if not roles.can(owner, "page.add"):
        raise NotAllowed(
            gettext("%(owner)s does not write pages. Choose somebody who does.") % {"owner": owner}
        )
    if page.created_by_id == owner.pk:
        raise WrongState(
            gettext("“%(page)s” belongs to %(owner)s already.") % {"page": page, "owner": owner}
        )
    before = page.created_by.display_name if page.created_by else ""
    page.created_by = owner
    page.save(update_fields=["created_by"])
    audit.record("page.owner_changed", by=by, page=page, before=before, after=owner.display_name)
    letters.given(page, owner, by=by)
    return page
