"""Every room's later migrations over the shipped content as it stood at the room's first state, on
both databases; a minute or two. What only later tables hold is not there afterwards: it was not
there before, either."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FORWARD = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.test import Client
from editorial.models import Page

ROOMS = {"search": "0002", "claims": "0002", "editorial": "0001", "therapies": "0001",
         "evidence": "0001", "articles": "0001"}

def rows():
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.split("_")[0] in ROOMS:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
    return found

call_command("migrate", verbosity=0)
call_command("load_demo", verbosity=0)
full = rows()
for room, state in ROOMS.items():
    call_command("migrate", room, state, verbosity=0)
early = {table: count for table, count in rows().items() if count and table in full}
assert early["editorial_page"] > 50 and early["claims_claim"] > 100, early
assert len(early) < len([count for count in full.values() if count])
call_command("migrate", verbosity=0)
late = rows()
gone = {t: (n, late.get(t)) for t, n in early.items() if not t.startswith("search_")
        and late.get(t) != n}
assert not gone, gone
assert set(late) == set(full), set(late) ^ set(full)
call_command("rebuild_search", verbosity=0)
call_command("verify_audit", verbosity=0)
client = Client(headers={"host": "127.0.0.1"})
for page in Page.objects.published():
    address = page.get_absolute_url()
    assert client.get(address).status_code == 200, address
for address in ("/", "/articles/", "/conditions/", "/therapies/", "/evidence/", "/claims/",
                "/sources/", "/corrections/", "/search/?q=lupus", "/api/v1/assessments"):
    assert client.get(address).status_code == 200, address
assert client.get("/api/v1/search?q=lupus").json()["count"] > 0
print("all rooms forward on", connection.vendor)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """An empty database's kind and address."""
    if request.param == "sqlite":
        return request.param, f"sqlite:///{tmp_path}/db.sqlite3"
    return request.param, request.getfixturevalue("postgres_url")


def test_rows_of_the_first_state_outlive_every_later_migration(database):
    kind, url = database
    done = subprocess.run(
        [sys.executable, "-c", FORWARD],
        env=os.environ | {"TEST_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=540,
    )
    assert done.stdout.endswith(f"all rooms forward on {kind}\n"), done.stderr[-4000:]
