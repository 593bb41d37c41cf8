"""What administrators demand of each kind of page, and who has a stake in which page."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from .. import audit, registry, roles
from ..errors import WrongState
from ..models import DeclaredInterest, KindPolicy
from .locking import given


@transaction.atomic
def set_policy(kind: str, *, by, approvals_needed: int, review_days: int) -> KindPolicy:
    """The rules for a kind of page from now on. Raises ValidationError for impossible ones."""
    roles.require(by, "policy.edit")
    if kind not in registry.kinds:
        raise WrongState(gettext("There is no kind of page called “%(kind)s”.") % {"kind": kind})
    KindPolicy.objects.get_or_create(kind=kind)
    policy = KindPolicy.objects.select_for_update().get(kind=kind)
    before = {"approvals_needed": policy.approvals_needed, "review_days": policy.review_days}
    policy.approvals_needed, policy.review_days = approvals_needed, review_days
    after = {"approvals_needed": policy.approvals_needed, "review_days": policy.review_days}
    if before != after:
        policy.full_clean()
        policy.save(update_fields=[*after])
        audit.record("policy.changed", by=by, subject=kind, before=before, after=after)
    return policy


@transaction.atomic
def declare_interest(*, by, user, page, what: str, since, until=None) -> DeclaredInterest:
    """Record that a person has a stake in a page; administrators may for all, others for
    themselves. Raises ValidationError when it ends before it began."""
    if user.pk != by.pk or not roles.can(by, "page.view"):
        roles.require(by, "interest.edit")
    what = given(what, gettext("Say in a sentence what the interest is."))
    interest = DeclaredInterest(
        user=user, user_name=user.display_name, page=page, what=what, since=since, until=until
    )
    interest.full_clean()
    interest.save()
    audit.record(
        "interest.declared",
        by=by,
        page=page,
        subject=user.display_name,
        interest=interest.pk,
        since=since.isoformat(),
        until=until.isoformat() if until else None,
    )
    return interest


@transaction.atomic
def end_interest(interest, *, by, until=None) -> DeclaredInterest:
    """Say on which day an interest ended (today without one); it is kept, never deleted."""
    interest = DeclaredInterest.objects.select_for_update().get(pk=interest.pk)
    if interest.user_id != by.pk:
        roles.require(by, "interest.edit")
    interest.until = until or timezone.localdate()
    interest.full_clean()
    interest.save(update_fields=["until"])
    audit.record(
        "interest.ended",
        by=by,
        page=interest.page,
        subject=interest.user_name,
        interest=interest.pk,
        until=interest.until.isoformat(),
    )
    return interest
