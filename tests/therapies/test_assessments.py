"""Conditions, therapies and assessments: the rules and what the database refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from editorial.errors import InvalidContent, NotAllowed
from editorial.models import Event
from evidence.actions import record_notice
from tests import factories
from therapies.models import Assessment, Condition, Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(people):
    return (
        Therapy.objects.get(pk=factories.therapy(title="Light therapy").pk),
        Condition.objects.get(pk=factories.condition(title="Psoriasis").pk),
    )


def test_a_pair_has_one_assessment_and_a_change_is_recorded(pair):
    source = factories.source()
    first = factories.assessment(*pair, "low", [source])
    again = factories.assessment(*pair, "moderate", [source])
    assert first.pk == again.pk and Assessment.objects.get().certainty == "moderate"
    event = Event.objects.get(verb="assessment.changed")
    assert event.data["before"] == "low" and event.data["certainty"] == "moderate"


def test_the_same_assessment_again_changes_nothing(pair):
    source = factories.source()
    factories.assessment(*pair, "low", [source])
    events = Event.objects.count()
    factories.assessment(*pair, "low", [source])
    assert Event.objects.filter(verb__startswith="assessment").count() == 2
    assert Event.objects.count() == events


def test_an_assessment_rests_on_a_source_that_stands(pair, people):
    fallen = factories.source()
    record_notice(fallen, by=people.editor, kind="retraction", date_text="2022")
    fallen.refresh_from_db()
    with pytest.raises(ValidationError, match="retracted"):
        factories.assessment(*pair, "low", [fallen])
    assert not Assessment.objects.exists()


def test_an_author_may_not_assess(pair, people):
    from therapies.actions import assess

    with pytest.raises(NotAllowed):
        assess(by=people.author, therapy=pair[0], condition=pair[1], sources=[factories.source()])


def test_a_therapy_without_a_word_on_harms_is_refused(people):
    with pytest.raises(InvalidContent, match="known harms"):
        factories.draft("therapy", harms=[])


def test_lists_and_rows_survive_the_way_to_readers(people):
    rows = [{"fact": "Licensed.", "body": "EMA", "date": "2020", "basis": "lookup"}]
    page = factories.therapy(harms=["nausea", "tiredness"], regulatory=rows, other_names=["PUVA"])
    therapy = Therapy.objects.get(pk=page.pk)
    assert therapy.harms == ["nausea", "tiredness"]
    assert therapy.regulatory == rows and therapy.all_names[1] == "PUVA"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("assessment_certainty_known", {"certainty": "certain"}),
        ("assessment_stage_known", {"stage": "rumoured"}),
        ("assessment_direction_known", {"direction": "up"}),
        ("assessment_footing_known", {"footing": "sand"}),
        ("assessment_summarised", {"summary": ""}),
    ],
)
def test_an_impossible_assessment_is_refused(pair, name, changes):
    factories.assessment(*pair)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Assessment.objects.update(**changes)


def test_a_pair_is_assessed_once(pair):
    factories.assessment(*pair)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(
            therapy=pair[0], condition=pair[1], certainty="low", stage="in trials", summary="x"
        )


def test_an_unknown_form_of_therapy_or_odd_code_is_refused(pair):
    with pytest.raises(IntegrityError, match="therapy_form_known"), transaction.atomic():
        Therapy.objects.update(form="magic")
    with pytest.raises(IntegrityError, match="condition_mesh_begins_with_d"), transaction.atomic():
        Condition.objects.update(mesh_id="X1")
