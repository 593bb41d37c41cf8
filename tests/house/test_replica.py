"""A site with a PostgreSQL primary and a streaming replica, both real."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = """\
readers read the replica and staff the primary
a replica that has not replayed a withdrawal is not read
what was kept from the replica goes when it becomes stale
a lagging replica is left out and comes back
a request that writes reads the primary from then on
a dead replica is not noticed by readers
a replica that hangs is left out
a primary that hangs keeps no reader waiting
a primary that was started again is asked at once
without the primary readers still read
"""


def test_readers_may_read_a_replica_and_never_see_what_was_taken_back():
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.replica_scenario"],
        env=os.environ | {"DEBUG": "true"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout == PARTS, done.stderr
