"""The steps of an assessment's way: written, approved; and a search that found nothing.

`assess` writes a draft version, `approve` makes it what readers see, `record_empty_search` notes
that evidence was looked for and none found. There is no other way in.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit, freshness, roles
from editorial.errors import NotAllowed, WrongState

from . import grade, resting
from .models import Assessment, AssessmentVersion, EmptySearch, Outcome
from .versions import State

REASONS = tuple(name for domain in grade.DOMAINS for name in (domain.field, domain.why))
WORDS = (
    "start",
    *REASONS,
    "direction",
    "stage",
    "summary",
    "note",
    "would_change",
    "basis",
    "searched_on",
    "searched_where",
)
FIGURES = (
    "axis",
    "what",
    "among",
    "with_therapy",
    "without_therapy",
    "compared_with",
    "over",
    "people",
    "studies",
    "certainty",
    "source",
)
_DEFAULTS = {field.name: field.get_default() for field in AssessmentVersion._meta.concrete_fields}
_FIGURE_DEFAULTS = {field.name: field.get_default() for field in Outcome._meta.concrete_fields}
_listeners = []


def on_assessment_changed(function):
    """Register `function(assessment, before, by)`, called when readers see another assessment;
    `before` is the old certainty or None."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def faults(words: dict, sources, outcomes=()) -> dict[str, str]:
    """Why an assessment may not be written so: a sentence for each field; empty when it may.

    `words` as for `assess`. The form and the action ask this, so that they say the same.
    """
    found = grade.faults(words.get("start", ""), words, words.get("certainty", ""))
    if not sources:
        found["sources"] = gettext("An assessment rests on at least one source. Name it.")
    for source in [*sources, *(row.get("source") for row in outcomes)]:
        if source and source.is_retracted:
            found["sources"] = gettext("%(label)s was retracted and can support nothing.") % {
                "label": source.label
            }
    on = words.get("searched_on")
    if on and on > timezone.localdate():
        found["searched_on"] = gettext("The last search cannot lie in the future.")
    return found


@transaction.atomic
def assess(*, by, therapy, condition, sources, outcomes=(), **words) -> AssessmentVersion:
    """Write a draft of what the evidence says of this pair; somebody else must approve it.

    `words` are those of `WORDS`; `certainty` may be given and must then be what follows from the
    start and the reasons. `outcomes` are dicts of `FIGURES`. Saving what stands already writes
    nothing. An older draft is superseded. Raises ValidationError, NotAllowed.
    """
    roles.require(by, "assessment.edit")
    sources = sorted(sources, key=lambda source: source.pk)
    if found := faults(words, sources, outcomes):
        raise ValidationError(list(found.values()))
    pair = {"therapy": therapy, "condition": condition}
    # The lock keeps two people from both writing the next version.
    type(therapy).objects.select_for_update().get(pk=therapy.pk)
    words = {name: words.get(name) or _DEFAULTS[name] for name in WORDS}
    words["certainty"] = grade.certainty(words["start"], words)
    rows = [_figures_of(row) for row in outcomes]
    earlier = AssessmentVersion.objects.filter(**pair)
    standing = earlier.exclude(state=State.SUPERSEDED).order_by("-number").first()
    if standing and _same(standing, words, sources, rows):
        return standing
    earlier.filter(state=State.DRAFT).update(state=State.SUPERSEDED)
    last = earlier.order_by("-number").values_list("number", flat=True).first() or 0
    version = AssessmentVersion(
        **pair, **words, number=last + 1, author=by, author_name=by.display_name
    )
    version.full_clean()
    version.save()
    version.sources.set(sources)
    _write_outcomes(version, rows)
    audit.record(
        "assessment.drafted",
        by=by,
        subject=_subject(version),
        version=version.number,
        certainty=version.certainty,
        sources=[source.key for source in sources],
    )
    return version


def _figures_of(row: dict) -> dict:
    """All of FIGURES; nobody at all (0) is a figure, and an empty cell is not."""
    values = {name: row.get(name) for name in FIGURES}
    return {n: _FIGURE_DEFAULTS[n] if v is None else v for n, v in values.items()}


def _write_outcomes(version, rows) -> None:
    outcomes = [Outcome(version=version, order=n, **row) for n, row in enumerate(rows, 1)]
    for outcome in outcomes:
        outcome.full_clean()
    Outcome.objects.bulk_create(outcomes)


