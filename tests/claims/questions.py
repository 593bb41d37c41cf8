"""A reader's question as tests ask it: by the form, and what the site answers."""

import re

from claims import actions, reporting
from claims.models import Report
from editorial import actions as page_actions
from tests import factories

CITED = "Group one met weekly."
PLAIN = "Some people bring a cushion."
BETTER = "Group one met monthly."
HTML = '<script>alert(1)</script> see <a href="https://spam.example">this</a> & that'


def page_to_ask_about():
    """A published page with a cited sentence, which is a claim, and a plain one, which is not."""
    source = factories.source()
    cited = f'<p>{CITED} <cite data-source="{source.key}"></cite></p>'
    return factories.published_page(body=f"{cited}<p>{PLAIN}</p>")


def address(page) -> str:
    return f"/report/?page={page.pk}"


def token_in(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode()).group(1)


def ask(client, page, *, token=None, headers=None, **changes):
    """Fill in the form and send it, as a browser does."""
    token = token or token_in(client.get(address(page)))
    data = {"sentence": CITED, "reason": "overstated", "text": "It was once a month.", **changes}
    return client.post(address(page), {"token": token, **data}, headers=headers)


def said(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def make(page, number=1, **changes) -> Report:
    values = {"sentence": CITED, "reason": "overstated", "text": "Why so sure?"} | changes
    return reporting.report(page, form_key=f"key-{number}", **values)


def decide(claim, outcome, reason="It met monthly.", **answer):
    return actions.decide(
        claim, by=factories.people().moderator, outcome=outcome, reason=reason, **answer
    )


def republish(page, body):
    """Publish another text of the page, by the usual way."""
    people = factories.people()
    revision = factories.draft(page=page, title=page.title, body=body)
    page_actions.submit(revision, by=people.author)
    factories.decide_all(revision)
    page_actions.approve(revision, by=people.reviewer)
    return page_actions.publish(revision, by=people.editor)


def change_after_decision(page, report):
    """Decide that the sentence must be reworded, and publish it so."""
    decide(report.claim, "reword")
    return republish(page, page.live_revision.content["body"].replace(CITED, BETTER))
