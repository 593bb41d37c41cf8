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
    """Events are never deleted, and PostgreSQL holds to it even where a test has to empty its
    database afterwards."""
    if os.environ.get("TESTS_EXPECT") != "postgresql":
        return
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            item.add_marker(pytest.mark.skip("It commits, and PostgreSQL cannot be emptied after."))
