"""The cache in front of the site is told what became stale, again and again until it knows."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from autoimmune_site.environment import Environment
from autoimmune_site.page_cache import purge
from editorial import freshness


@pytest.fixture
def front(settings):
    """A cache in front of the site: `told` lists what it was told, `status` what it answers."""

    class Front(BaseHTTPRequestHandler):
        told: list[set[str]] = []
        status = 200

        def do_PURGE(self):
            if self.status == 200:
                self.told.append(set(self.headers["Surrogate-Key"].split()))
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *args):
            """Keeps the tests' output quiet."""

    server = HTTPServer(("127.0.0.1", 0), Front)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.PURGE_URL = f"http://127.0.0.1:{server.server_port}/"
    yield Front
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_it_is_told_before_the_change_is_acknowledged_and_only_once(front):
    with transaction.atomic():
        freshness.stale("page:1", "list:article")
        assert front.told == []
    assert front.told == [{"page:1", "list:article"}]
    with transaction.atomic():
        freshness.stale("page:2")
    assert front.told[1:] == [{"page:2"}]


@pytest.mark.django_db(transaction=True)
def test_what_it_did_not_take_is_told_again(front, caplog):
    front.status = 503
    with transaction.atomic():
        freshness.stale("page:1")
    assert front.told == [] and "was not told of changes: it answered 503" in caplog.text
    front.status = 200
    assert purge.send_all(None)
    assert front.told == [{"page:1"}]


@pytest.mark.django_db(transaction=True)
def test_a_change_to_many_pages_is_told_in_parts(front):
    with transaction.atomic():
        freshness.stale(*freshness.keys_of("page", range(120)))
    assert [len(keys) for keys in front.told] == [50, 50, 20]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_tells_nothing(front):
    with transaction.atomic():
        freshness.stale("page:1")
        transaction.set_rollback(True)
    assert front.told == []


@pytest.mark.parametrize("url", ["varnish", "ftp://a.org/", "http://"])
def test_an_odd_address_stops_start_up(url, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="PURGE_URL"):
        Environment({"PURGE_URL": url}, tmp_path).purge_url()
