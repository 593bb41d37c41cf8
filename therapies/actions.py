"""Everything that writes an assessment. (Condition and therapy pages go through editorial.)"""

from django.core.exceptions import ValidationError
from django.db import transaction

from editorial import audit, roles

from .models import Assessment

_listeners = []
WORDS = ("certainty", "stage", "summary", "note")


def on_assessment_changed(function):
    """Register `function(assessment, before, by)`; `before` is the old certainty or None."""
    if function not in _listeners:
        _listeners.append(function)
    return function


@transaction.atomic
def assess(*, by, therapy, condition, sources, **words) -> Assessment:
    """Write what the evidence says of this pair; `words` are certainty, stage, summary, note.

    An assessment rests on at least one source, none retracted. Saving the same again changes
    nothing. Raises ValidationError, NotAllowed.
    """
    roles.require(by, "assessment.edit")
    sources = sorted(sources, key=lambda s: s.pk)
    if not sources:
        raise ValidationError("An assessment rests on at least one source. Name it.")
    for source in sources:
        if source.is_retracted:
            raise ValidationError(f"{source.label} was retracted and can support nothing.")
    found = Assessment.objects.select_for_update().filter(therapy=therapy, condition=condition)
    assessment = found.first() or Assessment(therapy=therapy, condition=condition)
    is_new = assessment.pk is None
    before = None if is_new else assessment.certainty
    changed = [name for name in WORDS if getattr(assessment, name) != words.get(name, "")]
    rests_on = [] if is_new else sorted(assessment.sources.values_list("pk", flat=True))
    if not is_new and not changed and rests_on == [s.pk for s in sources]:
        return assessment
    for name in WORDS:
        setattr(assessment, name, words.get(name, ""))
    assessment.full_clean()
    assessment.save()
    assessment.sources.set(sources)
    audit.record(
        "assessment.created" if is_new else "assessment.changed",
        by=by,
        subject=f"{therapy.slug} × {condition.slug}",
        certainty=assessment.certainty,
        before=before,
        sources=[s.key for s in sources],
    )
    for listener in _listeners:
        listener(assessment, before, by)
    return assessment
