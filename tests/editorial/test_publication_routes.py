"""Every route to readers, in every situation in which none may lead there."""

import contextlib
import io
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from articles.forms import ArticleForm
from articles.models import Article
from editorial import actions, forms, schedule
from editorial.errors import Refused
from editorial.models import Page, Revision
from evidence.actions import record_notice
from tests import factories

pytestmark = pytest.mark.django_db

MARKER = "Zebrafish marker"
BOLD = f"<p>{MARKER}. Stem cell therapy is a proven, guaranteed cure for lupus.</p>"
QUIET = f"<p>{MARKER}. Some people plan their days around how they feel.</p>"


# Situations: each gives a revision that readers must not see.


def with_an_open_blocking_flag():
    revision = factories.approved(body=BOLD)
    assert revision.anchors.filter(claim__flags__severity="block").exists()
    return revision


def without_approval():
    return factories.submitted(body=QUIET)


def with_text_changed_after_approval():
    first = factories.approved(body="<p>Some people feel tired.</p>")
    return factories.draft(page=first.page, title="A changed title", body=QUIET)


def citing_a_retracted_source():
    source = factories.source(key="fallen-2020")
    record_notice(source, by=factories.people().editor, kind="retraction", date_text="2021")
    body = f'<p>{MARKER}. A trial looked at this<cite data-source="fallen-2020"></cite>.</p>'
    revision = factories.submitted(body=body)
    factories.decide_all(revision)
    return actions.approve(revision, by=factories.people().reviewer)


SITUATIONS = [
    with_an_open_blocking_flag,
    without_approval,
    with_text_changed_after_approval,
    citing_a_retracted_source,
]


# Routes: each tries to bring the revision to readers in its own way.


def by_the_action(client, revision):
    with pytest.raises(Refused):
        actions.publish(revision, by=factories.people().editor)


def by_publishing_an_older_approved_revision(client, revision):
    for older in revision.page.revisions.exclude(pk=revision.pk):
        with pytest.raises(Refused):
            actions.publish(older, by=factories.people().editor)


def by_the_button(client, revision):
    client.force_login(factories.people().editor)
    address = reverse("admin:articles_article_step", args=[revision.page_id, "publish"])
    page = client.post(address, {"revision": revision.pk}, follow=True)
    assert 'class="error"' in page.content.decode()


def by_the_bulk_action(client, revision):
    client.force_login(factories.people().editor)
    data = {
        "action": "publish",
        "_selected_action": [revision.page_id],
        "step": "run",
        f"revision-{revision.page_id}": revision.pk,
    }
    page = client.post(reverse("admin:articles_article_changelist"), data, follow=True)
    assert "0 of 1 done" in page.content.decode()


def by_a_forged_form(client, revision):
    client.force_login(factories.people().editor)
    forged = {
        **forms.thawed(revision.content),
        "status": "published",
        "state": "approved",
        "live_revision": revision.pk,
        "approved_by": factories.people().reviewer.pk,
        "_save": "1",
    }
    address = reverse("admin:articles_article_change", args=[revision.page_id])
    assert client.post(address, forged | {"tags": "forged"}).status_code == 302


def by_the_scheduler(client, revision):
    people = factories.people()
    tomorrow = timezone.now() + timedelta(days=1)
    with contextlib.suppress(Refused):
        actions.schedule(revision, by=people.editor, at=tomorrow)
    run = schedule.publish_due(now=tomorrow + timedelta(minutes=1))
    assert run.published == []
    assert not Revision.objects.filter(pk=revision.pk, scheduled_at__isnull=False).exists()


def by_the_scheduler_command(client, revision):
    call_command("publish_scheduled", stdout=io.StringIO())


def by_an_import_without_an_administrator(client, revision):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "article.html")
        path.write_text(f"<h1>Imported</h1>{BOLD}<p>More text follows here.</p>")
        with pytest.raises(CommandError):
            call_command(
                "import_articles", str(path), "--publish", "--by", "editor", "--reason", "because"
            )


def by_an_override_of_the_editor(client, revision):
    with pytest.raises(Refused):
        actions.publish_override(revision, by=factories.people().editor, reason="because")


def by_restoring_an_old_revision(client, revision):
    people = factories.people()
    old = revision.page.revisions.order_by("number").first()
    restored = actions.save_draft(
        kind="article", content=old.content, by=people.editor, page=revision.page
    )
    if restored.pk != revision.pk or restored.state != Revision.State.APPROVED:
        with pytest.raises(Refused):
            actions.publish(restored, by=people.editor)


def by_saving_the_form_itself(client, revision):
    article = Article.objects.get(pk=revision.page_id)
    form = ArticleForm(data=forms.thawed(revision.content), instance=article)
    assert form.is_valid(), form.errors
    form.instance.status = Page.Status.PUBLISHED
    form.instance.live_revision = revision
    form.instance.published_at = form.instance.first_published_at = timezone.now()
    with pytest.raises(DatabaseError), transaction.atomic():
        form.save()


def by_an_update_of_the_row(client, revision):
    now = timezone.now()
    with pytest.raises(DatabaseError), transaction.atomic():
        Page.objects.filter(pk=revision.page_id).update(
            status="published",
            live_revision=revision,
            published_at=now,
            first_published_at=now,
            title=revision.content["title"],
            body=revision.content["body"],
        )


def by_posting_to_the_api(client, revision):
    client.force_login(factories.people().editor)
    for address in ("/api/v1/pages", f"/api/v1/pages/{revision.page_id}"):
        for method in (client.post, client.put, client.patch):
            assert method(address, {"status": "published"}).status_code in (403, 404, 405)


ROUTES = [
    by_the_action,
    by_publishing_an_older_approved_revision,
    by_the_button,
    by_the_bulk_action,
    by_a_forged_form,
    by_the_scheduler,
    by_the_scheduler_command,
    by_an_import_without_an_administrator,
    by_an_override_of_the_editor,
    by_restoring_an_old_revision,
    by_saving_the_form_itself,
    by_an_update_of_the_row,
    by_posting_to_the_api,
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda f: f.__name__)
def test_no_route_leads_to_readers(client, situation, route):
    revision = situation()
    route(client, revision)
    client.logout()
    page = Page.objects.get(pk=revision.page_id)
    assert page.status == Page.Status.DRAFT and page.live_revision is None
    assert client.get(page.get_absolute_url()).status_code == 404
    for address in ("/", "/articles/", "/search/?q=zebrafish", "/sitemap.xml"):
        assert MARKER.lower() not in client.get(address).content.decode().lower()
        assert page.get_absolute_url() not in client.get(address).content.decode()


def test_an_administrator_may_override_and_readers_are_told(client):
    revision = factories.draft(body=QUIET)
    admin = get_user_model().objects.get(username="admin")
    page = actions.publish_override(revision, by=admin, reason="Published elsewhere since 2019.")
    page = Page.objects.get(pk=page.pk)
    assert page.is_published and not page.is_reviewed_here
    shown = client.get(page.get_absolute_url()).content.decode()
    assert "not yet reviewed here" in shown.lower()


def test_the_published_page_shows_exactly_the_approved_text(client):
    page = factories.published_page(body=QUIET)
    with pytest.raises(DatabaseError), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(body="<p>Something else.</p>")
    with pytest.raises(DatabaseError), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(title="Something else")
