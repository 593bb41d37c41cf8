"""What happens when two people act at the same moment, on a real PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

RACES = Path(__file__).with_name("races.py")


def test_nothing_is_won_twice_on_postgresql(migrated_postgres_url):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", RACES],
        env=os.environ | {"TEST_DATABASE_URL": migrated_postgres_url},
        cwd=RACES.parents[2],
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout + done.stderr
