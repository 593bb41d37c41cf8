"""Saved web pages: the article is found, the page is left behind, the markup is safe."""

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importers.article import Unreadable
from articles.importers.reading import read
from articles.importers.tidy import ATTRIBUTES, SCHEMES, TAGS, safe_href, tidy

LEAD = "Joint pain can begin slowly and spread over many months before anybody names it."
MORE = "A rheumatologist asks about stiffness in the morning and looks at each joint in turn."


def page(content, head="", around=""):
    html = f"<html><head>{head}</head><body class='has-sidebar'>{around}{content}</body></html>"
    return read(html.encode(), "page.html")


def article(content):
    return page(f"<article><h1>A title</h1><p>{LEAD}</p>{content}<p>{MORE}</p></article>").body_html


@pytest.mark.parametrize(
    "part",
    [
        "<script>steal()</script>",
        "<style>p { color: red }</style>",
        "<nav><a href='/'>Home</a></nav>",
        "<aside><p>Ten foods for sore joints that you must try today</p></aside>",
        "<form><p>Your address, please, so that we may write</p><input></form>",
        "<!-- a comment that nobody sees -->",
        "<p hidden>Hidden words</p>",
        "<p style='display: none'>Hidden words</p>",
        "<div aria-hidden='true'>Hidden words</div>",
        "<div class='sharedaddy sd-block'><p>Tell everybody about it</p></div>",
        "<div class='related-posts'><p>Ten foods for sore joints</p></div>",
        "<p><strong>Read also:</strong> <a href='/x'>Ten foods</a></p>",
        "<p>By Ann Example</p>",
        "<p>March 5, 2024</p>",
        "<ul><li>Facebook</li><li>Twitter</li></ul>",
        "<iframe src='https://example.org'></iframe><svg><text>No</text></svg>",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_what_is_not_the_article_is_dropped(part):
    assert article(part) == f"<p>{LEAD}</p>\n<p>{MORE}</p>"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<h1>One</h1><p>x</p>", "<h2>One</h2>\n<p>x</p>"),
        ("<h5><b>Five</b></h5><p>x</p>", "<h4>Five</h4>\n<p>x</p>"),
        (
            "<p><b>bold</b> and <i class=x>slanted</i></p>",
            "<p><strong>bold</strong> and <em>slanted</em></p>",
        ),
        ("<p><b>bold </b>end</p>", "<p><strong>bold</strong> end</p>"),
        ("<p>one<br><br>two<br>three</p>", "<p>one</p>\n<p>two<br>three</p>"),
        ("<div>loose <div>inner</div> end</div>", "<p>loose</p>\n<p>inner</p>\n<p>end</p>"),
        ("<ul><li><p>a</p></li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<p>H<sub>2</sub>O and 10<sup>6</sup></p>", "<p>H<sub>2</sub>O and 10<sup>6</sup></p>"),
        (
            "<table><tr><th>A<th>B<tr><td rowspan=2>1<td>2<tr><td>3</table>",
            "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr>"
            "<tr><td>1</td><td>3</td></tr></tbody></table>",
        ),
        ("<table><tr><td><p>only layout</p></td></tr></table>", "<p>only layout</p>"),
        (
            "<p>Shown <cite data-source='burt-2019'>[1]</cite>.</p>",
            '<p>Shown<cite data-source="burt-2019"></cite>.</p>',
        ),
        ("<blockquote>said</blockquote>", "<blockquote><p>said</p></blockquote>"),
        ("<p>a\u00a0b \u00a0 c\u200bd\u00ade</p>", "<p>a&nbsp;b cde</p>"),
    ],
)
def test_markup_takes_one_form(given, kept):
    assert tidy(given) == kept
    assert tidy(kept) == kept


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("/articles/x/", "/articles/x/"),
        ("//example.org/x", "https://example.org/x"),
        ("javascript:alert(1)", ""),
        ("JaVa\tScript:alert(1)", ""),
        ("\x01javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("vbscript:x", ""),
        ("#top", ""),
        ("http://[broken", ""),
    ],
)
def test_links_lead_only_where_they_may(href, kept):
    assert safe_href(href) == kept


def test_the_title_is_the_heading_of_the_article_not_of_the_site():
    found = page(
        f"<main><h1>When joints hurt</h1><p>{LEAD}</p></main>",
        "<title>When joints hurt | Daily Health</title>",
        "<header><h1>Daily Health</h1></header>",
    )
    assert found.title == "When joints hurt"
    assert "When joints" not in found.body_html


@pytest.mark.parametrize(
    "head",
    [
        "<title>When joints hurt | Daily Health</title>",
        "<title>When joints hurt - Daily Health</title>",
        "<meta property='og:title' content='When joints hurt'><title>x</title>",
        "<meta property='og:site_name' content='The Very Long Name Of A Site Indeed'>"
        "<title>When joints hurt – The Very Long Name Of A Site Indeed</title>",
    ],
)
def test_without_a_heading_the_title_comes_from_the_head_without_the_site(head):
    assert page(f"<p>{LEAD}</p>", head).title == "When joints hurt"


def test_the_description_is_the_summary_unless_a_machine_cut_it():
    head = "<meta name='description' content='{}'>"
    assert page(f"<p>{LEAD}</p>", head.format("In short.")).summary == "In short."
    assert page(f"<p>{LEAD}</p>", head.format("In sh…")).summary == LEAD


def test_facts_of_the_head_are_kept():
    found = page(
        f"<p>{LEAD}</p>",
        "<meta property='article:tag' content='joints'>"
        "<meta property='article:published_time' content='2024-03-05T10:00:00+01:00'>",
    )
    assert found.tags == ("joints",)
    assert found.published_at.isoformat() == "2024-03-05T10:00:00+01:00"


def test_without_marks_the_densest_part_of_the_page_is_the_article():
    menu = "<div><ul>" + "<li><a href='/x'>Topic</a></li>" * 30 + "</ul></div>"
    found = page(f"{menu}<div><div><p>{LEAD}</p><p>{MORE}</p></div></div>{menu}")
    assert found.body_html == f"<p>{LEAD}</p>\n<p>{MORE}</p>"


def test_a_container_that_holds_the_text_stays_whatever_its_name():
    found = page(f"<article><div class='share-content'><p>{LEAD}</p><p>{MORE}</p></div></article>")
    assert found.body_html == f"<p>{LEAD}</p>\n<p>{MORE}</p>"


@pytest.mark.parametrize(
    "html", ["<script>" + "x()" * 500 + "</script>", "<p> </p>", "<nav>a</nav>"]
)
def test_a_page_with_nothing_to_read_is_refused(html):
    with pytest.raises(Unreadable, match="no readable text"):
        page(html)


SOUP = st.lists(
    st.sampled_from(
        "<p> </p> <b> </b> <em> </i> <ul> <li> </li> </ul> <table> <tr> <td> <th> </table> <div> "
        "</div> <br> <a\u2003href=/x> </a> <a\u2003href=javascript:x> <h1> </h3> <script> "
        "</script> <blockquote> </blockquote> <cite\u2003data-source=k> </cite> <sup> <sub> a b. "
        "& &lt; &nbsp; <!-- --> <svg> <math> <style> <p\u2003onclick=x> \" ' < >".split(" ")
    ).map(lambda piece: piece.replace("\u2003", " ")),
    max_size=30,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(SOUP)
def test_any_soup_becomes_safe_and_stays_as_it_is(soup):
    clean = tidy(soup)
    assert tidy(clean) == clean
    allowed = nh3.clean(clean, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    assert allowed == clean
    assert "javascript:" not in clean and "onclick" not in clean
