"""How the database finds what a page shows: never by reading a table that grows from end to end."""

import json
import re

from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from .test_budgets import grow

FURTHER = (
    "/new/",
    "/search/?q=rest",
    "/search/suggest/?q=re",
    "/feeds/articles.atom",
    "/feeds/corrections.atom",
    "/api/v1/pages",
)
# Tables that grow with the number of pages.
GROWING = {
    "editorial_page",
    "editorial_revision",
    "editorial_taggedpage",
    "editorial_event",
    "articles_article",
    "claims_claim",
    "claims_anchor",
    "claims_flag",
    "claims_report",
    "claims_correction",
    "claims_queueitem",
    "search_searchentry",
    "search_searchname",
}


# A list of the desk says how many rows there are; only a walk through one index can tell.
COUNTED = re.compile(r'SELECT COUNT\(\*\) AS "__count" FROM "\w+"')


def read_whole(cursor, query: str) -> set[str]:
    """The growing tables that a query reads from end to end, an index in order counted out."""
    if COUNTED.fullmatch(query):
        return set()
    if connection.vendor == "sqlite":
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        steps = [row[3] for row in cursor.fetchall()]
        if " LIMIT " in query and not any(step.startswith("USE TEMP") for step in steps):
            return set()  # read in its order, as far as it is shown
        scans = [step for step in steps if step.startswith("SCAN") and "USING" not in step]
        named = dict(re.findall(r'"(\w+)" (\w+)\b', query)) | {t: t for t in GROWING}
        aliases = {alias: table for table, alias in named.items()}
        return {aliases.get(s.split()[1].strip('"'), "") for s in scans} & GROWING
    cursor.execute("SET LOCAL enable_seqscan = off")  # so that only what has no other way is left
    cursor.execute(f"EXPLAIN (FORMAT JSON) {query}")
    (plan,) = cursor.fetchone()
    return set(_sequential(plan if isinstance(plan, list) else json.loads(plan))) & GROWING


def _sequential(node):
    """The tables of the sequential scans in a plan."""
    if isinstance(node, list):
        for part in node:
            yield from _sequential(part)
    elif isinstance(node, dict):
        if node.get("Node Type") == "Seq Scan":
            yield node["Relation Name"]
        for part in node.values():
            yield from _sequential(part)


def found(client, addresses) -> dict[str, list[str]]:
    """Of each address, the queries that read a growing table whole."""
    guilty = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as made:
            assert client.get(address).status_code == 200, address
        with connection.cursor() as cursor:
            for query in made.captured_queries:
                if query["sql"].lstrip("( ").startswith("SELECT") and (
                    tables := read_whole(cursor, query["sql"])
                ):
                    guilty.setdefault(address, []).append(f"{sorted(tables)}: {query['sql']}")
    return guilty


def test_no_page_of_readers_reads_a_growing_table_from_end_to_end(client, site):
    grow(site)
    assert not found(client, [*site.addresses.values(), *FURTHER])


def test_no_list_of_the_desk_reads_a_growing_table_from_end_to_end(admin_client, site):
    grow(site)
    lists = []
    for model in apps.get_models():
        if model in admin.site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            lists.append(reverse(name))
    assert not found(admin_client, lists)


def test_a_query_without_a_way_in_is_found_out(site):
    with connection.cursor() as cursor:
        assert read_whole(cursor, "SELECT body FROM editorial_page WHERE body = 'x'")
        assert not read_whole(cursor, "SELECT body FROM editorial_page WHERE id = 1")
