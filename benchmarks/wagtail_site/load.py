"""Fills the Wagtail site: the shipped conditions, articles imported one by one, the rest copied.

    python load.py CONDITIONS.json ARTICLES.jsonl PAGES

Prints the CPU seconds that an imported article took, its revision and its place in the search index
included: {"articles": 200, "cpu_s": 9.1}. Copies have other titles and addresses and no revisions.
"""

import json
import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wagtail_settings")
django.setup()

from django.core.management import call_command  # noqa: E402  (after Django is ready)
from django.db import connection, transaction  # noqa: E402
from django.utils.dateparse import parse_datetime  # noqa: E402
from library.models import ArticlePage, ArticleTag, ConditionPage, HomePage, ListPage  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

TAKEN = ("id", "path", "slug", "title", "draft_title", "url_path", "translation_key")


def lay_out() -> tuple[ListPage, ListPage]:
    """A front page with the list of conditions and the list of articles below it."""
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="A library", slug="home"))
    Site.objects.all().delete()
    Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    lists = [
        home.add_child(instance=ListPage(title=title, slug=title.lower(), show_in_menus=True))
        for title in ("Conditions", "Articles")
    ]
    return lists[0], lists[1]


def import_article(row: dict, below: ListPage, conditions: dict) -> None:
    """One published article, as an importer makes it."""
    article = ArticlePage(
        title=row["title"],
        slug=row["slug"],
        summary=row["summary"],
        body=row["body_html"],
        first_published_at=parse_datetime(row["published_at"]),
    )
    with transaction.atomic():
        below.add_child(instance=article)
        article.tags.add(*row["tags"])
        article.conditions.set(conditions[slug] for slug in row["conditions"])
        article.save_revision().publish()


def copy_articles(below: ListPage, pages: int) -> None:
    """Copies of the imported articles, in the database, until there are so many; then the index."""
    originals = list(ArticlePage.objects.child_of(below).order_by("path"))
    columns = [f.column for f in ArticlePage._meta.local_fields if f.column != "page_ptr_id"]
    insert = (
        f"INSERT INTO library_articlepage (page_ptr_id, {', '.join(columns)}) "
        f"SELECT %s, {', '.join(columns)} FROM library_articlepage WHERE page_ptr_id = %s"
    )
    about = ArticlePage.conditions.through
    topics = [(o, o.conditions.all(), o.tagged_items.all()) for o in originals]
    for start in range(len(originals), pages, len(originals)):
        some = topics[: pages - start]
        copies = [_copy(o, below, start + place) for place, (o, _, _) in enumerate(some)]
        with transaction.atomic(), connection.cursor() as cursor:
            Page.objects.bulk_create(copies, batch_size=50)
            pairs = [(copy, *rest) for copy, rest in zip(copies, some, strict=True)]
            cursor.executemany(insert, [(copy.pk, original.pk) for copy, original, _, _ in pairs])
            about.objects.bulk_create(
                about(articlepage_id=copy.pk, conditionpage_id=condition.pk)
                for copy, _, conditions, _ in pairs
                for condition in conditions
            )
            ArticleTag.objects.bulk_create(
                ArticleTag(content_object_id=copy.pk, tag_id=item.tag_id)
                for copy, _, _, items in pairs
                for item in items
            )
    Page.objects.filter(pk=below.pk).update(numchild=pages)
    call_command("update_index", verbosity=0)


def _copy(original: ArticlePage, below: ListPage, place: int) -> Page:
    same = {f.attname: getattr(original, f.attname) for f in Page._meta.concrete_fields}
    for name in TAKEN:
        del same[name]
    title, slug = f"{original.title} · {place}", f"article-{place}"
    return Page(
        title=title,
        draft_title=title,
        slug=slug,
        url_path=f"{below.url_path}{slug}/",
        path=Page._get_path(below.path, below.depth + 1, place + 1),
        **same,
    )


def main() -> None:
    """Fill the database at LIBRARY_DATABASE, which must be empty."""
    call_command("migrate", verbosity=0)
    below_conditions, below_articles = lay_out()
    conditions = {}
    for row in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        text = f"<p>{row['summary']}</p>{row['body']}"
        page = ConditionPage(title=row["name"], slug=row["slug"], introduction=text)
        conditions[row["slug"]] = below_conditions.add_child(instance=page)
    lines = Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    began = time.process_time()
    for row in rows:
        import_article(row, below_articles, conditions)
    print(json.dumps({"articles": len(rows), "cpu_s": time.process_time() - began}), flush=True)
    if int(sys.argv[3]) > len(rows):
        copy_articles(below_articles, int(sys.argv[3]))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
