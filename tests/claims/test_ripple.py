"""A notice, a reinstatement, a changed assessment: which claims reopen, what they get back."""

from datetime import date

import pytest
from django.core import mail

from claims import actions as claim_actions
from claims.models import Claim, Flag
from editorial import freshness
from editorial.errors import WrongState
from editorial.models import Event
from evidence import actions
from tests import factories

pytestmark = pytest.mark.django_db
CITE = '<cite data-source="{}"></cite>'.format


def page_on(*sources, sentence="A long walk a day eased the pain of arthritis", **changes):
    cites = "".join(CITE(source.key) for source in sources)
    return factories.published_page(body=f"<p>{sentence}{cites}.</p>", **changes)


def supported_claim(*sources, **changes) -> Claim:
    """A published claim that a moderator confirmed on its sources."""
    page = page_on(*sources, **changes)
    claim = page.claims.get(claim_sources__source=sources[0])
    moderator = factories.people().moderator
    if not claim.flags.open().exists():
        claim_actions.raise_flag(claim, by=moderator, reason="unclear", explanation="Is it so?")
    claim_actions.decide(
        claim,
        by=moderator,
        outcome="supported",
        reason="It says so.",
        sources=sources,
        passages={source.pk: "Page 2" for source in sources},
    )
    claim.refresh_from_db()
    assert claim.state == "supported"
    return claim


def notice(source, kind="retraction", year=2022):
    actions.record_notice(source, by=factories.people().editor, kind=kind, date=date(year, 1, 1))


def flag_of(claim) -> Flag | None:
    return claim.flags.open().filter(origin="notice").first()


def state_of(claim) -> str:
    return Claim.objects.get(pk=claim.pk).state


@pytest.mark.parametrize(
    ("kind", "severity", "category"),
    [
        ("retraction", "block", "RETRACTED"),
        ("concern", "advise", "CONCERN"),
        ("correction", "advise", "CORRECTED"),
    ],
)
def test_every_notice_reopens_the_claim_and_only_a_retraction_stops_publication(
    people, kind, severity, category
):
    source, other = factories.source(), factories.source()
    claim, untouched = supported_claim(source), supported_claim(other)
    notice(source, kind)
    flag = flag_of(claim)
    assert (state_of(claim), flag.severity, flag.category) == ("open", severity, category)
    assert flag.source == source and source.label in flag.explanation
    assert state_of(untouched) == "supported" and flag_of(untouched) is None


def test_a_reinstatement_gives_claims_back_what_they_had(people):
    source = factories.source()
    claim, page = supported_claim(source), page_on(source, sentence="Rest eased the arthritis")
    dismissed = page.claims.get(claim_sources__source=source)
    before = dismissed.state
    notice(source, "retraction", 2022)
    assert (state_of(claim), state_of(dismissed)) == ("open", "open")
    notice(source, "reinstatement", 2023)
    assert (state_of(claim), state_of(dismissed)) == ("supported", before)
    assert not Flag.objects.open().filter(origin="notice").exists()


def test_what_was_decided_meanwhile_stays_decided(people):
    source = factories.source()
    claim = supported_claim(source)
    notice(source, "retraction", 2022)
    claim_actions.decide(claim, by=people.moderator, outcome="reword", reason="It fell.")
    notice(source, "reinstatement", 2023)
    assert state_of(claim) == "must_change"


def test_what_staff_still_ask_stays_open(people):
    source = factories.source()
    claim = supported_claim(source)
    notice(source, "retraction", 2022)
    claim_actions.raise_flag(claim, by=people.editor, reason="unclear", explanation="For whom?")
    notice(source, "reinstatement", 2023)
    assert state_of(claim) == "open" and flag_of(claim) is None


def test_a_sentence_that_must_change_is_not_freed_by_a_concern(people):
    source = factories.source()
    claim = supported_claim(source)
    claim_actions.raise_flag(claim, by=people.editor, reason="unclear", explanation="For whom?")
    claim_actions.decide(claim, by=people.moderator, outcome="reword", reason="Too bold.")
    notice(source, "concern")
    assert state_of(claim) == "must_change"


def test_a_claim_on_two_fallen_sources_waits_until_both_stand(people):
    one, two = factories.source(), factories.source()
    claim = supported_claim(one, two)
    notice(one, "concern", 2022)
    notice(two, "retraction", 2022)
    flag = flag_of(claim)
    assert flag.severity == "block" and flag.source == two and len(flag.findings) == 2
    notice(two, "reinstatement", 2023)
    flag = flag_of(claim)
    assert flag.severity == "advise" and flag.source == one and state_of(claim) == "open"
    notice(one, "reinstatement", 2023)
    assert flag_of(claim) is None and state_of(claim) == "supported"


def test_the_same_ripple_again_changes_nothing(people):
    from django.db import transaction

    from claims.ripple import standing_changed

    source = factories.source()
    claim = supported_claim(source)
    notice(source)
    source.refresh_from_db()
    events, flags = Event.objects.count(), Flag.objects.count()
    with transaction.atomic():
        standing_changed(source, people.editor)
    assert (Event.objects.count(), Flag.objects.count()) == (events, flags)
    assert flag_of(claim).state_before == "supported"


def test_one_event_a_page_names_the_claims(people):
    source = factories.source()
    claim = supported_claim(source)
    notice(source)
    event = Event.objects.get(verb="claims.reopened")
    assert event.page_id == claim.page_id and event.data["claims"] == [claim.pk]
    notice(source, "reinstatement", 2023)
    assert Event.objects.get(verb="claims.restored").data["claims"] == [claim.pk]


