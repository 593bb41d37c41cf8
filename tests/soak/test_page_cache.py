"""Random walks over everything that changes readers' pages, against the page cache.

`SOAK_MINUTES` says for how long (5 unless it is set; 60 before a release). A process of its own
would show a leak in its memory; here it must not grow by more than GROWTH after the first tenth.
"""

import logging
import os
import resource
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.site.cache_machine import Readers
from tests.site.test_page_cache_machine import _one_connection

__all__ = ["_one_connection"]  # pytest looks for it here
MINUTES = float(os.environ.get("SOAK_MINUTES") or 5)
GROWTH = 15 * 1024 * 1024  # bytes; in an hour it was 4 MB
PAGE = resource.getpagesize()


def resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


@pytest.mark.django_db
def test_no_reader_is_shown_what_is_no_longer_so_and_memory_stays_flat(caplog):
    # pytest keeps each record with its request: in an hour 180 MB of them.
    caplog.set_level(logging.CRITICAL, "django.request")
    ends, sizes = time.monotonic() + 60 * MINUTES, []
    while time.monotonic() < ends:
        run_state_machine_as_test(
            Readers,
            settings=settings(
                max_examples=5,
                stateful_step_count=40,
                deadline=None,
                database=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
        sizes.append(resident())
    print(*(f"{size >> 20} MB" for size in sizes[:: max(len(sizes) // 10, 1)]))
    assert Readers.kept["kept"] > 1_000 and len(Readers.done) > 10, Readers.done
    assert sizes[-1] - sizes[len(sizes) // 10] < GROWTH, sizes
