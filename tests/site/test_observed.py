"""Seeing the site run: request numbers, the log without people, and /metrics."""

import json
import logging
import re
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection

from autoimmune_site import logs, metrics
from autoimmune_site.observed import Observed
from editorial import actions
from editorial.errors import Blocked
from tests import factories

from .test_page_cache import _one_connection, cache_of  # noqa: F401  (a fixture for every test)
from .wsgi_client import ask


@pytest.fixture(autouse=True)
def numbers(tmp_path, monkeypatch):
    """Counts of this test alone."""
    found = metrics.Numbers(tmp_path / "metrics")
    monkeypatch.setattr(metrics, "_numbers", found)
    return found


@pytest.fixture
def lines(monkeypatch):
    """What is logged as JSON, line by line."""
    found = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(json.loads(logs.JsonLines().format(record)))

    keep = Keep()
    for logger in (logs.requests, logs.slow):
        monkeypatch.setattr(logger, "handlers", [keep])
        monkeypatch.setattr(logger, "propagate", False)
    level = logs.requests.level
    logs.requests.setLevel(logging.INFO)
    yield found
    logs.requests.setLevel(level)


def site():
    return Observed(cache_of())


def scrape(client, **headers) -> dict[str, float]:
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    text = answer.content.decode()
    pairs = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("abcdef-0123456789_X", True),
        ("short", False),
        ("a" * 65, False),
        ("evil\nline-with-break", False),
        ('"><script>alert(1)</script>', False),
        ("", False),
    ],
)
def test_a_request_keeps_the_number_that_a_proxy_gave_it_if_it_is_one(given, taken):
    answer = ask(Observed(WSGIHandler()), "/healthz", X_Request_ID=given)
    number = answer.headers["x-request-id"]
    assert (number == given) == taken
    assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", number)


def test_each_reader_of_a_kept_page_gets_a_number_of_their_own(db):
    factories.published_page(slug="rest")
    whole = site()
    first, second = ask(whole, "/articles/rest/"), ask(whole, "/articles/rest/")
    assert first.body == second.body
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    kept = next(iter(whole.site.store.entries.values()))
    assert "x-request-id" not in {name.lower() for name, _ in kept.identity.headers}


def test_a_line_names_the_pattern_and_nobody(db, lines):
    ask(
        Observed(WSGIHandler()),
        "/search/?q=my+secret+illness+me@example.org",
        X_Forwarded_For="203.0.113.9",
        X_Request_ID="number-of-the-proxy",
    )
    assert len(lines) == 1
    line = lines[0]
    assert line["route"] == "/search/" and line["status"] == 200 and line["method"] == "GET"
    assert line["request"] == "number-of-the-proxy" and line["ms"] > 0
    text = json.dumps(line)
    for secret in ("illness", "me@", "203.0.113", "q="):
        assert secret not in text


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Mail to jane.doe@example.org failed", "Mail to …@… failed"),
        ("Not Found: /search/?q=lupus", "Not Found: /search/?…"),
        ("from 203.0.113.9 again", "from … again"),
    ],
)
def test_messages_are_written_without_people(said, written):
    record = logging.LogRecord("x", logging.WARNING, "", 0, said, (), None)
    assert json.loads(logs.JsonLines().format(record))["message"] == written
    assert written in logs.PlainLines().format(record)


def test_a_slow_query_is_written_down_without_its_values(db, lines, settings, numbers):
    settings.SLOW_QUERY_MS = 0.000001
    logs.watch_queries(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["somebody's words"])
    assert lines[0]["sql"] == "SELECT %s" and "ms" in lines[0]
    assert "somebody" not in json.dumps(lines)
    assert numbers.read()["slow_queries"] >= 1


def test_metrics_count_requests_by_what_answered_them(client, db):
    factories.published_page(slug="rest")
    whole = site()
    for _ in range(3):
        ask(whole, "/articles/rest/")
    ask(whole, "/nothing/")
    found = scrape(client)
    assert found['site_requests_total{origin="memory",answer="2xx"}'] == 2
    assert found['site_requests_total{origin="primary",answer="2xx"}'] == 1
    assert found['site_requests_total{origin="primary",answer="4xx"}'] == 1
    assert found['site_request_seconds_count{origin="memory"}'] == 2
    assert found['site_request_seconds_bucket{origin="memory",le="10.0"}'] == 2
    assert found['site_request_seconds_sum{origin="primary"}'] > 0


def test_metrics_tell_what_waits_what_was_refused_and_when_the_last_round_ran(client, people):
    revision = factories.submitted(body="<p>This is a proven, guaranteed cure for lupus.</p>")
    with pytest.raises(Blocked):
        actions.publish(revision, by=people.editor)
    call_command("publish_scheduled")
    found = scrape(client)
    assert found['site_queue_length{queue="review"}'] == 1
    assert found['site_queue_length{queue="flags"}'] >= 1
    assert found['site_queue_oldest_seconds{queue="review"}'] >= 0
    assert found["site_gate_refusals_total"] == 1
    assert found["site_rounds_total"] == 1
    assert found["site_last_round_timestamp_seconds"] > 1.7e9
    assert found["site_database_up"] == 1


def test_metrics_are_for_this_machine_or_who_has_the_token(client, db, settings):
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    settings.METRICS_TOKEN = "a-token-of-twenty-characters"
    assert client.get("/metrics").status_code == 404
    wrong = {"Authorization": "Bearer wrong"}
    assert client.get("/metrics", headers=wrong).status_code == 404
    right = {"Authorization": f"Bearer {settings.METRICS_TOKEN}"}
    answer = client.get("/metrics", headers=right, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")


def test_counts_outlive_the_process_that_made_them(tmp_path):
    first = metrics.Numbers(tmp_path)
    first.add("rounds", 5)
    owner = first._map[first._row : first._row + 8]
    first._map[first._row : first._row + 8] = (2**22 + 1).to_bytes(8, "little")  # nobody's pid
    second = metrics.Numbers(tmp_path)
    second.add("rounds")
    assert second._row == first._row and second.read()["rounds"] == 6
    assert second._map[second._row : second._row + 8] == owner


def test_two_processes_count_into_one_sum(tmp_path):
    import os

    mine = metrics.Numbers(tmp_path)
    mine.add("rounds")
    child = os.fork()
    if child == 0:
        mine.add("rounds", 2)
        os._exit(0)
    os.waitpid(child, 0)
    assert mine.read()["rounds"] == 3


def test_without_a_folder_that_can_be_written_it_counts_alone(tmp_path):
    (tmp_path / "file").write_text("")
    numbers = metrics.Numbers(tmp_path / "file")
    numbers.add("rounds")
    assert numbers.read()["rounds"] == 1


def test_errors_in_the_log_are_counted(numbers):
    metrics.CountErrors().emit(SimpleNamespace())
    assert numbers.read()["log_errors"] == 1
