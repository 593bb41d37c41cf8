"""The desk's first page: what each person sees there, and that each number is its list."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Flag
from editorial import actions, registry
from editorial.models import Page
from evidence import actions as evidence_actions
from tests import factories

pytestmark = pytest.mark.django_db

CURE = "<p>Stem cells cure lupus in every patient.</p>"


@pytest.fixture
def busy(people):
    """A desk with one of everything."""
    factories.draft(title="Begun")
    back = factories.submitted(title="Sent back")
    actions.request_changes(back, by=people.editor, reason="Cite the trial.")
    factories.draft(title="Too bold", body=CURE)
    source = factories.source()
    factories.draft(
        title="On sand", body=f'<p>Rest was tried <cite data-source="{source.key}"></cite>.</p>'
    )
    evidence_actions.record_notice(source, by=people.editor, kind="retraction")
    factories.published_page(title="Just out")
    factories.approved(title="Ready")


def shown(client, person):
    client.force_login(person)
    return client.get("/admin/").content.decode()


def section(html, name):
    return html.split(f'id="desk-{name}"')[1].split("</section>")[0]


def test_an_author_sees_their_drafts_and_what_came_back(client, people, busy):
    html = shown(client, people.author)
    drafts = section(html, "my-drafts")
    assert "Begun" in drafts and "Sent back" in drafts and "Ready" not in drafts
    assert "Approved, not yet published" not in html and "Flags open" not in html


def test_blocked_pages_say_why(client, people, busy):
    blocked = section(shown(client, people.editor), "blocked")
    assert re.search(r"Too bold.*A sentence waits for a moderator", blocked, re.DOTALL)
    assert re.search(r"On sand.*which was retracted", blocked, re.DOTALL)
    assert "Begun" not in blocked


def test_an_author_sees_only_their_own_blocked_pages(client, people, busy):
    factories.draft(by=people.editor, title="Of the editor", body=CURE)
    assert "Of the editor" in section(shown(client, people.editor), "blocked")
    assert "Of the editor" not in section(shown(client, people.author), "blocked")


def test_an_empty_desk_speaks_kindly(client, people):
    html = shown(client, people.author)
    assert "You have no draft. Whatever you begin to write waits for you here." in html


def test_a_person_without_a_role_sees_no_lists(client, people, busy):
    html = shown(client, people.outsider)
    assert "Just out" not in html and "Begun" not in html
    assert client.get("/admin/desk/published/").status_code == 403


@pytest.mark.parametrize("who", ["author", "editor", "reviewer", "moderator", "admin"])
def test_every_number_is_a_list_of_exactly_so_many_rows(client, people, busy, who):
    person = getattr(people, who)
    client.force_login(person)
    for card in registry.cards(person):
        html = client.get(card.url).content.decode()
        if "/admin/desk/" in card.url:
            rows = html.count('class="desk-quiet"')
        elif "/moderation/" in card.url:
            rows = len(re.findall(r'<li class="flag-(?:block|advise) queue-item"', html))
        else:
            rows = html.count('class="field-label')
        assert rows == card.count, card.title


def test_flags_are_counted_by_age(client, people, busy):
    moderator = people.moderator
    flags = Flag.objects.waiting()
    assert flags.count() == 2
    Flag.objects.filter(pk=flags.first().pk).update(raised_at=timezone.now() - timedelta(days=31))
    counts = {card.title: card.count for card in registry.cards(moderator)}
    assert counts["Flags open for more than 30 days"] == 1
    assert counts["Flags open for up to 7 days"] == 1
    assert counts["Flags open for 8 to 30 days"] == 0


def test_the_list_of_one_person_is_not_there_for_another(client, people):
    client.force_login(people.reviewer)
    assert client.get("/admin/desk/my-drafts/").status_code == 404
    assert client.get("/admin/desk/no-such-list/").status_code == 404


def many(count, people):
    """So many more drafts, each stopped by a flag: rows as the actions leave them, but quicker."""
    revision = factories.draft(title="Too bold", body=CURE)
    claim = revision.anchors.get().claim
    for number in range(count):
        page = Page.objects.create(
            kind="article", title=f"Page {number}", slug=f"p-{number}", created_by=people.author
        )
        copy = type(revision)(
            page=page,
            number=1,
            content=revision.content,
            digest=revision.digest,
            author=people.author,
            author_name="author",
        )
        copy.save()
        claim.anchors.create(revision=copy, start=0, end=4, exact="Stem")


@pytest.mark.parametrize("count", [1, 1000])
def test_the_first_page_costs_the_same_at_1_and_at_1000_pages(
    client, people, count, django_assert_max_num_queries
):
    many(count, people)
    client.force_login(people.admin)
    with django_assert_max_num_queries(30):
        html = client.get("/admin/").content.decode()
    assert f'<span class="desk-count">{count + 1}</span>' in html


@pytest.mark.parametrize("count", [1, 1000])
def test_the_admin_list_costs_the_same_at_1_and_at_1000_pages(
    client, people, count, django_assert_max_num_queries
):
    many(count, people)
    client.force_login(people.admin)
    with django_assert_max_num_queries(13):
        client.get(reverse("admin:articles_article_changelist"))
