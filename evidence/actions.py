"""Everything that writes sources and their notices. (Merging two sources: merging.py.)"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from editorial import audit, freshness, roles
from editorial.errors import WrongState

from . import identifiers
from .models import Acknowledgement, Notice, Source

_STANDING = {
    Notice.Kind.RETRACTION: Source.Standing.RETRACTED,
    Notice.Kind.CONCERN: Source.Standing.CONCERN,
    Notice.Kind.CORRECTION: Source.Standing.CORRECTED,
    Notice.Kind.REINSTATEMENT: Source.Standing.SOUND,
}
_SOFT = (Notice.Kind.CONCERN, Notice.Kind.CORRECTION)
_STANDING_OF_SOFT = (Source.Standing.CONCERN, Source.Standing.CORRECTED)
_standing_listeners = []
_acknowledgement_listeners = []


def on_standing_changed(function):
    """Register `function(source, by)`, called in the transaction that changed a standing, and
    when a further concern or correction was recorded; it may be called with nothing new."""
    if function not in _standing_listeners:
        _standing_listeners.append(function)
    return function


def on_acknowledged(function):
    """Register `function(page, source, by)`, called in the transaction in which a page's citation
    of a retracted source was acknowledged, or no longer is."""
    if function not in _acknowledgement_listeners:
        _acknowledgement_listeners.append(function)
    return function


def tell_standing(source, by) -> None:
    """Tell the rooms that what this source is worth has changed, or whose it is."""
    for listener in _standing_listeners:
        listener(source, by)


@transaction.atomic
def save_source(*, by, key: str, about=None, **fields) -> Source:
    """Create the source of this key or write these fields to it, identifiers in normal form.

    `about` are the pages of its conditions and therapies; None leaves them as they are. Nothing
    is written, and no event recorded, when nothing differs. Raises ValidationError, NotAllowed.
    """
    roles.require(by, "source.edit")
    source = Source.objects.select_for_update().filter(key=key).first() or Source(key=key)
    _require_unmerged(source)
    fields["doi"] = identifiers.normal_doi(fields.get("doi", source.doi))
    fields["pmid"] = identifiers.normal_pmid(fields.get("pmid", source.pmid))
    fields["nct"] = identifiers.normal_nct(fields.get("nct", source.nct))
    changed = [name for name, value in fields.items() if getattr(source, name) != value]
    is_new = source.pk is None
    if is_new or changed:
        for name in changed:
            setattr(source, name, fields[name])
        source.full_clean()
        source.save()
    if about is not None and _set_about(source, about):
        changed.append("about")
    if not is_new and not changed:
        return source
    verb = "source.created" if is_new else "source.changed"
    audit.record(verb, by=by, subject=f"source {key}", fields=sorted(changed))
    freshness.stale(f"source:{source.pk}", "list:source")
    return source


def _set_about(source, pages) -> bool:
    """Write what the source is about; whether that changed it."""
    pages = list(pages)
    if odd := next((p for p in pages if p.kind not in ("condition", "therapy")), None):
        raise ValidationError(
            gettext("“%(odd)s” is neither a condition nor a therapy.") % {"odd": odd}
        )
    wanted = {page.pk for page in pages}
    if wanted == set(source.about.values_list("pk", flat=True)):
        return False
    source.about.set(wanted)
    return True


def _require_unmerged(source) -> None:
    if source.merged_into_id:
        raise WrongState(
            gettext("“%(key)s” was merged into “%(key_2)s”. Edit that source.")
            % {"key": source.key, "key_2": source.merged_into.key}
        )


def record_notice(
    source, *, by, kind: str, date=None, date_text="", doi=None, reason="", checked=""
):
    """Record a notice about a source and let its standing follow. Returns (notice, is_new).

    The latest retraction or reinstatement decides; a correction never lifts a retraction. Doing
    it twice changes nothing. Raises ValidationError (older than its paper), NotAllowed.
    """
    roles.require(by, "notice.record")
    return _record(source, by, kind, date, date_text, doi, reason, checked)


def record_notice_looked_up(source, *, by, kind: str, date=None, doi=None, checked=""):
    """As `record_notice`, for what a registry itself says of a paper that was looked up: whoever
    may add the paper brings its notices along, lest a retracted one look sound."""
    roles.require(by, "source.edit")
    return _record(source, by, kind, date, "", doi, "", checked)


@transaction.atomic
def _record(source, by, kind, date, date_text, doi, reason, checked):
    source = Source.objects.select_for_update().get(pk=source.pk)
    _require_unmerged(source)
    date_text = date_text or (date.isoformat() if date else "")
    if date and source.year and date.year < source.year:
        raise ValidationError(
            gettext("The notice is dated %(date)s, before its paper (%(year)s).")
            % {"date": f"{date:%Y}", "year": source.year}
        )
    notice, is_new = Notice.objects.get_or_create(
        source=source,
        kind=Notice.Kind(kind),
        date_text=date_text,
        defaults={
            "date": date,
            "doi": identifiers.normal_doi(doi),
            "reason": reason,
            "checked": checked,
        },
    )
    if is_new:
        audit.record("notice.recorded", by=by, subject=f"source {source.key}", kind=kind)
        freshness.stale(f"source:{source.pk}", "list:source")
        # A second correction is news to whoever decided after the first.
        if update_standing(source) or (kind in _SOFT and source.standing in _STANDING_OF_SOFT):
            tell_standing(source, by)
    return notice, is_new


def update_standing(source) -> bool:
    """Let a locked source's standing follow its notices; whether that changed it."""
    # The text of the date sorts as the date does, and stands where only a year is known.
    standing = standing_after(list(source.notices.order_by("date_text", "pk")))
    if standing == source.standing:
        return False
    source.standing = standing
    source.save(update_fields=["standing"])
    return True


