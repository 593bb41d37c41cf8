"""One table: every state a text can be in, every action, every role; and what becomes of it.

`TABLE` says from which states each action is possible and who may do it. Every other cell of
state × action × role must be refused and change nothing at all.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from editorial import actions, audit
from editorial.errors import NotAllowed, Refused
from editorial.models import Appointment, Event, Page, Revision
from tests import factories

pytestmark = pytest.mark.django_db

ROLES = ["author", "editor", "reviewer", "moderator", "admin", "outsider"]
# Beside them a stranger: an author, but not of this page.
ALL_STATES = [
    "draft",
    "in_review",
    "taken",
    "changes_requested",
    "approved",
    "scheduled",
    "published",
    "comes_down",
    "superseded",
    "withdrawn",
]


def in_state(state, people):
    """A revision of the author's in this state, made by the actions."""
    if state == "draft":
        return factories.draft()
    if state in ("in_review", "taken", "changes_requested"):
        revision = factories.submitted()
        if state == "taken":
            return actions.take_review(revision, by=people.reviewer)
        if state == "changes_requested":
            return actions.request_changes(revision, by=people.editor, reason="Cite it.")
        return revision
    revision = factories.approved()
    if state == "scheduled":
        return actions.schedule(revision, by=people.editor, at=tomorrow())
    if state == "superseded":
        factories.draft(page=revision.page, title="Newer")
    elif state in ("published", "comes_down", "withdrawn"):
        page = actions.publish(revision, by=people.editor)
        if state == "comes_down":
            actions.schedule_withdrawal(
                page.live_revision, by=people.editor, at=tomorrow(), reason="Out of date."
            )
        elif state == "withdrawn":
            actions.withdraw(page, by=people.editor, reason="Out of date.")
    return Revision.objects.get(pk=revision.pk)


def tomorrow():
    return timezone.now() + timedelta(days=1)


def appointment(revision):
    """The waiting one, or one that the database never saw: then the action finds nothing."""
    return revision.appointments.waiting().first() or Appointment(revision=revision)


@dataclass(frozen=True)
class Row:
    """`do(revision, by)`, the states from which it can be done, who may, the state it leads to."""

    do: object
    states: set
    who: set
    leads_to: str | None


EDITORS = {"editor", "admin"}
PUBLIC = {"published", "comes_down"}

