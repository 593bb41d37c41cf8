"""Corrections: one for each change of meaning that goes out, none for the rest, never altered."""

import json
import random
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from claims import actions, corrections
from claims.carry import carry_all
from claims.carry.protocol import sentences_of
from claims.models import Claim, Correction, CorrectionWording, PublishedText
from editorial import actions as page_actions
from editorial import freshness
from editorial.errors import NotAllowed, WrongState
from editorial.text import Document
from tests import factories

pytestmark = pytest.mark.django_db

BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."
DOSE = "The dose was 5 mg once a day for adults."
PLAIN = "Some people bring a cushion."


def body(*sentences):
    return "".join(f"<p>{s}</p>" for s in sentences)


def ready(page, *sentences):
    """Another text of the page, approved."""
    people = factories.people()
    revision = factories.draft(page=page, title=page.title, body=body(*sentences))
    page_actions.submit(revision, by=people.author)
    factories.decide_all(revision)
    return page_actions.approve(revision, by=people.reviewer)


def republish(page, *sentences):
    return page_actions.publish(ready(page, *sentences), by=factories.people().editor)


@pytest.fixture
def page(people):
    return factories.published_page(title="Doses", body=body(DOSE, PLAIN))


# Which


def test_a_changed_number_goes_out_with_a_correction_though_nobody_asked(page):
    changed = DOSE.replace("5 mg", "50 mg")
    republish(page, changed, PLAIN)
    made = Correction.objects.get()
    assert (made.before, made.after, made.what) == (DOSE, changed, ["number"])
    assert made.seriousness == "substantive" and "a number" in made.reason
    assert made.stood_until >= made.stood_from and made.page.pk == page.pk


@pytest.mark.parametrize(
    "sentences",
    [
        (DOSE.replace("5 mg once", "5 mg, once"), PLAIN),
        (PLAIN, DOSE),
        (DOSE, "A new sentence stands here.", PLAIN),
        (DOSE,),
        (f"{DOSE} {PLAIN}",),
    ],
    ids=["comma", "moved", "new sentence", "a plain sentence gone", "merged paragraphs"],
)
def test_routine_edits_need_no_correction(page, sentences):
    revision = ready(page, *sentences)
    assert corrections.planned(revision) == []
    page_actions.publish(revision, by=factories.people().editor)
    assert not Correction.objects.exists()


def test_a_new_page_needs_none(page):
    assert not Correction.objects.exists()
    seen = corrections.seen_sentences(PublishedText.objects.get(page=page))
    assert [row[0] for row in seen][-2:] == [DOSE, PLAIN]


def test_a_claim_taken_out_leaves_a_correction(people):
    page = factories.published_page(body=body("Salt is white.", PLAIN))
    claim = actions.claim_sentence(page, "Salt is white.").claim
    republish(page, PLAIN)
    made = Correction.objects.get()
    assert (made.before, made.after, made.claim) == ("Salt is white.", "", claim)


def test_a_negation_in_a_claim_changes_the_conclusion(people):
    page = factories.published_page(body=body("Salt lowers pain in gout."))
    actions.claim_sentence(page, "Salt lowers pain in gout.")
    republish(page, "Salt does not lower pain in gout.")
    assert Correction.objects.get().seriousness == "conclusion"


def test_a_withdrawn_page_cannot_come_back_with_other_words_in_silence(page, people):
    page_actions.withdraw(page, by=people.editor, reason="Under repair.")
    page.refresh_from_db()
    withdrawn = page.withdrawn_at
    republish(page, DOSE.replace("adults", "children"), PLAIN)
    made = Correction.objects.get()
    assert made.what == ["population"]
    assert abs(made.stood_until - withdrawn) < timedelta(seconds=5)


def test_an_override_is_no_way_around_a_correction(page, people):
    admin = people.admin
    revision = factories.draft(
        page=page, by=admin, title="Doses", body=body(DOSE.replace("5", "15"), PLAIN)
    )
    page_actions.publish_override(revision, by=admin, reason="Urgent.")
    assert Correction.objects.get().what == ["number"]


