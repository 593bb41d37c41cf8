"""What moderators do with what waits, short of deciding it: take, put back, note, hand on."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit, mail, roles
from editorial.errors import WrongState
from editorial.models import User
from editorial.roles import Role

from .models import Claim, ClaimNote, QueueItem, QueuePreference

HELD_FOR = timedelta(minutes=15)


def holder_of(item, now=None) -> str:
    """The name of whoever is at an item now; empty when nobody is, or their time ran out."""
    now = now or timezone.now()
    return item.claimed_by_name if item.claimed_until and item.claimed_until > now else ""


def require_free(item, by) -> None:
    """Raise WrongState when a colleague is at this item."""
    if holder_of(item) and item.claimed_by_id != by.pk:
        until = timezone.localtime(item.claimed_until)
        raise WrongState(
            gettext(
                "%(claimed_by_name)s is at this claim until %(until)s. Take another one, "
                "or wait until then: it is free again by itself."
            )
            % {"claimed_by_name": item.claimed_by_name, "until": f"{until:%H:%M}"}
        )


@transaction.atomic
def take(claim, *, by) -> QueueItem:
    """Keep an item for oneself for fifteen minutes; asked again, fifteen more.

    Raises WrongState when it does not wait any more or a colleague is at it.
    """
    roles.require(by, "flag.decide")
    item = _locked(claim)
    require_free(item, by)
    item.claimed_by, item.claimed_by_name = by, by.display_name
    item.claimed_until = timezone.now() + HELD_FOR
    item.save(update_fields=["claimed_by", "claimed_by_name", "claimed_until"])
    return item


@transaction.atomic
def put_back(claim, *, by) -> QueueItem:
    """Give up an item that one had taken."""
    item = _locked(claim)
    require_free(item, by)
    item.claimed_by, item.claimed_by_name, item.claimed_until = None, "", None
    item.save(update_fields=["claimed_by", "claimed_by_name", "claimed_until"])
    return item


def _locked(claim) -> QueueItem:
    item = QueueItem.objects.select_for_update().filter(claim=claim.pk).first()
    if item is None:
        raise WrongState(
            gettext("This claim does not wait any more; a colleague may have decided it.")
        )
    return item


@transaction.atomic
def note(claim, *, by, text: str) -> ClaimNote:
    """Say something about a claim to other staff; readers never see it."""
    roles.require(by, "claim.note")
    return keep_note(claim, by, text)


@transaction.atomic
def escalate(claim, *, by, text: str) -> ClaimNote:
    """Hand a claim to the editors and administrators, who get a letter; it stays in the queue.

    Raises WrongState without a question, or when it does not wait.
    """
    roles.require(by, "flag.decide")
    item = _locked(claim)
    require_free(item, by)
    kept = keep_note(claim, by, text, ClaimNote.Kind.ESCALATION)
    item.escalated_at, item.escalated_by_name = kept.at, by.display_name
    item.claimed_by, item.claimed_by_name, item.claimed_until = None, "", None
    item.save(
        update_fields=[
            "escalated_at",
            "escalated_by_name",
            "claimed_by",
            "claimed_by_name",
            "claimed_until",
        ]
    )
    people = User.objects.filter(groups__name__in=[Role.EDITOR, Role.ADMINISTRATOR]).distinct()
    mail.tell(
        people.exclude(pk=by.pk),
        subject=gettext("A claim needs your advice"),
        text=gettext(
            "%(display_name)s asks about a sentence of “%(page)s”:\n\n“%(sentence)s”\n\n%(text)s"
        )
        % {
            "display_name": by.display_name,
            "page": claim.page,
            "sentence": claim.sentence,
            "text": kept.text,
        },
        path=reverse("admin:moderation-claim", args=[claim.pk]),
    )
    return kept


def keep_note(claim, by, text, kind=ClaimNote.Kind.NOTE, by_name="") -> ClaimNote:
    """Keep a note; whoever calls it has asked whether this person may. `by_name` names somebody
    whose account may be gone."""
    text = (text or "").strip()
    if not text:
        raise WrongState(gettext("Write a word or two; an empty note helps nobody."))
    claim = Claim.objects.select_related("page").get(pk=claim.pk)
    kept = ClaimNote.objects.create(
        claim=claim, kind=kind, text=text, by=by, by_name=by_name or by.display_name
    )
    verb = "claim.escalated" if kind == ClaimNote.Kind.ESCALATION else "claim.noted"
    audit.record(verb, by=by, page=claim.page, subject=claim, claim=claim.pk, note=kept.pk)
    return kept


def keys_on(user) -> bool:
    """Whether this person wants the keys of the queue; on unless they said otherwise."""
    wanted = QueuePreference.objects.filter(person=user.pk).values_list("keys_on", flat=True)
    return wanted.first() is not False


@transaction.atomic
def switch_keys(*, by, on: bool) -> None:
    """Turn the keys of the queue on or off for oneself."""
    QueuePreference.objects.update_or_create(person=by, defaults={"keys_on": on})
