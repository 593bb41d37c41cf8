"""Everything that writes to the evidence base."""

from django.core.exceptions import ValidationError
from django.db import transaction

from editorial import audit, roles

from . import identifiers
from .models import Notice, Source

_STANDING = {
    Notice.Kind.RETRACTION: Source.Standing.RETRACTED,
    Notice.Kind.CONCERN: Source.Standing.CONCERN,
    Notice.Kind.CORRECTION: Source.Standing.CORRECTED,
    Notice.Kind.REINSTATEMENT: Source.Standing.SOUND,
}
_standing_listeners = []


def on_standing_changed(function):
    """Register `function(source, by)`, called in the transaction that changed a standing."""
    if function not in _standing_listeners:
        _standing_listeners.append(function)
    return function


@transaction.atomic
def save_source(*, by, key: str, **fields) -> Source:
    """Create the source of this key or write these fields to it, identifiers in normal form.

    Nothing is written, and no event recorded, when nothing differs. Raises ValidationError,
    NotAllowed.
    """
    roles.require(by, "source.edit")
    source = Source.objects.select_for_update().filter(key=key).first() or Source(key=key)
    fields["doi"] = identifiers.normal_doi(fields.get("doi", source.doi))
    fields["pmid"] = identifiers.normal_pmid(fields.get("pmid", source.pmid))
    fields["nct"] = identifiers.normal_nct(fields.get("nct", source.nct))
    changed = [name for name, value in fields.items() if getattr(source, name) != value]
    if source.pk and not changed:
        return source
    for name in changed:
        setattr(source, name, fields[name])
    source.full_clean()
    is_new = source.pk is None
    source.save()
    verb = "source.created" if is_new else "source.changed"
    audit.record(verb, by=by, subject=f"source {key}", fields=sorted(changed))
    return source


@transaction.atomic
def record_notice(
    source, *, by, kind: str, date=None, date_text="", doi=None, reason="", checked=""
):
    """Record a notice about a source and let its standing follow. Returns (notice, is_new).

    The latest retraction or reinstatement decides; a correction never lifts a retraction. Doing
    it twice changes nothing.
    """
    roles.require(by, "notice.record")
    source = Source.objects.select_for_update().get(pk=source.pk)
    date_text = date_text or (date.isoformat() if date else "")
    if date and source.year and date.year < source.year:
        raise ValidationError(f"The notice is dated {date:%Y}, before its paper ({source.year}).")
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
        _update_standing(source, by)
    return notice, is_new


def _update_standing(source, by) -> None:
    # The text of the date sorts as the date does, and stands where only a year is known.
    standing = standing_after(list(source.notices.order_by("date_text", "pk")))
    if standing != source.standing:
        source.standing = standing
        source.save(update_fields=["standing"])
        for listener in _standing_listeners:
            listener(source, by)


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
