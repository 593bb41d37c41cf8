"""When a source falls, the claims that rest on it reopen, on every page, at once."""

from editorial import audit, freshness

from . import queueing
from .models import Anchor, Claim, Flag
from .standing import lapse


def standing_changed(source, by) -> None:
    """Raise a blocking flag on each claim resting on a source now retracted; lapse them when it
    is reinstated. Part of the transaction that recorded the notice."""
    if source.is_retracted:
        for claim in Claim.objects.filter(sources=source).select_for_update():
            _reopen(claim, source, by)
        claims = list(Claim.objects.filter(sources=source).values_list("pk", flat=True))
        queueing.refresh(claims)
        _tell_readers_pages(claims)
    else:
        flags = Flag.objects.open().filter(source=source, origin=Flag.Origin.NOTICE)
        claims = [flag.claim_id for flag in flags]
        for flag in flags:
            lapse(flag)
        queueing.refresh(claims)
        _tell_readers_pages(claims)


def _tell_readers_pages(claims) -> None:
    live = Anchor.objects.filter(claim__in=claims, revision__live_on__isnull=False)
    pages = freshness.keys_of("page", set(live.values_list("revision__page", flat=True)))
    freshness.stale(*freshness.keys_of("claim", claims), *pages, "list:claim")


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
