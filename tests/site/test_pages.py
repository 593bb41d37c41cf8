"""Every kind of public page: valid, named, cookie-free, quick, and never more than published."""

import html5lib
from django.conf import settings
from django.views.defaults import server_error
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from claims import actions as claim_actions
from editorial import actions
from evidence import actions as evidence_actions
from tests import factories

from .conftest import body_citing


def tree_of(response) -> HTMLParser:
    return HTMLParser(response.content.decode())


def text_of(client, address) -> str:
    return " ".join(tree_of(client.get(address)).css_first("main").text(separator=" ").split())


def test_every_page_is_valid_html(client, site):
    for address in site.addresses.values():
        response = client.get(address)
        assert response.status_code == 200, address
        html5lib.HTMLParser(strict=True).parse(response.content.decode())
        ids = [node.attributes["id"] for node in tree_of(response).css("[id]")]
        assert len(ids) == len(set(ids)), address


def test_no_page_sets_or_reads_a_cookie(client, site):
    for address in site.addresses.values():
        response = client.get(address)
        assert not response.cookies and "Cookie" not in response.get("Vary", ""), address


def test_every_page_has_its_head_its_landmarks_and_one_heading(client, site):
    for address in site.addresses.values():
        tree = tree_of(client.get(address))
        for selector in ("h1", "main", "body > header", "body > footer", "a.skip[href='#main']"):
            assert len(tree.css(selector)) == 1, (address, selector)
        assert tree.css_first('meta[name="description"]').attributes["content"], address
        assert tree.css_first('meta[property="og:title"]').attributes["content"], address
        canonical = tree.css_first('link[rel="canonical"]').attributes["href"]
        assert canonical == settings.SITE_URL + address


def test_no_page_needs_an_inline_style_or_script(client, site):
    inline = '[style], style, script:not([src]):not([type="application/ld+json"]), [onclick]'
    for address in site.addresses.values():
        assert tree_of(client.get(address)).css(inline) == [], address


def test_no_two_kinds_of_page_share_a_title(client, site):
    titles = [tree_of(client.get(a)).css_first("title").text() for a in site.addresses.values()]
    assert len(set(titles)) == len(titles)


def test_headings_never_skip_a_level(client, site):
    for address in site.addresses.values():
        levels = [int(h.tag[1]) for h in tree_of(client.get(address)).css("h1, h2, h3, h4")]
        assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), address


def test_only_reading_is_allowed(client, site):
    for address in site.addresses.values():
        assert client.head(address).status_code == 200, address
        assert client.post(address).status_code == 405, address


def test_a_withdrawn_page_says_so_and_why_and_when(client, site):
    response = client.get(site.withdrawn.get_absolute_url())
    assert response.status_code == 410
    html5lib.HTMLParser(strict=True).parse(response.content.decode())
    page = site.withdrawn
    page.refresh_from_db()
    words = tree_of(response).css_first("main").text()
    assert "It was wrong." in words and f"{page.withdrawn_at:%Y}" in words


def test_a_missing_page_helps_to_search_on(client, db):
    response = client.get("/conditions/rheumatic-fever/")
    assert response.status_code == 404
    html5lib.HTMLParser(strict=True).parse(response.content.decode())
    assert tree_of(response).css_first("#q").attributes["value"] == "rheumatic fever"


def test_the_page_for_our_own_mistakes_needs_nothing(client, rf, db):
    response = server_error(rf.get("/"))
    assert response.status_code == 500
    html5lib.HTMLParser(strict=True).parse(response.content.decode())


def test_an_article_shows_claims_references_and_who_stands_behind_it(client, site):
    tree = tree_of(client.get(site.article.get_absolute_url()))
    assert tree.css_first(f"#claim-{site.claim.pk}") is not None
    reference = tree.css_first("#ref-1")
    assert "12 participants" in reference.text()
    assert reference.css_first('a[href="#ref-1-1"]') is not None
    trust = " ".join(tree.css_first("#trust").text(separator=" ").split())
    assert "Written by author" in trust
    assert "Checked by reviewer" in trust
    assert "1 cited, 0 confirmed by a person to support a sentence here, none retracted" in trust


