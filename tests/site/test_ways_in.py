"""Ways in: lists by every name, by part of the body, what is new, words explained."""

from claims.explaining import explain_terms
from editorial import actions
from editorial.text import parse, serialise
from tests import factories

from .test_pages import text_of, tree_of
from .test_reading import strict


def test_a_condition_is_listed_under_every_name_it_goes_by(client, site):
    tree = strict(client.get("/conditions/"))
    see = tree.css_first('.index a.see[href="/conditions/lupus/"]')
    assert "SLE see Lupus" in " ".join(see.text().split())
    assert tree.css_first(".letters a").attributes["href"] == "#letter-L"


def test_conditions_are_grouped_by_part_of_the_body_and_therapies_by_kind(client, site):
    factories.published_page(kind="condition", title="Gout", body_system="joints")
    headings = tree_of(client.get("/conditions/")).css(".index-group h3")
    groups = [heading.text().strip() for heading in headings]
    assert groups == ["Joints", "Elsewhere"]
    assert "Procedure" in text_of(client, "/therapies/")


def test_a_part_of_the_body_is_shown_by_a_picture_that_is_not_read_out(client, site):
    liver = factories.published_page(kind="condition", title="Hepatitis", body_system="Liver")
    for path, within in (("/conditions/", ".index-group h3"), (liver.get_absolute_url(), "header")):
        pictures = strict(client.get(path)).css(f"{within} svg.body-picture")
        assert [picture.attributes["aria-hidden"] for picture in pictures] == ["true"]
    article = strict(client.get(site.article.get_absolute_url()))
    assert article.css("svg.body-picture") == []


def test_new_and_changed_says_which_and_lists_corrections(client, site):
    words = text_of(client, "/new/")
    assert "Does rest help? Article · new" in words
    people = factories.people()
    revision = factories.draft(
        page=site.article, title="Does rest help?", slug="does-rest-help", body="<p>We met.</p>"
    )
    revision = actions.submit(revision, by=people.author)
    factories.decide_all(revision)
    actions.publish(actions.approve(revision, by=people.reviewer), by=people.editor)
    response = client.get("/new/")
    tree = strict(response)
    assert tree.css_first('a[href="/articles/does-rest-help/versions/"]').text() == "changed"
    assert {"list:article", "list:correction"} <= response.page_keys


def test_the_first_use_of_a_term_leads_to_its_definition(client, db):
    body = "<p>A <strong>placebo</strong> was given.</p><p>Placebo groups met.</p>"
    page = factories.published_page(body=body)
    links = tree_of(client.get(page.get_absolute_url())).css(".prose a.term")
    assert [(link.text(), link.attributes["href"]) for link in links] == [
        ("placebo", "/glossary/#term-placebo")
    ]
    assert strict(client.get("/glossary/")).css_first("#term-placebo dfn") is not None


def test_explaining_a_term_changes_no_word_and_opens_no_link_in_a_link():
    html = (
        '<h2>A flare</h2><p>In a <a href="/x">flare</a>, flares &amp; relapse: B-cells, flare.</p>'
    )
    root = parse(html)
    explain_terms(root)
    assert root.text_content() == parse(html).text_content()
    assert root.xpath("//a//a | //h2//a") == []
    assert 'href="/glossary/#term-flare">flares</a>' in serialise(root)


def test_an_abbreviation_is_a_term_only_in_its_capitals():
    root = parse("<p>Guidance may grade it. The word of GRADE is low.</p>")
    explain_terms(root)
    assert [link.text for link in root.xpath("//a")] == ["GRADE"]


def test_the_glossary_tells_other_names_of_a_term(client, db):
    row = strict(client.get("/glossary/")).css_first("#term-ketoacidosis dt")
    assert " ".join(row.text().split()) == "Ketoacidosis also: DKA"
