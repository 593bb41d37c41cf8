"""Fixtures for every test."""

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
