"""What a change to a rule would do is told as the check does it, the network included."""

import pytest

from claims import rule_trial, ruling
from claims.checker import check
from claims.checker.learned import network
from tests import factories
from tests.claims.test_site_rules import ADD, MOON, RULES, SENTENCE

pytestmark = pytest.mark.django_db

LEAFLET = "If you have a temperature on the day, ring us first."
STORY = "Our serum puts an end to rheumatoid arthritis in ten days."
CARRIED = "Some 10,000 people in Wales are thought to use shingles cream."


def rules_in(text, *, closely) -> set[str]:
    return {finding.rule for finding in check(text, closely=closely, notes=False).findings}


def muted(client, rule: str):
    """The trial of a shipped rule switched off, as the desk shows it."""
    client.force_login(factories.people().reviewer)
    answer = client.post(f"{RULES}{rule}/", {"severity": "off", "try": "1"})
    return answer.context["trial"], answer.content.decode()


def test_what_the_network_lets_pass_is_not_said_to_pass_by_switching_a_rule_off(client):
    (rule,) = rules_in(LEAFLET, closely=False)
    assert rules_in(LEAFLET, closely=True) == set()
    factories.published_page(body=f"<p>{LEAFLET}</p>")
    trial, page = muted(client, rule)
    assert (trial.read, trial.newly_count, trial.no_longer_count) == (1, 0, 0)
    assert LEAFLET not in page


def test_what_only_the_network_lets_stand_is_told(client):
    assert rules_in(CARRIED, closely=False) == set()
    (rule,) = rules_in(CARRIED, closely=True)
    factories.published_page(body=f"<p>{CARRIED}</p>")
    trial, page = muted(client, rule)
    assert [met.sentence for met in trial.no_longer if met.rule == rule] == [CARRIED]


def test_the_trial_agrees_with_the_check_after_it(client):
    pages = [
        factories.published_page(body=f"<p>{sentence}</p>")
        for sentence in (LEAFLET, CARRIED, "Rest is a wonder drug for tired people.")
    ]
    texts = [page.live_revision.document.text for page in pages]
    for rule in ("promo-voice", "statistic-percent", "hype-strong"):
        after = ruling.proposed(key=rule, severity="off")[1]
        trial = rule_trial.try_out(after)
        real = [check(t, notes=False, rules=r).findings for t in texts for r in (None, after)]
        before, then = sum(map(len, real[::2])), sum(map(len, real[1::2]))
        assert trial.newly_count - trial.no_longer_count == then - before


def test_a_severity_that_only_the_network_gives_is_told(client):
    """It makes a block of what this rule advises upon; “advice” set here takes that back."""
    (rule,) = rules_in(STORY, closely=False)
    assert {f.severity for f in check(STORY).findings if f.rule == rule} == {"block"}
    factories.published_page(body=f"<p>{STORY}</p>")
    trial = rule_trial.try_out(ruling.proposed(key=rule, severity="advise")[1])
    assert [(met.rule, met.severity) for met in trial.newly] == [(rule, "advise")]
    assert (rule, "block") in {(met.rule, met.severity) for met in trial.no_longer}


def test_the_network_reads_only_the_texts_on_which_the_rule_may_differ(client, monkeypatch):
    plain = [factories.published_page(body=f"<p>{CARRIED} {n}</p>") for n in range(3)]
    factories.published_page(body=f"<p>{SENTENCE}</p>")
    assert plain
    network.forget()
    given, read = [], network.read
    monkeypatch.setattr(network, "read", lambda texts: given.extend(texts) or read(texts))
    trial = rule_trial.try_out(ruling.proposed(key="", text=MOON)[1])
    assert (trial.read, trial.newly_count) == (4, 1)
    assert not any("shingles" in text for text in given)


def test_switching_the_second_opinion_off_is_read_in_every_text(client):
    factories.published_page(body=f"<p>{CARRIED}</p>")
    learned = "Sleep melts the stiffness away within days, as many have found to their joy."
    rules = rules_in(learned, closely=True)
    factories.published_page(body=f"<p>{learned}</p>")
    rule = next(rule for rule in rules if rule.startswith("learned-"))
    trial = rule_trial.try_out(ruling.proposed(key=rule, severity="off")[1])
    assert learned in {met.sentence for met in trial.no_longer if met.rule == rule}


def test_the_page_says_what_the_trial_does_not_read(client):
    factories.draft(body=f"<p>{SENTENCE}</p>")
    client.force_login(factories.people().reviewer)
    tried = client.post(ADD, {"text": MOON, "try": "1"}).content.decode()
    assert "in all 0 published texts" in tried
    assert "Drafts are not read here" in tried