def test_a_sentence_that_stood_through_edits_has_stood_since_the_first(page):
    first = corrections.seen_sentences(PublishedText.objects.get(page=page))[-2][1]
    republish(page, DOSE, "Something new is added.")
    republish(page, DOSE.replace("5 mg", "6 mg"), "Something new is added.")
    assert Correction.objects.get(before=DOSE).stood_from.isoformat() == first


# In whose words


def test_the_publisher_sees_what_will_go_out_and_can_say_why(page, people, client):
    changed = DOSE.replace("5 mg", "50 mg")
    revision = ready(page, changed, PLAIN)
    client.force_login(people.editor)
    review = client.get(f"/admin/articles/article/{page.pk}/review/").content.decode()
    assert "Corrections that will go out" in review and DOSE in review
    address = reverse("admin:moderation-correction", args=[revision.pk])
    assert DOSE in client.get(address).content.decode()
    said = {"before": DOSE, "reason": "We misread the label.", "seriousness": "conclusion"}
    assert "Kept." in client.post(address, said, follow=True).content.decode()
    page_actions.publish(revision, by=people.editor)
    made = Correction.objects.get()
    assert (made.reason, made.seriousness) == ("We misread the label.", "conclusion")


def test_words_for_a_correction_need_a_reason_a_right_and_a_change(page, people):
    revision = ready(page, DOSE.replace("5 mg", "50 mg"), PLAIN)
    say = {"before": DOSE, "reason": "We misread it.", "seriousness": "typo"}
    with pytest.raises(NotAllowed):
        corrections.word_correction(revision, by=people.author, **say)
    with pytest.raises(WrongState, match="Say why"):
        corrections.word_correction(revision, by=people.editor, **say | {"reason": " "})
    with pytest.raises(WrongState, match="no correction of that sentence"):
        corrections.word_correction(revision, by=people.editor, **say | {"before": PLAIN})
    said = corrections.word_correction(revision, by=people.editor, **say)
    for values in ({"reason": ""}, {"seriousness": "odd"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CorrectionWording.objects.filter(pk=said.pk).update(**values)


def test_the_reason_of_a_decision_is_the_reason_of_its_correction(people):
    page = factories.published_page(title="Cures", body=body(BOLD))
    claim = page.claims.get(sentence=BOLD)
    actions.raise_flag(claim, by=people.editor, reason="unsafe", explanation="It may harm.")
    actions.decide(claim, by=people.moderator, outcome="withdraw", reason="No trial shows a cure.")
    republish(page, PLAIN)
    made = Correction.objects.get()
    assert (made.reason, made.seriousness) == ("No trial shows a cure.", "conclusion")
    assert made.decision == claim.standing_decision()


# For ever


def test_the_database_refuses_to_change_or_delete_a_correction(page):
    republish(page, DOSE.replace("5 mg", "50 mg"), PLAIN)
    made = Correction.objects.get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Correction.objects.filter(pk=made.pk).update(reason="Another.")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        made.delete()


def test_each_row_covers_the_one_before_it(page, client):
    for dose in ("50 mg", "60 mg", "70 mg"):
        republish(page, DOSE.replace("5 mg", dose), PLAIN)
    first, second, third = Correction.objects.order_by("pk")
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert first.previous_hash == corrections.GENESIS
    assert corrections.first_broken_correction() is None
    listed = client.get("/corrections/?format=json").json()
    assert [c["hash"] for c in listed["corrections"]] == [third.hash, second.hash, first.hash]
    assert listed["corrections"][0]["previous_hash"] == second.hash
    assert json.dumps(listed).count("a number") >= 3
    second.reason = "Another reason."
    assert corrections.chain_hash(second) != second.hash


def test_the_list_is_for_the_site_or_for_one_page(page, client):
    other = factories.published_page(title="Other", body=body("It took 3 days in all."))
    republish(page, DOSE.replace("5 mg", "50 mg"), PLAIN)
    republish(other, "It took 4 days in all.")
    html = client.get("/corrections/").content.decode()
    assert "Doses" in html and "Other" in html and "Substantive" in html
    one = client.get(f"/corrections/?page_id={other.pk}").content.decode()
    assert "It took 3 days" in one and DOSE not in one
    assert client.get(f"/corrections/?page_id={other.pk}&format=json").json()["count"] == 1


def test_readers_pages_are_marked_as_stale_when_one_goes_out(page, monkeypatch):
    seen = set()
    monkeypatch.setattr(freshness, "_listeners", [lambda keys: seen.update(keys)])
    republish(page, DOSE.replace("5 mg", "50 mg"), PLAIN)
    made = Correction.objects.get()
    assert {f"page:{page.pk}", "list:correction", f"correction:{made.pk}"} <= seen


# A long history


WORDS = {
    "5 mg": ("50 mg", "5 mcg", "15 mg"),
    "once a day": ("twice a day", "once a week"),
    "adults": ("children", "older adults"),
    "may": ("will", "cannot"),
    "reduce": ("increase",),
    "increase": ("reduce",),
    "children": ("adults",),
    "year": ("month",),
    "month": ("year",),
    "lupus": ("arthritis",),
}
BASE = [
    "People in the study took 5 mg once a day.",
    "The medicine may reduce pain in adults with lupus.",
    "The visits were held at the clinic.",
    "Rest may reduce tiredness in adults.",
    "The study lasted a year and took place in two towns.",
]


def edited(sentences, chance) -> list[str]:
    """The text after one edit of some kind, harmless or not."""
    text = list(sentences)
    at = chance.randrange(len(text))
    kind = chance.choice(["word"] * 5 + ["comma", "move", "add", "drop", "not", "not"])
    if kind == "word":
        pairs = [(o, n) for o, many in WORDS.items() for n in many]
        fitting = [(i, o, n) for i, s in enumerate(text) for o, n in pairs if o in s]
        if fitting:
            at, old, new = chance.choice(fitting)
            text[at] = text[at].replace(old, new)
    elif kind == "comma":
        text[at] = text[at].replace(" in ", ", in ", 1)
    elif kind == "move":
        text.insert(chance.randrange(len(text)), text.pop(at))
    elif kind == "add":
        text.insert(at, f"A note of day {chance.randrange(10_000)} was added.")
    elif kind == "drop" and len(text) > 3:
        text.pop(at)
    elif kind == "not":
        text[at] = text[at].replace(" may ", " may not ").replace(" may not not ", " may ")
    return text


def test_every_change_of_meaning_in_a_long_history_has_its_correction(people):
    chance = random.Random(20)
    page = factories.published_page(title="A long history", body=body(*BASE))
    shown, text = [page.live_revision], list(BASE)
    for turn in range(30):
        for _ in range(chance.choice([1, 1, 2])):
            text = edited(text, chance)
        if text == sentences_of_body(shown[-1]):
            continue
        if turn == 12:
            page.refresh_from_db()
            page_actions.withdraw(page, by=people.editor, reason="For a day.")
        page = republish(page, *text)
        shown.append(page.live_revision)
    wanted = sum(check_pair(old, new, page) for old, new in zip(shown, shown[1:], strict=False))
    assert wanted > 10  # the history was worth looking at
    assert corrections.first_broken_correction() is None


def sentences_of_body(revision) -> list[str]:
    return sentences_of(Document("", "", revision.content["body"]))


def check_pair(old, new, page) -> int:
    """Every sentence whose meaning may have changed from one published text to the next, and every
    claim that is gone, has its correction; answers how many there are."""
    before = sentences_of_body(old)
    fates = carry_all(before, sentences_of_body(new), before)
    claims = {a.exact for a in old.anchors.exclude(claim__state=Claim.State.NOT_A_CLAIM)}
    made = set(Correction.objects.filter(revision=new).values_list("before", flat=True))
    changed = {s for s, f in zip(before, fates, strict=True) if f.outcome == "reopen"}
    gone = {s for s, f in zip(before, fates, strict=True) if f.outcome == "gone"} & claims
    assert changed | gone <= made, (old, new)
    return len(changed | gone)
