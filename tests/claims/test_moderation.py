"""Claims from a saved text to a decision, and what the gate, edits and retractions make of it."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from claims import actions, ruling
from claims.checker import check
from claims.models import Anchor, Claim, ClaimSource, Correction, Decision, Flag
from editorial import actions as page_actions
from editorial.errors import Blocked, NotAllowed, WrongState
from editorial.models import Event
from evidence.actions import record_notice
from tests import factories

pytestmark = pytest.mark.django_db

BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."
SOFT = "Whether stem cell therapy helps people with lupus is not known."
LEAFLET = "If you have a temperature on the day, ring us first."
RING = """\
[[rule]]
id = "ring-us"
category = "PROMO"
severity = "block"
any = ["ringing"]
reason = "It asks to be rung."
remedy = "Name the ward."
why = "Readers of this site do not know who “us” is."
flags = ["Ring us today."]
leaves = ["The telephone rang."]

[cues.ringing]
words = ["ring us"]
"""


def body(*sentences):
    return "".join(f"<p>{s}</p>" for s in sentences)


def blocking(revision):
    return Flag.objects.open().blocking().filter(claim__anchors__revision=revision)


def the_claim(revision, sentence=BOLD):
    return Claim.objects.standing_on(revision).get(sentence=sentence)


def decide(claim, outcome="not_a_claim", reason="It quotes the old belief.", **answer):
    return actions.decide(
        claim, by=factories.people().moderator, outcome=outcome, reason=reason, **answer
    )


# Finding


def test_a_bold_sentence_becomes_a_claim_with_a_blocking_flag(people):
    revision = factories.draft(body=body("Some people feel tired.", BOLD))
    claim = the_claim(revision)
    flag = claim.flags.get()
    assert flag.severity == "block" and flag.explanation and flag.remedy
    anchor = claim.anchors.get()
    assert anchor.exact == BOLD and anchor.revision == revision


def test_a_careful_sentence_raises_no_flag(people):
    factories.draft(body=body(SOFT))
    assert not Flag.objects.exists()


def test_softening_the_sentence_lets_the_flag_lapse(people):
    revision = factories.draft(body=body(BOLD))
    flag = the_claim(revision).flags.get()
    factories.draft(page=revision.page, body=body(SOFT))
    flag.refresh_from_db()
    assert flag.state == "lapsed" and flag.closed_at
    assert not Flag.objects.open().exists()


def test_saving_again_raises_no_second_flag(people):
    revision = factories.draft(body=body(BOLD))
    factories.draft(page=revision.page, title="Another title", body=body(BOLD))
    assert Flag.objects.count() == 1 and Claim.objects.filter(sentence=BOLD).count() == 1


# The gate


def test_an_open_blocking_flag_stops_publication_and_names_the_sentence(people):
    revision = factories.approved(body=body(BOLD))
    with pytest.raises(Blocked) as refusal:
        page_actions.publish(revision, by=people.editor)
    assert BOLD in str(refusal.value)
    assert {o.code for o in refusal.value.obstacles} == {"blocking_flag"}


def test_a_decision_opens_the_gate(people):
    revision = factories.approved(body=body(BOLD))
    decide(the_claim(revision))
    assert page_actions.publish(revision, by=people.editor).is_published


def test_a_sentence_that_must_change_stops_publication_until_it_has(people):
    revision = factories.draft(body=body(BOLD))
    decide(the_claim(revision), "reword", "No trial shows a cure.")
    revision = page_actions.submit(revision, by=people.author)
    revision = page_actions.approve(revision, by=people.reviewer)
    with pytest.raises(Blocked, match="No trial shows a cure"):
        page_actions.publish(revision, by=people.editor)
    mended = factories.draft(page=revision.page, body=body(SOFT))
    mended = page_actions.submit(mended, by=people.author)
    mended = page_actions.approve(mended, by=people.reviewer)
    assert page_actions.publish(mended, by=people.editor).is_published


def test_a_leaflet_that_a_shipped_rule_takes_for_a_pitch_is_published(people):
    (finding,) = check(LEAFLET, closely=False).findings
    assert finding.severity == "block", "the rule alone would stop it"
    revision = factories.approved(body=body(LEAFLET))
    assert page_actions.publish(revision, by=people.editor).is_published


def test_what_an_own_rule_stops_no_network_lets_go(people):
    ruling.save_rule(by=people.reviewer, key="", text=RING, why="We have no ward.")
    revision = factories.approved(body=body(LEAFLET))
    with pytest.raises(Blocked, match="ring us first"):
        page_actions.publish(revision, by=people.editor)


# Deciding


def test_a_decision_stays_with_the_sentence_through_edits(people):
    revision = factories.draft(body=body(BOLD))
    decide(the_claim(revision))
    moved = factories.draft(
        page=revision.page, title="Moved", body=body("A new beginning.", BOLD, "An ending.")
    )
    assert the_claim(moved).state == "not_a_claim"
    assert not Flag.objects.open().filter(claim__sentence=BOLD).exists()


def test_a_changed_meaning_drops_the_decision(people):
    revision = factories.draft(body=body(BOLD))
    old = the_claim(revision)
    decide(old)
    changed = BOLD.replace("lupus", "lupus and arthritis")
    newer = factories.draft(page=revision.page, body=body(changed))
    claim = the_claim(newer, changed)
    assert claim.pk != old.pk and claim.state == "open" and blocking(newer).exists()
    old.refresh_from_db()
    assert old.became == claim


def test_supported_needs_a_source_that_stands(people):
    claim = the_claim(factories.draft(body=body(BOLD)))
    with pytest.raises(WrongState, match="at least one source"):
        decide(claim, "supported")
    source = factories.source()
    record_notice(source, by=people.editor, kind="retraction", date_text="2022")
    source.refresh_from_db()
    with pytest.raises(WrongState, match="retracted"):
        decide(claim, "supported", sources=[source])
    assert not Decision.objects.exists()


def test_supported_confirms_the_source(people):
    claim = the_claim(factories.draft(body=body(BOLD)))
    source = factories.source()
    decide(claim, "supported", sources=[source], passages={source.pk: "Table 2, last row"})
    row = claim.claim_sources.get()
    assert row.source == source and row.confirmed_by_name == "moderator"
    assert row.passage == "Table 2, last row" and row.confirmed_at


def test_cited_is_not_confirmed(people):
    source = factories.source()
    cited = f'<p>{BOLD[:-1]}<cite data-source="{source.key}"></cite>.</p>'
    revision = factories.draft(body=cited)
    row = ClaimSource.objects.get(source=source, claim__anchors__revision=revision)
    assert row.confirmed_at is None


def test_a_claim_is_decided_once(people):
    claim = the_claim(factories.draft(body=body(BOLD)))
    decide(claim)
    with pytest.raises(WrongState, match="already"):
        decide(claim)


@pytest.mark.parametrize("who", ["author", "editor", "reviewer", "admin", "outsider"])
def test_only_moderators_decide(people, who):
    claim = the_claim(factories.draft(body=body(BOLD)))
    with pytest.raises(NotAllowed):
        actions.decide(claim, by=getattr(people, who), outcome="not_a_claim", reason="Because.")


def test_a_decision_without_a_reason_is_refused(people):
    claim = the_claim(factories.draft(body=body(BOLD)))
    with pytest.raises(WrongState, match="reason"):
        decide(claim, reason=" ")


def test_staff_can_flag_what_the_checker_passed(people):
    revision = factories.approved(body=body(BOLD))
    claim = the_claim(revision)
    decide(claim)
    actions.raise_flag(claim, by=people.editor, reason="unsafe", explanation="It may harm.")
    with pytest.raises(Blocked, match="It may harm"):
        page_actions.publish(revision, by=people.editor)
    with pytest.raises(WrongState, match="already"):
        actions.raise_flag(claim, by=people.author, reason="other", explanation="Me too.")


# Retraction


def test_a_retraction_reopens_the_claims_that_rest_on_the_source(people):
    source = factories.source()
    page = factories.published_page(
        body=f'<p>A trial saw fewer flares<cite data-source="{source.key}"></cite>.</p>'
    )
    claim = Claim.objects.standing_on(page.live_revision).get()
    record_notice(source, by=people.editor, kind="retraction", date_text="2024")
    flag = claim.flags.open().get(origin="notice")
    assert flag.severity == "block" and flag.source == source
    record_notice(source, by=people.editor, kind="retraction", date_text="2024")
    assert claim.flags.filter(origin="notice").count() == 1
    record_notice(source, by=people.editor, kind="reinstatement", date_text="2025")
    assert not claim.flags.open().filter(origin="notice").exists()


# Corrections


def test_a_correction_is_left_when_a_decision_changed_a_published_sentence(people):
    page = factories.published_page(body=body(BOLD))
    claim = Claim.objects.standing_on(page.live_revision).get(sentence=BOLD)
    actions.raise_flag(claim, by=people.editor, reason="overstated", explanation="No cure.")
    decide(claim, "reword", "No trial shows a cure.")
    revision = factories.draft(page=page, body=body(SOFT))
    revision = page_actions.approve(
        page_actions.submit(revision, by=people.author), by=people.reviewer
    )
    assert not Correction.objects.exists()
    page_actions.publish(revision, by=people.editor)
    correction = Correction.objects.get()
    assert correction.before == BOLD and correction.reason == "No trial shows a cure."


# The desk


def test_the_queue_lists_what_waits_and_the_desk_decides_it(people, client):
    source = factories.source()
    claim = the_claim(factories.draft(body=body("It begins.", BOLD)))
    client.force_login(people.moderator)
    queue = client.get(reverse("admin:moderation")).content.decode()
    assert f"<mark>{BOLD}</mark>" in queue and "It begins." in queue
    desk = reverse("admin:moderation-claim", args=[claim.pk])
    assert f"<mark>{BOLD}</mark>" in client.get(desk).content.decode()
    answer = {
        "d-outcome": "supported",
        "d-reason": "The trial says so.",
        "d-sources": [source.pk],
        "d-passage": "Page 4: “it did”.",
        "decide": "1",
    }
    assert client.post(desk, answer).status_code == 302
    claim.refresh_from_db()
    assert claim.state == "supported"
    assert f"<mark>{BOLD}" not in client.get(reverse("admin:moderation")).content.decode()
    decided = client.get(reverse("admin:moderation-decided")).content.decode()
    assert BOLD in decided and "The trial says so." in decided and source.label in decided
    assert Event.objects.filter(verb="claim.decided").exists()


def test_the_desk_says_why_a_decision_is_refused(people, client):
    claim = the_claim(factories.draft(body=body(BOLD)))
    client.force_login(people.moderator)
    desk = reverse("admin:moderation-claim", args=[claim.pk])
    shown = client.post(desk, {"d-outcome": "supported", "d-reason": "Yes.", "decide": "1"})
    assert "Name at least one source" in shown.content.decode()
    client.force_login(people.author)
    shown = client.post(desk, {"d-outcome": "not_a_claim", "d-reason": "No.", "decide": "1"})
    assert "may not decide flags" in shown.content.decode()


def test_the_desk_is_closed_to_people_without_a_role(people, client):
    client.force_login(people.outsider)
    assert client.get(reverse("admin:moderation")).status_code == 403


# The database


@pytest.fixture
def claim(people):
    return the_claim(factories.draft(body=body(BOLD)))


def refused(name=None):
    return pytest.raises(IntegrityError, match=name)


def test_one_open_flag_per_claim_and_origin(claim):
    with refused(), transaction.atomic():
        Flag.objects.create(
            claim=claim, origin="checker", severity="block", reason="other", explanation="Again."
        )


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("flag_closed_means_stamped", {"closed_at": timezone.now()}),
        ("flag_decided_means_decision", {"state": "decided", "closed_at": timezone.now()}),
        ("flag_severity_known", {"severity": "mild"}),
        ("flag_state_known", {"state": "gone", "closed_at": timezone.now()}),
        ("flag_explained", {"explanation": ""}),
    ],
)
def test_an_impossible_flag_is_refused(claim, name, changes):
    with refused(name), transaction.atomic():
        claim.flags.update(**changes)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("claim_strength_from_0_to_3", {"strength": 4}),
        ("claim_state_known", {"state": "maybe"}),
        ("claim_has_a_sentence", {"sentence": ""}),
    ],
)
def test_an_impossible_claim_is_refused(claim, name, changes):
    with refused(name), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**changes)


def test_an_anchor_covers_something_and_stands_once(claim):
    anchor = claim.anchors.get()
    with refused("anchor_not_empty"), transaction.atomic():
        Anchor.objects.filter(pk=anchor.pk).update(end=anchor.start)
    with refused(), transaction.atomic():
        Anchor.objects.create(claim=claim, revision=anchor.revision, start=900, end=901, exact="x")
    other = Claim.objects.create(page=claim.page, sentence="Another.")
    with refused(), transaction.atomic():
        Anchor.objects.create(
            claim=other, revision=anchor.revision, start=anchor.start, end=anchor.end, exact="x"
        )


def test_a_source_stands_once_on_a_claim_and_is_confirmed_by_somebody(claim):
    source = factories.source()
    row = ClaimSource.objects.create(claim=claim, source=source)
    with refused(), transaction.atomic():
        ClaimSource.objects.create(claim=claim, source=source)
    with refused("claim_source_confirmed_by_somebody"), transaction.atomic():
        ClaimSource.objects.filter(pk=row.pk).update(confirmed_at=timezone.now())


def test_a_decision_has_a_reason_and_a_known_outcome(claim):
    decision = decide(claim)
    for name, changes in (
        ("decision_has_a_reason", {"reason": ""}),
        ("decision_outcome_known", {"outcome": "perhaps"}),
    ):
        with refused(name), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**changes)


def test_a_correction_changes_something_and_says_why(claim):
    decision = decide(claim)
    words = {"page": claim.page, "decision": decision, "reason": "It was wrong."}
    words |= {"made_at": timezone.now(), "hash": "b", "previous_hash": "a"}
    with refused("correction_changed_something"), transaction.atomic():
        Correction.objects.create(before="Same.", after="Same.", **words)
    with refused("correction_says_what_and_why"), transaction.atomic():
        Correction.objects.create(before="", after="New.", **words)


def test_a_page_with_claims_cannot_be_deleted_by_anybody(people, client):
    page = factories.published_page(body=body(BOLD))
    client.force_login(people.admin)
    address = reverse("admin:articles_article_delete", args=[page.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    with pytest.raises(ProtectedError):
        page.delete()
    assert page.claims.exists()