def test_readers_pages_are_marked_at_once(people, monkeypatch):
    source = factories.source()
    claim = supported_claim(source)
    told = set()
    monkeypatch.setattr(freshness, "_listeners", [told.update])
    notice(source)
    assert {f"source:{source.pk}", f"claim:{claim.pk}", f"page:{claim.page_id}"} <= told


def test_the_owner_gets_one_letter_for_all_pages(people, django_capture_on_commit_callbacks):
    source = factories.source()
    claims = [supported_claim(source), supported_claim(source)]
    with django_capture_on_commit_callbacks(execute=True):
        notice(source)
    letters = [m for m in mail.outbox if "retracted" in m.subject]
    assert [m.to for m in letters] == [[people.author.email]]
    assert all(claim.page.title in letters[0].body for claim in claims)


def test_a_notice_that_fails_half_way_leaves_nothing(people, monkeypatch):
    source = factories.source()
    claim = supported_claim(source)
    monkeypatch.setattr("claims.ripple._make_known", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        notice(source)
    source.refresh_from_db()
    assert source.standing == "sound" and not source.notices.exists()
    assert state_of(claim) == "supported" and flag_of(claim) is None


def test_the_checkers_own_word_on_a_retraction_goes_with_it(people):
    source = factories.source()
    notice(source, "retraction", 2022)
    revision = factories.draft(body=f"<p>A walk eased the pain of arthritis{CITE(source.key)}.</p>")
    checked = Flag.objects.open().filter(origin="checker", category="RETRACTED")
    assert checked.filter(claim__anchors__revision=revision).exists()
    notice(source, "reinstatement", 2023)
    assert not checked.exists()


# A page that cites a retracted paper on purpose


def test_a_citation_on_purpose_neither_stops_nor_supports(people):
    source = factories.source()
    claim = supported_claim(source)
    notice(source)
    actions.acknowledge(claim.page, source, by=people.moderator, reason="It tells the story.")
    assert flag_of(claim) is None
    # The retracted paper had supported it: that does not come back.
    assert state_of(claim) == "open"


def test_a_page_on_a_retraction_can_be_published(people, client):
    source = factories.source()
    notice(source)
    body = f"<p>The trial was withdrawn from the record in 2022{CITE(source.key)}.</p>"
    revision = factories.submitted(body=body)
    actions.acknowledge(revision.page, source, by=people.moderator, reason="It is about the fall.")
    factories.decide_all(revision)
    from editorial import actions as page_actions

    page_actions.publish(page_actions.approve(revision, by=people.reviewer), by=people.editor)
    page = client.get(revision.page.get_absolute_url()).content.decode()
    assert "cited on purpose" in page and "It is about the fall." in page


def test_saying_so_reopens_nothing_and_writes_to_nobody(people, django_capture_on_commit_callbacks):
    source = factories.source()
    claim = supported_claim(source)
    notice(source)
    reopened = Event.objects.filter(verb="claims.reopened").count()
    with django_capture_on_commit_callbacks(execute=True):
        actions.acknowledge(claim.page, source, by=people.moderator, reason="A story.")
    assert not [m for m in mail.outbox if "retracted" in m.subject]
    assert Event.objects.filter(verb="claims.reopened").count() == reopened
    assert Event.objects.get(verb="claims.cited_on_purpose").data["claims"] == [claim.pk]


def test_an_acknowledgement_can_be_taken_back(people):
    source = factories.source()
    claim = supported_claim(source)
    notice(source)
    made = actions.acknowledge(claim.page, source, by=people.moderator, reason="A story.")
    actions.take_back_acknowledgement(made, by=people.moderator)
    assert flag_of(claim).severity == "block"


def test_only_a_retracted_source_is_acknowledged_and_with_a_reason(people):
    source = factories.source()
    page = page_on(source)
    with pytest.raises(WrongState, match="not retracted"):
        actions.acknowledge(page, source, by=people.moderator, reason="Why not.")
    notice(source)
    with pytest.raises(WrongState, match="Say why"):
        actions.acknowledge(page, source, by=people.moderator, reason=" ")


# Assessments


def graded_claim(certainty="high"):
    therapy = factories.therapy(title="Walking cure")
    condition = factories.condition(title="Sorrowful arthritis")
    assessment = factories.assessment(therapy, condition, certainty)
    source = factories.source()
    claim = supported_claim(source, sentence="Walking cure reduces sorrowful arthritis")
    assert (claim.therapy, claim.condition) == (therapy, condition)
    return assessment, claim


def regrade(assessment, certainty):
    factories.assessment(
        assessment.therapy,
        assessment.condition,
        certainty,
        sources=list(assessment.sources.all()),
    )


def test_a_downgrade_reopens_what_is_worded_above_it_and_an_upgrade_settles_that(people):
    assessment, claim = graded_claim()
    modest = supported_claim(
        factories.source(), sentence="Walking cure may reduce sorrowful arthritis"
    )
    regrade(assessment, "low")
    flag = claim.flags.open().get(origin="assessment")
    assert state_of(claim) == "open" and flag.category == "GRADE" and "low" in flag.explanation
    assert state_of(modest) == "supported"
    regrade(assessment, "high")
    assert state_of(claim) == "supported" and not claim.flags.open().exists()


def test_an_upgrade_reopens_nothing(people):
    assessment, claim = graded_claim("moderate")
    claim_state = state_of(claim)
    regrade(assessment, "high")
    assert state_of(claim) == claim_state


def test_the_owner_hears_of_a_downgrade(people, django_capture_on_commit_callbacks):
    assessment, claim = graded_claim()
    with django_capture_on_commit_callbacks(execute=True):
        regrade(assessment, "very low")
    letter = next(m for m in mail.outbox if claim.page.title in m.subject)
    assert "was high and is very low now" in letter.body and "1 sentence says" in letter.body
