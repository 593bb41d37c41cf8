"""The shipped pages as readers see them, put straight into the tables and indexed.

The whole way through drafts, checks and approval takes a minute; searching needs only its outcome.
"""

from articles.importers.markdown_file import html_of_markdown, read_markdown
from autoimmune_site import demo
from benchmarks.search import publish_straight
from search.rebuild import rebuild


def publish_shipped_pages() -> None:
    """Every shipped condition, therapy and article, published by an override and indexed."""
    for kind, file in (("condition", "conditions"), ("therapy", "therapies")):
        publish_straight(kind, [_named(kind, row) for row in demo._read(file)])
    publish_straight("article", [_article(path) for path in sorted(demo.ARTICLES.glob("*.md"))])
    assert sum(rebuild(200)) > 60


def _named(kind: str, row: dict) -> dict:
    content = {
        "title": row["name"],
        "slug": row["slug"],
        "summary": row["summary"],
        "body": html_of_markdown(row["body"]),
        **{name: html_of_markdown(text) for name, text in row["parts"].items()},
        "other_names": row["other_names"],
        "loose_names": row["loose_names"],
    }
    own = demo._own_content(kind, row)
    return content | own


def _article(path) -> dict:
    article = read_markdown(path.read_bytes(), path.name)
    names = ("title", "slug", "summary")
    return {name: getattr(article, name) for name in names} | {"body": article.body_html}
