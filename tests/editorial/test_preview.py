"""A revision as readers will see it: on the desk, and by a link for somebody outside."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from editorial import actions, previewing
from editorial.errors import NotAllowed, WrongState
from editorial.models import Event, Page, PreviewLink, Revision
from tests import factories

pytestmark = pytest.mark.django_db

KINDS = ["article", "condition", "therapy"]


def admin_address(page, view, *args):
    room = "articles" if page.kind == "article" else "therapies"
    return reverse(f"admin:{room}_{page.kind}_{view}", args=[page.pk, *args])


def link_to(revision, days=14, by=None):
    """The link and the path that opens it."""
    by = by or factories.people().editor
    link, token = previewing.make_link(revision, by=by, for_whom="Dr Example", days=days)
    return link, reverse("preview", args=[token])


def rows():
    """The rows of pages and what hangs on them, as they stand in the database."""
    with connection.cursor() as cursor:
        found = []
        for table in (
            "editorial_page",
            "articles_article",
            "articles_article_conditions",
            "therapies_condition",
            "therapies_condition_sources",
            "therapies_therapy",
            "editorial_taggedpage",
            "taggit_tag",
        ):
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found.append((table, cursor.fetchall()))
    return found


def plain(html):
    """The readers' page without what tells a preview from the page itself."""
    html = html.split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"nonce=\"[^\"]*\"", "", html))


