"""The desk for assessments: an editor fills the form, sees what follows, a reviewer approves."""

import pytest
from django.urls import reverse

from editorial.registry import cards
from evidence.actions import record_notice
from tests import factories
from therapies.models import Assessment, AssessmentVersion, Condition, EmptySearch, Therapy

pytestmark = pytest.mark.django_db

ADD = "/admin/therapies/assessmentversion/add/"


@pytest.fixture
def pair(people):
    return (
        Therapy.objects.get(pk=factories.therapy(title="Light therapy").pk),
        Condition.objects.get(pk=factories.condition(title="Psoriasis").pk),
    )


@pytest.fixture
def desk(client):
    """Sign a person in and give the client back."""

    def as_(user):
        client.force_login(user)
        return client

    return as_


def filled(pair, source, **changes) -> dict:
    """The form as a medical editor sends it: one benefit in figures, one harm in words."""
    form = {
        "therapy": pair[0].pk,
        "condition": pair[1].pk,
        "sources": [source.pk],
        "start": "randomised",
        **dict.fromkeys(
            [
                "risk_of_bias",
                "inconsistency",
                "indirectness",
                "publication_bias",
                "large_effect",
                "dose_response",
                "plausible_confounding",
            ],
            0,
        ),
        "imprecision": -1,
        "imprecision_why": "Few people were studied.",
        "direction": "benefit",
        "stage": "in trials",
        "summary": "It probably clears the skin.",
        "outcomes-TOTAL_FORMS": 2,
        "outcomes-INITIAL_FORMS": 0,
        "outcomes-0-axis": "benefit",
        "outcomes-0-what": "clear skin",
        "outcomes-0-among": 100,
        "outcomes-0-with_therapy": 40,
        "outcomes-0-over": "1 year",
        "outcomes-0-source": source.pk,
        "outcomes-1-axis": "harm",
        "outcomes-1-what": "burns",
        "outcomes-1-certainty": "low",
    }
    return form | changes


def test_saving_shows_the_certainty_that_follows_and_a_reviewer_approves(desk, pair, people):
    source = factories.source()
    answer = desk(people.editor).post(ADD, filled(pair, source), follow=True)
    page = answer.content.decode()
    assert "Its certainty follows as moderate" in page
    assert "down one level for imprecision" in page
    assert "Approve this version" not in page
    version = AssessmentVersion.objects.get()
    assert [row.what for row in version.outcomes.all()] == ["clear skin", "burns"]
    address = f"/admin/therapies/assessmentversion/{version.pk}/"
    assert "Approve this version" in desk(people.reviewer).get(f"{address}change/").content.decode()
    desk(people.reviewer).post(f"{address}approve/")
    assert Assessment.objects.get().certainty == "moderate"


def test_an_editor_cannot_approve_through_the_address(desk, pair, people):
    version = factories.assessment_draft(*pair)
    address = reverse("admin:therapies_assessmentversion_approve", args=[version.pk])
    page = desk(people.editor).post(address, follow=True).content.decode()
    assert "may not approve assessments" in page and not Assessment.objects.exists()


def test_changing_one_writes_another_version_and_keeps_the_first(desk, pair, people):
    source = factories.source()
    desk(people.editor).post(ADD, filled(pair, source))
    first = AssessmentVersion.objects.get()
    rows = list(first.outcomes.values_list("pk", flat=True))
    changed = filled(
        pair,
        source,
        **{
            "imprecision": -2,
            "outcomes-INITIAL_FORMS": 2,
            "outcomes-0-id": rows[0],
            "outcomes-0-version": first.pk,
            "outcomes-1-id": rows[1],
            "outcomes-1-version": first.pk,
            "outcomes-1-DELETE": "on",
        },
    )
    desk(people.editor).post(f"/admin/therapies/assessmentversion/{first.pk}/change/", changed)
    second = AssessmentVersion.objects.get(number=2)
    first.refresh_from_db()
    assert (first.certainty, first.state) == ("moderate", "superseded")
    assert (second.certainty, second.state) == ("low", "draft")
    assert first.outcomes.count() == 2 and second.outcomes.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"imprecision_why": ""}, "Say in a sentence why you count -1 for imprecision."),
        ({"sources": []}, "This field is required."),
        ({"searched_on": "2026-01-02"}, "when evidence was last looked for, and where"),
        ({"outcomes-0-over": ""}, "A frequency needs all of"),
    ],
)
def test_what_is_missing_is_said_on_the_form(desk, pair, people, changes, sentence):
    form = filled(pair, factories.source(), **changes)
    page = desk(people.editor).post(ADD, form).content.decode()
    assert sentence in page and not AssessmentVersion.objects.exists()


def test_an_assessment_opens_its_newest_version(desk, pair, people):
    assessment = factories.assessment(*pair)
    draft = factories.assessment_draft(*pair, "high")
    answer = desk(people.editor).get(f"/admin/therapies/assessment/{assessment.pk}/change/")
    assert answer["Location"] == f"/admin/therapies/assessmentversion/{draft.pk}/change/"


def test_a_superseded_version_can_be_read_but_not_saved(desk, pair, people):
    old = factories.assessment_draft(*pair, "low")
    factories.assessment_draft(*pair, "high")
    address = f"/admin/therapies/assessmentversion/{old.pk}/change/"
    assert "Save as a draft" not in desk(people.editor).get(address).content.decode()
    assert desk(people.editor).post(address, {}).status_code == 403


def test_a_search_that_found_nothing_is_noted(desk, pair, people):
    form = {
        "therapy": pair[0].pk,
        "condition": pair[1].pk,
        "searched_on": "2026-01-02",
        "searched_where": "PubMed",
    }
    desk(people.editor).post("/admin/therapies/emptysearch/add/", form)
    assert EmptySearch.objects.get().recorded_by_name == people.editor.display_name


def test_the_desk_counts_what_waits_and_what_rests_on_nothing(pair, people):
    source = factories.source()
    factories.assessment(*pair, sources=[source])
    factories.assessment_draft(*pair, "high")
    record_notice(source, by=people.editor, kind="retraction", date_text="2024")
    counts = {card.title: (card.count, card.is_urgent) for card in cards(people.reviewer)}
    assert counts["Assessments waiting for approval"] == (1, False)
    assert counts["Assessments that rest on nothing sound"] == (1, True)
    titles = {card.title for card in cards(people.author)}
    assert not [title for title in titles if title.startswith("Assessments")]
