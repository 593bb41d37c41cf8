"""What one process has acknowledged no other process answers otherwise."""

import os
import subprocess
import sys

from autoimmune_site.page_cache.bell import bell_of
from tests.prepared_database import ROOT, migrated_copy


def test_an_acknowledged_withdrawal_is_heard_by_every_process_at_once(tmp_path):
    database = migrated_copy(tmp_path / "site.sqlite3")
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.bell_scenario"],
        cwd=ROOT,
        env=os.environ
        | {
            "TEST_DATABASE_URL": f"sqlite:///{database}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        capture_output=True,
        text=True,
    )
    assert done.stdout == "heard\n", done.stdout + done.stderr


class Elsewhere:
    """A connection to a file in a folder that is not there."""

    vendor = "sqlite"
    settings_dict = {"NAME": "/no/such/folder/site.sqlite3"}

    def is_in_memory_db(self):
        return False


def test_where_no_bell_can_stand_there_is_none():
    assert bell_of(Elsewhere()) is None
