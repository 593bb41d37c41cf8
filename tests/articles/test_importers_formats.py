"""Markdown with front matter, and JSON Lines."""

import json
from io import BytesIO

import pytest

from articles.importers.article import ImportedArticle, Unreadable
from articles.importers.json_lines import GIVE_UP_AFTER, read_json_lines
from articles.importers.reading import read, read_all

LEAD = "Joint pain can begin slowly and spread over many months."


def markdown(text):
    return read(text.encode(), "page.md")


def test_front_matter_gives_the_facts_and_the_rest_is_the_body():
    found = markdown(
        "---\ntitle: When joints hurt\nslug: joints\nsummary: In short.\ntags: [pain, joints]\n"
        "conditions: [rheumatoid-arthritis]\ntherapies: methotrexate, rest\n"
        f"published_at: 2024-03-05\n---\n\n# When joints hurt\n\n{LEAD}\n"
    )
    assert (found.title, found.slug, found.summary) == ("When joints hurt", "joints", "In short.")
    assert found.tags == ("pain", "joints")
    assert found.conditions == ("rheumatoid-arthritis",)
    assert found.therapies == ("methotrexate", "rest")
    assert found.published_at.isoformat() == "2024-03-05T00:00:00+00:00"
    assert found.body_html == f"<p>{LEAD}</p>"
    assert found.slug_given


def test_without_front_matter_the_first_heading_is_the_title():
    found = markdown(f"# When joints hurt\n\n{LEAD}\n")
    assert (found.title, found.slug) == ("When joints hurt", "when-joints-hurt")
    assert found.tags is None and found.conditions is None and not found.slug_given


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("It was shown [@burt-2019].", '<p>It was shown<cite data-source="burt-2019"></cite>.</p>'),
        (
            "Shown [@a-1; @b-2] twice.",
            '<p>Shown<cite data-source="a-1"></cite><cite data-source="b-2"></cite> twice.</p>',
        ),
        (
            "Shown[@a-1].[@b-2]",
            '<p>Shown<cite data-source="a-1"></cite>.<cite data-source="b-2"></cite></p>',
        ),
        (r"Not \[@a-1\].", "<p>Not [@a-1].</p>"),
        ("Not `[@a-1]`.", "<p>Not [@a-1].</p>"),
        ("Not [@ a] nor [@<b>x</b>].", "<p>Not [@ a] nor [@<strong>x</strong>].</p>"),
        (
            "A [link](https://example.org) stays.",
            '<p>A <a href="https://example.org">link</a> stays.</p>',
        ),
        (
            "No <script>alert(1)</script> [x](javascript:alert(1)) here.",
            "<p>No [x](javascript:alert(1)) here.</p>",
        ),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr>"
            "</tbody></table>",
        ),
    ],
)
def test_markdown_becomes_clean_markup(text, html):
    assert markdown(f"# T\n\n{text}\n").body_html == html


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("a: &x [1]\nb: *x", "aliases"),
        ("a: [" + "[" * 5000, "nested too deep"),
        ("a: b: c", "not valid YAML in line 2"),
        ("- one\n- two", "name: value"),
        ("title: [one]", "“title” must be text"),
        ("tags: {a: b}", "“tags” must be a list"),
        ("published_at: soon", "not a date"),
        ("published_at: 2024-13-45", "not a date|not valid YAML"),
        ("slug: Not A Slug", "not usable"),
        ("title: " + "long " * 80, "longer than 200"),
        ("x: !!python/object/apply:os.system [ls]", "not valid YAML"),
        ("a: " + "9" * 5000, "not valid YAML"),
        ("a: " + "b" * 70_000, "longer than 64 KB"),
    ],
)
def test_bad_front_matter_is_refused_with_a_reason(front, reason):
    with pytest.raises(Unreadable, match=reason):
        markdown(f"---\n{front}\n---\n\n{LEAD}\n")


def test_front_matter_without_an_end_is_refused():
    with pytest.raises(Unreadable, match="not closed"):
        markdown(f"---\ntitle: x\n\n{LEAD}")


def line(**changes):
    fields = {
        "slug": "joints",
        "title": "When joints hurt",
        "summary": "In short.",
        "body_html": f"<p>{LEAD}</p><script>x()</script>",
        "tags": ["pain"],
        "conditions": [],
        "therapies": [],
        "published_at": "2024-03-05T10:00:00Z",
    }
    return json.dumps(fields | changes)


def lines(*given):
    return list(read_json_lines(BytesIO("\n".join(given).encode()), "all.jsonl"))


def test_each_line_is_an_article():
    found = lines(line(), "", line(slug="other", title="Other", tags=None, summary=None))
    assert [a.slug for a in found] == ["joints", "other"]
    first = found[0]
    assert first.body_html == f"<p>{LEAD}</p>"
    assert first.tags == ("pain",) and first.conditions is None
    assert first.published_at.isoformat() == "2024-03-05T10:00:00+00:00"
    assert first.source_name == "all.jsonl#joints"
    assert found[1].summary == LEAD


def test_a_bad_line_is_named_by_its_number_and_the_rest_go_on():
    found = lines(
        line(),
        "{broken",
        "[1]",
        line(slug="b", title=""),
        line(slug="c", body_html=""),
        line(slug="d", body_html=7),
        line(),
        "[" * 100_000,
        line(slug="e", body_html="<div>" * 10_000),
        line(slug="last"),
    )
    assert [type(entry) for entry in found] == [ImportedArticle, *[Unreadable] * 8, ImportedArticle]
    assert [entry.where for entry in found[1:-1]] == [f"line {n}" for n in range(2, 10)]
    assert "stands in line 1 already" in found[6].reason
    assert "not valid JSON" in found[7].reason


def test_a_file_of_rubbish_is_given_up_and_not_reported_line_by_line():
    found = lines(*["rubbish"] * 1000)
    assert len(found) == GIVE_UP_AFTER + 1
    assert "Gave up" in found[-1].reason


def test_a_line_beyond_the_limit_is_refused_without_losing_the_next(monkeypatch):
    monkeypatch.setattr("articles.importers.json_lines.MAX_FILE_BYTES", 2000)
    long, after = lines(line(summary="x" * 5000), line())
    assert "longer than" in long.reason and after.slug == "joints"


def test_an_empty_file_of_lines_is_refused(tmp_path):
    (tmp_path / "all.jsonl").write_bytes(b"")
    (only,) = read_all(tmp_path / "all.jsonl", "all.jsonl")
    assert only.reason == "The file is empty."
