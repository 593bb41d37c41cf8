"""The text of a page: what is kept of HTML, and offsets that lead back to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial import prose
from editorial.text import Document, parse, serialise

WORDS = st.text(alphabet="ab .<>&\u00a0\n\x00é🙂", max_size=12)


def wrapped(children):
    tags = st.sampled_from(["p", "li", "ul", "em", "strong", "h2", "blockquote", "script", "div"])
    inner = st.lists(children, max_size=4).map("".join)
    cites = st.just('<cite data-source="a-2020">x</cite>')
    return st.builds(lambda tag, html: f"<{tag}>{html}</{tag}>", tags, inner) | cites


MARKUP = st.lists(st.recursive(WORDS, wrapped, max_leaves=12), max_size=5).map("".join)


@given(MARKUP)
def test_cleaning_twice_changes_nothing_more(html):
    once = prose.clean(html)
    assert prose.clean(once) == once


@given(MARKUP)
def test_any_markup_has_a_text_whose_offsets_hold(html):
    document = Document("Title", "Summary.", prose.clean(html))
    for block in document.blocks:
        assert "".join(p.text for p in block.pieces) == document.text[block.start : block.end]
        assert "\n" not in document.text[block.start : block.end]
    assert all(0 <= c.position <= len(document.text) for c in document.citations)


@given(MARKUP)
def test_what_is_parsed_is_written_back(html):
    cleaned = prose.clean(html)
    again = serialise(parse(cleaned))
    assert serialise(parse(again)) == again


def test_blocks_follow_the_page():
    document = Document(
        "A title",
        "A summary.",
        "<h2>Why</h2><p>One <em>two</em> three.</p><ul><li><p>Item</p></li><li>Next</li></ul>"
        "<blockquote><p>Said.</p></blockquote><table><tbody><tr><td><p>Cell</p></td></tr></tbody>"
        "</table>",
    )
    kinds = [(b.kind, document.text[b.start : b.end]) for b in document.blocks]
    assert kinds == [
        ("title", "A title"),
        ("summary", "A summary."),
        ("heading", "Why"),
        ("paragraph", "One two three."),
        ("item", "Item"),
        ("item", "Next"),
        ("quote", "Said."),
        ("cell", "Cell"),
    ]


def test_a_citation_adds_no_text_and_has_a_place():
    body = '<p>So it is <cite data-source="a-2020">[1]</cite>. Then this.</p>'
    document = Document(body=prose.clean(body))
    assert document.text == "So it is. Then this."
    assert [(c.position, c.source) for c in document.citations] == [(8, "a-2020")]
    assert document.source_keys == ["a-2020"]


def test_a_line_break_and_a_hard_space_are_one_character_each():
    document = Document(body="<p>a<br>b\u00a0c&amp;d</p>")
    assert document.text == "a b c&d"


@pytest.mark.parametrize(
    "html", ["", "   ", "<p></p>", "<ul><li><p></p></li></ul>", "<", "<!-- x -->"]
)
def test_nothing_gives_nothing(html):
    assert Document(body=prose.clean(html)).text in ("", "<")


def test_ten_thousand_nested_tags_are_bounded():
    deep = "<blockquote>" * 10_000 + "deep" + "</blockquote>" * 10_000
    cleaned = prose.clean(deep)
    assert len(Document(body=cleaned).text) <= len("deep")