def test_the_title_of_the_reviewer_is_the_one_stored_on_the_page(client, db):
    reviewer = factories.people().reviewer
    reviewer.title = "demonstration account, not a clinician"
    reviewer.save()
    page = factories.published_page()
    reviewer.title = "Professor"
    reviewer.save()
    words = text_of(client, page.get_absolute_url())
    assert "reviewer, demonstration account, not a clinician" in words
    assert "Professor" not in words


def test_a_page_that_nobody_reviewed_here_says_so(client, db):
    admin = factories.people().admin
    revision = factories.draft(by=admin)
    page = actions.publish_override(revision, by=admin, reason="Moved from our old site.")
    assert "Not yet reviewed here" in text_of(client, page.get_absolute_url())


def test_a_claim_keeps_cited_and_confirmed_apart(client, site):
    before = text_of(client, site.claim.get_absolute_url())
    assert "Cited , not confirmed" in before and "Not decided" in before
    people = factories.people()
    claim_actions.raise_flag(
        site.claim, by=people.editor, reason="no_source", explanation="Is that so?"
    )
    assert "Is that so?" in text_of(client, site.claim.get_absolute_url())
    claim_actions.decide(
        site.claim,
        by=people.moderator,
        outcome="supported",
        reason="The paper says so.",
        sources=[site.source],
        passages={site.source.pk: "Page 3, second paragraph"},
    )
    after = text_of(client, site.claim.get_absolute_url())
    assert "Confirmed to support the sentence by moderator" in after
    assert "The paper says so." in after and "Is that so?" not in after


def test_a_retracted_source_is_marked_wherever_it_stands(client, site):
    by = factories.people().editor
    evidence_actions.record_notice(
        site.source, by=by, kind="retraction", date_text="2021", reason="Made up."
    )
    assert "Made up." in text_of(client, site.source.get_absolute_url())
    for kind in ("sources", "article", "claim", "assessment"):
        assert "Retracted" in text_of(client, site.addresses[kind]), kind
    assert "1 retracted" in text_of(client, site.article.get_absolute_url())


def test_a_description_is_never_printed_as_a_title(client, db):
    source = factories.source(title="A trial of rest", title_is_description=True)
    page = factories.published_page(body=body_citing(source))
    for address in (page.get_absolute_url(), source.get_absolute_url(), "/sources/"):
        tree = tree_of(client.get(address))
        words = " ".join(tree.text().split())
        assert "(title not confirmed; described here as: A trial of rest)" in words
        assert not any("A trial of rest" in n.text() for n in tree.css("cite, em, h1, title"))


def test_the_map_shows_each_pair_in_words_and_shape(client, site):
    tree = tree_of(client.get("/evidence/"))
    cell = tree.css_first("td a.cell")
    words = " ".join(cell.text().split())
    assert words.startswith("Low certainty: Rest for Lupus. benefit in trials")
    assert len(cell.css("svg")) == 3  # certainty, direction, stage
    assert tree.css_first(".map-list li a").attributes["href"] == "/evidence/rest/lupus/"


def test_the_source_page_names_the_pages_that_cite_it(client, site):
    words = text_of(client, site.source.get_absolute_url())
    assert "Does rest help?" in words and "Rest for Lupus" in words


def test_lists_go_on_over_pages(client, db):
    for _ in range(55):
        factories.source()
    first, second = client.get("/sources/"), client.get("/sources/?page=2")
    assert tree_of(first).css_first('a[rel="next"]').attributes["href"] == "?page=2"
    assert len(tree_of(second).css("ul.references > li")) == 5
    assert tree_of(first).css_first("title").text() != tree_of(second).css_first("title").text()
