"""Fixtures for every test."""

import pytest
from django.core.cache import cache

from tests import factories


@pytest.fixture(autouse=True)
def _empty_cache():
    """No test sees what another one cached (sign-in attempts are counted there)."""
    cache.clear()


@pytest.fixture
def people(db):
    """Author, editor, reviewer, moderator, administrator and an outsider."""
    return factories.people()
