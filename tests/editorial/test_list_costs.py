"""Every list of the desk asks the database as often for many rows as for few."""

from datetime import timedelta

from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial import actions, comments
from editorial.models import KindPolicy, Page
from evidence import actions as evidence_actions
from search.models import Miss
from tests import factories
from tests.safety import addresses
from therapies import assessing

from .test_images import picture, uploaded

CURE = "<p>Stem cells cure lupus in every patient.</p>"
# One row for each kind of page, however many pages there are.
AS_MANY_AS_KINDS = {KindPolicy}
# Measured with 12 rows of everything. A list that needs more asks too often.
AT_MOST = 34


def grow(count: int, begin: int) -> None:
    """So many more of everything that the desk lists, numbered from `begin`."""
    cast, now = factories.people(), timezone.now()
    for number in range(begin, begin + count):
        person = factories.person(f"reader {number}", "reviewer")
        source = factories.source()
        cited = f'{CURE}<p>Rest was tried <cite data-source="{source.key}"></cite>.</p>'
        draft = factories.draft(body=cited)
        comments.add(draft, by=cast.reviewer, text="Is it so?", must_resolve=True)
        evidence_actions.record_notice(source, by=cast.editor, kind="retraction")
        evidence_actions.acknowledge(draft.page, source, by=cast.moderator, reason="To warn.")
        factories.submitted()
        actions.schedule(factories.approved(), by=cast.editor, at=now + timedelta(days=1))
        late = factories.published_page()
        Page.objects.filter(pk=late.pk).update(review_due=timezone.localdate())
        actions.add_redirect(by=cast.admin, kind="article", slug=f"old-{number}", page=late)
        actions.declare_interest(
            by=cast.admin, user=person, page=late, what="Shares.", since=now.date()
        )
        condition, therapy = factories.condition(), factories.therapy()
        factories.assessment(therapy, condition)
        factories.assessment_draft(therapy, factories.condition())
        assessing.record_empty_search(
            by=cast.editor,
            therapy=factories.therapy(),
            condition=condition,
            searched_on=now.date(),
            searched_where="PubMed",
        )
        uploaded(picture(size=(64 + number, 64)), title=f"Picture {number}", credit="A")
        Miss.objects.create(words=f"unknown {number}", last_day=now.date())


def lists() -> list[str]:
    """The addresses of the desk that name nothing in particular."""
    found = [r for r in addresses.routes() if r.startswith("admin/") and "(" not in r]
    left_out = ("export.", "/logout/", "/add/")
    return [f"/{r}" for r in found if "<" not in r and not any(part in r for part in left_out)]


def rows() -> dict:
    return {model: model.objects.count() for model in admin.site._registry}


def costs(client) -> dict[str, int]:
    """How many queries each list takes that is answered with a page."""
    found = {}
    for address in lists():
        client.get(address)  # what is made once a process
        with CaptureQueriesContext(connection) as made:
            answer = client.get(address)
        if answer.status_code == 200:
            found[address] = len(made)
    return found


def test_every_list_costs_the_same_at_few_rows_and_at_many(client, people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(people.admin)
    grow(2, begin=0)
    few, had = costs(client), rows()
    grow(4, begin=2)
    many, has = costs(client), rows()
    assert {model for model in has if has[model] < had[model] + 4} == AS_MANY_AS_KINDS
    assert {a: (few[a], many[a]) for a in few if many[a] > few[a]} == {}
    assert {a: count for a, count in many.items() if count > AT_MOST} == {}
    assert {"/admin/", "/admin/articles/article/", "/admin/moderation/"} <= set(many)


def test_the_history_of_a_page_costs_the_same_however_long(client, people):
    first = factories.draft()
    client.force_login(people.editor)
    counts = []
    for number in range(2, 8):
        comments.add(first.page.latest_revision(), by=people.reviewer, text="Is it so?")
        factories.draft(page=first.page, title=f"Title {number}")
        with CaptureQueriesContext(connection) as made:
            answer = client.get(f"/admin/articles/article/{first.page_id}/history/")
        assert f'<th scope="row">{number}</th>' in answer.content.decode()
        counts.append(len(made))
    assert counts[1] == counts[-1]