# The desk


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_is_what_readers_get_when_it_is_published(client, people, kind):
    source = factories.source()
    related = {}
    if kind == "article":
        related = {"conditions": [factories.condition(title="Lupus").pk]}
    else:
        related = {"sources": [source.pk]}
    revision = factories.approved(
        kind,
        title="Rest and sleep",
        tags=["rest", "good nights"],
        body=f'<p>Rest was tried <cite data-source="{source.key}"></cite>.</p>',
        **related,
    )
    client.force_login(people.editor)
    preview = client.get(admin_address(revision.page, "preview_page", revision.number))
    page = actions.publish(revision, by=people.editor)
    public = client.get(page.get_absolute_url())
    assert plain(preview.content.decode()) == plain(public.content.decode())
    assert "good nights" in plain(preview.content.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_of_a_changed_page_writes_nothing(client, people, kind):
    condition = factories.condition(title="Lupus")
    page = factories.published_page(kind, title="Before", tags=["old"])
    related = {"conditions": [condition.pk]} if kind == "article" else {}
    revision = factories.draft(
        kind, page=page, title="After", body="<p>New words.</p>", tags=["brand new"], **related
    )
    before = rows()
    client.force_login(people.reviewer)
    html = client.get(admin_address(page, "preview_page", revision.number)).content.decode()
    assert "After" in html and "New words." in html and "brand new" in html
    assert ">old<" not in html and ("Lupus" in html or kind != "article")
    assert rows() == before
    assert "Before" in client.get(page.get_absolute_url()).content.decode()


def test_claims_are_marked_and_citations_numbered(client, people):
    source = factories.source()
    body = f'<p>Stem cells cure lupus <cite data-source="{source.key}"></cite>.</p>'
    revision = factories.draft(title="Too bold", body=body)
    client.force_login(people.author)
    html = client.get(admin_address(revision.page, "preview_page", 1)).content.decode()
    assert 'class="claim claim-open' in html and 'href="#ref-1"' in html
    assert "Not yet reviewed." in html and "This is a draft." in html


def test_what_a_draft_points_to_and_is_gone_is_left_out(client, people):
    condition = factories.draft("condition", title="Gone").page.specific
    revision = factories.draft(title="Kept", conditions=[condition.pk])
    Revision.objects.filter(page=condition).delete()
    condition.delete()
    client.force_login(people.author)
    assert client.get(admin_address(revision.page, "preview_page", 1)).status_code == 200


def test_only_the_framed_page_may_be_framed_and_only_by_this_site(client, people):
    page = factories.draft(title="Framed").page
    client.force_login(people.author)
    frames = client.get(admin_address(page, "preview"))
    framed = client.get(admin_address(page, "preview_page", 1))
    assert frames.content.decode().count("<iframe") == 2
    assert "frame-src 'self'" in frames["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in frames["Content-Security-Policy"]
    assert frames["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"


def test_strangers_do_not_get_into_the_desks_preview(client, people):
    page = factories.draft().page
    for address in (admin_address(page, "preview"), admin_address(page, "preview_page", 1)):
        assert client.get(address).status_code == 302
    client.force_login(people.outsider)
    for address in (admin_address(page, "preview"), admin_address(page, "preview_page", 1)):
        assert client.get(address).status_code == 403


# The link


def test_a_link_made_on_the_desk_shows_one_revision_to_a_stranger(client, people):
    revision = factories.draft(title="For your eyes")
    client.force_login(people.author)
    made = client.post(
        admin_address(revision.page, "preview_link", 1), {"for_whom": "Dr Example", "days": "7"}
    ).content.decode()
    path = re.search(r'value="http://testserver(/preview/[^"]+)"', made)[1]
    factories.draft(page=revision.page, title="Written since")
    client.logout()
    answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == 200 and "For your eyes" in html
    assert "Written since" not in html and "A newer text has been written since." in html
    assert answer["Cache-Control"] == "no-store" and "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies
    client.head(path)
    link = PreviewLink.objects.get()
    assert link.opened == 1 and link.last_opened_at
    assert path.split("/")[2].split(".")[0] not in link.token_hash
    assert Event.objects.filter(verb="preview.link_made", page_id=revision.page_id).exists()


def test_a_preview_is_in_no_list_of_readers(client, people):
    revision = factories.draft(title="Hidden away")
    _, path = link_to(revision)
    for address in ("/", "/articles/", "/search/?q=hidden", "/sitemap.xml", "/feeds/articles.atom"):
        text = client.get(address).content.decode()
        assert "Hidden away" not in text and "/preview/" not in text
    assert path not in client.get("/robots.txt").content.decode()


def test_after_its_time_a_link_says_whom_to_ask(client, people):
    link, path = link_to(factories.draft(title="Too late"))
    past = timezone.now() - timedelta(days=1)
    PreviewLink.objects.filter(pk=link.pk).update(made_at=past - timedelta(days=1), expires_at=past)
    answer = client.get(path)
    assert answer.status_code == 410 and answer["Cache-Control"] == "no-store"
    html = answer.content.decode()
    assert "Ask editor" in html and "Too late" not in html
    assert PreviewLink.objects.get().opened == 0


def test_a_revoked_link_is_closed_at_once(client, people):
    link, path = link_to(factories.draft(title="Taken back"))
    client.force_login(people.editor)
    address = admin_address(link.revision.page, "revoke_link", link.pk)
    client.get(address)
    assert client.get(path).status_code == 200
    client.post(address)
    assert client.get(path).status_code == 410
    again = client.post(address, follow=True).content.decode()
    assert "has revoked this link already." in again


@pytest.mark.parametrize(
    "token", ["x", "a.b", "%00", "..%2f", "x" * 2000, "é.é", "a:b", "1.1.1"], ids=range(8)
)
def test_a_made_up_token_opens_nothing(client, db, token):
    assert client.get(f"/preview/{token}/").status_code == 404


def test_a_token_with_one_letter_changed_opens_nothing(client, people):
    _, path = link_to(factories.draft())
    letter = path[12]
    assert client.get(path[:12] + ("A" if letter != "A" else "B") + path[13:]).status_code == 404


def test_a_text_that_was_shown_is_not_written_over(client, people):
    revision = factories.draft(title="Shown")
    link_to(revision)
    with pytest.raises(IntegrityError, match="shown to somebody"), transaction.atomic():
        changed = {**revision.content, "title": "Other"}
        Revision.objects.filter(pk=revision.pk).update(content=changed)
    later = factories.draft(page=revision.page, title="Later")
    assert later.number == 2
    revision.refresh_from_db()
    assert revision.content["title"] == "Shown" and revision.state == "superseded"


def test_who_may_make_links(people):
    revision = factories.draft()
    for who in ("moderator", "outsider"):
        with pytest.raises(NotAllowed):
            link_to(revision, by=getattr(people, who))
    other = factories.draft(by=people.editor)
    with pytest.raises(NotAllowed):
        link_to(other, by=people.author)
    for who in ("author", "editor", "reviewer", "admin"):
        assert link_to(revision, by=getattr(people, who))[0].made_by_name == who


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"for_whom": " ", "days": "7"}, "Say for whom the link is"),
        ({"for_whom": "X", "days": "0"}, "1 to 60 days"),
        ({"for_whom": "X", "days": "61"}, "1 to 60 days"),
        ({"for_whom": "X", "days": "-1"}, "1 to 60 days"),
        ({"for_whom": "X", "days": "²"}, "1 to 60 days"),
        ({}, "Say for whom the link is"),
    ],
)
def test_an_odd_link_is_refused_with_a_sentence(client, people, values, says):
    page = factories.draft().page
    client.force_login(people.editor)
    address = admin_address(page, "preview_link", 1)
    assert says in client.post(address, values, follow=True).content.decode()
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("preview_link_for_somebody", {"for_whom": ""}),
        ("preview_link_expires_later", {"expires_at": timezone.now() - timedelta(days=9)}),
        ("preview_link_revoked_by_somebody", {"revoked_at": timezone.now()}),
    ],
)
def test_the_database_holds_the_rules_of_links(people, name, changes):
    link, _ = link_to(factories.draft())
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PreviewLink.objects.filter(pk=link.pk).update(**changes)


def test_revoking_needs_the_role(people):
    link, _ = link_to(factories.draft())
    with pytest.raises(NotAllowed):
        previewing.revoke(link, by=people.moderator)
    previewing.revoke(link, by=people.author)
    with pytest.raises(WrongState):
        previewing.revoke(link, by=people.author)


@pytest.mark.parametrize("count", [1, 5])
def test_a_preview_costs_the_same_however_much_there_is(
    client, people, count, django_assert_max_num_queries
):
    conditions = [factories.condition(title=f"C {n}").pk for n in range(count)]
    sources = [factories.source() for _ in range(count)]
    body = "".join(
        f'<p>Group met <cite data-source="{source.key}"></cite>.</p>' for source in sources
    )
    revision = factories.draft(
        body=body, conditions=conditions, tags=[f"tag {n}" for n in range(count)]
    )
    _, path = link_to(revision)
    assert Page.objects.filter(pk=revision.page_id).exists()
    with django_assert_max_num_queries(30):
        client.get(path)
