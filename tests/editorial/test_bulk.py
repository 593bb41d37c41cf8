"""Several pages at once: tried out first, then done item by item, by the rules of the buttons."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from editorial import actions, audit, bulk
from editorial.models import Event, Page, Revision
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def send(client, action, pages, step="", **values):
    """Post the list's form, with what the trial showed when it is for good."""
    data = {"action": action, "_selected_action": [page.pk for page in pages], **values}
    if step:
        data["step"] = step
    if step == "run":
        for page in pages:
            data.setdefault(f"revision-{page.pk}", page.latest_revision().pk)
    return client.post(LIST, data)


def results(answer):
    """Title, “done” or “refused”, and the words of each row."""
    html = answer.content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', html)
    return [(title, re.sub("<.*?>", "", result), words) for title, result, words in rows]


@pytest.fixture
def three(people):
    """A draft of the author, one of the editor, and a published page."""
    return [
        factories.draft(title="One").page,
        factories.draft(title="Two", by=people.editor).page,
        factories.published_page(title="Three"),
    ]


def state_of_everything():
    return (
        list(Page.objects.order_by("pk").values()),
        list(Revision.objects.order_by("pk").values()),
        Event.objects.exclude(verb__startswith="person.").count(),
    )


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("tag", {"tags": "rest"}),
        ("untag", {"tags": "rest"}),
        ("submit", {"note": ""}),
        ("publish", {}),
        ("withdraw", {"reason": "Out of date."}),
        ("assign", {"reviewer": "", "due": ""}),
        ("set-review-date", {"on": "2999-01-01", "reason": "Nothing new is expected."}),
    ],
)
def test_a_trial_tells_and_changes_nothing(client, people, three, action, values):
    client.force_login(people.admin)
    before = state_of_everything()
    answer = send(client, action, three, "try", **values)
    assert "Nothing has been done yet." in answer.content.decode() and len(results(answer)) == 3
    assert state_of_everything() == before and mail.outbox == []


def test_a_trial_says_what_the_act_then_does(client, people, three):
    client.force_login(people.author)
    tried = results(send(client, "submit", three, "try"))
    assert [(title, result) for title, result, _ in tried] == [
        ("One", "done"),
        ("Two", "refused"),
        ("Three", "refused"),
    ]
    assert "author may not submit this page" in tried[1][2]
    done = send(client, "submit", three, "run")
    assert results(done) == tried and "1 of 3 done, 2 refused." in done.content.decode()
    states = [page.latest_revision().state for page in three]
    assert states == ["in_review", "draft", "published"]


def test_tags_become_drafts_and_readers_see_nothing_yet(client, people, three):
    client.force_login(people.editor)
    send(client, "tag", three, "run", tags="Rest, sleep at night")
    for page in three:
        assert page.current_revision().content["tags"] == ["Rest", "sleep at night"]
    assert not three[2].tags.exists()
    send(client, "untag", three, "run", tags="rest")
    assert three[2].current_revision().content["tags"] == ["sleep at night"]


def test_tagging_an_approved_text_says_that_it_leaves_review(client, people):
    page = factories.approved(title="Approved").page
    client.force_login(people.editor)
    words = results(send(client, "tag", [page], "try", tags="rest"))[0][2]
    assert words == "Draft 2 begins, with the tags. Revision 1 leaves review."


def test_withdrawing_needs_a_reason_and_gives_it_to_readers(client, people, three):
    client.force_login(people.moderator)
    asked = send(client, "withdraw", three, "run", reason=" ").content.decode()
    assert "This field is required." in asked
    assert three[2].__class__.objects.get(pk=three[2].pk).is_published
    send(client, "withdraw", three, "run", reason="Out of date.")
    assert "Out of date." in client.get(three[2].get_absolute_url()).content.decode()


