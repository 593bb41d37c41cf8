"""Forged posts and things that went away meanwhile: a clear refusal, and nothing half done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from articles.models import Article
from editorial import actions, audit, forms, schedule
from editorial.errors import InvalidContent
from editorial.models import Event, Page, Revision
from tests import factories

pytestmark = pytest.mark.django_db


def step(page_pk, name):
    return reverse("admin:articles_article_step", args=[page_pk, name])


def told(answer):
    """The refusals that the page shows."""
    return [str(m) for m in answer.context["messages"] if m.level_tag == "error"]


def consistent():
    """What must hold whatever anybody posts."""
    assert audit.first_broken_event() is None
    for page in Page.objects.published().select_related("live_revision"):
        assert page.live_revision.approvals.exists() or page.live_revision.override_reason
        assert page.live_revision.content["body"] == page.body
    for revision in Revision.objects.filter(approvals__isnull=False):
        assert not revision.approvals.filter(by=revision.author).exists()
    return True


def test_a_form_cannot_say_who_wrote_it_or_how_it_stands(client, people):
    revision = factories.draft()
    client.force_login(people.author)
    forged = {
        **forms.thawed(revision.content),
        "title": "Mine",
        "based_on": f"{revision.pk}:{revision.digest}",
        "status": "published",
        "state": "approved",
        "number": "99",
        "author": people.editor.pk,
        "author_name": "Somebody else",
        "created_by": people.admin.pk,
        "approved_by": people.reviewer.pk,
        "approved_at": "2026-01-01 00:00",
        "reviewed_at": "2026-01-01 00:00",
        "review_due": "2036-01-01",
        "live_revision": revision.pk,
        "override_reason": "Because.",
        "scheduled_at": "2036-01-01 00:00",
        "_save": "1",
    }
    address = reverse("admin:articles_article_change", args=[revision.page_id])
    assert client.post(address, forged).status_code == 302
    revision.refresh_from_db()
    page = Page.objects.get(pk=revision.page_id)
    assert revision.content["title"] == "Mine" and revision.author == people.author
    assert (revision.state, revision.number, revision.scheduled_at) == ("draft", 1, None)
    assert (page.status, page.created_by, page.reviewed_at) == ("draft", people.author, None)
    assert page.review_due is None and not revision.override_reason and consistent()


@pytest.mark.parametrize("posted", ["", "0", "-1", "9" * 30, "１", "1 OR 1=1", "null", "1.5"])
def test_a_revision_number_that_is_none_is_not_found(client, people, posted):
    revision = factories.submitted()
    client.force_login(people.reviewer)
    answer = client.post(step(revision.page_id, "approve"), {"revision": posted})
    assert answer.status_code == 404
    revision.refresh_from_db()
    assert revision.state == "in_review" and consistent()


def test_another_pages_revision_cannot_be_acted_on_through_this_page(client, people):
    mine, other = factories.submitted(), factories.submitted()
    client.force_login(people.reviewer)
    answer = client.post(step(mine.page_id, "approve"), {"revision": other.pk})
    assert answer.status_code == 404
    assert set(Revision.objects.values_list("state", flat=True)) == {"in_review"} and consistent()


def test_another_kinds_page_cannot_be_acted_on_through_this_desk(client, people):
    condition = factories.submitted("condition")
    client.force_login(people.reviewer)
    answer = client.post(step(condition.page_id, "approve"), {"revision": condition.pk})
    assert answer.status_code == 404 and consistent()


@pytest.mark.parametrize("name", ["approve", "take", "confirm-review"])
def test_a_reviewer_cannot_approve_their_own_text_by_a_crafted_request(client, people, name):
    both = factories.person("both", "author", "reviewer")
    revision = actions.submit(factories.draft(by=both), by=both)
    client.force_login(both)
    answer = client.post(
        step(revision.page_id, name),
        {"revision": revision.pk, "text": "Fine.", "author": people.author.pk},
    )
    assert told(answer)
    revision.refresh_from_db()
    assert revision.state == "in_review" and not revision.approvals.exists() and consistent()


@pytest.mark.parametrize("who", ["author", "moderator"])
@pytest.mark.parametrize("name", ["approve", "publish", "override", "schedule", "assign"])
def test_a_step_of_others_is_refused_by_a_crafted_request(client, people, name, who):
    revision = factories.submitted()
    client.force_login(getattr(people, who))
    events = Event.objects.count()
    data = {"revision": revision.pk, "text": "X.", "at": "2036-01-01T09:00"}
    answer = client.post(step(revision.page_id, name), data)
    assert told(answer)
    revision.refresh_from_db()
    assert revision.state == "in_review" and Event.objects.count() == events and consistent()


def test_an_unknown_step_does_nothing(client, people):
    revision = factories.submitted()
    client.force_login(people.reviewer)
    answer = client.post(step(revision.page_id, "bless"), {"revision": revision.pk})
    assert answer.status_code == 302 and consistent()


def test_somebody_who_is_no_reviewer_cannot_be_posted_as_one(client, people):
    revision = factories.submitted()
    client.force_login(people.editor)
    for wrong in (people.author.pk, people.editor.pk, 10**6, "x"):
        answer = client.post(
            step(revision.page_id, "assign"), {"revision": revision.pk, "reviewer": wrong}
        )
        assert told(answer), wrong
    revision.refresh_from_db()
    assert revision.reviewer is None and consistent()


def test_the_schedule_refuses_the_past_in_words(client, people):
    revision = factories.approved()
    client.force_login(people.editor)
    answer = client.post(
        step(revision.page_id, "schedule"), {"revision": revision.pk, "at": "2020-01-01T09:00"}
    )
    assert (
        told(answer) == ["That moment has passed. Choose one in the future, or publish now."]
        and consistent()
    )


def test_two_approvals_of_one_text_are_one(client, people):
    revision = factories.submitted()
    second = factories.person("second", "reviewer")
    for who in (people.reviewer, second):
        client.force_login(who)
        answer = client.post(
            step(revision.page_id, "approve"), {"revision": revision.pk}, follow=True
        )
    assert "is approved, not in review" in told(answer)[0]
    assert revision.approvals.get().by == people.reviewer and consistent()


def test_an_address_taken_while_a_draft_waited_is_refused_at_publication(client, people):
    page = factories.published_page(slug="one")
    draft = factories.draft(page=page, slug="two", title="Moves")
    approved = actions.approve(actions.submit(draft, by=people.author), by=people.reviewer)
    factories.draft(slug="two")
    client.force_login(people.editor)
    answer = client.post(step(page.pk, "publish"), {"revision": approved.pk})
    assert "Choose a different one" in told(answer)[0]
    page = Page.objects.get(pk=page.pk)
    assert page.slug == "one" and page.is_published and consistent()


def test_an_address_of_another_kind_is_free_and_one_of_the_same_kind_is_refused(client, people):
    condition = factories.published_page("condition", slug="lupus")
    factories.draft(slug="taken")
    client.force_login(people.author)
    add = reverse("admin:articles_article_add")

    def post(slug):
        return client.post(add, {**forms.thawed(factories.content(slug=slug)), "_save": "1"})

    refused = post("taken")
    assert "Another article has the address “taken”" in refused.content.decode()
    assert Article.objects.count() == 1
    assert post("lupus").status_code == 302
    article = Article.objects.get(slug="lupus")
    revision = actions.submit(article.latest_revision(), by=people.author)
    actions.publish(actions.approve(revision, by=people.reviewer), by=people.editor)
    for page in (condition, article):
        assert client.get(page.get_absolute_url()).status_code == 200
    assert condition.get_absolute_url() != article.get_absolute_url() and consistent()


@pytest.mark.parametrize("route", ["button", "schedule"])
def test_a_text_whose_condition_went_away_is_not_published_half(client, people, route):
    condition = factories.draft("condition").page
    revision = factories.approved(conditions=[condition.pk], tags=["rest"])
    if route == "schedule":
        actions.schedule(revision, by=people.editor, at=timezone.now() + timedelta(hours=1))
    erase(condition)
    if route == "button":
        client.force_login(people.editor)
        answer = client.post(step(revision.page_id, "publish"), {"revision": revision.pk})
        assert "conditions" in told(answer)[0]
    else:
        run = schedule.publish_due(timezone.now() + timedelta(hours=2))
        assert run.published == [] and len(run.refused) == 1
    assert Page.objects.get(pk=revision.page_id).status == "draft" and consistent()


def test_a_revision_is_restored_though_its_tag_and_condition_are_gone(client, people):
    condition = factories.draft("condition").page
    old = factories.draft(conditions=[condition.pk], tags=["rest", "sleep"])
    page = old.page
    factories.draft(page=page, by=people.editor, title="Newer")
    erase(condition)
    Tag.objects.all().delete()
    client.force_login(people.author)
    newest = page.latest_revision()
    answer = client.post(
        reverse("admin:articles_article_restore", args=[page.pk, old.number]),
        {"based_on": f"{newest.pk}:{newest.digest}"},
        follow=True,
    )
    assert "Left out of conditions: 1" in answer.content.decode()
    restored = page.latest_revision()
    assert restored.content["conditions"] == [] and restored.content["tags"] == ["rest", "sleep"]
    actions.submit(restored, by=people.author)
    page = actions.publish(actions.approve(restored, by=people.reviewer), by=people.admin)
    assert sorted(tag.name for tag in Article.objects.get(pk=page.pk).tags.all()) == [
        "rest",
        "sleep",
    ]
    assert consistent()


def test_content_of_wrong_shapes_is_refused_by_the_form(people):
    for wrong in (
        {"title": "x" * 201},
        {"slug": "not a slug"},
        {"slug": "x" * 121},
        {"conditions": [10**6]},
        {"conditions": ["x"]},
        {"therapies": [-1]},
    ):
        with pytest.raises(InvalidContent):
            factories.draft(**wrong)
    assert not Page.objects.exists() and consistent()


def erase(page):
    """A draft that was never submitted, removed by hand from the database."""
    kind = page.specific
    Revision.objects.filter(page=page).delete()
    kind.delete()