def _same(version, words, sources, rows) -> bool:
    """Whether a version says exactly this already."""
    return (
        all(getattr(version, name) == value for name, value in words.items())
        and set(version.sources.all()) == set(sources)
        and figures(version) == sorted(rows, key=lambda row: row["axis"])
    )


def figures(version) -> list[dict]:
    """The outcomes of a version as `assess` takes them."""
    rows = version.outcomes.select_related("source")
    return [{name: getattr(row, name) for name in FIGURES} for row in rows]


@transaction.atomic
def approve(version, *, by) -> Assessment:
    """Make a draft what readers see. Nobody approves their own.

    Raises NotAllowed, WrongState, and ValidationError when a source fell meanwhile.
    """
    version = AssessmentVersion.objects.select_for_update().get(pk=version.pk)
    roles.require(by, "assessment.approve")
    if version.state != State.DRAFT:
        raise WrongState(
            gettext(
                "Version %(number)s is %(state)s; only a draft can be approved. Open the "
                "newest one."
            )
            % {"number": version.number, "state": version.get_state_display()}
        )
    if version.author_id == by.pk:
        raise NotAllowed(gettext("You wrote this assessment. Somebody else must approve it."))
    sources = list(version.sources.all())
    cited = [{"source": row.source} for row in version.outcomes.select_related("source")]
    if found := faults({name: getattr(version, name) for name in WORDS}, sources, cited):
        raise ValidationError(list(found.values()))
    pair = {"therapy_id": version.therapy_id, "condition_id": version.condition_id}
    AssessmentVersion.objects.filter(**pair, state=State.APPROVED).update(state=State.SUPERSEDED)
    version.state, version.approved_at = State.APPROVED, timezone.now()
    version.approved_by, version.approved_by_name = by, by.display_name
    version.save(update_fields=["state", "approved_at", "approved_by", "approved_by_name"])
    return _make_live(version, pair, sources, by)


def _make_live(version, pair, sources, by) -> Assessment:
    """Copy an approved version to the row that readers see; the one place that does."""
    assessment = Assessment.objects.select_for_update().filter(**pair).first()
    before = assessment.certainty if assessment else None
    rested_on = {*assessment.sources.values_list("pk", flat=True)} if assessment else set()
    assessment = assessment or Assessment(**pair)
    for name in ("certainty", "stage", "direction", "summary", "note"):
        setattr(assessment, name, getattr(version, name))
    harm = version.outcomes.filter(axis=Outcome.Axis.HARM).first()
    assessment.main_harm = harm.what if harm else ""
    assessment.version, assessment.footing = version, resting.footing(sources)
    assessment.save()
    assessment.sources.set(sources)
    audit.record(
        "assessment.changed" if before else "assessment.created",
        by=by,
        subject=_subject(version),
        version=version.number,
        certainty=assessment.certainty,
        before=before,
        sources=[source.key for source in sources],
    )
    resting.say_stale(assessment, rested_on | {source.pk for source in sources})
    for listener in _listeners:
        listener(assessment, before, by)
    return assessment


@transaction.atomic
def record_empty_search(*, by, therapy, condition, searched_on, searched_where, note=""):
    """Note that evidence was looked for and none was found. Twice the same changes nothing.

    A pair with an approved assessment has evidence; there the search belongs to the assessment.
    Raises ValidationError, NotAllowed, WrongState.
    """
    roles.require(by, "assessment.edit")
    pair = {"therapy": therapy, "condition": condition}
    if Assessment.objects.filter(**pair).exists():
        raise WrongState(
            gettext(
                "%(therapy)s for %(condition)s has an assessment. Write the search into that one."
            )
            % {"therapy": therapy, "condition": condition}
        )
    if searched_on > timezone.localdate():
        raise ValidationError(gettext("The search cannot lie in the future."))
    words = {"searched_where": searched_where.strip(), "note": note.strip()}
    standing = EmptySearch.objects.filter(**pair, searched_on=searched_on).first()
    if standing and all(getattr(standing, name) == value for name, value in words.items()):
        return standing
    search = EmptySearch(**pair, **words, searched_on=searched_on, recorded_by_name=by.display_name)
    search.full_clean()
    search.save()
    subject = f"{therapy.slug} × {condition.slug}"
    audit.record("search.found_nothing", by=by, subject=subject, on=searched_on.isoformat())
    freshness.stale(f"page:{therapy.pk}", f"page:{condition.pk}", "list:assessment")
    return search


def _subject(version) -> str:
    return f"{version.therapy.slug} × {version.condition.slug}"
