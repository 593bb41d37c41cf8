"""The live text as readers see it: claims marked where they stand, citations numbered."""

import html5lib
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from claims.models import Anchor, Claim
from claims.rendering import render_body
from evidence import actions as evidence_actions
from tests import factories

pytestmark = pytest.mark.django_db


def cite(source) -> str:
    return f'<cite data-source="{source.key}"></cite>'


def published(body, **changes):
    return factories.published_page("article", body=body, **changes)


def rendered(body, **changes):
    text = render_body(published(body, **changes))
    html5lib.HTMLParser(strict=True).parseFragment(text.html)
    return text, HTMLParser(f"<main>{text.html}</main>")


def marked_words(tree) -> list[str]:
    """The words of each claim, its pieces joined, citations and signs left out."""
    words: dict[str, str] = {}
    current = None
    for node in tree.css("span.claim"):
        current = node.attributes.get("id") or current
        words[current] = words.get(current, "") + node.text()
    return [" ".join(w.split()) for w in words.values()]


def test_a_cited_sentence_is_marked_and_its_neighbours_are_not():
    source = factories.source()
    _, tree = rendered(f"<p>Hello there. The group met weekly {cite(source)}. Goodbye now.</p>")
    assert marked_words(tree) == ["The group met weekly."]


def test_the_mark_carries_the_state_and_links_to_the_claim():
    source = factories.source()
    _, tree = rendered(f"<p>The group met weekly {cite(source)}.</p>")
    claim = Claim.objects.get()
    span, link = tree.css_first("span.claim"), tree.css_first("a.claim-link")
    assert span.attributes["id"] == f"claim-{claim.pk}"
    assert "claim-open" in span.attributes["class"].split()
    assert "sign-open" in link.attributes["class"].split()
    assert link.attributes["href"] == f"/claims/{claim.pk}/"
    assert link.attributes["aria-label"] == "About “The group met weekly.”: not decided"


def test_a_claim_runs_through_inline_markup_without_tearing_it():
    source = factories.source()
    _, tree = rendered(
        "<p>First. The <em>small <strong>group</strong></em> met "
        f'<a href="https://example.org/x">every week</a> in town {cite(source)}. Last.</p>'
    )
    assert marked_words(tree) == ["The small group met every week in town."]
    assert tree.css_first("em strong span.claim").text() == "group"
    assert tree.css_first('a[href="https://example.org/x"]').text() == "every week"


def test_the_link_of_a_claim_never_stands_inside_another_link():
    source = factories.source()
    _, tree = rendered(
        f'<p>The group met {cite(source)} <a href="https://example.org/x">in the old town.</a></p>'
    )
    assert len(tree.css("a.claim-link")) == 1
    assert tree.css("a a") == []
    assert tree.css_first('a[href="https://example.org/x"] + a.claim-link') is not None


def test_entities_are_escaped_once():
    source = factories.source()
    body = f"<p>If 3 &lt; 5 &amp; 7 &gt; 6 the group met {cite(source)}. Tom &amp; Ann.</p>"
    text, tree = rendered(body)
    assert "&amp;lt;" not in text.html and "&amp;amp;" not in text.html
    assert "3 &lt; 5 &amp; 7 &gt; 6" in text.html
    assert marked_words(tree) == ["If 3 < 5 & 7 > 6 the group met."]


def test_a_claim_whose_words_are_not_at_its_offsets_is_left_unmarked():
    source = factories.source()
    page = published(f"<p>The group met weekly {cite(source)}.</p>")
    Anchor.objects.update(exact="Something else entirely.")
    text = render_body(page)
    assert "claim" not in text.html
    assert text.claims == []


def test_a_sentence_that_is_no_claim_keeps_its_place_and_gets_no_sign():
    source = factories.source()
    page = published(f"<p>The group met weekly {cite(source)}.</p>")
    Claim.objects.update(state=Claim.State.NOT_A_CLAIM)
    text = render_body(page)
    assert f'id="claim-{Claim.objects.get().pk}"' in text.html
    assert "claim-link" not in text.html


def test_lists_tables_and_line_breaks_are_marked_within_their_blocks():
    source = factories.source()
    c = cite(source)
    body = (
        f"<ul><li><p>The first group met {c}.</p></li><li><p>Nothing.</p></li></ul>"
        f"<p>The second group<br>met as well {c}.</p>"
        f"<table><tbody><tr><td><p>The third group met {c}.</p></td></tr></tbody></table>"
    )
    _, tree = rendered(body)
    assert marked_words(tree) == [
        "The first group met.",
        "The second groupmet as well.",  # the break itself cannot be wrapped
        "The third group met.",
    ]
    frame = tree.css_first("div.scroll")
    assert frame.attributes["tabindex"] == "0" and frame.css_first("table") is not None
    assert frame.attributes["aria-label"] == "Table 1"


def test_sources_are_numbered_by_first_mention_and_each_mention_is_linked_back():
    one, two = factories.source(), factories.source()
    text, tree = rendered(
        f"<p>The group met {cite(two)}.</p><p>It met again {cite(one)}{cite(two)}.</p>"
    )
    assert [r.source for r in text.references] == [two, one]
    assert [r.mentions for r in text.references] == [["ref-1-1", "ref-1-2"], ["ref-2-1"]]
    marks = [(a.attributes["href"], a.attributes["id"]) for a in tree.css("sup.ref a")]
    assert marks == [("#ref-1", "ref-1-1"), ("#ref-2", "ref-2-1"), ("#ref-1", "ref-1-2")]
    assert tree.css("cite") == []


def test_no_blank_is_left_before_a_reference_mark():
    source = factories.source()
    _, tree = rendered(f"<p>The <em>group</em> {cite(source)} met, then left.</p>")
    assert tree.css_first("p").text().startswith("The groupSource [1] met")


def test_a_retracted_source_says_so_where_it_is_cited():
    source = factories.source()
    page = published(f"<p>The group met weekly {cite(source)}.</p>")
    by = factories.people().editor
    evidence_actions.record_notice(source, by=by, kind="retraction", date_text="2021")
    tree = HTMLParser(render_body(page).html)
    assert tree.css_first("sup.ref-retracted a").text() == "Source [1, retracted]"


def test_a_claim_in_the_summary_is_marked_and_escaped():
    factories.condition(title="Lupus")
    page = published("<p>Hello.</p>", summary="Rest & sleep may improve lupus. It rains <today>.")
    text = render_body(page)
    claims = [c for c in text.claims if c.live_sentence.startswith("Rest")]
    assert len(claims) == 1
    assert f'id="claim-{claims[0].pk}">Rest &amp; sleep may improve lupus.</span>' in text.summary
    assert "&lt;today&gt;" in text.summary


def test_rendering_takes_two_queries_however_long(django_assert_num_queries):
    sources = [factories.source() for _ in range(5)]
    page = published("".join(f"<p>Group {i} met {cite(s)}.</p>" for i, s in enumerate(sources)))
    with django_assert_num_queries(2):
        assert len(render_body(page).references) == 5
