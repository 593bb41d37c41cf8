"""The same tests on the other database: this suite again, in a process with PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OWN_PROCESSES = {Path(__file__).name, "test_migrations.py"}
# Asks over WSGI, and a request's end closes the connection that the test's transaction is on.
OVER_WSGI = {"test_api_fuzz.py"}
ON_BOTH = sorted({p.name for p in HERE.glob("test_*.py")} - OWN_PROCESSES - OVER_WSGI)


def test_every_search_test_holds_on_postgresql(postgres_url):
    assert ON_BOTH, "there is nothing to run"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        + [str(HERE / name) for name in ON_BOTH],
        env=os.environ | {"TEST_DATABASE_URL": postgres_url, "SEARCH_TESTS_EXPECT": "postgresql"},
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
