"""Versions of assessments: drafts, approval by somebody else, and what the database refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from claims.knowledge import checker_knowledge
from editorial.errors import NotAllowed, WrongState
from editorial.freshness import _listeners as stale_listeners
from editorial.freshness import on_stale
from editorial.models import Event
from evidence.actions import record_notice
from tests import factories
from therapies import actions, assessing, resting
from therapies.models import Assessment, AssessmentVersion, Condition, EmptySearch, Outcome, Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(people):
    return (
        Therapy.objects.get(pk=factories.therapy(title="Light therapy").pk),
        Condition.objects.get(pk=factories.condition(title="Psoriasis").pk),
    )


@pytest.fixture
def said_stale():
    """What was said to be stale."""
    keys = set()
    on_stale(keys.update)
    yield keys
    stale_listeners.remove(keys.update)


def benefit(**changes) -> dict:
    row = {
        "axis": "benefit",
        "what": "clear skin",
        "among": 100,
        "with_therapy": 40,
        "without_therapy": 25,
        "compared_with": "placebo",
        "over": "1 year",
        "people": 200,
        "studies": 2,
        "source": factories.source(),
    }
    return row | changes


# The way of a version


def test_a_draft_is_not_what_readers_see_until_somebody_else_approves(pair, people, said_stale):
    version = factories.assessment_draft(*pair, "moderate")
    assert not Assessment.objects.exists() and version.certainty == "moderate"
    said_stale.clear()
    assessment = actions.approve(version, by=people.reviewer)
    assert assessment.certainty == "moderate" and assessment.version == version
    assert said_stale == {
        *(f"source:{source.pk}" for source in assessment.sources.all()),
        f"assessment:{assessment.pk}",
        f"page:{pair[0].pk}",
        f"page:{pair[1].pk}",
        "list:assessment",
    }


def test_nobody_approves_their_own(pair, people):
    version = factories.assessment_draft(*pair, by=people.reviewer)
    with pytest.raises(NotAllowed, match="Somebody else"):
        actions.approve(version, by=people.reviewer)
    assert not Assessment.objects.exists()


def test_an_editor_may_write_but_not_approve(pair, people):
    version = factories.assessment_draft(*pair, by=people.reviewer)
    with pytest.raises(NotAllowed):
        actions.approve(version, by=people.editor)


def test_old_versions_are_kept_and_cannot_be_approved_again(pair, people):
    first = factories.assessment(*pair, "low").version
    second = factories.assessment_draft(*pair, "moderate")
    third = factories.assessment_draft(*pair, "high")
    with pytest.raises(WrongState, match="superseded"):
        actions.approve(second, by=people.reviewer)
    actions.approve(third, by=people.reviewer)
    states = dict(AssessmentVersion.objects.values_list("number", "state"))
    assert states == {1: "superseded", 2: "superseded", 3: "approved"}
    first.refresh_from_db()
    assert first.certainty == "low" and first.approved_by == people.reviewer


def test_a_draft_beside_an_approved_version_changes_nothing_for_readers(pair):
    factories.assessment(*pair, "low")
    factories.assessment_draft(*pair, "high")
    assert Assessment.objects.get().certainty == "low"


def test_listeners_hear_what_it_was_before(pair, people):
    heard = []
    listener = actions.on_assessment_changed(lambda *said: heard.append(said))
    try:
        first = factories.assessment(*pair, "high")
        factories.assessment(*pair, "low")
    finally:
        assessing._listeners.remove(listener)
    assert [said[1] for said in heard] == [None, "high"]
    assert heard[1][0].pk == first.pk and heard[1][2] == people.reviewer


def test_a_certainty_that_does_not_follow_is_refused(pair, people):
    with pytest.raises(ValidationError, match="follows low certainty, not high"):
        actions.assess(
            by=people.editor,
            therapy=pair[0],
            condition=pair[1],
            sources=[factories.source()],
            start="observational",
            certainty="high",
            direction="benefit",
            stage="in trials",
            summary="It may help.",
        )


def test_an_author_may_not_write_one(pair, people):
    with pytest.raises(NotAllowed):
        factories.assessment_draft(*pair, by=people.author)


def test_a_source_that_fell_while_the_draft_waited_stops_the_approval(pair, people):
    source = factories.source()
    version = factories.assessment_draft(*pair, sources=[source])
    record_notice(source, by=people.editor, kind="retraction", date_text="2024")
    with pytest.raises(ValidationError, match="retracted"):
        actions.approve(version, by=people.reviewer)
    assert not Assessment.objects.exists()


def test_a_search_in_the_future_is_refused(pair):
    with pytest.raises(ValidationError, match="future"):
        factories.assessment_draft(*pair, searched_on=date(2999, 1, 1), searched_where="PubMed")


# Figures


def test_figures_are_kept_with_their_version_and_no_event_is_a_figure(pair):
    rows = [benefit(), {"axis": "harm", "what": "burns", "certainty": "low"}]
    rows[0]["without_therapy"] = 0
    assessment = factories.assessment(*pair, outcomes=rows)
    kept = assessment.version.outcomes.get(axis="benefit")
    assert (kept.with_therapy, kept.without_therapy, kept.among) == (40, 0, 100)
    assert assessment.main_harm == "burns"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"source": None}, "A frequency needs all of"),
        ({"over": ""}, "A frequency needs all of"),
        ({"among": None}, "A frequency needs all of"),
        ({"with_therapy": 101}, "More people are counted"),
        ({"compared_with": ""}, "A comparison needs both"),
    ],
)
def test_half_a_figure_is_refused_with_what_it_lacks(pair, changes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        factories.assessment_draft(*pair, outcomes=[benefit(**changes)])
    assert not AssessmentVersion.objects.exists()


def test_a_figure_from_a_retracted_source_is_refused(pair, people):
    fallen = factories.source()
    record_notice(fallen, by=people.editor, kind="retraction", date_text="2024")
    fallen.refresh_from_db()
    with pytest.raises(ValidationError, match="retracted"):
        factories.assessment_draft(*pair, outcomes=[benefit(source=fallen)])


# When sources fall


def test_an_assessment_says_what_it_rests_on_now(pair, people):
    first, second = factories.source(), factories.source()
    assessment = factories.assessment(*pair, sources=[first, second])
    heard = []
    listener = actions.on_footing_changed(lambda a, before, by: heard.append((before, a.footing)))
    try:
        for source in (first, second):
            record_notice(source, by=people.editor, kind="retraction", date_text="2024")
        record_notice(first, by=people.editor, kind="reinstatement", date_text="2025")
    finally:
        resting._listeners.remove(listener)
    assert heard == [("sound", "partly"), ("partly", "nothing"), ("nothing", "partly")]
    assessment.refresh_from_db()
    assert assessment.footing == "partly"
    assert Event.objects.filter(verb="assessment.footing_changed").count() == 3


def test_to_the_checker_nothing_is_sure_that_rests_on_nothing_sound(pair, people):
    source = factories.source()
    factories.assessment(*pair, "high", [source])
    key = (pair[0].slug, pair[1].slug)
    assert checker_knowledge()[1][key] == "high"
    record_notice(source, by=people.editor, kind="retraction", date_text="2024")
    assert checker_knowledge()[1][key] == "very low"


# Nothing found


def test_a_search_that_found_nothing_is_kept_once(pair, people):
    said = {"searched_on": date(2026, 1, 2), "searched_where": "PubMed"}
    for _ in range(2):
        actions.record_empty_search(by=people.editor, therapy=pair[0], condition=pair[1], **said)
    assert EmptySearch.objects.count() == 1


def test_nothing_found_is_not_said_of_an_assessed_pair(pair, people):
    factories.assessment(*pair)
    with pytest.raises(WrongState, match="has an assessment"):
        actions.record_empty_search(
            by=people.editor,
            therapy=pair[0],
            condition=pair[1],
            searched_on=date(2026, 1, 2),
            searched_where="PubMed",
        )


def test_nothing_found_needs_a_place_and_a_day_that_has_come(pair, people):
    search = {"by": people.editor, "therapy": pair[0], "condition": pair[1]}
    with pytest.raises(ValidationError):
        actions.record_empty_search(**search, searched_on=date(2026, 1, 2), searched_where=" ")
    with pytest.raises(ValidationError, match="future"):
        actions.record_empty_search(**search, searched_on=date(2999, 1, 1), searched_where="x")


# What the database refuses by itself


def refused(rule):
    return pytest.raises(IntegrityError, match=rule)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("version_certainty_follows", {"certainty": "high"}),
        ("version_certainty_follows", {"start": "observational", "certainty": "low"}),
        ("version_reasons_complete", {"imprecision_why": ""}),
        # Breaks both; the databases name the one that they look at first.
        ("version_(?:reasons_complete|certainty_follows)", {"large_effect": -1}),
        ("version_summarised", {"summary": ""}),
        ("version_stage_known", {"stage": "rumoured"}),
        ("version_direction_known", {"direction": "up"}),
        ("version_state_known", {"state": "lost"}),
        ("version_approved_means_stamped", {"state": "approved"}),
        ("version_stamp_has_a_name", {"approved_by_name": "Somebody"}),
        ("version_search_dated_and_placed", {"searched_where": "PubMed"}),
        ("version_number_once", {"number": 1}),
        ("version_one_draft_a_pair", {}),
    ],
)
def test_an_impossible_version_is_refused(pair, rule, changes):
    row = factories.assessment_draft(*pair, "low")
    row.pk, row.number = None, row.number + 1
    if rule != "version_one_draft_a_pair":
        row.state = "superseded"
    for name, value in changes.items():
        setattr(row, name, value)
    # SQLite names the columns of a broken unique rule, PostgreSQL the rule.
    unique = {"version_number_once": "number", "version_one_draft_a_pair": "therapy_id"}
    with refused(f"{rule}|{unique.get(rule, rule)}"), transaction.atomic():
        row.save(force_insert=True)


def test_one_version_of_a_pair_is_approved(pair):
    row = factories.assessment(*pair).version
    row.pk, row.number = None, 2
    with refused("version_one_approved_a_pair|therapy_id"), transaction.atomic():
        row.save(force_insert=True)


def test_an_author_is_never_the_approver(pair, people):
    version = factories.assessment(*pair).version
    with refused("version_not_approved_by_its_author"), transaction.atomic():
        AssessmentVersion.objects.filter(pk=version.pk).update(approved_by=version.author)


def test_the_words_of_a_version_never_change(pair):
    factories.assessment_draft(*pair)
    with refused("cannot be changed"), transaction.atomic():
        AssessmentVersion.objects.update(summary="Something else.")
    with refused("cannot be changed"), transaction.atomic():
        AssessmentVersion.objects.update(searched_on="2026-01-01", searched_where="x")


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("outcome_named", {"what": ""}),
        ("outcome_frequency_whole", {"over": ""}),
        ("outcome_comparison_whole", {"compared_with": ""}),
        ("outcome_not_more_than_all", {"with_therapy": 101}),
        ("outcome_axis_known", {"axis": "cost"}),
        ("outcome_certainty_known", {"certainty": "certain"}),
    ],
)
def test_an_impossible_figure_is_refused(pair, rule, changes):
    factories.assessment(*pair, outcomes=[benefit()])
    with refused(rule), transaction.atomic():
        Outcome.objects.update(**changes)


@pytest.mark.parametrize("rule", ["empty_search_placed", "empty_search_once_a_day"])
def test_an_impossible_search_is_refused(pair, people, rule):
    row = {"therapy": pair[0], "condition": pair[1], "searched_on": date(2026, 1, 2)}
    EmptySearch.objects.create(**row, searched_where="PubMed")
    changed = {"searched_where": "", "searched_on": date(2026, 1, 3)} if "placed" in rule else {}
    with refused(f"{rule}|searched_on"), transaction.atomic():
        EmptySearch.objects.create(**{**row, "searched_where": "PubMed", **changed})


def test_the_rules_of_a_row_are_asked_at_once_and_named_only_when_one_is_broken(
    pair, django_assert_num_queries
):
    row = factories.assessment_draft(*pair, "low")
    # One for all checks, three for what must be unique, and the savepoints around three of them.
    with django_assert_num_queries(10):
        row.validate_constraints()
    row.certainty = "high"
    with pytest.raises(ValidationError, match="certainty"):
        row.validate_constraints()
    row.validate_constraints(exclude=["certainty"])  # as in a form without that field
