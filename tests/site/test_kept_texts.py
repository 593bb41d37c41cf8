"""A drawn text is kept by all that it says: drawn once while nothing changes, anew when it does."""

import pytest
from django.utils import translation

from claims import actions as claim_actions
from claims import rendering
from claims.models import Anchor, Claim
from claims.rendering import render_body
from editorial.models import Page
from evidence import actions as evidence_actions
from evidence.models import Source
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    rendering._texts.clear()


@pytest.fixture
def page():
    cited = f'<cite data-source="{factories.source().key}"></cite>'
    body = f"<p>The group met weekly {cited}.</p><p>It met in town.</p>"
    return factories.published_page("article", title="A group", body=body)


def text_of(page) -> str:
    text = render_body(Page.objects.get(pk=page.pk).specific)
    return text.title + text.summary + text.html


def decided(page):
    Claim.objects.update(state=Claim.State.SUPPORTED)


def asked(page):
    claim_actions.raise_flag(
        Claim.objects.get(),
        by=factories.people().moderator,
        reason="unclear",
        explanation="Is it so?",
    )


def moved(page):
    Anchor.objects.update(exact="It met in town.", start=31, end=46)


def retracted(page):
    by = factories.people().editor
    source = Source.objects.get()
    evidence_actions.record_notice(source, by=by, kind="retraction", date_text="2021")


@pytest.mark.parametrize("change", [decided, asked, moved, retracted])
def test_it_is_drawn_anew_when_what_it_says_has_changed(page, change):
    before = text_of(page)
    change(page)
    now = text_of(page)
    rendering._texts.clear()
    assert now == text_of(page) != before


def test_each_language_has_its_own(page):
    before = text_of(page)
    with translation.override("de"):
        assert len(rendering._texts) == 1
        text_of(page)
    assert len(rendering._texts) == 2 and text_of(page) == before


def test_it_is_drawn_once_while_nothing_changes(page, monkeypatch):
    before = text_of(page)
    monkeypatch.setattr(rendering, "_draw", {}.__getitem__)
    assert text_of(page) == before


def test_only_so_many_are_kept_those_read_last(page, monkeypatch):
    monkeypatch.setattr(rendering, "TEXTS_KEPT", 2)
    others = [factories.published_page("article", body=f"<p>Group {n} met.</p>") for n in "ab"]
    for each in (page, others[0], page, others[1]):
        text_of(each)
    drawn = [said[0] for said in rendering._texts]
    assert drawn == [Page.objects.get(pk=p.pk).live_revision.digest for p in (page, others[1])]


def test_a_text_with_a_picture_is_drawn_each_time(page):
    figure = f'<figure data-image="{"a" * 32}"></figure>'
    given = rendering._Given(page.live_revision, [], {}, {})
    given.revision.content["body"] += figure
    assert given.said() is None