def test_a_text_that_changed_since_the_trial_is_left_alone(client, people):
    page = factories.approved(title="Approved").page
    shown = page.latest_revision().pk
    factories.draft(page=page, title="Other words")
    client.force_login(people.editor)
    answer = send(client, "publish", [page], "run", **{f"revision-{page.pk}": shown})
    assert "has changed since you looked" in results(answer)[0][2]
    nothing = {f"revision-{page.pk}": "nonsense"}
    assert results(send(client, "publish", [page], "run", **nothing))[0][1] == "refused"


def test_each_is_offered_only_what_the_role_may_ever_do(client, people, three):
    offered = {}
    for who in ("author", "reviewer", "moderator"):
        client.force_login(getattr(people, who))
        html = client.get(LIST).content.decode()
        offered[who] = [name for name in bulk.known if f'<option value="{name}"' in html]
    assert offered["author"] == ["tag", "untag", "submit"]
    assert "publish" in offered["reviewer"] and "tag" not in offered["reviewer"]
    assert "assign" not in offered["author"] and "give" not in offered["reviewer"]
    assert offered["moderator"] == ["withdraw"]
    client.force_login(people.moderator)
    send(client, "tag", three, "run", tags="forged")
    assert "forged" not in str(list(Revision.objects.values_list("content", flat=True)))


def test_too_many_at_once_are_refused(client, people, three, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
    client.force_login(people.admin)
    answer = client.post(
        LIST, {"action": "publish", "_selected_action": [p.pk for p in three]}, follow=True
    )
    assert "Choose at most 2 pages at once; nothing was done." in answer.content.decode()


def test_the_log_stays_whole_through_trials(client, people, three):
    client.force_login(people.admin)
    send(client, "withdraw", three, "try", reason="Out of date.")
    send(client, "withdraw", three, "run", reason="Out of date.")
    assert audit.verify().broken is None
    assert Event.objects.filter(verb="page.withdrawn").count() == 1


def test_one_that_fails_does_not_take_the_others_along(client, people):
    good, bad = factories.approved(title="Good").page, factories.approved(title="Bad").page
    actions.request_changes(bad.latest_revision(), by=people.editor, reason="Cite the trial.")
    client.force_login(people.editor)
    rows = results(send(client, "publish", [bad, good], "run"))
    assert {title: result for title, result, _ in rows} == {"Good": "done", "Bad": "refused"}
    assert client.get(reverse("article-detail", args=[good.slug])).status_code == 200


def test_reviews_are_assigned_and_owners_told(client, people, django_capture_on_commit_callbacks):
    page = factories.submitted(title="Waiting").page
    client.force_login(people.editor)
    reviewer = {"reviewer": people.reviewer.pk, "due": "2999-01-01"}
    words = results(send(client, "assign", [page], "run", **reviewer))[0][2]
    assert words == "Revision 1 waits for reviewer."
    assert page.current_revision().reviewer == people.reviewer
    with django_capture_on_commit_callbacks(execute=True):
        send(client, "give", [page], "try", owner=people.editor.pk)
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        send(client, "give", [page], "run", owner=people.admin.pk)
    assert [letter.to for letter in mail.outbox] == [["admin@example.org"]]
    assert Page.objects.get(pk=page.pk).created_by == people.admin
    again = results(send(client, "give", [page], "run", owner=people.admin.pk))
    assert again[0][1] == "refused" and "belongs to admin already" in again[0][2]
    forged = send(client, "give", [page], "run", owner=people.outsider.pk).content.decode()
    assert "Select a valid choice" in forged


def test_review_dates_are_set_by_the_rules_of_the_clocks(client, people, three):
    client.force_login(people.editor)
    rows = results(send(client, "set-review-date", three, "run", on="2999-01-01", reason=""))
    assert [result for _, result, _ in rows] == ["refused"] * 3
    assert "at the latest" in rows[2][2]
    day = timezone.localdate() + timedelta(days=7)
    send(client, "set-review-date", three, "run", on=day.isoformat(), reason="")
    assert Page.objects.get(pk=three[2].pk).review_due == day