TABLE = {
    "save": Row(
        lambda r, by: actions.save_draft(
            kind="article", content=factories.content(), by=by, page=r.page
        ),
        set(ALL_STATES),
        {"author", *EDITORS},
        None,
    ),
    "submit": Row(
        lambda r, by: actions.submit(r, by=by), {"draft"}, {"author", *EDITORS}, "in_review"
    ),
    "assign": Row(
        lambda r, by: actions.assign(r, by=by, reviewer=factories.people().reviewer),
        {"in_review", "taken"},
        EDITORS,
        "in_review",
    ),
    "take": Row(
        lambda r, by: actions.take_review(r, by=by), {"in_review"}, {"reviewer"}, "in_review"
    ),
    "release": Row(
        lambda r, by: actions.release_review(r, by=by),
        {"taken"},
        {"reviewer", *EDITORS},
        "in_review",
    ),
    "request_changes": Row(
        lambda r, by: actions.request_changes(r, by=by, reason="Cite the trial."),
        {"in_review", "taken", "approved", "scheduled"},
        {"reviewer", *EDITORS},
        "changes_requested",
    ),
    "approve": Row(
        lambda r, by: actions.approve(r, by=by), {"in_review", "taken"}, {"reviewer"}, "approved"
    ),
    "publish": Row(
        lambda r, by: actions.publish(r, by=by),
        {"approved", "scheduled"},
        {"reviewer", *EDITORS},
        "published",
    ),
    "override": Row(
        lambda r, by: actions.publish_override(r, by=by, reason="Published elsewhere."),
        {"draft"},
        {"admin"},
        "published",
    ),
    "schedule": Row(
        lambda r, by: actions.schedule(r, by=by, at=tomorrow()),
        {"approved", "scheduled"},
        EDITORS,
        "approved",
    ),
    "schedule_withdrawal": Row(
        lambda r, by: actions.schedule_withdrawal(r, by=by, at=tomorrow(), reason="Old."),
        PUBLIC,
        EDITORS,
        "published",
    ),
    "move_schedule": Row(
        lambda r, by: actions.move_schedule(appointment(r), by=by, at=tomorrow()),
        {"scheduled", "comes_down"},
        EDITORS,
        None,
    ),
    "cancel_schedule": Row(
        lambda r, by: actions.cancel_schedule(appointment(r), by=by),
        {"scheduled", "comes_down"},
        EDITORS,
        None,
    ),
    "withdraw": Row(
        lambda r, by: actions.withdraw(r.page, by=by, reason="Out of date."),
        PUBLIC,
        {"moderator", *EDITORS},
        "superseded",
    ),
    "confirm_review": Row(
        lambda r, by: actions.confirm_review(r.page, by=by, note="Read it again."),
        PUBLIC,
        {"reviewer"},
        "published",
    ),
    "set_review_due": Row(
        lambda r, by: actions.set_review_due(r.page, by=by, on=timezone.localdate()),
        PUBLIC,
        {"reviewer", *EDITORS},
        "published",
    ),
    "set_owner": Row(
        lambda r, by: actions.set_owner(r.page, by=by, owner=factories.people().editor),
        set(ALL_STATES),
        EDITORS,
        None,
    ),
    "restore": Row(
        lambda r, by: actions.restore(first_of(r.page), by=by),
        {"superseded", "withdrawn"},
        {"author", *EDITORS},
        None,
    ),
}


def first_of(page):
    return page.revisions.order_by("number").first()


def everything():
    """All that an action could change, to compare."""
    return (
        list(Revision.objects.order_by("pk").values_list("pk", "state", "digest", "scheduled_at")),
        list(Page.objects.order_by("pk").values_list("pk", "status", "slug", "review_due")),
        list(Appointment.objects.order_by("pk").values_list("pk", "state", "at")),
        Event.objects.count(),
    )


@pytest.mark.parametrize("state", ALL_STATES)
def test_every_action_by_every_role(people, state, subtests):
    cast = {name: getattr(people, name) for name in ROLES}
    cast["stranger"] = factories.person("stranger", "author")
    revision = in_state(state, people)
    before = everything()
    for action, row in TABLE.items():
        for name, who in cast.items():
            with subtests.test(action=action, who=name), transaction.atomic():
                if state in row.states and name in row.who:
                    is_done(row, revision, who)
                else:
                    is_refused(row, revision, who, state)
                    assert everything() == before
                transaction.set_rollback(True)


def is_done(row, revision, who):
    row.do(revision, who)
    now = Revision.objects.get(pk=revision.pk)
    assert row.leads_to in (None, now.state)
    assert Event.objects.first().actor_name == who.display_name
    assert audit.first_broken_event() is None


def is_refused(row, revision, who, state):
    with pytest.raises((Refused, Appointment.DoesNotExist)) as refused:
        row.do(revision, who)
    if state in row.states:
        assert refused.type is NotAllowed
    if refused.type is not Appointment.DoesNotExist:
        assert str(refused.value).endswith(".")


def test_the_table_knows_every_action():
    not_of_a_revision = {
        "NewPage",
        "Override",
        "add_redirect",
        "begin_pages",
        "climb_ladder",
        "declare_interest",
        "end_interest",
        "hand_over",
        "point_redirect",
        "publish_overrides",
        "set_policy",
        "spread_reviews",
        "tell_rooms",
    }
    named = {
        "save": "save_draft",
        "take": "take_review",
        "release": "release_review",
        "override": "publish_override",
    }
    assert {named.get(name, name) for name in TABLE} | not_of_a_revision == set(actions.__all__)
