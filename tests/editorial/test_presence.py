"""Who else has a page's form open: said on opening it and by each ping, forgotten by itself."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from editorial import presence
from editorial.models import FormTab
from tests import factories

pytestmark = pytest.mark.django_db


def address(view, *args):
    return reverse(f"admin:articles_article_{view}", args=args)


@pytest.fixture
def page(people):
    return factories.draft().page


def ping(client, page, tab, **more) -> list[str]:
    answer = client.post(address("presence", page.pk), {"tab": tab} | more)
    assert answer.status_code == 200
    return answer.json()["notes"]


def opened(client, page) -> str:
    return client.get(address("change", page.pk)).content.decode()


def test_opening_a_page_that_somebody_else_has_open_says_who_and_since_when(client, people, page):
    client.force_login(people.author)
    assert ping(client, page, "one") == []
    FormTab.objects.update(opened_at=timezone.now() - timedelta(days=400))
    since = presence.clock(FormTab.objects.get().opened_at)
    says = f"author has had this page open since {since}."
    client.force_login(people.editor)
    assert says in opened(client, page)
    assert ping(client, page, "two") == [says]
    client.force_login(people.author)
    assert ping(client, page, "one")[0].startswith("editor has had this page open since ")


def test_another_page_is_none_of_it(client, people, page):
    client.force_login(people.author)
    ping(client, page, "one")
    client.force_login(people.editor)
    other = factories.draft().page
    assert ping(client, other, "two") == [] and "has had this page" not in opened(client, other)


def test_another_tab_of_the_same_person_is_said_to_be_theirs(client, people, page):
    client.force_login(people.author)
    ping(client, page, "one")
    (note,) = ping(client, page, "two")
    assert note.startswith("You have this page open in another tab, since ")
    assert ping(client, page, "one")[0].startswith("You have")


def test_a_tab_that_was_left_is_gone_at_once(client, people, page):
    client.force_login(people.author)
    ping(client, page, "one")
    assert ping(client, page, "one", left="1") == []
    assert ping(client, page, "two") == []


def test_saving_by_the_button_leaves_the_tab(client, people, page):
    client.force_login(people.author)
    ping(client, page, "one")
    data = {"title": "Saved", "body": "", "tags": "", "tab": "one", "tab_number": "5"}
    client.post(address("change", page.pk), data | {"_save": "1"})
    assert ping(client, page, "two") == []


def test_a_tab_that_vanished_is_shown_a_minute_and_kept_a_day(client, people, page):
    client.force_login(people.author)
    ping(client, page, "one")
    now = timezone.now()
    FormTab.objects.update(seen_at=now - timedelta(seconds=59))
    client.force_login(people.editor)
    assert len(ping(client, page, "two")) == 1
    gone = now - timedelta(seconds=61)
    FormTab.objects.filter(token="one").update(seen_at=gone, heard_at=gone)
    assert ping(client, page, "two") == []
    presence.sweep(now)
    assert FormTab.objects.count() == 2
    presence.sweep(now + presence.FORGOTTEN_AFTER)
    assert FormTab.objects.count() <= 1


def test_a_page_that_is_not_made_yet_has_nobody_else(client, people):
    client.force_login(people.author)
    assert client.post(address("add_presence"), {"tab": "one"}).json() == {"notes": []}
    assert FormTab.objects.get().page is None


@pytest.mark.parametrize("others", [1, 30])
def test_a_ping_is_cheap_however_many_are_here(
    client, people, page, others, django_assert_num_queries
):
    for number in range(others):
        person = factories.person(f"editor{number}", "editor")
        presence.ping(by=person, token="t", kind="article", page=page)
    client.force_login(people.author)
    ping(client, page, "mine")
    with django_assert_num_queries(9):
        assert len(ping(client, page, "mine")) == others
