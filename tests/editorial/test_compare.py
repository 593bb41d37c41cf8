"""Two contents compared: what is shown is what happened, for any two texts, in bounded time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial import compare as comparing
from editorial.compare import compare, compare_text, text_after, text_before
from editorial.compare_blocks import rich_blocks

WORDS = st.sampled_from(
    ["rest", "Rest", "helps", "5", "mg", ",", ".", " ", "  ", "\n", "é", "𝛃", "-"]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map("".join), st.text(max_size=60))
KEYS = st.sampled_from(["burt-2019", "deng-2017"])
INLINE = st.one_of(
    st.sampled_from(["rest helps", "some people ", "lupus", " and "]),
    st.sampled_from(["<strong>rest</strong>", '<a href="https://e.org/">lupus</a>', "<br>"]),
    KEYS.map('<cite data-source="{}"></cite>'.format),
)
BLOCK = st.builds(
    "<{0}>{1}</{0}>".format,
    st.sampled_from(["p", "h2", "blockquote", "li"]),
    st.lists(INLINE, max_size=5).map("".join),
)
BODIES = st.lists(BLOCK, max_size=7).map("".join)


def changed(before, after, name="body", **options):
    """The one field that differs."""
    (found,) = compare({name: before}, {name: after}, **options).changed
    return found


def shown(field):
    """Operation and words of each block."""
    return [(b.op, (b.after or b.before).text) for b in field.blocks]


def runs(before, after):
    """Operation, words and note of each run of the only block."""
    (block,) = changed(before, after).blocks
    return [(r.op, "".join(s.text for s in r.spans), r.note) for r in block.runs]


@given(TEXTS, TEXTS)
def test_applying_what_is_shown_to_one_text_gives_the_other(before, after):
    found = compare_text(before, after)
    assert text_before(found) == before
    assert text_after(found) == after
    assert all(r.before == r.after for r in found if r.op == "same")


@given(BODIES, BODIES)
def test_applying_what_is_shown_to_one_body_gives_the_other(before, after):
    result = compare({"body": before}, {"body": after})
    blocks = [b for field in result.changed for b in field.blocks]
    if not result.changed:
        assert before == after
        return
    assert [b.before for b in blocks if b.before] == rich_blocks(before)
    assert [b.after for b in blocks if b.after] == rich_blocks(after)
    for block in blocks:
        old, new = block.before, block.after
        assert sum((r.before for r in block.runs), ()) == (old.tokens if old else ())
        assert sum((r.after for r in block.runs), ()) == (new.tokens if new else ())
        same = old and new and old == new
        assert (block.op == "same") == bool(same)


def test_a_changed_word_is_shown_in_its_sentence():
    assert runs("<p>Rest helps most people.</p>", "<p>Rest helps some people.</p>") == [
        ("same", "Rest helps ", ""),
        ("removed", "most", ""),
        ("added", "some", ""),
        ("same", " people.", ""),
    ]


def test_a_blank_between_two_changed_words_is_part_of_the_change():
    found = runs(
        "<p>They had a sure cure for all of it.</p>", "<p>They had no hope for all of it.</p>"
    )
    assert [f[:2] for f in found if f[0] != "same"] == [
        ("removed", "a sure cure"),
        ("added", "no hope"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("<p>Rest helps.</p>", "<p><strong>Rest</strong> helps.</p>", "now bold"),
        ("<p><em>Rest</em> helps.</p>", "<p>Rest helps.</p>", "no longer italic"),
        (
            '<p><a href="https://a.org">Rest</a> helps.</p>',
            '<p><a href="https://b.org">Rest</a> helps.</p>',
            "link now to https://b.org, before to https://a.org",
        ),
        (
            "<p>Rest helps.</p>",
            '<p><a href="https://a.org">Rest</a> helps.</p>',
            "link to https://a.org",
        ),
    ],
)
def test_a_changed_form_is_told_in_words(before, after, note):
    assert runs(before, after) == [("changed", "Rest", note), ("same", " helps.", "")]


def test_a_changed_citation_is_shown_by_its_key():
    cite = '<p>Rest helped most of them<cite data-source="{}"></cite>.</p>'
    assert [r[:2] for r in runs(cite.format("burt-2019"), cite.format("deng-2017"))] == [
        ("same", "Rest helped most of them"),
        ("removed", "[burt-2019]"),
        ("added", "[deng-2017]"),
        ("same", "."),
    ]


def test_a_paragraph_that_became_a_heading_says_so():
    (block,) = changed("<p>What rest can do</p>", "<h2>What rest can do</h2>").blocks
    assert (block.op, block.kind, block.was) == ("changed", "heading", "paragraph")


def test_a_paragraph_put_between_others_leaves_them_alone():
    before = "<p>First of all.</p><p>Last of all.</p>"
    after = "<p>First of all.</p><p>Something new here.</p><p>Last of all.</p>"
    assert shown(changed(before, after)) == [
        ("same", "First of all."),
        ("added", "Something new here."),
        ("same", "Last of all."),
    ]


def test_an_edited_paragraph_is_found_beside_a_new_one():
    before = "<p>Rest helps many people with lupus.</p>"
    after = "<p>Nobody knows why it is so.</p><p>Rest helps some people with lupus.</p>"
    assert [op for op, _ in shown(changed(before, after))] == ["added", "changed"]


def test_a_moved_paragraph_is_called_moved():
    texts = ["<p>One is here.</p>", "<p>Two stands there.</p>", "<p>Three is nowhere.</p>"]
    field = changed("".join(texts), "".join([texts[1], texts[2], texts[0]]))
    moved = [(b.op, b.moved) for b in field.blocks if b.op != "same"]
    assert moved == [("removed", True), ("added", True)]


def test_kinds_of_lists_are_told_apart():
    (block,) = changed("<ul><li>Rest</li></ul>", "<ol><li>Rest</li></ol>").blocks
    assert (block.kind, block.was) == ("numbered item", "list item")


def test_tags_and_titles_are_compared_whole():
    field = changed(["daily life", "rest"], ["daily rest", "rest"], name="tags")
    assert field.counts == {"added": 1, "removed": 1}


def test_rows_are_compared_by_their_cells():
    before = [{"Fact": "Licensed", "Body": "EMA", "Date": "2019"}]
    after = [{"Fact": "Licensed", "Body": "EMA", "Date": "2021"}]
    (block,) = changed(before, after, name="regulatory").blocks
    found = [(r.op, "".join(s.text for s in r.spans)) for r in block.runs if r.op != "same"]
    assert found == [("removed", "2019"), ("added", "2021")]


def test_html_that_differs_without_a_word_is_not_called_the_same():
    table = "<table><tbody><tr><td>a</td>{}<td>b</td></tr></tbody></table>"
    field = changed(table.format(""), table.format("</tr><tr>"))
    assert field.only_markup


def test_the_same_content_has_no_change_and_names_its_fields():
    content = {"title": "Rest", "body": "<p>Rest.</p>", "other_names": []}
    result = compare(content, content | {"sources": []}, labels={"body": "Text"})
    assert result.changed == []
    assert result.same == ["Title", "Text", "Other names", "Sources"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("word " * 20_000, "drow " * 20_000),
        (" ".join(map(str, range(30_000))), " ".join(map(str, range(30_000, 0, -1)))),
        (
            "".join(f"<p>Paragraph {i} of many.</p>" for i in range(600)),
            "".join(f"<p>Number {i * 7 % 601} of many others.</p>" for i in range(600)),
        ),
    ],
    ids=["one word", "reversed", "paragraphs"],
)
def test_long_texts_take_bounded_time(before, after):
    start = time.process_time()
    blocks = changed(before, after).blocks
    assert time.process_time() - start < 3
    assert [b.before for b in blocks if b.before] == rich_blocks(before)
    assert [b.after for b in blocks if b.after] == rich_blocks(after)


def test_what_is_too_long_to_align_is_replaced_whole(monkeypatch):
    monkeypatch.setattr(comparing, "_CELLS", 3)
    found = compare_text("one two three four", "one 2 3 four")
    assert [r.op for r in found] == ["same", "removed", "added", "same"]
    assert text_before(found) == "one two three four" and text_after(found) == "one 2 3 four"
