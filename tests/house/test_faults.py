"""What breaks, breaks alone: each fault is made to happen, and the site goes on as documented."""

import os
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from autoimmune_site import shared_cache
from autoimmune_site.shared_cache import SharedCache
from editorial import actions, audit, previewing
from editorial.models import Event
from editorial.schedule import publish_due
from search.models import SearchEntry
from tests import factories
from tests.prepared_database import migrated_copy

ROOT = Path(__file__).resolve().parents[2]


def run(code: list[str], database: Path, **environment) -> str:
    """Run Python on a database of the test's own, with the tests' settings."""
    done = subprocess.run(
        [sys.executable, *code],
        env=os.environ
        | {"TEST_DATABASE_URL": f"sqlite:///{database}", "DEBUG": "true"}
        | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# The shared cache


@pytest.fixture
def silent_port():
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def dead_port():
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return port


@pytest.fixture(autouse=True)
def _asks_again(monkeypatch):
    """No test begins while another one's cache is left out."""
    monkeypatch.setattr(shared_cache, "_out_until", float("-inf"))


@pytest.mark.parametrize("fault", ["dead_port", "silent_port"])
def test_without_the_shared_cache_each_process_counts_for_itself(fault, request):
    port = request.getfixturevalue(fault)
    cache = SharedCache(f"redis://127.0.0.1:{port}/0", {})
    began = time.monotonic()
    assert cache.add("reports", 1, 60) is True
    assert cache.incr("reports") == 2
    assert cache.get("reports") == 2 and cache.get("nothing", "none") == "none"
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert "a" in cache and cache.delete("a") and "a" not in cache
    assert time.monotonic() - began < 1.0  # asked once, for a fifth of a second at most
    assert cache.answers() is False
    cache.clear()


def test_the_shared_cache_is_shared_and_asked_again_once_it_is_back(valkey_url, monkeypatch):
    one, other = SharedCache(valkey_url, {}), SharedCache(valkey_url, {})
    one.set("reports", 5)
    assert other.get("reports") == 5 and other.answers()
    clock = [time.monotonic()]
    monkeypatch.setattr(shared_cache.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(shared_cache, "_out_until", clock[0] + shared_cache.LEFT_OUT_FOR)
    assert one.get("reports") is None
    clock[0] += shared_cache.LEFT_OUT_FOR + 0.01
    assert one.get("reports") == 5


def test_readyz_names_the_shared_cache_while_readers_read_on(client, db, dead_port, monkeypatch):
    cache = SharedCache(f"redis://127.0.0.1:{dead_port}/0", {})
    monkeypatch.setattr("autoimmune_site.views.cache", cache)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json() == {"database": True, "cache": False}
    assert client.get("/articles/").status_code == 200


# The disk, the mail, the index, the clock


def test_a_full_disk_loses_nothing_that_was_acknowledged_or_typed(tmp_path):
    database = migrated_copy(tmp_path / "db.sqlite3")
    said = run(["-m", "tests.house.disk_full_scenario"], database)
    assert said.endswith("kept all that was acknowledged\n")


@pytest.mark.parametrize(
    ("fault", "status"),
    [(OperationalError("disk I/O error"), 302), (DatabaseError("it is not there any more"), 400)],
    ids=["full disk", "ended meanwhile"],
)
def test_a_session_that_cannot_be_written_costs_no_answer_unless_it_was_ended(
    client, people, monkeypatch, fault, status
):
    client.force_login(people.editor)

    def fail(*args, **kwargs):
        raise fault

    monkeypatch.setattr(Session, "save", fail)
    draft = {"title": "Rest", "summary": "", "body": "<p>People rest.</p>", "tags": ""}
    answer = client.post("/admin/articles/article/add/", draft | {"_save": "Save"})
    assert answer.status_code == status  # its message (“was added”) wanted to be kept


def test_a_mail_server_that_is_down_stops_no_act(
    db, settings, dead_port, caplog, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", dead_port
    people = factories.people()
    with django_capture_on_commit_callbacks(execute=True):
        revision = factories.submitted()
        actions.request_changes(revision, by=people.reviewer, reason="Please say more.")
    revision.refresh_from_db()
    assert revision.state == "changes_requested"
    assert "were not sent" in caplog.text and "@" not in caplog.text


def test_mail_servers_are_not_waited_for_without_end(settings):
    assert 0 < settings.EMAIL_TIMEOUT <= 10


def test_a_lost_search_index_is_rebuilt_while_readers_read(client, db):
    page = factories.published_page(title="Rest and lupus", slug="rest")
    SearchEntry.objects.all().delete()
    assert b"/articles/rest/" not in client.get("/search/?q=lupus").content
    assert client.get(page.get_absolute_url()).status_code == 200
    call_command("rebuild_search")
    assert b"/articles/rest/" in client.get("/search/?q=lupus").content


def test_a_clock_that_jumps_publishes_once_and_breaks_no_chain(people, monkeypatch):
    now = timezone.now()
    revision = factories.approved(title="Planned")
    actions.schedule(revision, by=people.editor, at=now + timedelta(hours=1))
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=1))
    assert len(publish_due().published) == 1
    monkeypatch.setattr(timezone, "now", lambda: real() - timedelta(days=1))
    assert publish_due().published == []
    factories.published_page(title="Written on the day before")
    monkeypatch.undo()
    assert publish_due().published == []
    assert Event.objects.filter(verb="page.published", subject__contains="Planned").count() <= 1
    assert audit.verify().broken is None


def test_a_clock_that_jumps_back_opens_no_link_that_was_taken_back(client, people, monkeypatch):
    revision = factories.draft(body="<p>Secret words.</p>")
    link, token = previewing.make_link(revision, by=people.editor, for_whom="Dr X", days=3)
    assert client.get(f"/preview/{token}/").status_code == 200
    previewing.revoke(link, by=people.editor)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() - timedelta(days=2))
    assert client.get(f"/preview/{token}/").status_code in (404, 410)


# Several machines

PLAN = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from editorial import actions
from editorial.models import Appointment
from tests import factories
for number in range(6):
    revision = factories.approved(title=f"Planned {number}")
    actions.schedule(revision, by=factories.people().editor,
        at=timezone.now() + timedelta(hours=1))
Appointment.objects.update(at=timezone.now())
"""
COUNT = """
import django
django.setup()
from editorial.models import Event, Page
print(Page.objects.published().count(), Event.objects.filter(verb="page.published").count())
"""


def test_scheduled_work_is_done_once_by_two_machines_at_once(tmp_path):
    database = migrated_copy(tmp_path / "db.sqlite3")
    run(["-c", PLAN], database)
    rounds = [
        subprocess.Popen(
            [sys.executable, "manage.py", "publish_scheduled"],
            env=os.environ
            | {"TEST_DATABASE_URL": f"sqlite:///{database}"}
            | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=240)[0] for process in rounds]
    assert [process.returncode for process in rounds] == [0, 0], said
    assert run(["-c", COUNT], database) == "6 6\n"
