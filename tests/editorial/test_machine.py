"""A short walk of the state machine; `make soak` takes the long one."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import Workflow

SHORT = settings(
    max_examples=4,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
def test_no_route_breaks_what_must_always_hold():
    Workflow.reached.clear()
    run_state_machine_as_test(Workflow, settings=SHORT)
    assert {"revision.approved", "page.published"} <= set(Workflow.reached)
