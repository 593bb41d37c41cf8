"""A backup is the way from SQLite to PostgreSQL and back: every row, key and hash goes along."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.prepared_database import migrated_copy

ROOT = Path(__file__).resolve().parents[2]

FILL = """
import sys, threading
import django
django.setup()
from django.db import connection
from django.utils import timezone
from pathlib import Path
from autoimmune_site.archive import writing
from claims import actions as claim_actions
from editorial import actions, comments
from editorial.models import User
from tests import factories

people = factories.people()
source = factories.source(finding="It was seen.", participants=12)
lupus = factories.condition(title="Lupus", other_names=["SLE"], symptoms=["tiredness"])
rest = factories.therapy(title="Rest", harms=["boredom"])
factories.assessment(rest, lupus, "low", [source])
factories.assessment(rest, lupus, "moderate", [source])
bold = "Rest is a proven, guaranteed cure for lupus."
page = factories.published_page(title="Does rest help? é 漢 \U0001f600", body=f"<p>{bold}</p>",
    conditions=[lupus.pk], therapies=[rest.pk], tags=["sleep"])
claim = page.claims.get(sentence=bold)
claim_actions.raise_flag(claim, by=people.editor, reason="overstated", explanation="No cure.")
claim_actions.decide(claim, by=people.moderator, outcome="reword", reason="No trial shows it.")
newer = factories.draft(page=page, title="Rest", body="<p>No cure of lupus is known.</p>")
actions.submit(newer, by=people.author)
factories.decide_all(newer)
actions.publish(actions.approve(newer, by=people.reviewer), by=people.editor)
gone = factories.published_page(title="Gone")
actions.withdraw(gone, by=people.editor, reason="It was wrong.")
factories.draft(title="Secret draft")

# While a backup is made, others write at once, and it does not see what they wrote.
took = []
def write_meanwhile(what):
    if what != "claims.Claim" or took:
        return
    def act():
        took.append(User.objects.create(username="came-later").pk)
        connection.close()
    thread = threading.Thread(target=act)
    thread.start()
    thread.join(10)
    assert took, "a writer had to wait for the backup"
manifest = writing.write(Path(sys.argv[1]), write_meanwhile)
assert manifest["tables"]["editorial.User"]["rows"] == User.objects.count() - 1
"""

GO_ON = """
import django
django.setup()
from django.db import IntegrityError, connection, transaction
from editorial import audit
from editorial.models import Event, Page
from tests import factories
assert audit.verify().sound == Event.objects.count() > 20
try:
    with transaction.atomic():
        Event.objects.update(verb="x")
    raise SystemExit("the audit log is not guarded")
except IntegrityError:
    pass
factories.published_page(title="Written after the move")  # numbers go on after the old ones
assert audit.verify().broken is None
from search import engine
assert [r.title for r in engine.search("rest").results][:1] == ["Rest"]
print("goes on with", connection.vendor)
"""


def run(url: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"TEST_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tables_in(path: Path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))["tables"]


@pytest.fixture
def sqlite_urls(tmp_path) -> tuple[str, str]:
    """Two migrated SQLite files."""
    return tuple(f"sqlite:///{migrated_copy(tmp_path / name)}" for name in ("one", "two"))


def test_everything_goes_from_sqlite_to_postgresql_and_back(sqlite_urls, postgres_url, tmp_path):
    first, second, third = (tmp_path / f"{name}.zip" for name in ("first", "second", "third"))
    run(sqlite_urls[0], "-c", FILL, str(first))
    said = run(postgres_url, "manage.py", "restore", str(first))  # an empty database: migrates
    assert "the audit log is whole" in said
    run(postgres_url, "manage.py", "backup", str(second))
    assert tables_in(second) == tables_in(first)
    assert sum(about["rows"] > 0 for about in tables_in(first).values()) > 25
    run(sqlite_urls[1], "manage.py", "restore", str(second))
    run(sqlite_urls[1], "manage.py", "backup", str(third))
    assert tables_in(third) == tables_in(first)
    assert run(postgres_url, "-c", GO_ON) == "goes on with postgresql\n"
    assert run(sqlite_urls[1], "-c", GO_ON) == "goes on with sqlite\n"
