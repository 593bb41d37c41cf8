"""Fixtures for every test."""

import os

import pytest
from django.core.cache import cache

from tests import factories
from tests.prepared_database import django_db_modify_db_settings

__all__ = ["django_db_modify_db_settings"]  # pytest looks for it here


@pytest.fixture(autouse=True)
def _empty_cache():
    """No test sees what another one cached (sign-in attempts are counted there)."""
    cache.clear()


@pytest.fixture
def people(db):
    """Author, editor, reviewer, moderator, administrator and an outsider."""
    return factories.people()


def pytest_collection_modifyitems(items):
    """Set apart what belongs together; on PostgreSQL leave out what commits."""
    _set_apart(items)
    if os.environ.get("TESTS_EXPECT") == "postgresql":
        _leave_out_what_commits(items)


def _set_apart(items) -> None:
    """Tests with a PostgreSQL server first, those in a browser from the middle on.

    Two processes begin at the first test and at the middle one, so each starts only one of the two;
    the light tests at the end of either half are what a process that is done takes from the other.
    """
    served = [item for item in items if _is_served_by_postgresql(item)]
    browsed = [item for item in items if "browser" in item.path.parts]
    apart = {*served, *browsed}
    light = [item for item in items if item not in apart]
    middle = max(len(items) // 2 - len(served), 0)
    items[:] = served + light[:middle] + browsed + light[middle:]


def _is_served_by_postgresql(item) -> bool:
    return "postgresql" in item.nodeid or "postgres_server" in getattr(item, "fixturenames", ())


def _leave_out_what_commits(items) -> None:
    """Events are never deleted, and PostgreSQL holds to it even where a test has to empty its
    database afterwards."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            item.add_marker(pytest.mark.skip("It commits, and PostgreSQL cannot be emptied after."))
