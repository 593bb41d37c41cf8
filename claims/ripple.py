"""When a source falls, the claims that rest on it reopen, on every page, at once."""

from editorial import audit

from .models import Claim, Flag
from .standing import lapse


def standing_changed(source, by) -> None:
    """Raise a blocking flag on each claim resting on a source now retracted; lapse them when it
    is reinstated. Part of the transaction that recorded the notice."""
    if source.is_retracted:
        for claim in Claim.objects.filter(sources=source).select_for_update():
            _reopen(claim, source, by)
    else:
        flags = Flag.objects.open().filter(source=source, origin=Flag.Origin.NOTICE)
        for flag in flags:
            lapse(flag)


def _reopen(claim, source, by) -> None:
    flag, is_new = Flag.objects.get_or_create(
        claim=claim,
        origin=Flag.Origin.NOTICE,
        state=Flag.State.OPEN,
        defaults={
            "severity": Flag.Severity.BLOCK,
            "reason": Flag.Reason.SOURCE_IN_DOUBT,
            "category": "RETRACTED",
            "explanation": f"{source.label} was retracted; the sentence rests on it.",
            "remedy": "Cite another source that supports it, or take the sentence out.",
            "source": source,
            "raised_by_name": "a notice",
        },
    )
    if is_new:
        claim.state = Claim.State.OPEN
        claim.save(update_fields=["state"])
        audit.record(
            "flag.raised", by=by, page=claim.page, subject=claim, flag=flag.pk, source=source.key
        )
