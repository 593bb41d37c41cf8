"""The rules of the rooms on the other database: the same tests again, on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
# The rules that a database holds.
ON_BOTH = [
    "editorial/test_guards.py",
    "editorial/test_reviewing.py",
    "claims/test_moderation.py",
    "claims/test_reports.py",
    "evidence/test_sources.py",
    "therapies/test_assessments.py",
    "site/test_page_cache.py",
]


def test_every_rule_holds_on_postgresql(postgres_url):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        + [str(TESTS / name) for name in ON_BOTH],
        env=os.environ | {"TEST_DATABASE_URL": postgres_url, "TESTS_EXPECT": "postgresql"},
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout + done.stderr
