"""What machines read says what readers see: JSON-LD, the API and the page, value by value."""

import json

import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser as Parser

from autoimmune_site import sitemaps
from autoimmune_site.demo_accounts import REVIEW_TITLE
from claims.models import Claim
from editorial import actions
from editorial.models import Page
from tests import factories
from tests.search import schema_org

pytestmark = pytest.mark.django_db
ODD = "Rest & “<b>walks</b>” </script><script>alert(1)</script>"
BODY = '<p>Rest eased pain in a trial of 40 people.<cite data-source="example-2020"></cite></p>'


@pytest.fixture
def shelf(people):
    """One of each kind, about one another."""
    source = factories.source(key="example-2020", year=2020)
    condition = factories.condition(
        title="Morphoea",
        other_names=["localised scleroderma"],
        symptoms=["hard patches"],
        key_messages="<ul><li>It often fades by itself.</li></ul>",
        outlook="<p>Most people keep no mark.</p>",
        icd10="L94.0",
        mesh_id="D012594",
        body=BODY,
    )
    therapy = factories.therapy(title="Rest", form="lifestyle", harms=["boredom"], body=BODY)
    assessment = factories.assessment(
        therapy, condition, sources=[source], stage="standard of care", direction="benefit"
    )
    article = factories.published_page(
        title=ODD, summary=ODD, body=BODY, conditions=[condition.pk], therapies=[therapy.pk]
    )
    claim = article.claims.get()
    Claim.objects.update(state=Claim.State.OPEN)
    return {
        "source": source,
        "condition": condition,
        "therapy": therapy,
        "assessment": assessment,
        "article": article,
        "claim": claim,
    }


def block(client, address: str) -> dict:
    (script,) = Parser(client.get(address).content).css('script[type="application/ld+json"]')
    return json.loads(script.text())


def api(client, address: str) -> dict:
    return client.get(f"/api/v1/{address}").json()


def shown(client, address: str) -> str:
    """What the page says, blanks folded."""
    main = Parser(client.get(address).content).css_first("main")
    return " ".join(main.text(separator=" ").split())


def test_every_block_is_schema_org(client, shelf):
    addresses = [thing.get_absolute_url() for thing in shelf.values()]
    for address in ["/", *addresses]:
        data = block(client, address)
        assert data["@context"] == "https://schema.org"
        assert schema_org.problems(data) == [], address
    assert schema_org.problems({"@type": "Claim", "dosage": "x"})
    assert schema_org.problems({"@type": "WebPage", "reviewedBy": {"@type": "Drug", "name": "x"}})


@pytest.mark.parametrize("kind", ["article", "condition", "therapy"])
def test_a_page_is_the_same_by_every_way(client, shelf, kind):
    page = Page.objects.get(pk=shelf[kind].pk)
    address = page.get_absolute_url()
    data, item, text = (
        block(client, address),
        api(client, f"pages/{kind}/{page.slug}"),
        shown(client, address),
    )
    assert data["name"] == item["title"] and item["title"] in text
    assert data.get("description", "") == item["summary"] and item["summary"] in text
    assert data["url"].endswith(item["url"])
    assert data["lastReviewed"] == item["reviewed_at"][:10]
    assert data["reviewedBy"]["name"] == item["reviewed_by"] and item["reviewed_by"] in text
    assert item["written_by"] in text
    assert [c["mainEntityOfPage"].rsplit("/", 2)[1] for c in data["citation"]] == [
        str(shelf["source"].pk)
    ]
    assert item["sources"] == ["example-2020"]
    for name in item["other_names"]:
        assert name in text and name in data["about"][0]["alternateName"]
    for html in [item["body_html"], *(part["html"] for part in item["parts"])]:
        assert _words(html) in text
    assert [part["name"] for part in item["parts"]] == (
        ["key_messages", "outlook"] if kind == "condition" else []
    )
    for words in (*item["symptoms"], *item["harms"]):
        assert words in text.lower()


def test_the_api_gives_no_value_of_a_page_that_readers_do_not_see(client, shelf):
    """Whoever adds a value says here where it is compared with the page."""
    compared = set(
        "title summary url reviewed_at reviewed_by written_by sources other_names".split()
    )
    compared |= set("other_names body_html parts symptoms harms tags kind slug".split())
    dates = {"first_published_at", "published_at", "review_due", "is_review_overdue"}
    assert set(api(client, "pages/condition/morphoea")) == compared | dates


def _words(html: str) -> str:
    """The words of rich text as the page shows them, without its marks."""
    tree = Parser(html)
    for cite in tree.css("cite"):
        cite.decompose()
    return " ".join(tree.body.text(separator=" ").split()).removesuffix(" .").removesuffix(".")


