"""Whatever happens on the desk, no reader is shown from memory what is no longer so."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from .cache_machine import Readers


@pytest.fixture(autouse=True)
def _one_connection():
    """The test's own connection serves every request."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.django_db
def test_after_every_change_a_page_from_memory_equals_one_made_anew():
    run_state_machine_as_test(
        Readers,
        settings=settings(
            max_examples=2,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Readers.kept["kept"] > 100
    assert len(Readers.done) > 5