def standing_after(notices: list[Notice]) -> str:
    """The standing that these notices, in order of date, leave a source with."""
    strong = (Notice.Kind.RETRACTION, Notice.Kind.REINSTATEMENT)
    last_strong = next((n for n in reversed(notices) if n.kind in strong), None)
    if last_strong and last_strong.kind == Notice.Kind.RETRACTION:
        return Source.Standing.RETRACTED
    later = notices[notices.index(last_strong) + 1 :] if last_strong else notices
    kinds = {n.kind for n in later}
    for kind in (Notice.Kind.CONCERN, Notice.Kind.CORRECTION):
        if kind in kinds:
            return _STANDING[kind]
    return Source.Standing.SOUND


@transaction.atomic
def acknowledge(page, source, *, by, reason: str) -> Acknowledgement:
    """Say that a page cites a retracted source on purpose, and why; readers see the reason.

    The citation then neither supports its sentence nor stops publication. Saying the same again
    changes nothing. Raises WrongState (not retracted, no reason), NotAllowed.
    """
    roles.require(by, "source.acknowledge")
    source = Source.objects.select_for_update().get(pk=source.pk)
    reason = " ".join(reason.split())
    if not source.is_retracted:
        raise WrongState(
            gettext("%(label)s is not retracted, so there is nothing to acknowledge.")
            % {"label": source.label}
        )
    if not reason:
        raise WrongState(gettext("Say why the page cites a retracted paper; readers see this."))
    found, is_new = Acknowledgement.objects.get_or_create(
        page=page,
        source=source,
        defaults={"reason": reason, "made_by": by, "made_by_name": by.display_name},
    )
    if not is_new and found.reason == reason:
        return found
    found.reason, found.made_by, found.made_by_name = reason, by, by.display_name
    found.save(update_fields=["reason", "made_by", "made_by_name"])
    _tell_acknowledged("source.acknowledged", page, source, by, reason=reason)
    return found


@transaction.atomic
def take_back_acknowledgement(acknowledgement, *, by) -> None:
    """The page must no longer cite the retracted source: its claims and the gate hold again."""
    roles.require(by, "source.acknowledge")
    found = Acknowledgement.objects.select_for_update().filter(pk=acknowledgement.pk)
    row = found.select_related("page", "source").first()
    if row is None:
        raise WrongState(gettext("It was taken back already."))
    row.delete()
    _tell_acknowledged("source.acknowledgement_taken_back", row.page, row.source, by)


def _tell_acknowledged(verb, page, source, by, **data) -> None:
    audit.record(verb, by=by, page=page, subject=f"source {source.key}", **data)
    freshness.stale(f"page:{page.pk}", f"source:{source.pk}")
    for listener in _acknowledgement_listeners:
        listener(page, source, by)
