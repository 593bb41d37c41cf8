"""What people type, and whether they find it: `queries.jsonl`, written before any tuning.

A search succeeds when a page that is wanted stands among the first three results, or among the
first three of the spelling that is proposed. Nothing is ever right for what is out of scope, and
no name that is one is proposed away.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from django.db import transaction

from search import engine

from .shipped import publish_shipped_pages

QUERIES = [
    json.loads(line)
    for line in (Path(__file__).parent / "queries.jsonl").read_text(encoding="utf-8").splitlines()
]
FOUND = ("exact", "other name", "abbreviation", "lay words", "one typo", "two typos")
AIM = 0.95


@pytest.fixture(scope="module")
def _shipped(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        publish_shipped_pages()
        yield
        transaction.set_rollback(True)


def first_three(text: str) -> tuple[set[str], str | None]:
    """The first three pages as `kind/slug`, and the spelling that is proposed."""
    found = engine.search(text)
    return {
        f"{r.kind}/{r.url.rstrip('/').rsplit('/', 1)[-1]}" for r in found.results[:3]
    }, found.did_you_mean


def succeeds(query: dict) -> bool:
    """Whether a wanted page is found at once, or one click later by the spelling proposed."""
    pages, proposal = first_three(query["q"])
    if proposal and not pages & set(query["want"]):
        pages, _ = first_three(proposal)
    return bool(pages & set(query["want"]))


def figures() -> dict[str, list[dict]]:
    """The queries that fail, by kind; every kind with something to find is there."""
    failed = defaultdict(list)
    for query in QUERIES:
        if query["want"]:
            failed[query["kind"]] += [] if succeeds(query) else [query]
    return failed


def test_people_find_what_they_look_for(_shipped, db):
    failed = figures()
    counts = defaultdict(int)
    for query in QUERIES:
        counts[query["kind"]] += 1
    assert len(QUERIES) >= 150 and set(FOUND) <= set(counts)
    for kind in (*FOUND, "brand", "question"):
        share = 1 - len(failed[kind]) / counts[kind]
        print(f"{kind:14}{counts[kind]:4}{share:8.1%}  {[q['q'] for q in failed[kind]]}")
    few = {k: failed[k] for k in FOUND if len(failed[k]) > (1 - AIM) * counts[k]}
    assert not few


def test_no_name_is_proposed_away(_shipped, db):
    queries = [q for q in QUERIES if q["kind"] in ("protected", "out of scope")]
    proposed = {q["q"]: engine.search(q["q"]).did_you_mean for q in queries}
    assert len(proposed) > 40
    assert {q: better for q, better in proposed.items() if better} == {}
