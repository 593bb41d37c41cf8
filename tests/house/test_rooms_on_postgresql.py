"""What a database itself does for the rooms, on the other database. `make soak` runs every room's
tests there."""

from tests.on_postgresql import run_on_postgresql

# Rows written by hand-made statements, triggers and constraints, locks, and each search.
ON_BOTH = [
    "articles/test_import_many.py",
    "editorial/test_guards.py",
    "evidence/test_sources.py",
    "search/test_constraints.py",
    "search/test_index.py",
    "search/test_queries.py",
    "search/test_ranking.py",
    "search/test_spelling.py",
]


def test_guards_and_search_hold_on_postgresql(postgres_url, postgres_template):
    run_on_postgresql(ON_BOTH, url=postgres_url, template=postgres_template)
