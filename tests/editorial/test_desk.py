"""The editors' desk in the admin: what each role sees, and that every page of it opens."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from articles.models import Article
from editorial import actions
from editorial.models import Event, Revision
from tests import factories

pytestmark = pytest.mark.django_db


def address(view, *args):
    return reverse(f"admin:articles_article_{view}", args=args)


@pytest.fixture
def page(people):
    return factories.draft(title="Rest and lupus", tags=["rest"]).page


@pytest.mark.parametrize("view", ["change", "review", "history"])
def test_every_page_of_the_desk_opens(client, people, page, view):
    client.force_login(people.editor)
    shown = client.get(address(view, page.pk))
    assert shown.status_code == 200 and "Rest and lupus" in shown.content.decode()


def test_history_tells_revisions_and_events(client, people, page):
    actions.request_changes(
        actions.submit(page.current_revision(), by=people.author),
        by=people.reviewer,
        reason="Cite the trial.",
    )
    client.force_login(people.author)
    shown = client.get(address("history", page.pk)).content.decode()
    assert "changes requested" in shown and "Cite the trial." in shown


def test_the_form_opens_with_the_latest_draft_not_the_live_text(client, people):
    live = factories.published_page(title="Before", body="<p>Live words.</p>")
    factories.draft(page=live, title="After", body="<p>Draft words.</p>")
    client.force_login(people.author)
    form = client.get(address("change", live.pk)).context["adminform"].form
    assert form["title"].value() == "After"
    assert form["body"].value() == "<p>Draft words.</p>"


def test_saving_the_form_keeps_a_draft(client, people, page):
    client.force_login(people.author)
    opened = page.current_revision()
    data = {"title": "Rest, again", "slug": page.slug, "summary": "", "body": "<p>Rest.</p>"}
    data["based_on"] = f"{opened.pk}:{opened.digest}"
    answer = client.post(address("change", page.pk), data | {"tags": "rest", "_save": "1"})
    assert answer.status_code == 302
    revision = page.current_revision()
    assert revision.number == 1 and revision.content["title"] == "Rest, again"


def test_saving_and_submitting_is_one_click(client, people):
    client.force_login(people.author)
    data = {"title": "New", "summary": "", "body": "<p>Rest.</p>", "tags": "", "_submit": "1"}
    assert client.post(address("add"), data).status_code == 302
    assert Revision.objects.get().state == "in_review"


def test_those_who_may_not_edit_get_the_reading_view(client, people, page):
    client.force_login(people.reviewer)
    assert client.get(address("change", page.pk)).url == address("review", page.pk)
    posted = client.post(address("change", page.pk), {"title": "Mine"})
    assert posted.status_code in (302, 403)
    assert page.current_revision().content["title"] == "Rest and lupus"


def test_the_buttons_are_those_of_the_role_and_state(client, people, page):
    revision = actions.submit(page.current_revision(), by=people.author)
    expected = {
        "author": set(),
        "editor": {"Request changes"},
        "reviewer": {"Request changes", "Approve this text"},
        "moderator": set(),
        "admin": {"Request changes"},
    }
    labels = {"Request changes", "Approve this text", "Publish", "Submit for review"}
    for who, buttons in expected.items():
        client.force_login(getattr(people, who))
        shown = client.get(address("review", page.pk)).content.decode()
        seen = {label for label in labels if f'class="button">{label}</button>' in shown}
        assert seen == buttons, who
    assert revision.state == "in_review"


def test_a_step_acts_on_exactly_the_revision_that_was_shown(client, people, page):
    shown = actions.submit(page.current_revision(), by=people.author)
    factories.draft(page=page, title="Changed meanwhile")
    client.force_login(people.reviewer)
    answer = client.post(address("step", page.pk, "approve"), {"revision": shown.pk}, follow=True)
    assert "superseded" in answer.content.decode()
    assert not Revision.objects.filter(state="approved").exists()


def test_a_step_by_a_link_does_nothing(client, people, page):
    client.force_login(people.author)
    client.get(address("step", page.pk, "submit"), {"revision": page.current_revision().pk})
    assert page.current_revision().state == "draft"


def test_people_without_a_role_and_strangers_stay_outside(client, people, page):
    chain = client.get(address("change", page.pk), follow=True).redirect_chain
    assert chain[-1][0].startswith("/accounts/login/?next=%2Fadmin%2Farticles")
    client.force_login(people.outsider)
    for view in ("changelist", "add"):
        assert client.get(address(view)).status_code == 403
    assert client.get(address("review", page.pk)).status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_however_long(client, people, count, django_assert_max_num_queries):
    for _ in range(count):
        factories.published_page()
    client.force_login(people.editor)
    with django_assert_max_num_queries(13):
        client.get(address("changelist"))


def test_an_administrator_gives_roles_and_it_is_recorded(client, people):
    client.force_login(people.admin)
    add = reverse("admin:editorial_user_add")
    data = {
        "username": "new.editor",
        "password1": "battery staple horse",
        "password2": "battery staple horse",
        "role_list": ["editor"],
    }
    assert client.post(add, data).status_code == 302
    event = Event.objects.get(verb="person.roles_changed", subject="new.editor")
    assert event.data["after"] == ["editor"] and event.actor_id == people.admin.pk
    client.force_login(people.editor)
    assert client.get(add).status_code == 403


def test_the_way_to_the_site_leads_only_where_readers_find_something(client, people, page):
    kind = ContentType.objects.get_for_model(Article).pk
    live = factories.published_page(title="Out")

    def sent_to(who, pk, kind=kind):
        client.force_login(who)
        answer = client.get(f"/admin/r/{kind}/{pk}/")
        assert "rest-and-lupus" not in answer.content.decode() + answer.get("Location", "")
        return answer.get("Location", answer.status_code)

    assert sent_to(people.editor, live.pk).endswith(live.get_absolute_url())
    assert sent_to(people.outsider, live.pk) == 404
    for who in (people.editor, people.outsider):
        assert sent_to(who, page.pk) == 404  # a draft's address is nobody's business yet
    for odd, pk in ((kind, "x"), ("x", 1), (10**6, 1), (kind, 10**6)):
        assert sent_to(people.admin, pk, odd) == 404
