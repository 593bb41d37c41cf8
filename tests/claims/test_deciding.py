"""Deciding once: passages, nothing wrong, the same sentence elsewhere, taking back, the axes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from claims import actions, memory, reporting
from claims.models import Change, Claim, ClaimSource, Decision, Flag, Undoing
from editorial import actions as page_actions
from editorial.errors import NotAllowed, WrongState
from editorial.models import Event
from evidence.actions import record_notice
from tests import factories

pytestmark = pytest.mark.django_db

BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."
SEEN = "A trial saw fewer flares with walking"


def body(*sentences):
    return "".join(f"<p>{s}</p>" for s in sentences)


def bold_claim(sentence=BOLD, **changes) -> Claim:
    revision = factories.draft(body=body(sentence), **changes)
    return Claim.objects.standing_on(revision).get(sentence=sentence)


def decide(claim, outcome="not_a_claim", by=None, **answer):
    answer.setdefault("reason", "It tells what was seen.")
    return actions.decide(claim, by=by or factories.people().moderator, outcome=outcome, **answer)


def reloaded(claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


# Passages


def test_supported_asks_for_the_passage_of_each_source(people):
    claim, one, two = bold_claim(), factories.source(), factories.source()
    with pytest.raises(WrongState, match="Say which passage of"):
        decide(claim, "supported", sources=[one, two], passages={one.pk: "Table 2"})
    assert reloaded(claim).state == "open" and not Decision.objects.exists()
    decide(claim, "supported", sources=[one, two], passages={one.pk: "Table 2", two.pk: "Page 9"})
    rows = claim.claim_sources.order_by("pk").values_list("passage", "confirmed_by_name")
    assert list(rows) == [("Table 2", "moderator"), ("Page 9", "moderator")]


def test_a_passage_once_confirmed_need_not_be_given_again(people):
    claim, source = bold_claim(), factories.source()
    decide(claim, "supported", sources=[source], passages={source.pk: "Table 2"})
    first = claim.claim_sources.get().confirmed_at
    actions.raise_flag(claim, by=people.editor, reason="other", explanation="Still so?")
    decide(claim, "supported", sources=[source])
    assert claim.claim_sources.get().confirmed_at == first


def test_the_passage_is_shown_to_readers_and_to_moderators(people, client):
    source = factories.source()
    page = factories.published_page(body=f'<p>{SEEN}<cite data-source="{source.key}"></cite>.</p>')
    claim = page.claims.get()
    actions.raise_flag(claim, by=people.editor, reason="not_supported", explanation="Is it so?")
    client.force_login(people.moderator)
    desk = reverse("admin:moderation-claim", args=[claim.pk])
    client.post(
        desk,
        {
            "d-outcome": "supported",
            "d-reason": "It is.",
            "d-sources": [source.pk],
            f"d-passage-{source.pk}": "Results, line 4",
        },
    )
    for address in (desk, claim.get_absolute_url()):
        assert "Results, line 4" in client.get(address).content.decode()


# Nothing wrong


def test_nothing_wrong_is_an_answer_of_its_own_and_says_it_confirms_nothing(people, client):
    page = factories.published_page(body=body("Salt lowers pain."))
    anchor = actions.claim_sentence(page, "Salt lowers pain.")
    actions.raise_flag(anchor.claim, by=people.editor, reason="unclear", explanation="Hm.")
    decide(anchor.claim, "nothing_wrong", reason="Two of us read it.")
    claim = reloaded(anchor.claim)
    assert claim.state == "nothing_wrong" and not claim.claim_sources.exists()
    html = client.get(claim.get_absolute_url()).content.decode()
    assert "found nothing wrong with it" in html and "Two of us read it." in html
    newer = factories.draft(page=page, body=body("It begins.", "Salt lowers pain."))
    assert Claim.objects.standing_on(newer).get(sentence="Salt lowers pain.").state == claim.state


def test_nothing_is_found_right_that_rests_on_a_retracted_source(people):
    source = factories.source()
    page = factories.published_page(body=f'<p>{SEEN}<cite data-source="{source.key}"></cite>.</p>')
    record_notice(source, by=people.editor, kind="retraction", date_text="2024")
    claim = page.claims.get()
    with pytest.raises(WrongState, match="was retracted and the sentence rests on it"):
        decide(claim, "nothing_wrong")
    with pytest.raises(WrongState, match="retracted"):
        source.refresh_from_db()
        decide(claim, "supported", sources=[source], passages={source.pk: "Page 2"})
    assert claim.flags.open().exists()


def test_an_undecided_claim_can_be_decided_though_nobody_asked(people):
    page = factories.published_page(body=body("Salt is white."))
    claim = actions.claim_sentence(page, "Salt is white.").claim
    decide(claim, "nothing_wrong")
    with pytest.raises(WrongState, match="already"):
        decide(claim)


def test_nothing_is_decided_about_a_page_that_was_withdrawn(people, client):
    page = factories.published_page(body=body("Salt is white."))
    claim = actions.claim_sentence(page, "Salt is white.").claim
    actions.raise_flag(claim, by=people.editor, reason="unsafe", explanation="Hm.")
    client.force_login(people.moderator)
    desk = reverse("admin:moderation-claim", args=[claim.pk])
    version = claim.queue_item.version
    page_actions.withdraw(page, by=people.editor, reason="Wrong.")
    answer = {"d-outcome": "not_a_claim", "d-reason": "No.", "d-version": version}
    said = client.post(desk, answer).content.decode()
    assert "There is nothing to decide." in said and not Decision.objects.exists()
    assert client.get(f"/admin/moderation/{claim.pk}/").status_code == 200


# The same elsewhere


def test_the_desk_shows_what_was_decided_elsewhere_and_applies_it_to_all(people, client):
    first, second, third = (bold_claim() for _ in range(3))
    bold_claim("Stem cell therapy is a proven, guaranteed cure for arthritis.")
    decision = decide(first, reason="It quotes an advertisement.")
    client.force_login(people.moderator)
    desk = client.get(reverse("admin:moderation-claim", args=[second.pk])).content.decode()
    assert "It quotes an advertisement." in desk and "nearly the same" in desk
    act = reverse("admin:moderation-act", args=[second.pk])
    places = {"act": "repeat", "decision": decision.pk, "place": [second.pk, third.pk]}
    said = client.post(act, places, follow=True).content.decode()
    assert "Decided alike in 2 other places" in said
    assert {c.state for c in Claim.objects.filter(sentence=BOLD)} == {"not_a_claim"}
    assert Decision.objects.count() == 3
    assert Event.objects.filter(verb="claim.decided").count() == 3


def test_one_decision_for_the_same_sentence_everywhere(people, client):
    first, second = (
        bold_claim(),
        bold_claim(BOLD.replace("proven, guaranteed", "proven guaranteed")),
    )
    client.force_login(people.moderator)
    answer = {"d-outcome": "nothing_wrong", "d-reason": "Quoted.", "d-everywhere": "on"}
    client.post(reverse("admin:moderation-claim", args=[first.pk]), answer)
    assert reloaded(second).state == "nothing_wrong" and second.decisions.count() == 1


def test_a_decision_never_goes_to_a_sentence_that_only_resembles(people):
    first = bold_claim()
    other = bold_claim(BOLD.replace("lupus", "arthritis"))
    decision = decide(first)
    assert actions.repeat(decision, [other], by=people.moderator) == []
    assert [(e.claim, e.is_same) for e in memory.elsewhere(first)] == [(other, False)]


def test_what_a_colleague_is_at_is_left_to_them_and_said(people):
    from claims import queue_acts

    first, second = bold_claim(), bold_claim()
    queue_acts.take(second, by=factories.person("second", "moderator"))
    _, results = actions.decide_everywhere(
        first, by=people.moderator, outcome="nothing_wrong", reason="Read."
    )
    assert [bool(r.decision) for r in results] == [False] and "is at this claim" in results[
        0
    ].refusal


@pytest.fixture
def pair(people):
    """A therapy and a condition that the checker knows by name."""
    return factories.therapy(title="Walking cure"), factories.condition(title="Grumpy arthritis")


def test_the_opposite_claim_elsewhere_is_a_contradiction(pair, people, client):
    good = bold_claim("Walking cure reduces pain in grumpy arthritis.")
    bad = bold_claim("Walking cure worsens grumpy arthritis.")
    alike = bold_claim("Walking cure improves sleep in grumpy arthritis.")
    assert (good.direction, bad.direction, alike.direction) == ("benefit", "harm", "benefit")
    assert memory.contradictions(good) == [bad]
    client.force_login(people.moderator)
    desk = client.get(reverse("admin:moderation-claim", args=[good.pk])).content.decode()
    assert "Contradictions to resolve" in desk and bad.sentence in desk


def test_a_sentence_and_its_denial_contradict_each_other(people):
    yes = bold_claim("Stem cell therapy cures lupus in most people.")
    denial = "Stem cell therapy does not cure lupus in most people."
    page = factories.published_page(body=body(denial))
    no = actions.claim_sentence(page, denial).claim
    assert memory.contradictions(yes) == [no]


def test_looking_elsewhere_costs_the_same_however_many_claims_there_are(
    people, django_assert_max_num_queries
):
    claim = bold_claim()
    page = claim.page
    Claim.objects.bulk_create(
        Claim(page=page, sentence=f"Number {n} says so.", **memory.keys_of(f"Number {n} says so."))
        for n in range(3000)
    )
    with django_assert_max_num_queries(6):
        memory.elsewhere(claim)
        memory.contradictions(claim)


# Taking back


def undo(decision, by=None):
    return actions.undo(decision, by=by or factories.people().moderator, reason="The wrong key.")


def test_a_decision_taken_back_stays_in_the_history_and_the_question_is_open_again(people, client):
    claim, source = bold_claim(), factories.source()
    raised = claim.flags.get().raised_at
    decision = decide(claim, "supported", sources=[source], passages={source.pk: "Table 2"})
    client.force_login(people.moderator)
    client.post(
        reverse("admin:moderation-act", args=[claim.pk]),
        {"act": "undo", "decision": decision.pk, "u-text": "The wrong key."},
    )
    assert reloaded(claim).state == "open" and Undoing.objects.get().decision == decision
    assert Decision.objects.filter(pk=decision.pk).exists()
    assert claim.flags.get(decision=decision).state == "decided"
    again = claim.flags.open().get()
    assert again.raised_at == raised and claim.queue_item.since == raised
    assert ClaimSource.objects.get().confirmed_at is None
    html = client.get(reverse("admin:moderation-claim", args=[claim.pk])).content.decode()
    assert "Taken back" in html and "The wrong key." in html
    with pytest.raises(WrongState, match="taken back already"):
        undo(decision)


def test_taking_back_gives_the_claim_the_state_it_had(people):
    claim = bold_claim()
    decide(claim)
    page_report_flag = Flag.objects.create(
        claim=claim, origin="reader", severity="advise", reason="other", explanation="Why?"
    )
    decision = decide(claim, "reword")
    assert page_report_flag.claim.pk == claim.pk
    undo(decision)
    assert reloaded(claim).state == "not_a_claim"


def test_it_is_too_late_once_something_rests_on_the_decision(people):
    late = decide(bold_claim())
    Decision.objects.filter(pk=late.pk).update(decided_at=timezone.now() - timedelta(minutes=16))
    with pytest.raises(WrongState, match="too late"):
        undo(late)
    revision = factories.submitted(body=body(BOLD))
    claim = Claim.objects.standing_on(revision).get(sentence=BOLD)
    decision = decide(claim)
    with pytest.raises(WrongState, match="Only whoever decided"):
        undo(decision, by=factories.person("second", "moderator"))
    page_actions.approve(revision, by=people.reviewer)
    with pytest.raises(WrongState, match="Something rests on this decision"):
        undo(decision)


def test_a_reader_who_was_written_to_is_not_written_to_again(
    people, django_capture_on_commit_callbacks
):
    page = factories.published_page(body=body("Salt lowers pain."))
    words = {"sentence": "Salt lowers pain.", "reason": "other", "text": "Why?"}
    told = reporting.report(page, form_key="a", email="reader@example.org", **words)
    with django_capture_on_commit_callbacks(execute=True):
        decision = decide(told.claim, "nothing_wrong")
    assert len(mail.outbox) == 1
    with pytest.raises(WrongState, match="Something rests"):
        undo(decision)
    untold = reporting.report(page, form_key="b", **words)
    undo(decide(untold.claim, "nothing_wrong"))
    untold.refresh_from_db()
    assert untold.state == "waiting" and untold.flag.state == "open"


# Axes and history


def test_the_axes_are_read_corrected_by_a_moderator_and_stay(people, client):
    claim = bold_claim()
    assert (claim.direction, claim.category != "") == ("benefit", True)
    with pytest.raises(NotAllowed):
        actions.describe(claim, by=people.author, category="X", direction="harm", safety="silent")
    client.force_login(people.moderator)
    axes = {"x-category": "hype", "x-direction": "unclear", "x-safety": "says_safe"}
    act = reverse("admin:moderation-act", args=[claim.pk])
    client.post(act, {"act": "describe", **axes})
    factories.draft(page=claim.page, body=body("It begins.", BOLD))
    claim = reloaded(claim)
    assert (claim.category, claim.direction, claim.safety) == ("HYPE", "unclear", "says_safe")
    assert claim.axes_set_by_name == "moderator"


def test_the_claim_page_keeps_the_axes_apart_and_names_other_pages(people, client, pair):
    therapy, condition = pair
    factories.assessment(therapy, condition, certainty="very low")
    sentence = "Walking cure reduces pain in grumpy arthritis."
    one, two = (factories.published_page(body=body(sentence)) for _ in range(2))
    claim = one.claims.get()
    html = " ".join(client.get(claim.get_absolute_url()).content.decode().split())
    for words in ("says that it helps", "very low", "says nothing of safety", two.title):
        assert words in html
    assert "score" in html and "History" in html


def test_what_an_edit_changed_stands_in_the_history_of_the_claim(people, client):
    claim = bold_claim("Stem cells cure 5 of 10 people with lupus.")
    decide(claim)
    changed = "Stem cells cure 50 of 10 people with lupus."
    newer = factories.draft(page=claim.page, body=body(changed))
    change = Change.objects.get()
    assert (change.outcome, change.what, change.after) == ("changed", ["number"], changed)
    now = Claim.objects.standing_on(newer).get()
    client.force_login(people.moderator)
    desk = client.get(reverse("admin:moderation-claim", args=[now.pk])).content.decode()
    assert "It took the place of" in desk and "what differs: number" in desk
    factories.draft(page=claim.page, body=body(claim.sentence.replace("5 of", "five of")))
    assert Change.objects.filter(claim=claim).get().outcome == "reworded"
    factories.draft(page=claim.page, body=body("Nothing is left."))
    assert Change.objects.filter(claim=claim).get().outcome == "gone"


def test_the_tables_hold_the_rules_by_themselves(people):
    claim, source = bold_claim(), factories.source()
    decision = decide(claim, "supported", sources=[source], passages={source.pk: "Table 2"})
    undoing = undo(decision)
    decide(claim)
    factories.draft(page=claim.page, body=body("Nothing is left."))
    wrong = (
        (Claim, {"direction": "up"}),
        (Claim, {"safety": "maybe"}),
        (Claim, {"axes_set_at": timezone.now()}),
        (ClaimSource, {"passage": "Table 2"}),
        (Change, {"outcome": "odd"}),
        (Change, {"after": "Something."}),
        (Undoing, {"reason": ""}),
    )
    for model, values in wrong:
        assert model.objects.exists(), model
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Undoing.objects.create(decision=decision, reason="Again.", undone_by_name="x")
    assert Undoing.objects.get() == undoing
