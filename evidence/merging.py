"""Two records of one paper become one. The texts keep their keys: both name the same source now."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from editorial import audit, freshness, roles
from editorial.errors import WrongState
from editorial.models import Page

from .actions import tell_standing, update_standing
from .models import Source

IDENTIFIERS = ("doi", "pmid", "nct")
# What the source that stays takes over where it has nothing itself.
TAKEN_OVER = (
    *IDENTIFIERS, "authors", "journal", "year", "citation", "url", "design", "participants",
    "finding", "direction", "comparator", "outcome", "funding", "interests", "free_url",
)  # fmt: skip


@transaction.atomic
def merge_sources(stays, goes, *, by, reason: str) -> Source:
    """Let one source take the place of another record of the same paper, everywhere.

    It takes over the citations, claims, decisions, assessments and notices, and whatever it
    lacks itself. The other record stays only as a name: texts that cite its key cite the one
    that stays. Raises ValidationError when their identifiers say that they are two papers,
    WrongState, NotAllowed.
    """
    roles.require(by, "source.merge")
    locked = Source.objects.select_for_update().in_bulk([stays.pk, goes.pk])
    stays, goes = locked[stays.pk], locked[goes.pk]
    _require_mergeable(stays, goes, reason)
    # What a claim rests on is told where its live text cites it, by either record.
    citing = Page.objects.filter(live_revision__cited__source__in=[stays, goes])
    pages = set(citing.values_list("pk", flat=True))
    taken = _take_over(stays, goes)
    moved = {name: n for name, n in _move_rows(stays, goes).items() if n}
    audit.record(
        "source.merged",
        by=by,
        subject=f"source {stays.key}",
        gone=goes.key,
        reason=reason.strip(),
        fields=taken,
        moved=moved,
    )
    update_standing(stays)
    # Claims of either may rest on the other's notices now, also where the standing is the same.
    tell_standing(stays, by)
    freshness.stale(
        f"source:{stays.pk}", f"source:{goes.pk}", "list:source", *freshness.keys_of("page", pages)
    )
    return stays


def _require_mergeable(stays, goes, reason: str) -> None:
    if stays.pk == goes.pk:
        raise WrongState(gettext("This is the same source. Choose the other record of the paper."))
    for source in (stays, goes):
        if source.merged_into_id:
            raise WrongState(
                gettext("“%(key)s” was merged into another source already.") % {"key": source.key}
            )
    if not reason.strip():
        raise WrongState(gettext("Say how you know that both are one paper; the log keeps it."))
    for name in IDENTIFIERS[:2]:
        one, other = getattr(stays, name), getattr(goes, name)
        if one and other and one != other:
            raise ValidationError(
                gettext(
                    "These are two papers: %(upper)s %(one)s is “%(title)s”, %(upper)s "
                    "%(other)s is “%(title_2)s”. Correct the wrong identifier first."
                )
                % {
                    "upper": name.upper(),
                    "one": one,
                    "title": stays.title,
                    "other": other,
                    "title_2": goes.title,
                }
            )


def _take_over(stays, goes) -> list[str]:
    """What the one lacks it takes from the other, which gives up its identifiers."""
    lacking = [n for n in TAKEN_OVER if not getattr(stays, n) and getattr(goes, n)]
    if stays.title_is_description and not goes.title_is_description:
        lacking += ["title", "title_is_description"]
    values = {name: getattr(goes, name) for name in lacking}
    other_ids = list(dict.fromkeys([*stays.other_ids, *goes.other_ids]))
    goes.doi = goes.pmid = None
    goes.merged_into, goes.standing = stays, Source.Standing.SOUND
    goes.save(update_fields=["doi", "pmid", "merged_into", "standing"])
    for name, value in values.items():
        setattr(stays, name, value)
    stays.other_ids = other_ids
    stays.full_clean()
    stays.save(update_fields=[*lacking, "other_ids"])
    return lacking


def _move_rows(stays, goes) -> dict[str, int]:
    """Point every row of every room that points to the one at the other: {table: rows}.

    A row that would then stand there twice goes.
    """
    moved = {}
    for relation in Source._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many and relation.auto_created):
            continue
        model, name = relation.related_model, relation.field.name
        rows = model._default_manager.filter(**{name: goes})
        if model is Source:
            rows = rows.exclude(pk=goes.pk)
        for row in rows:
            moved[model._meta.db_table] = moved.get(model._meta.db_table, 0) + 1
            _move(model, row, name, stays)
    return moved


def _move(model, row, name: str, stays) -> None:
    found = model._default_manager.filter(pk=row.pk)
    if _has_twin(model, row, name, stays):
        _keep_confirmation(model, row, name, stays)
        found.delete()
    else:
        found.update(**{name: stays})


def _has_twin(model, row, name: str, stays) -> bool:
    """Whether a row that says the same of the one that stays is there already."""
    unique = [constraint.fields for constraint in model._meta.total_unique_constraints]
    unique += model._meta.unique_together
    for fields in unique:
        if name in fields:
            same = {field: getattr(row, field) for field in fields if field != name}
            if model._default_manager.filter(**same, **{name: stays}).exists():
                return True
    return False


def _keep_confirmation(model, row, name: str, stays) -> None:
    """A person's word that a claim rests on this paper outlasts the row that goes."""
    if not getattr(row, "confirmed_at", None):
        return
    twin = model._default_manager.filter(**{name: stays}, claim=row.claim, confirmed_at=None)
    fields = [f.attname for f in model._meta.concrete_fields if not f.primary_key]
    said = {field: getattr(row, field) for field in fields if field != f"{name}_id"}
    twin.update(**said)
