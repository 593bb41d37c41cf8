"""Addresses of old: what leads where after a page has moved."""

from django.db import transaction
from django.utils.translation import gettext

from .. import audit, freshness, registry, roles
from ..errors import WrongState
from ..models import Page, Redirect
from .locking import given, locked


def take_back_addresses(pages) -> None:
    """Pages that go back to an address of their own stand there again. The pages are locked."""
    own = {(page.pk, page.kind, page.slug) for page in pages}
    there = Redirect.objects.filter(page__in=[page.pk for page in pages])
    gone = [pk for pk, *row in there.values_list("pk", "page", "kind", "slug") if (*row,) in own]
    if gone:
        Redirect.objects.filter(pk__in=gone).delete()


def leave_redirect(page, old: str, *, by) -> None:
    """Where readers knew the page, a redirect stays when it has moved. Part of publishing."""
    if old == page.slug:
        return
    _make(page.kind, old, page, by)
    audit.record("page.moved", by=by, page=page, before=old, after=page.slug)
    freshness.stale(f"page:{page.pk}")


@transaction.atomic
def add_redirect(*, by, kind: str, slug: str, page) -> Redirect:
    """Let an old address of this kind lead to a page for good.

    Refused where a page stands, where it leads somewhere already, and for kinds unknown.
    """
    roles.require(by, "redirect.edit")
    page = locked(page.pk)
    if kind not in registry.kinds:
        raise WrongState(gettext("There is no kind of page called “%(kind)s”.") % {"kind": kind})
    if standing := Page.objects.filter(kind=kind, slug=slug).first():
        what = "itself" if standing.pk == page.pk else f"“{standing}”"
        raise WrongState(
            gettext(
                "The page %(what)s stands at “%(slug)s”, so that address cannot lead elsewhere."
            )
            % {"what": what, "slug": slug}
        )
    if there := Redirect.objects.filter(kind=kind, slug=slug).select_related("page").first():
        raise WrongState(
            gettext("“%(slug)s” leads to “%(page)s” already. Change that entry instead.")
            % {"slug": slug, "page": there.page}
        )
    redirect = _make(kind, slug, page, by)
    audit.record("redirect.added", by=by, page=page, kind=kind, slug=slug)
    return redirect


@transaction.atomic
def point_redirect(redirect, *, by, page) -> Redirect:
    """Let an old address lead to another page from now on."""
    roles.require(by, "redirect.edit")
    redirect = Redirect.objects.select_for_update().get(pk=redirect.pk)
    before, redirect.page = redirect.page, page
    redirect.save(update_fields=["page"])
    audit.record(
        "redirect.changed",
        by=by,
        page=page,
        kind=redirect.kind,
        slug=redirect.slug,
        before=before.pk,
    )
    return redirect


@transaction.atomic
def hand_over(redirect, *, by, reason: str) -> None:
    """Free an old address, so that another page can have it. Links from outside will break."""
    roles.require(by, "redirect.edit")
    redirect = Redirect.objects.select_for_update().select_related("page").get(pk=redirect.pk)
    reason = given(reason, gettext("Say why the old address is given up; links to it will break."))
    audit.record(
        "redirect.handed_over",
        by=by,
        page=redirect.page,
        kind=redirect.kind,
        slug=redirect.slug,
        reason=reason,
    )
    redirect.delete()


def _make(kind, slug, page, by) -> Redirect:
    return Redirect.objects.create(
        kind=kind, slug=slug, page_id=page.pk, made_by_name=by.display_name if by else "the system"
    )
