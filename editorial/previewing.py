"""A revision as readers would see it, and links that show one to people without an account."""

import hashlib
import secrets
from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from taggit.models import Tag

from . import audit, comments, forms, policy, registry, restoring, roles
from .actions.publishing import stamp_review
from .errors import WrongState
from .models import Page, PreviewLink, Revision

LONGEST_DAYS = 60
_signer = signing.Signer(salt="editorial.preview", sep=".")


def as_page(revision) -> Page:
    """The page as it would be if this revision were published now; never saved.

    The kind's own form fills it, so the readers' view and templates show it as any other page.
    `drawn` holds its relations (see `reading.related`), `is_preview` is true.
    """
    specific = revision.page.specific
    content, _ = restoring.fit_for_today(revision.content, revision.page)
    form = forms.bound_form(registry.kinds[specific.kind], content, specific)
    form.is_valid()  # what does not pass stays as it is; the gate says so elsewhere
    now = timezone.now()
    specific.is_preview = True
    specific.drawn = dict(form.cleaned_data)
    specific.drawn["tags"] = _tags(form.cleaned_data.get("tags", []))
    specific.status, specific.live_revision = Page.Status.PUBLISHED, revision
    specific.published_at = now
    specific.first_published_at = specific.first_published_at or now
    stamp_review(specific, revision)
    # By the relations that are saved; the day is set anew at publication.
    last_reviewed = timezone.localdate(specific.reviewed_at or now)
    specific.review_due = policy.latest_due(specific, last_reviewed)
    return specific


def _tags(names) -> list[Tag]:
    """Tags of these names, those that do not exist yet unsaved."""
    known = {tag.name.lower(): tag for tag in Tag.objects.filter(name__in=names)}
    tags = [known.get(n.lower()) or Tag(name=n, slug=slugify(n) or "tag") for n in names]
    return sorted(tags, key=lambda tag: tag.name)


@transaction.atomic
def make_link(revision, *, by, for_whom: str, days: int) -> tuple[PreviewLink, str]:
    """A link to exactly this text, good for 1 to LONGEST_DAYS days, and its token.

    The token is told this once. From here on the revision's content cannot be changed: the next
    save begins another. Raises NotAllowed, WrongState.
    """
    page = Page.objects.select_for_update().get(pk=revision.page_id)
    revision = Revision.objects.select_for_update().get(pk=revision.pk)
    roles.require(by, "page.show_outside", page)
    for_whom = " ".join(for_whom.split())[:120]
    if not for_whom:
        raise WrongState(
            gettext("Say for whom the link is, so that it can be told from others later.")
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise WrongState(
            gettext("A link is good for 1 to %(LONGEST_DAYS)s days. Choose a number of these.")
            % {"LONGEST_DAYS": LONGEST_DAYS}
        )
    secret = secrets.token_urlsafe(24)
    link = PreviewLink.objects.create(
        revision=revision,
        digest=revision.digest,
        token_hash=_hash(secret),
        for_whom=for_whom,
        made_by=by,
        made_by_name=by.display_name,
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit.record(
        "preview.link_made",
        by=by,
        page=page,
        subject=f"revision {revision.number} for {for_whom}",
        expires_at=link.expires_at.isoformat(),
    )
    return link, _signer.sign(secret)


@transaction.atomic
def revoke(link, *, by) -> PreviewLink:
    """Close a link for good. Raises NotAllowed, and WrongState if that was done already."""
    link = PreviewLink.objects.select_for_update().select_related("revision__page").get(pk=link.pk)
    roles.require(by, "page.show_outside", link.revision.page)
    if link.revoked_at:
        raise WrongState(
            gettext("%(revoked_by_name)s has revoked this link already.")
            % {"revoked_by_name": link.revoked_by_name}
        )
    link.revoked_at, link.revoked_by_name = timezone.now(), by.display_name
    link.save(update_fields=["revoked_at", "revoked_by_name"])
    subject = f"revision {link.revision.number} for {link.for_whom}"
    audit.record("preview.link_revoked", by=by, page=link.revision.page, subject=subject)
    return link


def link_of(token: str) -> PreviewLink | None:
    """The link that this token opens or once opened; None when we never gave it out."""
    try:
        secret = _signer.unsign(token)
    except signing.BadSignature:
        return None
    links = PreviewLink.objects.select_related("revision__page")
    return links.filter(token_hash=_hash(secret)).first()


def shows(link) -> bool:
    """Whether the link may be followed: not too late, not revoked, its text as it was."""
    return link.is_good(timezone.now()) and link.digest == link.revision.digest


def remark(link, *, text: str, quote: str, name: str) -> None:
    """Keep what somebody with a link says. Raises Refused, and WrongState if the link is closed."""
    if not shows(link):
        raise WrongState(
            gettext("This link is closed. Ask %(made_by_name)s for a new one.")
            % {"made_by_name": link.made_by_name}
        )
    comments.add(link.revision, text=text, quote=quote, outside_name=name)


def note_opened(link) -> None:
    """Count that somebody followed it."""
    PreviewLink.objects.filter(pk=link.pk).update(
        opened=F("opened") + 1, last_opened_at=timezone.now()
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
