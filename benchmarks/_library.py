"""A large library for the benchmarks, without importing it: pages copied inside the database.

    python benchmarks/_library.py PAGES

Copies the articles of benchmarks/_corpus.py that were imported into DATABASE_URL, with their
revisions, claims, flags, citations, tags and topics, until there are PAGES published pages, then
indexes them for the search. Titles, addresses and keys differ, texts repeat. Copies have neither
audit events nor rows in the moderators' queue.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

# In an order in which the guards let them in: what a page shows must be there before the page.
# table: (columns that point at copied rows, what belongs to the corpus)
PAGES = "BETWEEN %(first)s AND %(last)s"
CLAIMS = f"IN (SELECT id FROM claims_claim WHERE page_id {PAGES})"
TABLES = {
    "editorial_revision": ({"page_id": "editorial_page"}, f"page_id {PAGES}"),
    "editorial_page": ({"live_revision_id": "editorial_revision"}, f"id {PAGES}"),
    "articles_article": ({"page_ptr_id": "editorial_page"}, f"page_ptr_id {PAGES}"),
    "articles_article_conditions": ({"article_id": "editorial_page"}, f"article_id {PAGES}"),
    "articles_article_therapies": ({"article_id": "editorial_page"}, f"article_id {PAGES}"),
    "editorial_taggedpage": ({"content_object_id": "editorial_page"}, f"content_object_id {PAGES}"),
    "evidence_revisioncitation": (
        {"revision_id": "editorial_revision"},
        f"revision_id IN (SELECT id FROM editorial_revision WHERE page_id {PAGES})",
    ),
    "claims_claim": ({"page_id": "editorial_page"}, f"page_id {PAGES}"),
    "claims_anchor": (
        {"claim_id": "claims_claim", "revision_id": "editorial_revision"},
        f"claim_id {CLAIMS}",
    ),
    "claims_claimsource": ({"claim_id": "claims_claim"}, f"claim_id {CLAIMS}"),
    "claims_flag": ({"claim_id": "claims_claim"}, f"claim_id {CLAIMS}"),
}
RENAMED = {
    "editorial_page": {
        "title": "title || ' · ' || CAST(%(copy)s AS TEXT)",
        "slug": "slug || '-' || CAST(%(copy)s AS TEXT)",
    },
    "editorial_taggedpage": {"shown_title": "shown_title || ' · ' || CAST(%(copy)s AS TEXT)"},
}
# Each was published at a moment of its own, as in years of work.
MOMENTS = {
    "sqlite": "datetime({column}, '-' || (id + 200 * %(copy)s) || ' minutes')",
    "postgresql": "{column} - (id + 200 * %(copy)s) * interval '1 minute'",
}
# A revision's content says its page's title and address.
CONTENT = {
    "sqlite": "json_set(content, '$.title', json_extract(content, '$.title') || ' · ' || %(copy)s, "
    "'$.slug', json_extract(content, '$.slug') || '-' || %(copy)s)",
    "postgresql": "content || jsonb_build_object("
    "'title', content->>'title' || ' · ' || CAST(%(copy)s AS TEXT), "
    "'slug', content->>'slug' || '-' || CAST(%(copy)s AS TEXT))",
}


def grow(pages: int) -> None:
    """Copy until there are so many published pages; the corpus must have been imported."""
    from django.db import connection, transaction

    from editorial.models import Page

    corpus = Page.objects.filter(kind="article", slug__startswith="article-").order_by("pk")
    keys = list(corpus.values_list("pk", flat=True))
    bounds = {"first": keys[0], "last": keys[-1]}
    with connection.cursor() as cursor:
        steps = {table: _step(cursor, table) for table in TABLES}
        copy = 0
        while Page.objects.published().count() + len(keys) <= pages:
            copy += 1
            with transaction.atomic():
                for table in TABLES:
                    cursor.execute(_statement(connection, table, steps, copy), bounds)
        if connection.vendor == "postgresql":
            _set_sequences(cursor)
            cursor.execute("ANALYZE")


def _step(cursor, table: str) -> int:
    cursor.execute(f'SELECT max({_key(table)}) FROM "{table}"')
    return (cursor.fetchone()[0] or 0) + 1


def _key(table: str) -> str:
    return "page_ptr_id" if table == "articles_article" else "id"


def _statement(connection, table: str, steps: dict, copy: int) -> str:
    """Copy the corpus's rows of a table, its keys moved on by as many as there are rows."""
    pointing, belongs = TABLES[table]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE 1 = 0')
        columns = [column[0] for column in cursor.description]
    values = []
    for column in columns:
        name = connection.ops.quote_name(column)
        if column in pointing:
            values.append(f"{name} + {copy * steps[pointing[column]]}")
        elif column == "id":
            values.append(f"id + {copy * steps[table]}")
        elif column == "content" and table == "editorial_revision":
            values.append(CONTENT[connection.vendor].replace("%(copy)s", str(copy)))
        elif column in ("first_published_at", "published_at"):
            moved = MOMENTS[connection.vendor].format(column=name)
            values.append(moved.replace("%(copy)s", str(copy)))
        else:
            renamed = RENAMED.get(table, {}).get(column, name)
            values.append(renamed.replace("%(copy)s", str(copy)))
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    copied = f'SELECT {", ".join(values)} FROM "{table}" WHERE {belongs}'
    return f'INSERT INTO "{table}" ({quoted}) {copied}'


def _set_sequences(cursor) -> None:
    for table in TABLES:
        if _key(table) == "id":
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM \"{table}\""
            )


def main() -> int:
    """Grow the library at DATABASE_URL and index it."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "autoimmune_site.settings"
    django.setup()
    from search.rebuild import rebuild

    grow(int(sys.argv[1]))
    print(f"{sum(rebuild(500)):,} pages indexed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
