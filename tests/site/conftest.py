"""A small site with one of everything that readers can open, made once a test."""

from dataclasses import dataclass

import pytest

from claims.models import Claim
from editorial import actions
from editorial.models import Page
from evidence.models import Source
from tests import factories
from therapies.models import Assessment


@dataclass(frozen=True)
class Site:
    """What readers can open."""

    article: Page
    condition: Page
    therapy: Page
    withdrawn: Page
    assessment: Assessment
    source: Source
    claim: Claim

    @property
    def addresses(self) -> dict[str, str]:
        """Every kind of page with an address of that kind."""
        names = ("article", "condition", "therapy", "assessment", "source", "claim")
        return {name: getattr(self, name).get_absolute_url() for name in names} | LISTS


LISTS = {
    "home": "/",
    "articles": "/articles/",
    "conditions": "/conditions/",
    "therapies": "/therapies/",
    "map": "/evidence/",
    "sources": "/sources/",
    "claims": "/claims/",
    "corrections": "/corrections/",
    "tag": "/tags/tiredness/",
    "search": "/search/",
}


def body_citing(*sources) -> str:
    """A paragraph for each source, each with a cited sentence."""
    return "".join(
        f'<p>Group {s.key} met weekly <cite data-source="{s.key}"></cite>.</p>' for s in sources
    )


@pytest.fixture
def site(db) -> Site:
    """One page of each kind, joined to each other."""
    source = factories.source(finding="It was seen.", participants=12)
    condition = factories.condition(
        title="Lupus", other_names=["SLE"], symptoms=["tiredness"], tags=["tiredness"]
    )
    therapy = factories.therapy(title="Rest", harms=["boredom"])
    assessment = factories.assessment(therapy, condition, sources=[source])
    article = factories.published_page(
        title="Does rest help?",
        slug="does-rest-help",
        body=body_citing(source),
        conditions=[condition.pk],
        therapies=[therapy.pk],
    )
    withdrawn = factories.published_page(title="Gone", slug="gone")
    actions.withdraw(withdrawn, by=factories.people().editor, reason="It was wrong.")
    claim = Claim.objects.get(page=article, sentence__startswith="Group")
    return Site(article, condition, therapy, withdrawn, assessment, source, claim)
