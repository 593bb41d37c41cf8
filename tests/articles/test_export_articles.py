"""`export_articles`: published articles as Markdown that imports back to the same content."""

from html import escape
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.exporters import article_markdown, markdown_of
from articles.importers.ingest import UNCHANGED, ingest
from articles.importers.markdown_file import html_of_markdown
from articles.importers.reading import read
from articles.importers.tidy import tidy
from articles.models import Article
from tests import factories


def back(markdown):
    return tidy(html_of_markdown(markdown))


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a <strong>b</strong> <em>c</em></p>", "a **b** *c*\n"),
        ("<h2>H</h2><h3>I</h3><h4>J #</h4>", "## H\n\n### I\n\n#### J \\#\n"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c\n"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b\n"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"),
        ('<p>a <a href="https://b.c/(d)">e</a></p>', "a [e](<https://b.c/(d)>)\n"),
        ("<p>a<br>b</p>", "a\\\nb\n"),
        (
            '<p>a<cite data-source="x-1"></cite><cite data-source="y"></cite>.</p>',
            "a [@x-1; @y].\n",
        ),
        ("<p>1. a</p><p># b</p><p>- c</p>", "1\\. a\n\n\\# b\n\n\\- c\n"),
        (
            "<p>*a* [@k] &lt;b&gt; &amp;amp; _c_ `d`</p>",
            "\\*a\\* \\[@k\\] \\<b\\> &amp;amp; \\_c\\_ \\`d\\`\n",
        ),
        ("<p>H<sub>2</sub>O</p>", "H<sub>2</sub>O\n"),
        (
            f'<p>a</p><figure data-image="{"ab" * 16}"></figure><p>b</p>',
            f'a\n\n<figure data-image="{"ab" * 16}"></figure>\n\nb\n',
        ),
        (
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1|2</td><td>3</td></tr>"
            "</tbody></table>",
            "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |\n",
        ),
    ],
)
def test_markdown_is_what_a_person_would_write(html, markdown):
    assert markdown_of(html) == markdown
    assert back(markdown) == tidy(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<strong>“b”</strong>c</p>",
        "<p><em>a</em><strong>b</strong></p>",
        "<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c<br>d</td><td></td></tr>"
        "</tbody></table>",
        "<ul><li><p>a</p><p>b</p></li><li>c</li></ul>",
        "<p>a</p><p>---</p><p>===</p><p>a&nbsp;b</p>",
    ],
)
def test_what_markdown_cannot_say_still_reads_back(html):
    assert back(markdown_of(html)) == tidy(html)


WORDS = st.text(st.sampled_from("ab 1.*_[]<>&#-+=|\\`~!\"'():;@/–é\u00a0\n"), max_size=10)
KEYS = st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True)
HREFS = st.sampled_from(["https://a.b/c?d=e&f=(g)", "/x y", "mailto:a@b.c", 'http://a.b/"<'])
LEAVES = st.one_of(
    WORDS.map(escape),
    st.just("<br>"),
    KEYS.map(lambda key: f'<cite data-source="{key}"></cite>'),
)


def joined(children, size=3):
    return st.lists(children, max_size=size).map("".join)


def tagged(tags, inside):
    return st.tuples(st.sampled_from(tags.split()), inside).map(
        lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
    )


def linked(inside):
    return st.tuples(HREFS, inside).map(lambda p: f'<a href="{escape(p[0])}">{p[1]}</a>')


INLINE = joined(
    st.recursive(
        LEAVES,
        lambda c: st.one_of(tagged("strong em sub sup", joined(c)), linked(joined(c))),
        max_leaves=4,
    ),
    4,
)
ROWS = st.lists(
    st.lists(tagged("td td td th", INLINE), min_size=2, max_size=3).map("".join),
    min_size=1,
    max_size=3,
).map(lambda rows: "".join(f"<tr>{row}</tr>" for row in rows))
TABLES = st.one_of(
    ROWS.map("<table>{}</table>".format),
    ROWS.map("<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>{}</tbody></table>".format),
)
BLOCKS = st.recursive(
    st.one_of(tagged("p p h2 h3 h4", INLINE), TABLES),
    lambda c: st.one_of(
        tagged("ul ol", joined(tagged("li", st.one_of(INLINE, joined(c))))),
        tagged("blockquote", joined(c)),
    ),
    max_leaves=5,
)


@settings(max_examples=80, deadline=None)
@given(joined(BLOCKS, 4))
def test_any_body_comes_back_from_markdown_exactly(html):
    body = tidy(html)
    assert tidy(body) == body
    assert back(markdown_of(body)) == body


def export(folder):
    out = StringIO()
    call_command("export_articles", str(folder), stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def article(people):
    source = factories.source()
    lupus = factories.condition(title="Lupus", body="<p>Lupus is a disease.</p>")
    page = factories.published_page(
        title="Yes: “no” & maybe",
        slug="yes-no",
        summary="- A summary: with #signs, [brackets] & 'quotes'",
        body=f'<h2>Yes: “no” &amp; maybe</h2><p>Rest helps<cite data-source="{source.key}"></cite>.'
        "</p><ul><li><p>one</p></li><li><p>two</p></li></ul>",
        tags=["rest, and more", "joints"],
        conditions=[lupus.pk],
    )
    return Article.objects.get(pk=page.pk)


@pytest.mark.django_db
def test_published_articles_are_written_and_drafts_are_not(article, tmp_path):
    factories.draft(slug="draft")
    assert export(tmp_path / "out" / "deep") == f"1 article written to {tmp_path}/out/deep.\n"
    assert [path.name for path in (tmp_path / "out" / "deep").iterdir()] == ["yes-no.md"]


@pytest.mark.django_db
def test_an_exported_article_imports_back_to_the_same_content(article, tmp_path, people):
    export(tmp_path)
    found = read(tmp_path / "yes-no.md", "yes-no.md")
    assert found.body_html == tidy(article.body)
    assert (found.slug, found.title, found.summary) == (
        article.slug,
        article.title,
        article.summary,
    )
    assert set(found.tags) == {"rest, and more", "joints"}
    assert found.conditions == ("lupus",) and found.therapies == ()
    assert found.published_at == article.published_at
    outcome = ingest(found, by=people.editor)
    assert outcome.page.pk == article.pk
    content = outcome.revision.content
    assert content | {"body": tidy(content["body"])} == article.live_revision.content | {
        "body": tidy(article.live_revision.content["body"])
    }


@pytest.mark.django_db
def test_an_export_of_an_import_changes_nothing(people, tmp_path):
    path = tmp_path / "rest.md"
    path.write_text("---\ntitle: Rest\nslug: rest\ntags: []\n---\n\nMost people rest in the day.\n")
    ingest(read(path, "rest.md"), by=people.admin, publish=True, reason="Moved in.")
    text = article_markdown(Article.objects.get())
    assert ingest(read(text.encode(), "rest.md"), by=people.admin).kind == UNCHANGED


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_named(article, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="cannot be written"):
        export(tmp_path / "file")
