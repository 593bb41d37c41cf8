"""Sources: identity, notices, citations, and what the database refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from claims.models import Flag
from editorial import actions as page_actions
from editorial.errors import Blocked, NotAllowed
from editorial.models import Event
from evidence import actions, identifiers
from evidence.models import Acknowledgement, Notice, RevisionCitation, Source
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("https://doi.org/10.1056/NEJMoa123", "10.1056/nejmoa123"),
        ("doi: 10.1000/ABC.", "10.1000/abc"),
        ("10.1000/a‐b", "10.1000/a-b"),
        ("", None),
    ],
)
def test_a_doi_has_one_form(given, normal):
    assert identifiers.normal_doi(given) == normal


@pytest.mark.parametrize("odd", ["nonsense", "10.1/x", "11.1000/x"])
def test_an_impossible_doi_is_refused(odd):
    with pytest.raises(ValidationError, match="is not a DOI"):
        identifiers.normal_doi(odd)


@pytest.mark.parametrize(
    ("given", "normal"),
    [("PMID: 30644983", 30644983), ("https://pubmed.ncbi.nlm.nih.gov/30644983/", 30644983)],
)
def test_a_pmid_has_one_form(given, normal):
    assert identifiers.normal_pmid(given) == normal


@pytest.mark.parametrize("odd", ["x", "0", "123456789", "-1"])
def test_an_impossible_pmid_is_refused(odd):
    with pytest.raises(ValidationError, match="is not a PMID"):
        identifiers.normal_pmid(odd)


def test_a_trial_registration_has_one_form():
    address = "https://clinicaltrials.gov/study/nct00273364"
    assert identifiers.normal_nct(address) == "NCT00273364"
    with pytest.raises(ValidationError, match="is not an NCT id"):
        identifiers.normal_nct("NCT123")


def test_saving_the_same_source_again_changes_nothing(people):
    source = factories.source(key="same-2020", doi="10.1000/Same")
    events = Event.objects.count()
    fields = {"title": source.title, "doi": "https://doi.org/10.1000/same"}
    actions.save_source(by=people.editor, key="same-2020", **fields)
    assert Source.objects.count() == 1 and Event.objects.count() == events


def test_a_second_source_with_the_same_doi_is_refused(people):
    factories.source(doi="10.1000/x")
    with pytest.raises(ValidationError):
        factories.source(doi="10.1000/X")


def test_a_reviewer_may_not_edit_sources(people):
    with pytest.raises(NotAllowed):
        actions.save_source(by=people.reviewer, key="x", title="X", url="https://example.org")


# Notices


def test_standing_follows_the_notices(people):
    source = factories.source()
    steps = [
        ("correction", "2021", "corrected"),
        ("concern", "2022", "concern"),
        ("retraction", "2023", "retracted"),
        ("correction", "2024", "retracted"),
        ("reinstatement", "2025", "sound"),
    ]
    for kind, when, standing in steps:
        actions.record_notice(source, by=people.editor, kind=kind, date=date(int(when), 1, 1))
        source.refresh_from_db()
        assert source.standing == standing, kind


def test_a_reinstatement_lifts_a_retraction_of_which_only_the_year_is_known(people):
    source = factories.source()
    actions.record_notice(source, by=people.editor, kind="retraction", date_text="2024")
    actions.record_notice(source, by=people.editor, kind="reinstatement", date=date(2025, 1, 1))
    source.refresh_from_db()
    assert source.standing == "sound"


def test_the_same_notice_twice_changes_nothing(people):
    source = factories.source()
    _, first = actions.record_notice(source, by=people.editor, kind="concern", date_text="2024")
    _, again = actions.record_notice(source, by=people.editor, kind="concern", date_text="2024")
    assert first and not again and Notice.objects.count() == 1


def test_a_notice_older_than_its_paper_is_refused(people):
    with pytest.raises(ValidationError, match="before its paper"):
        actions.record_notice(
            factories.source(year=2020), by=people.editor, kind="concern", date=date(2019, 1, 1)
        )


# Citations


def test_a_revision_knows_what_it_cites_in_order(people):
    one, two = factories.source(), factories.source()
    cite = '<cite data-source="{}"></cite>'.format
    text = f"<p>First{cite(two.key)}. Then{cite(one.key)}. Again{cite(two.key)}.</p>"
    revision = factories.draft(body=text)
    assert list(revision.cited.values_list("source", "order")) == [(two.pk, 1), (one.pk, 2)]


def test_a_cited_source_cannot_be_deleted(people):
    source = factories.source()
    factories.draft(body=f'<p>So they say<cite data-source="{source.key}"></cite>.</p>')
    with pytest.raises(ProtectedError):
        source.delete()


def test_an_unknown_source_stops_publication(people):
    revision = factories.submitted(body='<p>So they say<cite data-source="ghost"></cite>.</p>')
    factories.decide_all(revision)
    revision = page_actions.approve(revision, by=people.reviewer)
    with pytest.raises(Blocked, match="ghost"):
        page_actions.publish(revision, by=people.editor)


# The database


def test_a_citation_stands_once_a_revision(people):
    source = factories.source()
    revision = factories.draft(body=f'<p>So<cite data-source="{source.key}"></cite>.</p>')
    with pytest.raises(IntegrityError), transaction.atomic():
        RevisionCitation.objects.create(revision=revision, source=source, order=9)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("source_can_be_found", {"url": ""}),
        ("source_pmid_possible", {"pmid": 100_000_000}),
        ("source_doi_begins_with_ten", {"doi": "11.1/x"}),
        ("source_nct_begins_with_nct", {"nct": "ISR1"}),
        ("source_standing_known", {"standing": "fine"}),
    ],
)
def test_an_impossible_source_is_refused(people, name, changes):
    source = factories.source()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(**changes)


def test_an_unknown_kind_of_notice_is_refused(people):
    with pytest.raises(IntegrityError, match="notice_kind_known"), transaction.atomic():
        Notice.objects.create(source=factories.source(), kind="rumour")


def test_a_notice_is_recorded_once(people):
    source = factories.source()
    Notice.objects.create(source=source, kind="concern", date_text="2024")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(source=source, kind="concern", date_text="2024")


# What a source is about, and what sentences rest on


def test_a_sentence_on_another_therapy_that_cites_the_source_is_questioned(people):
    walking = factories.therapy(title="Walking cure")
    sleeping = factories.therapy(title="Sleeping cure")
    source = factories.source()
    actions.save_source(by=people.editor, key=source.key, about=[walking])
    cite = f'<cite data-source="{source.key}"></cite>'
    for therapy, questioned in ((sleeping, True), (walking, False)):
        revision = factories.draft(body=f"<p>{therapy.title} may ease the pain{cite}.</p>")
        flags = Flag.objects.filter(claim__anchors__revision=revision)
        found = any(f["rule"] == "cited-source-other-therapy" for x in flags for f in x.findings)
        assert found is questioned, therapy


def test_a_source_is_about_conditions_and_therapies_only(people):
    source, article = factories.source(), factories.published_page()
    with pytest.raises(ValidationError, match="neither a condition nor a therapy"):
        actions.save_source(by=people.editor, key=source.key, about=[article])


def test_saving_what_it_is_about_again_changes_nothing(people):
    source, therapy = factories.source(), factories.therapy()
    actions.save_source(by=people.editor, key=source.key, about=[therapy])
    events = Event.objects.count()
    actions.save_source(by=people.editor, key=source.key, about=[therapy])
    assert Event.objects.count() == events


def test_readers_find_the_passages_that_sentences_rest_on(people, client):
    source = factories.source()
    body = f'<p>Rest eased the pain of arthritis<cite data-source="{source.key}"></cite>.</p>'
    page = factories.published_page(body=body)
    row = page.claims.get(claim_sources__source=source).claim_sources.get()
    row.confirmed_at, row.confirmed_by_name = timezone.now(), "Moderator"
    row.passage = "Pain fell by half in the third week."
    row.save()
    text = client.get(source.get_absolute_url()).content.decode()
    assert row.passage in text and row.claim.get_absolute_url() in text


@pytest.mark.parametrize(
    "doi",
    ["10.1016/s0140-6736(11)61715-7", "10.1007/978-3-16-148410-0", "10.1007/978-3-16-148410-0_5"],
)
def test_a_check_digit_inside_a_doi_is_checked(doi):
    assert identifiers.normal_doi(doi) == doi
    wrong = doi.replace("6736", "6735").replace("148410-0", "148410-1")
    with pytest.raises(ValidationError, match="check digit"):
        identifiers.normal_doi(wrong)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("acknowledged_with_a_reason", {"reason": ""}),
        ("acknowledged_once_a_page", {"reason": "Twice."}),
    ],
)
def test_the_database_refuses_an_odd_acknowledgement(people, name, changes):
    source, page = factories.source(), factories.published_page()
    fields = {"page": page, "source": source, "made_by_name": "Moderator"}
    if name == "acknowledged_once_a_page":
        Acknowledgement.objects.create(**fields, reason="Once.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Acknowledgement.objects.create(**fields, **changes)