def test_a_condition_has_its_codes_signs_and_treatments_in_use(client, shelf):
    (about,) = block(client, shelf["condition"].get_absolute_url())["about"]
    codes = {code["codingSystem"]: code["codeValue"] for code in about["code"]}
    assert codes == {"ICD-10": "L94.0", "MeSH": "D012594"}
    assert [s["name"] for s in about["signOrSymptom"]] == ["hard patches"]
    assert [t["name"] for t in about["possibleTreatment"]] == ["Rest"]
    text = shown(client, shelf["condition"].get_absolute_url())
    assert all(code in text for code in codes.values())


def test_a_treatment_that_is_not_in_use_is_not_named_as_one(client, shelf):
    other = factories.therapy(title="Quokka serum")
    factories.assessment(other, shelf["condition"], stage="not supported")
    (about,) = block(client, shelf["condition"].get_absolute_url())["about"]
    assert "Quokka serum" not in json.dumps(about)


def test_an_assessment_a_claim_and_a_source_are_the_same_by_every_way(client, shelf):
    pair = shelf["assessment"]
    data, text = block(client, pair.get_absolute_url()), shown(client, pair.get_absolute_url())
    item = api(client, f"assessments/{pair.therapy.slug}/{pair.condition.slug}")
    assert data["abstract"] == f"{item['certainty'].capitalize()} certainty. {item['summary']}"
    assert item["summary"] in text and f"{item['certainty'].capitalize()} certainty" in text
    assert item["approved_by"] in text

    claim = shelf["claim"]
    data, text = block(client, claim.get_absolute_url()), shown(client, claim.get_absolute_url())
    item = api(client, f"claims/{claim.pk}")
    assert data["text"] == item["sentence"] and item["sentence"] in text
    assert item["state_label"].capitalize() in text or item["state_label"] in text
    assert data["appearance"]["name"] == item["page_title"]

    source = shelf["source"]
    data, text = block(client, source.get_absolute_url()), shown(client, source.get_absolute_url())
    item = api(client, "sources/example-2020")
    assert data["name"] == item["title"] and item["title"] in text
    assert data["datePublished"] == str(item["year"]) and str(item["year"]) in text
    assert data["url"] == item["link"]


def test_a_reviewer_that_is_no_person_is_not_called_one(client, shelf):
    page = shelf["article"]
    Page.objects.filter(pk=page.pk).update(reviewed_by_title=REVIEW_TITLE)
    assert "reviewedBy" not in block(client, page.get_absolute_url())
    Page.objects.filter(pk=page.pk).update(reviewed_at=None, reviewed_by_name="")
    assert "lastReviewed" not in block(client, page.get_absolute_url())


def test_nothing_in_the_block_can_end_it(client, shelf):
    html = client.get(shelf["article"].get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert block(client, shelf["article"].get_absolute_url())["name"] == ODD


def test_browsers_can_add_the_search(client, shelf):
    home = Parser(client.get("/").content).css_first('link[rel="search"]')
    answer = client.get(home.attributes["href"])
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    root = etree.fromstring(answer.content)
    urls = {u.get("type"): u.get("template") for u in root.iter("{*}Url")}
    assert urls["text/html"].endswith("/search/?q={searchTerms}")
    offered = client.get("/search/completions/", {"q": "morph"}).json()
    assert offered[0] == "morph" and offered[1] == ["Morphoea"]
    assert offered[3][0].endswith(shelf["condition"].get_absolute_url())


def test_llms_txt_names_what_is_public(client, shelf, people):
    actions.withdraw(shelf["therapy"], by=people.moderator, reason="It was wrong.")
    answer = client.get("/llms.txt")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/plain")
    assert "/conditions/morphoea/)" in text and "/therapies/rest/" not in text
    assert "/api/v1/openapi.json" in text


def test_a_sitemap_that_grows_too_large_becomes_an_index(client, shelf, monkeypatch):
    whole = etree.fromstring(client.get("/sitemap.xml").content)
    assert whole.tag.endswith("urlset")
    monkeypatch.setattr("autoimmune_site.machines.MOST_IN_A_FILE", 3)
    index = etree.fromstring(client.get("/sitemap.xml").content)
    assert index.tag.endswith("sitemapindex")
    parts = [node.text.partition("//")[2].partition("/")[2] for node in index.iter("{*}loc")]
    assert len(parts) == len(sitemaps.SITEMAPS)
    found = [
        node.text
        for part in parts
        for node in etree.fromstring(client.get(f"/{part}").content).iter("{*}loc")
    ]
    assert sorted(found) == sorted(node.text for node in whole.iter("{*}loc"))
