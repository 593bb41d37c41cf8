"""What a flag of the checker says: what it is named for, and everything else found with it."""

from html import unescape

import pytest

from claims import ruling
from claims.models import Claim, Flag
from tests import factories

pytestmark = pytest.mark.django_db

BOLDER = "Bone marrow transplant restores health in lupus."
FITS = "Bone marrow transplant may restore health in lupus."
SEVERAL = "Studies prove that bone marrow transplant restores health in lupus."
SAFE = "Bone marrow transplant is safe & restores health in lupus."


@pytest.fixture
def assessed(people):
    """The evidence for the therapy in the condition is of low certainty."""
    lupus = factories.condition(title="Lupus")
    transplant = factories.therapy(title="Bone marrow transplant")
    factories.assessment(transplant, lupus, "low")


def flag_on(sentence) -> Flag:
    html = sentence.replace("&", "&amp;")
    revision = factories.draft(body=f"<p>{html}</p>")
    return Claim.objects.standing_on(revision).get(sentence=sentence).flags.open().get()


def desk_of(client, flag) -> str:
    client.force_login(factories.people().moderator)
    return unescape(client.get(f"/admin/moderation/{flag.claim_id}/").content.decode())


def test_the_sites_own_assessment_is_what_a_blocking_flag_is_named_for(client, assessed):
    flag = flag_on(BOLDER)
    others = [f for f in flag.findings if f["rule"] != "grade-overstated"]
    assert any(f["severity"] == "block" for f in others), "the assessment is not alone"
    assert (flag.rule, flag.category, flag.reason) == ("grade-overstated", "GRADE", "overstated")
    assert flag.rewording == FITS
    assert "low certainty" in flag.explanation
    assert FITS in desk_of(client, flag)


def test_without_an_assessment_the_first_that_blocks_names_the_flag(people):
    flag = flag_on(SEVERAL)
    blocking = [f["rule"] for f in flag.findings if f["severity"] == "block"]
    assert flag.severity == "block" and flag.rule == blocking[0]


def test_moderators_see_everything_found_each_with_its_words_remedy_and_rule(client, assessed):
    flag = flag_on(SEVERAL)
    desk = desk_of(client, flag)
    assert len({f["rule"] for f in flag.findings}) >= 3
    for finding in flag.findings:
        assert desk.count(f'href="/rules/{finding["rule"]}/"') == 1
        assert finding["reason"] in desk and finding["remedy"] in desk
        assert finding["triggers"] and "”, “".join(finding["triggers"]) in desk
    assert "Also found in this sentence" in desk


def test_one_finding_alone_is_told_once(client, people):
    flag = flag_on("Rest is a wonder drug for tired people.")
    assert len(flag.findings) == 1
    desk = desk_of(client, flag)
    assert desk.count(flag.remedy) == 1 and desk.count(f"/rules/{flag.rule}/") == 1
    assert "Also found" not in desk


def test_a_flag_kept_before_findings_told_all_is_shown_as_far_as_it_goes(client, people):
    flag = flag_on(SEVERAL)
    short = [
        {name: finding[name] for name in ("rule", "category", "severity", "reason")}
        for finding in flag.findings
    ]
    Flag.objects.filter(pk=flag.pk).update(findings=short)
    desk = desk_of(client, flag)
    assert all(f["reason"] in desk and f["rule"] in desk for f in short)
    assert flag.remedy in desk
    Flag.objects.filter(pk=flag.pk).update(findings=[])
    assert flag.remedy in desk_of(client, flag)


def test_what_set_a_finding_off_is_kept_as_words_that_move_with_the_sentence(people):
    revision = factories.draft(body=f"<p>{SEVERAL}</p>")
    kept = Claim.objects.standing_on(revision).get(sentence=SEVERAL).flags.get().findings
    assert all(word in SEVERAL for finding in kept for word in finding["triggers"])
    body = f"<p>A new beginning, much longer than none.</p><p>{SEVERAL}</p>"
    factories.draft(page=revision.page, body=body)
    assert Flag.objects.open().get(claim__sentence=SEVERAL).findings == kept


def test_a_promise_of_safety_that_blocks_comes_first_though_the_assessment_names_it(
    client, people, assessed
):
    ruling.save_rule(
        by=people.reviewer, key="safety-claimed", severity="block", why="Nothing is safe."
    )
    flag = flag_on(SAFE)
    assert flag.rule == "grade-overstated"
    assert flag.claim.queue_item.is_safety
    client.force_login(people.moderator)
    assert "Safety comes first" in client.get("/admin/moderation/?only=safety").content.decode()
    assert "is safe" in desk_of(client, flag)
