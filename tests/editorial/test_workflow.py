"""The way of a page: who may do what, from which state, and what the gate says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from editorial import actions, schedule
from editorial.errors import Blocked, NotAllowed, Refused, WrongState
from editorial.models import Event, Page, Revision
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_page_goes_from_draft_to_readers(people):
    revision = factories.draft(title="Living with lupus", tags=["daily life"])
    page = revision.page
    assert page.status == Page.Status.DRAFT and page.body == ""
    revision = actions.submit(revision, by=people.author)
    revision = actions.approve(revision, by=people.reviewer)
    page = actions.publish(revision, by=people.editor)
    page = Page.objects.get(pk=page.pk)
    assert page.is_published and page.live_revision.number == 1
    assert page.body == revision.content["body"]
    assert page.reviewed_by_name == people.reviewer.display_name
    assert [t.name for t in page.tags.all()] == ["daily life"]
    assert list(
        Event.objects.filter(page_id=page.pk).order_by("pk").values_list("verb", flat=True)
    ) == [
        "page.created",
        "revision.started",
        "revision.submitted",
        "revision.approved",
        "page.published",
    ]


# Who may do what


STEPS = {
    "submit": (factories.draft, lambda r, by: actions.submit(r, by=by)),
    "request_changes": (
        factories.submitted,
        lambda r, by: actions.request_changes(r, by=by, reason="Cite the trial."),
    ),
    "approve": (factories.submitted, lambda r, by: actions.approve(r, by=by)),
    "publish": (factories.approved, lambda r, by: actions.publish(r, by=by)),
    "override": (factories.draft, lambda r, by: actions.publish_override(r, by=by, reason="Old.")),
    "edit": (
        factories.draft,
        lambda r, by: actions.save_draft(
            kind="article", content=factories.content(), by=by, page=r.page
        ),
    ),
    "withdraw": (
        factories.approved,
        lambda r, by: actions.withdraw(
            actions.publish(r, by=factories.people().editor), by=by, reason="Out of date."
        ),
    ),
}
ALLOWED = {
    "submit": {"author", "editor", "admin"},
    "request_changes": {"editor", "reviewer", "admin"},
    "approve": {"reviewer"},
    "publish": {"editor", "reviewer", "admin"},
    "override": {"admin"},
    "edit": {"author", "editor", "admin"},
    "withdraw": {"editor", "moderator", "admin"},
}


@pytest.mark.parametrize("who", ["author", "editor", "reviewer", "moderator", "admin", "outsider"])
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_for_its_roles(people, step, who):
    make, take = STEPS[step]
    revision = make()
    events = Event.objects.count()
    if who in ALLOWED[step]:
        take(revision, getattr(people, who))
        assert Event.objects.count() > events
    else:
        with pytest.raises(NotAllowed):
            take(revision, getattr(people, who))


def test_an_author_cannot_edit_somebody_elses_page(people):
    page = factories.draft(by=people.editor).page
    with pytest.raises(NotAllowed):
        factories.draft(page=page, by=people.author)


def test_nobody_approves_a_text_with_words_of_their_own(people):
    both = factories.person("both", "author", "editor", "reviewer")
    page = factories.draft(by=both).page
    revision = factories.draft(page=page, by=people.editor)
    revision = actions.submit(revision, by=people.editor)
    with pytest.raises(NotAllowed, match="wrote part"):
        actions.approve(revision, by=both)


def test_an_inactive_person_may_nothing(people):
    people.author.is_active = False
    with pytest.raises(NotAllowed):
        factories.draft(by=people.author)


# States


MOVES = {
    "submit": lambda r, p: actions.submit(r, by=p.author),
    "request_changes": lambda r, p: actions.request_changes(r, by=p.editor, reason="Cite it."),
    "approve": lambda r, p: actions.approve(r, by=p.reviewer),
    "publish": lambda r, p: actions.publish(r, by=p.editor),
    "override": lambda r, p: actions.publish_override(r, by=p.admin, reason="Old."),
}
POSSIBLE = {
    "draft": {"submit", "override"},
    "in_review": {"request_changes", "approve"},
    "changes_requested": set(),
    "approved": {"request_changes", "publish"},
    "published": set(),
    "superseded": set(),
}


def _in_state(state, people):
    if state == "draft":
        return factories.draft()
    if state == "in_review":
        return factories.submitted()
    if state == "changes_requested":
        return actions.request_changes(factories.submitted(), by=people.editor, reason="Cite it.")
    revision = factories.approved()
    if state == "superseded":
        factories.draft(page=revision.page, title="Newer")
    elif state == "published":
        actions.publish(revision, by=people.editor)
    return Revision.objects.get(pk=revision.pk)


@pytest.mark.parametrize("state", POSSIBLE)
@pytest.mark.parametrize("move", MOVES)
def test_every_move_from_every_state(people, state, move):
    revision = _in_state(state, people)
    assert revision.state == state
    before = Revision.objects.values_list("state", flat=True)
    if move in POSSIBLE[state]:
        MOVES[move](revision, people)
    else:
        states = list(before)
        with pytest.raises(Refused):
            MOVES[move](revision, people)
        assert list(Revision.objects.values_list("state", flat=True)) == states


def test_approval_lapses_when_the_text_changes(people):
    revision = factories.approved()
    newer = factories.draft(page=revision.page, title="Changed")
    revision.refresh_from_db()
    assert revision.state == "superseded" and newer.state == "draft"
    with pytest.raises(Blocked, match="text has changed"):
        actions.publish(revision, by=people.editor)


def test_saving_the_same_text_again_keeps_the_approval(people):
    revision = factories.approved()
    again = actions.save_draft(
        kind="article", content=revision.content, by=people.author, page=revision.page
    )
    assert again.pk == revision.pk and again.state == "approved"


def test_an_author_goes_on_writing_in_the_open_draft(people):
    revision = factories.draft()
    again = factories.draft(page=revision.page, title="More words")
    assert again.pk == revision.pk and again.content["title"] == "More words"


def test_another_persons_edit_begins_a_revision_of_its_own(people):
    revision = factories.draft()
    again = factories.draft(page=revision.page, by=people.editor, title="More words")
    assert again.number == revision.number + 1
    revision.refresh_from_db()
    assert revision.state == "superseded"


def test_an_edit_of_a_published_page_does_not_touch_what_readers_see(people):
    page = factories.published_page(title="Before", tags=["before"])
    factories.draft(page=page, title="After", tags=["after"], body="<p>After.</p>")
    page = Page.objects.get(pk=page.pk)
    assert page.title == "Before" and "After" not in page.body
    assert [t.name for t in page.tags.all()] == ["before"]


def test_a_withdrawn_page_can_come_back_by_the_whole_way(people):
    page = factories.published_page(title="Back again")
    actions.withdraw(page, by=people.editor, reason="A source was retracted.")
    page = Page.objects.get(pk=page.pk)
    assert page.status == "withdrawn" and page.live_revision is None
    revision = factories.draft(page=page, title="Back again, mended")
    revision = actions.approve(actions.submit(revision, by=people.author), by=people.reviewer)
    assert actions.publish(revision, by=people.editor).is_published


@pytest.mark.parametrize("step", ["request_changes", "withdraw", "override"])
def test_a_step_that_needs_a_reason_refuses_a_blank_one(people, step):
    with pytest.raises(WrongState, match="[Ss]ay"):
        if step == "request_changes":
            actions.request_changes(factories.submitted(), by=people.editor, reason=" ")
        elif step == "withdraw":
            actions.withdraw(factories.published_page(), by=people.editor, reason="")
        else:
            actions.publish_override(factories.draft(), by=people.admin, reason="")


# Content


def test_script_is_taken_out_of_what_is_saved(people):
    revision = factories.draft(
        body='<p onclick="x()">Hello <script>alert(1)</script><a href="javascript:x">you</a></p>'
    )
    assert "script" not in revision.content["body"] and "onclick" not in revision.content["body"]
    assert "Hello" in revision.content["body"]


def test_a_taken_address_is_refused_in_words(people):
    factories.draft(slug="lupus-diet")
    with pytest.raises(Refused, match="Choose a different one"):
        factories.draft(slug="lupus-diet")


def test_a_page_without_a_title_is_refused(people):
    with pytest.raises(Refused, match="title"):
        factories.draft(title="  ")
    assert not Page.objects.exists()


def test_the_scheduler_publishes_what_is_due_once(people):
    revision = factories.approved()
    at = timezone.now() + timedelta(hours=1)
    actions.schedule(revision, by=people.editor, at=at)
    assert schedule.publish_due().published == []
    first = schedule.publish_due(now=at)
    assert [p.pk for p in first.published] == [revision.page_id]
    assert schedule.publish_due(now=at).published == []


def test_a_moment_in_the_past_cannot_be_scheduled(people):
    with pytest.raises(WrongState, match="passed"):
        actions.schedule(factories.approved(), by=people.editor, at=timezone.now())


def test_a_scheduled_revision_that_the_gate_refuses_is_taken_off_and_recorded(people):
    revision = factories.approved(body="<p>Stem cell therapy is a guaranteed cure for lupus.</p>")
    at = timezone.now() + timedelta(hours=1)
    actions.schedule(revision, by=people.editor, at=at)
    run = schedule.publish_due(now=at)
    assert len(run.refused) == 1
    revision.refresh_from_db()
    assert revision.scheduled_at is None
    assert Event.objects.filter(verb="revision.schedule_refused").exists()
