"""Decisions through the edits of a page: the same code, at work when a revision is saved."""

import pytest

from claims import actions
from claims.models import Claim
from tests import factories

BOLD = "Studies show that stem cells cure lupus in adults."
TWIN = "Studies show that stem cells cure lupus in children."


def body(*sentences):
    return "".join(f"<p>{s}</p>" for s in sentences)


def claim_of(revision, sentence) -> Claim:
    return Claim.objects.standing_on(revision).get(sentence=sentence)


@pytest.fixture
def decided(people):
    """A page whose bold sentence was decided; its twin was not."""
    revision = factories.draft(body=body("A beginning.", BOLD, TWIN))
    claim = claim_of(revision, BOLD)
    actions.decide(claim, by=people.moderator, outcome="not_a_claim", reason="A quotation.")
    return revision


def edited(revision, *sentences):
    return factories.draft(page=revision.page, body=body(*sentences))


def states(revision) -> dict:
    return {c.sentence: c.state for c in Claim.objects.standing_on(revision)}


def test_a_comma_keeps_the_decision_and_the_claim_takes_the_new_words(decided):
    mended = BOLD.replace(" in adults", ", in adults")
    assert states(edited(decided, mended, TWIN)) == {mended: "not_a_claim", TWIN: "open"}


def test_the_decision_never_moves_to_the_twin(decided):
    assert states(edited(decided, "A beginning.", TWIN)) == {TWIN: "open"}
    assert states(edited(decided, TWIN, BOLD)) == {TWIN: "open", BOLD: "not_a_claim"}


def test_a_changed_meaning_opens_a_new_claim_that_remembers_the_old(decided):
    old = claim_of(decided, BOLD)
    changed = BOLD.replace("lupus", "arthritis")
    newer = edited(decided, changed, TWIN)
    assert states(newer)[changed] == "open"
    old.refresh_from_db()
    assert old.became == claim_of(newer, changed)


def test_a_restored_sentence_has_its_decision_back(decided):
    edited(decided, "A beginning.", TWIN)
    assert states(edited(decided, BOLD, TWIN))[BOLD] == "not_a_claim"


def test_through_several_saves_the_old_claim_became_the_one_that_stands(decided):
    old = claim_of(decided, BOLD)
    edited(decided, BOLD.replace("cure", "heal"), TWIN)
    last = BOLD.replace("cure", "heal").replace("Studies show", "Three studies prove")
    newer = edited(decided, last, TWIN)
    old.refresh_from_db()
    assert old.became == claim_of(newer, last)


def test_a_slip_and_its_mending_cost_no_decision(decided):
    edited(decided, BOLD.replace("adults", "adullts"), TWIN)
    assert states(edited(decided, BOLD, TWIN))[BOLD] == "not_a_claim"


def test_a_submitted_text_edited_by_another_person_keeps_its_decisions(people, decided):
    newer = factories.draft(page=decided.page, by=people.editor, body=body(TWIN, BOLD))
    assert newer.number == decided.number + 1
    assert states(newer) == {TWIN: "open", BOLD: "not_a_claim"}
