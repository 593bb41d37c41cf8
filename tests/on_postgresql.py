"""Tests of the suite run again on PostgreSQL, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent


def run_on_postgresql(names, *, url: str, template: str) -> None:
    """Run these tests (files or folders under tests/); raises AssertionError with what they said.

    `url` names the server, `template` a migrated database on it to begin as a copy of.
    """
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        + [str(TESTS / name) for name in names],
        env=os.environ
        | {
            "TEST_DATABASE_URL": url,
            "TEST_DATABASE_TEMPLATE": template,
            "TESTS_EXPECT": "postgresql",
        },
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert done.returncode == 0, done.stdout + done.stderr
