"""What a page costs: queries at two sizes, and bytes over the wire."""

import gzip
from pathlib import Path

import pytest

from tests import factories

from .conftest import body_citing

QUERIES = {
    "article": 4,
    "condition": 4,
    "therapy": 4,
    "assessment": 6,
    "source": 6,
    "claim": 9,
    "home": 2,
    "articles": 2,
    "conditions": 1,
    "therapies": 1,
    "map": 4,
    "sources": 3,
    "claims": 5,
    "corrections": 2,
    "tag": 3,
    "search": 0,
}
STATIC = Path(__file__).resolve().parents[2] / "static"
SENT_ALONG = [STATIC / "css/site.css", STATIC / "js/claims.js", STATIC / "ask/ask.js"]


def grow(site) -> None:
    """Many of everything around the pages of the site."""
    sources = [factories.source() for _ in range(6)]
    for number in range(4):
        condition = factories.condition(title=f"Disease {number}", tags=["tiredness"])
        therapy = factories.therapy(
            title=f"Pill {number}",
            regulatory=[{"fact": "Allowed.", "basis": f"lookup: {sources[0].key}"}],
        )
        factories.assessment(site.therapy, condition, sources=sources)
        factories.assessment(therapy, site.condition, sources=sources)
        factories.published_page(
            body=body_citing(site.source, *sources),
            conditions=[site.condition.pk, condition.pk],
            therapies=[site.therapy.pk],
            tags=["tiredness", "rest and sleep"],
        )


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_page_stays_within_its_queries_however_much_there_is(
    client, site, size, django_assert_max_num_queries
):
    if size == "large":
        grow(site)
    for address in site.addresses.values():
        client.get(address)  # what is made once a process
    for kind, address in site.addresses.items():
        with django_assert_max_num_queries(QUERIES[kind], info=address):
            assert client.get(address).status_code == 200


def test_an_article_with_styles_and_scripts_stays_under_60_kb_over_the_wire(client, db):
    sources = [factories.source() for _ in range(40)]
    page = factories.published_page(body=body_citing(*sources, *sources))
    html = client.get(page.get_absolute_url()).content
    parts = [html, *(file.read_bytes() for file in SENT_ALONG)]
    assert sum(len(gzip.compress(part)) for part in parts) < 60_000
