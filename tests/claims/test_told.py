"""Readers are told of questions that somebody or a rule asks, not of guesses by weights alone."""

from claims.models import Flag
from editorial import actions
from tests import factories

SENTENCE = "Rest is a proven, guaranteed cure for lupus."


def questioned(client, page) -> list[bool]:
    """Whether the page, its claim and the list of claims say that a question is open."""
    claim = page.claims.get(sentence=SENTENCE)
    shown = client.get(page.get_absolute_url()).content.decode()
    alone = client.get(claim.get_absolute_url()).context["flags"]
    (listed,) = [a for a in client.get("/claims/").context["anchors"] if a.claim_id == claim.pk]
    return ["claim-questioned" in shown, bool(alone), bool(listed.questions)]


def test_a_guess_is_for_moderators_until_somebody_asks(client, people):
    draft = factories.draft(body=f"<p>{SENTENCE}</p>")
    page = actions.publish_override(draft, by=people.admin, reason="It stood elsewhere.")
    assert questioned(client, page) == [True] * 3
    Flag.objects.update(rule="learned-efficacy", severity="advise")
    assert questioned(client, page) == [False] * 3
    Flag.objects.update(rule="")
    assert questioned(client, page) == [True] * 3
