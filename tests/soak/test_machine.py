"""Thousands of steps of the state machine, other ones in each run."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.editorial.machine import Workflow

LONG = settings(
    max_examples=80,
    stateful_step_count=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
def test_no_route_breaks_what_must_always_hold_over_thousands_of_steps():
    Workflow.reached.clear()
    run_state_machine_as_test(Workflow, settings=LONG)
    print(dict(Workflow.reached))
    assert set(Workflow.reached) >= {
        "page.moved",
        "page.published",
        "page.published_by_override",
        "page.reviewed",
        "page.withdrawn",
        "revision.approved",
        "revision.approved_first",
        "revision.kept_aside",
        "revision.restored",
        "revision.schedule_refused",
        "revision.scheduled",
    }
