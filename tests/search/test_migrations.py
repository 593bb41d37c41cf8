"""The index can be made, taken down and made again, on both databases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.prepared_database import migrated_copy

ROOT = Path(__file__).resolve().parent.parent.parent

THERE_AND_BACK = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from search import engine
from tests import factories

def tables():
    return sorted(t for t in connection.introspection.table_names() if t.startswith("search_"))

made = tables()
page = factories.published_page("condition", title="Quokkatitle")
assert engine.search("quokkatitle").count == 1
call_command("migrate", "search", "zero", verbosity=0)
assert made and not tables(), tables()
call_command("migrate", "search", verbosity=0)
assert tables() == made
assert engine.search("quokkatitle").count == 0
call_command("rebuild_search", verbosity=0)
assert [r.page_id for r in engine.search("quokkatitle").results] == [page.pk]
page.search_entry.delete()
assert engine.search("quokkatitle").count == 0
print("there and back on", connection.vendor)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """A migrated database's kind and address."""
    if request.param == "sqlite":
        return request.param, f"sqlite:///{migrated_copy(tmp_path / 'db.sqlite3')}"
    return request.param, request.getfixturevalue("migrated_postgres_url")


def test_the_index_can_be_migrated_away_and_back(database):
    kind, url = database
    done = subprocess.run(
        [sys.executable, "-c", THERE_AND_BACK],
        env=os.environ | {"TEST_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.endswith(f"there and back on {kind}\n"), done.stderr
