"""What an assessment rests on now, when a source it was judged from is retracted or reinstated."""

from django.db.models import Q

from editorial import audit, freshness

from .models import Assessment
from .words import Footing

_listeners = []


def on_footing_changed(function):
    """Register `function(assessment, before, by)`, called in the transaction that changed what
    an assessment rests on; `before` is its old footing."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def footing(sources) -> str:
    """What is left to rest on: all of these sources, some, or none that stands."""
    fallen = sum(source.is_retracted for source in sources)
    if not fallen:
        return Footing.SOUND
    return Footing.NOTHING if fallen == len(sources) else Footing.PARTLY


def standing_changed(source, by) -> None:
    """Let every assessment that names this source say what it rests on now.

    Part of the transaction that recorded the notice.
    """
    concerned = Assessment.objects.filter(sources=source).select_for_update()
    for assessment in concerned.prefetch_related("sources"):
        before, now = assessment.footing, footing(assessment.sources.all())
        if now == before:
            continue
        assessment.footing = now
        assessment.save(update_fields=["footing", "updated_at"])
        subject = f"{assessment.therapy.slug} × {assessment.condition.slug}"
        audit.record(
            "assessment.footing_changed",
            by=by,
            subject=subject,
            before=before,
            now=now,
            source=source.key,
        )
        say_stale(assessment)
        for listener in _listeners:
            listener(assessment, before, by)


def say_stale(assessment, sources=()) -> None:
    """Tell the page cache that this cell, its two pages, the map and the pages of these sources
    (primary keys), which name what was judged from them, show something new."""
    freshness.stale(
        *freshness.keys_of("source", sources),
        f"assessment:{assessment.pk}",
        f"page:{assessment.therapy_id}",
        f"page:{assessment.condition_id}",
        "list:assessment",
    )


def pages_changed(changes) -> None:
    """Conditions and therapies that readers see, or see no more, stand on the pages of all that
    is assessed together with them."""
    pks = [change.page.pk for change in changes]
    pairs = Assessment.objects.filter(Q(therapy__in=pks) | Q(condition__in=pks))
    rows = list(pairs.values_list("pk", "therapy", "condition"))
    if rows:
        freshness.stale(
            "list:assessment",
            *freshness.keys_of("assessment", [row[0] for row in rows]),
            *freshness.keys_of("page", {pk for row in rows for pk in row[1:]}),
        )
