"""WordPress exports: which items become articles, and what becomes of their text."""

from io import BytesIO

import pytest
from django.core.management import call_command

from articles.importers.article import ImportedArticle, Unreadable
from articles.importers.reading import read_all
from articles.importers.wordpress import read_wordpress
from articles.models import Article

LEAD = "Joint pain can begin slowly and spread over many months."
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.5" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>A clinic's blog</title>
<wp:wxr_version>1.2</wp:wxr_version>
"""
FOOT = "</channel></rss>"


def item(title="When joints hurt", content=f"<p>{LEAD}</p>", number=7, more="", **fields) -> str:
    values = {
        "post_id": number,
        "post_name": "",
        "post_type": "post",
        "status": "publish",
        "post_date_gmt": "2024-03-05 10:00:00",
    } | fields
    own = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in values.items())
    return (
        f"<item><title>{title}</title><content:encoded><![CDATA[{content}]]></content:encoded>"
        f"{own}{more}</item>\n"
    )


def export(*items: str) -> bytes:
    return (HEAD + "".join(items) + FOOT).encode()


def entries(data: bytes) -> list:
    return list(read_all(data, "blog.xml"))


def articles(data: bytes) -> list[ImportedArticle]:
    found = entries(data)
    assert all(isinstance(entry, ImportedArticle) for entry in found), found
    return found


def test_posts_and_pages_come_with_their_facts():
    more = (
        "<excerpt:encoded><![CDATA[In <b>short</b>.]]></excerpt:encoded>"
        '<category domain="post_tag" nicename="pain"><![CDATA[Pain]]></category>'
        '<category domain="category" nicename="joints"><![CDATA[Joints]]></category>'
        '<category domain="category" nicename="uncategorized"><![CDATA[Uncategorized]]></category>'
        '<category domain="nav_menu" nicename="top"><![CDATA[Top]]></category>'
    )
    (found,) = articles(export(item(post_name="joints", more=more)))
    assert (found.title, found.slug, found.summary) == ("When joints hurt", "joints", "In short.")
    assert found.tags == ("Pain", "Joints") and found.slug_given
    assert found.published_at.isoformat() == "2024-03-05T10:00:00+00:00"
    assert found.body_html == f"<p>{LEAD}</p>"
    assert found.source_name == "blog.xml#7"


def test_drafts_come_too_and_bin_pictures_menus_and_revisions_do_not():
    found = articles(
        export(
            item("A", number=1, status="draft", post_date_gmt="0000-00-00 00:00:00"),
            item("B", number=2, post_type="page", status="private"),
            item("C", number=3, status="trash"),
            item("D", number=4, status="auto-draft"),
            item("E", number=5, post_type="attachment", status="inherit"),
            item("F", number=6, post_type="nav_menu_item"),
            item("G", number=8, post_type="revision", status="inherit"),
        )
    )
    assert [(a.title, a.published_at is None) for a in found] == [("A", True), ("B", False)]


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("First.\n\nSecond,\nand more.", "<p>First.</p><p>Second,<br>and more.</p>"),
        ("One.\n\n<ul>\n<li>two</li>\n</ul>", "<p>One.</p><ul><li>two</li></ul>"),
        (
            '[caption id="a" align="left"]<img src="x.png"> A knee[/caption]\n\nAs said [1].',
            "<p>A knee</p><p>As said [1].</p>",
        ),
        ('Words.[gallery ids="1,2"] [contact-form-7 id="3"]', "<p>Words.</p>"),
        (
            "<!-- wp:paragraph -->\n<p>New\neditor.</p>\n<!-- /wp:paragraph -->",
            "<p>New editor.</p>",
        ),
        ("<script>alert(1)</script><p>Words.</p>", "<p>Words.</p>"),
        ("Tom &amp; Jo &lt;3.", "<p>Tom &amp; Jo &lt;3.</p>"),
    ],
)
def test_what_authors_wrote_becomes_clean_paragraphs(content, html):
    (found,) = articles(export(item(content=content)))
    assert found.body_html.replace("\n", "") == html


def test_a_bad_item_is_reported_by_name_and_the_rest_go_on():
    found = entries(
        export(item(title=""), item("Empty", content="[gallery]"), item("Good", number=9))
    )
    assert [(e.where, e.reason) for e in found[:2]] == [
        ("item 1", "It has no title."),
        ("item 2 “Empty”", "It holds no readable text."),
    ]
    assert found[2].title == "Good"


def test_control_characters_that_xml_forbids_do_not_stop_it():
    (found,) = articles(export(item("A\x0bB\x00", content=f"<p>{LEAD}\x08</p>")))
    assert (found.title, found.body_html) == ("AB", f"<p>{LEAD}</p>")


def test_what_came_before_broken_xml_is_kept():
    data = export(item("Good"), "<item><title>Bad & worse</title></item>", item("Later"))
    good, bad = entries(data)
    assert good.title == "Good"
    assert isinstance(bad, Unreadable) and "broken here" in bad.reason and bad.where == "line 8"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "broken here"),
        (b"<rss version='2.0'><channel/></rss>", "no WordPress export"),
        (b"<html><body><p>Hello</p></body></html>", "no WordPress export"),
        (export(), "no post and no page"),
        (
            b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
            + export(item("&b;")).split(b"?>", 1)[1],
            "document type",
        ),
        (
            b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + export(item("&x;")).split(b"?>", 1)[1],
            "document type",
        ),
    ],
)
def test_what_is_no_export_is_refused_with_the_reason(data, reason):
    (refusal,) = entries(data)
    assert isinstance(refusal, Unreadable) and reason in refusal.reason


def test_items_are_read_one_at_a_time_however_many_there_are():
    class Endless:
        """An export that never ends; `read_bytes` tells how far it was read."""

        def __init__(self):
            self.read_bytes, self._rest = 0, HEAD.encode()

        def read(self, size):
            if not self._rest:
                self._rest = item().encode() * 20
            piece, self._rest = self._rest[:size], self._rest[size:]
            self.read_bytes += len(piece)
            return piece

    file = Endless()
    stream = read_wordpress(file, "blog.xml")
    for _ in range(50):
        assert next(stream).title == "When joints hurt"
    assert file.read_bytes < 200_000


def test_the_same_export_twice_changes_nothing(people, tmp_path, capsys):
    path = tmp_path / "blog.xml"
    path.write_bytes(export(item("One", number=1), item("Two", number=2)))
    call_command("import_articles", str(path), by="author")
    call_command("import_articles", str(path), by="author")
    assert "2 articles: 0 created, 0 updated, 2 unchanged." in capsys.readouterr().out
    assert Article.objects.count() == 2


def test_a_stream_is_read_from_a_file_without_loading_it(tmp_path):
    path = tmp_path / "blog.xml"
    path.write_bytes(export(item()))
    assert [a.title for a in read_all(path, "blog.xml")] == ["When joints hurt"]
    assert list(read_wordpress(BytesIO(export(item())), "x.xml"))[0].title == "When joints hurt"
