"""What becomes of an address when a page moves or is withdrawn."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from editorial import actions
from editorial.errors import InvalidContent, NotAllowed, WrongState
from editorial.models import Event, Page, Redirect
from tests import factories

pytestmark = pytest.mark.django_db


def moved(page, slug, title="Moved"):
    """The page published again at another address."""
    cast = factories.people()
    draft = factories.draft(page=page, slug=slug, title=title, body=f"<p>{slug}</p>")
    revision = actions.approve(actions.submit(draft, by=cast.author), by=cast.reviewer)
    return actions.publish(revision, by=cast.editor)


def where(client, address):
    answer = client.get(address)
    return answer.status_code, answer.headers.get("Location")


def test_an_old_address_leads_on_for_good_without_chains(client, people):
    page = moved(factories.published_page(slug="one"), "two")
    page = moved(page, "three")
    assert where(client, "/articles/one/") == (301, "/articles/three/")
    assert where(client, "/articles/two/") == (301, "/articles/three/")
    assert client.get("/articles/three/").status_code == 200
    assert Event.objects.filter(verb="page.moved").count() == 2


def test_a_page_that_goes_back_makes_no_loop(client, people):
    page = moved(moved(factories.published_page(slug="one"), "two"), "one")
    assert client.get("/articles/one/").status_code == 200
    assert where(client, "/articles/two/") == (301, page.get_absolute_url())
    assert Redirect.objects.count() == 1


def test_a_draft_that_moves_leaves_nothing_and_leaks_nothing(client, people):
    page = factories.draft(slug="secret-one").page
    factories.draft(page=page, slug="secret-two")
    assert not Redirect.objects.exists()
    actions.add_redirect(by=people.editor, kind="article", slug="old", page=page)
    assert client.get("/articles/old/").status_code == 404


def test_an_old_address_cannot_be_taken_until_it_is_given_up(client, people):
    page = moved(factories.published_page(slug="one", title="First"), "two", "First")
    with pytest.raises(InvalidContent, match="leads to “First”"):
        factories.draft(slug="one")
    old = Redirect.objects.get()
    client.force_login(people.author)
    address = reverse("admin:editorial_redirect_give_up", args=[old.pk])
    assert client.post(address, {"reason": "Mine now."}).status_code == 403
    client.force_login(people.editor)
    client.post(address, {"reason": ""})
    assert Redirect.objects.exists()
    client.post(address, {"reason": "A page of its own is planned."})
    assert factories.draft(slug="one").page.slug == "one"
    event = Event.objects.get(verb="redirect.handed_over")
    assert event.page_id == page.pk and event.data["reason"].startswith("A page of its own")


def test_the_same_old_address_in_another_kind_is_free(people):
    moved(factories.published_page(slug="lupus"), "lupus-two")
    factories.draft("condition", slug="lupus")


def test_redirects_are_kept_in_the_admin(client, people):
    page, other = factories.published_page(slug="here"), factories.published_page(slug="there")
    client.force_login(people.editor)
    add = reverse("admin:editorial_redirect_add")
    data = {"kind": "article", "slug": "old", "page": "/articles/here/"}
    assert client.post(add, data).status_code == 302
    assert where(client, "/articles/old/") == (301, page.get_absolute_url())
    for wrong in ({"slug": "there"}, {"slug": "here"}, {"slug": "old"}, {"page": "/nowhere/"}):
        client.post(add, data | wrong, follow=True)
        assert Redirect.objects.count() == 1, wrong
    change = reverse("admin:editorial_redirect_change", args=[Redirect.objects.get().pk])
    client.post(change, {"page": other.get_absolute_url(), "slug": "forged"})
    assert Redirect.objects.get().slug == "old"
    assert where(client, "/articles/old/") == (301, other.get_absolute_url())
    assert client.get(reverse("admin:editorial_redirect_changelist")).status_code == 200
    client.force_login(people.author)
    assert client.get(add).status_code == 403
    with pytest.raises(NotAllowed):
        actions.add_redirect(by=people.author, kind="article", slug="mine", page=page)


def test_a_redirect_is_refused_in_words_where_it_would_loop(people):
    page = factories.published_page(slug="here")
    with pytest.raises(WrongState, match="itself stands at “here”"):
        actions.add_redirect(by=people.editor, kind="article", slug="here", page=page)
    with pytest.raises(WrongState, match="no kind"):
        actions.add_redirect(by=people.editor, kind="poem", slug="x", page=page)


def test_the_database_keeps_pages_and_redirects_apart(people):
    page = moved(factories.published_page(slug="one"), "two")
    other = factories.published_page(slug="else")
    with pytest.raises(IntegrityError, match="stands at that old address"), transaction.atomic():
        Redirect.objects.update(slug="else")
    with pytest.raises(IntegrityError, match="stands at that old address"), transaction.atomic():
        Redirect.objects.create(kind="article", slug="two", page=page)
    with pytest.raises(IntegrityError, match="leads to another page"), transaction.atomic():
        Page.objects.filter(pk=other.pk).update(slug="one")
    with pytest.raises(IntegrityError, match="leads to another page"), transaction.atomic():
        Page.objects.create(kind="article", slug="one", title="Straight in")
    with pytest.raises(IntegrityError, match="redirect"), transaction.atomic():
        Redirect.objects.create(kind="article", slug="one", page=other)
    with pytest.raises(IntegrityError, match="redirect_named"), transaction.atomic():
        Redirect.objects.create(kind="article", slug="", page=other)


# Withdrawn, and what takes its place


def test_a_withdrawn_page_links_what_takes_its_place_while_readers_can_see_it(client, people):
    page, successor = factories.published_page(), factories.published_page(title="Successor")
    client.force_login(people.moderator)
    step = reverse("admin:articles_article_step", args=[page.pk, "withdraw"])
    data = {"revision": page.live_revision_id, "text": "Out of date."}
    shown = client.post(step, data | {"replaced_by": "/articles/nowhere/"}, follow=True)
    assert "No page of this site stands at" in shown.content.decode()
    client.post(step, data | {"replaced_by": f"http://example.org{successor.get_absolute_url()}"})
    gone = client.get(page.get_absolute_url())
    assert gone.status_code == 410 and successor.get_absolute_url() in gone.content.decode()
    actions.withdraw(successor, by=people.editor, reason="That, too.")
    gone = client.get(page.get_absolute_url())
    assert gone.status_code == 410 and "Successor" not in gone.content.decode()


def test_a_page_cannot_take_its_own_place(people):
    page = factories.published_page()
    with pytest.raises(WrongState, match="its own place"):
        actions.withdraw(page, by=people.editor, reason="Old.", replaced_by=page)
    actions.withdraw(page, by=people.editor, reason="Old.")
    with pytest.raises(IntegrityError, match="page_does_not_replace_itself"), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(replaced_by=page.pk)
    other = factories.published_page()
    with (
        pytest.raises(IntegrityError, match="page_replaced_only_when_withdrawn"),
        transaction.atomic(),
    ):
        Page.objects.filter(pk=other.pk).update(replaced_by=page.pk)


def test_a_withdrawn_page_comes_back_and_forgets_its_successor(client, people):
    page, successor = factories.published_page(slug="back"), factories.published_page()
    actions.withdraw(page, by=people.editor, reason="Old.", replaced_by=successor)
    page = moved(Page.objects.get(pk=page.pk), "back-again")
    assert page.is_published and page.replaced_by is None and page.review_due
    assert where(client, "/articles/back/") == (301, "/articles/back-again/")
