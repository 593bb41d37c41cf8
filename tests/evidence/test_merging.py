"""Two records of one paper: one stays, everything that named the other names it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from claims import actions as claim_actions
from claims.models import Claim
from editorial.errors import NotAllowed, WrongState
from evidence import actions
from evidence.citations import record_citations
from evidence.merging import merge_sources
from evidence.models import Source
from tests import factories

pytestmark = pytest.mark.django_db
CITE = '<cite data-source="{}"></cite>'.format


def merged(stays, goes, people):
    return merge_sources(stays, goes, by=people.editor, reason="The same title and pages.")


def two_records(**fields):
    one = factories.source(title="One paper", url="https://example.org/a", **fields)
    return one, factories.source(title="One paper", url="https://example.org/b", doi="10.5555/b")


def test_the_one_that_stays_takes_over_what_it_lacks(people):
    stays, goes = two_records(pmid=5)
    actions.save_source(by=people.editor, key=goes.key, finding="It found this.")
    stays = merged(stays, goes, people)
    assert (stays.doi, stays.pmid, stays.finding) == ("10.5555/b", 5, "It found this.")
    goes.refresh_from_db()
    assert goes.merged_into == stays and goes.doi is None


def test_texts_that_cite_either_cite_one_source_with_one_number(people, client):
    stays, goes = two_records()
    body = f"<p>Rest eased it{CITE(goes.key)}. Sleep eased it{CITE(stays.key)}.</p>"
    page = factories.published_page(body=body)
    merged(stays, goes, people)
    text = client.get(page.get_absolute_url()).content.decode()
    assert text.count('id="ref-1"') == 1 and "ref-2" not in text
    assert text.count('href="#ref-1"') == 2
    revision = page.live_revision
    assert [c.source for c in revision.cited.all()] == [stays]
    record_citations([revision])
    assert [c.source for c in revision.cited.all()] == [stays]


def test_claims_decisions_assessments_and_notices_move(people):
    stays, goes = two_records()
    page = factories.published_page(body=f"<p>Rest eased the arthritis{CITE(goes.key)}.</p>")
    claim = page.claims.get(claim_sources__source=goes)
    claim_actions.raise_flag(claim, by=people.editor, reason="unclear", explanation="Is it so?")
    claim_actions.decide(
        claim,
        by=people.moderator,
        outcome="supported",
        reason="It says so.",
        sources=[goes],
        passages={goes.pk: "In its results."},
    )
    assessment = factories.assessment(factories.therapy(), factories.condition(), sources=[goes])
    actions.record_notice(goes, by=people.editor, kind="concern", date=date(2022, 1, 1))
    stays = merged(stays, goes, people)
    assert stays.standing == "concern" and stays.notices.count() == 1
    assert list(claim.sources.all()) == [stays] and list(assessment.sources.all()) == [stays]
    assert list(claim.decisions.first().sources.all()) == [stays]
    assert claim.claim_sources.get().confirmed_at


def test_a_retraction_of_the_one_that_goes_reaches_the_claims_of_the_other(people):
    stays, goes = two_records()
    page = factories.published_page(body=f"<p>Rest eased the arthritis{CITE(stays.key)}.</p>")
    claim = page.claims.get(claim_sources__source=stays)
    actions.record_notice(goes, by=people.editor, kind="retraction", date=date(2022, 1, 1))
    assert not claim.flags.open().filter(origin="notice").exists()
    merged(stays, goes, people)
    assert Claim.objects.get(pk=claim.pk).flags.open().filter(origin="notice").exists()


def test_a_confirmation_outlasts_the_row_that_goes(people):
    stays, goes = two_records()
    body = f"<p>Rest eased the arthritis{CITE(stays.key)}{CITE(goes.key)}.</p>"
    claim = factories.published_page(body=body).claims.get(claim_sources__source=goes)
    claim.claim_sources.filter(source=goes).update(
        confirmed_at="2024-01-01T00:00:00Z", confirmed_by_name="Somebody", passage="Page 3."
    )
    merged(stays, goes, people)
    row = claim.claim_sources.get()
    assert row.source == stays
    assert (row.confirmed_by_name, row.passage) == ("Somebody", "Page 3.")


def test_two_papers_are_not_merged_and_both_titles_are_shown(people):
    one = factories.source(title="One paper", doi="10.5555/one")
    other = factories.source(title="Quite another", doi="10.5555/other")
    with pytest.raises(ValidationError) as refused:
        merged(one, other, people)
    assert "One paper" in str(refused.value) and "Quite another" in str(refused.value)


def test_what_cannot_be_merged_is_refused(people):
    stays, goes = two_records()
    with pytest.raises(WrongState, match="same source"):
        merged(stays, stays, people)
    with pytest.raises(NotAllowed):
        merge_sources(stays, goes, by=people.author, reason="So it seems.")
    with pytest.raises(WrongState, match="how you know"):
        merge_sources(stays, goes, by=people.editor, reason=" ")
    merged(stays, goes, people)
    with pytest.raises(WrongState, match="already"):
        merged(stays, goes, people)
    with pytest.raises(WrongState, match="was merged into"):
        actions.save_source(by=people.editor, key=goes.key, title="Anew")


def test_a_merged_record_is_not_found_again_and_leads_readers_on(people, client):
    stays, goes = two_records()
    merged(stays, goes, people)
    assert list(Source.objects.current()) == [stays]
    answer = client.get(goes.get_absolute_url())
    assert answer.status_code == 301 and answer.url == stays.get_absolute_url()
    assert goes.get_absolute_url() not in client.get("/sources/").content.decode()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("source_merged_into_another", {"merged_into": "self"}),
        ("source_merged_gave_up_its_identifiers", {"merged_into": "other", "doi": "10.5555/q"}),
    ],
)
def test_the_database_refuses_half_a_merger(people, name, changes):
    one, other = two_records()
    targets = {"self": one.pk, "other": other.pk}
    changes["merged_into"] = targets[changes["merged_into"]]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Source.objects.filter(pk=one.pk).update(**changes)
