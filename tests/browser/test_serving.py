"""The site as gunicorn serves it: methods, headers, errors."""

import http.client
import re

import pytest


@pytest.fixture
def ask(site_server):
    """ask(method, path) -> (status, headers, body) over a plain connection."""

    def answer(method, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", site_server.port, timeout=20)
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        seen = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        connection.close()
        return seen

    return answer


def test_head_answers_like_get_without_a_body(ask, site_server):
    status, headers, body = ask("HEAD", "/conditions/")
    whole = ask("GET", "/conditions/")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == len(whole[2]) > 0
    assert "no-body response" not in site_server.log()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_readers_page_takes_only_reading_methods(ask, method):
    status, _, _ = ask(method, "/conditions/")
    assert status in (403, 405)


def test_readers_get_no_cookie_and_a_strict_policy(ask):
    for path in ("/", "/conditions/", "/search/?q=lupus", "/api/v1/search?q=lupus"):
        status, headers, _ = ask("GET", path)
        assert status == 200 and "set-cookie" not in headers
        assert "unsafe" not in headers["content-security-policy"]


def test_an_unknown_address_gets_a_page_that_helps(ask):
    status, _, body = ask("GET", "/rheumatoid-artritis/")
    assert status == 404 and b"There is no page at this address" in body
    assert b"rheumatoid artritis" in body and b"Traceback" not in body


def test_a_foreign_host_name_is_refused(ask):
    assert ask("GET", "/", Host="evil.example")[0] == 400


def test_static_files_are_kept_for_a_year_under_hashed_names(ask):
    page = ask("GET", "/")[2].decode()
    sheet = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page)[1]
    status, headers, _ = ask("GET", sheet, **{"Accept-Encoding": "gzip"})
    assert status == 200 and "immutable" in headers["cache-control"]
    assert headers["content-encoding"] == "gzip"


def test_healthz_and_readyz_answer(ask):
    assert ask("GET", "/healthz")[2] == b"ok"
    status, _, body = ask("GET", "/readyz")
    assert status == 200 and b'"database": true' in body
