"""Requests made to poison, fill or hold up the page cache, to the site as gunicorn serves it."""

import gzip
import http.client
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

PAGE = "/conditions/"


@pytest.fixture
def ask(site_server):
    """ask(method, path, *pairs of headers) -> (status, headers, body); headers may repeat."""

    def answer(method, path, *headers):
        connection = http.client.HTTPConnection("127.0.0.1", site_server.port, timeout=20)
        connection.putrequest(method, path, skip_host=any(n == "Host" for n, _ in headers))
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        seen = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        connection.close()
        return seen

    return answer


@pytest.fixture
def page(ask):
    """The page as every reader gets it."""
    status, headers, body = ask("GET", PAGE)
    assert status == 200
    return headers, body


@pytest.mark.parametrize(
    "header",
    [
        ("Host", "evil.example"),
        ("Host", "127.0.0.1@evil.example"),
        ("Host", "127.0.0.1:80:80"),
        ("Host", "127.0.0.1, evil.example"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Prefix", "/evil"),
        ("X-Original-URL", "/admin/"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Forwarded", "host=evil.example"),
        ("Accept-Language", "evil"),
        ("Range", "bytes=0-9"),
        ("Range", "bytes=0-0,-1,5-"),
        ("If-Range", '"x"'),
        ("If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT"),
        ("Cookie", "theme=evil.example"),
    ],
    ids=" ".join,
)
def test_nobody_leaves_anything_in_a_page_that_others_read(ask, page, header):
    status, _, body = ask("GET", PAGE, header)
    assert status in (200, 400)
    assert status == 400 or body == page[1]
    again = ask("GET", PAGE)
    assert (again[0], again[2], again[1]["etag"]) == (200, page[1], page[0]["etag"])


def test_two_hosts_are_refused(ask):
    assert ask("GET", PAGE, ("Host", "127.0.0.1"), ("Host", "evil.example"))[0] == 400


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("{etag}", 304),
        ('"a", W/"b",{etag}', 304),
        ("W/{etag}", 304),
        ("*", 304),
        ('"a", "b"', 200),
        ("{etag", 200),
        (",,,", 200),
        ('"' + "a" * 5_000 + '", {etag}', 200),
    ],
)
def test_lists_of_etags_are_read_as_they_should(ask, page, wanted, status):
    header = ("If-None-Match", wanted.replace("{etag}", page[0]["etag"]))
    answer = ask("GET", PAGE, header)
    assert answer[0] == status and (answer[2] == b"") == (status == 304)


@pytest.mark.parametrize(
    "coding", ["gzip", "GZIP;q=1", "gzip;q=0", "*;q=0", "identity;q=0", "br, zstd", "gzip" * 400]
)
def test_whatever_is_accepted_the_text_is_the_same(ask, page, coding):
    _, headers, body = ask("GET", PAGE, ("Accept-Encoding", coding))
    packed = headers.get("content-encoding") == "gzip"
    assert (gzip.decompress(body) if packed else body) == page[1]
    assert headers["vary"] == "Accept-Encoding"


def test_head_costs_no_body_and_says_the_length_of_get(ask, page):
    status, headers, body = ask("HEAD", PAGE)
    assert (status, body) == (200, b"")
    assert headers["content-length"] == str(len(page[1]))


def test_a_thousand_made_up_addresses_leave_no_memory_behind(ask, site_server, page):
    def asked(numbers):
        for number in numbers:
            assert ask("GET", f"{PAGE}?page={number}&x={number}")[0] in (200, 404)
            assert ask("GET", f"/none-{number}/")[0] == 404
        return sum(_held(child) for child in _children(site_server.process.pid))

    few = asked(range(100))
    assert asked(range(100, 500)) - few < 8 * 1024
    assert ask("GET", PAGE)[2] == page[1]


def test_a_few_who_send_half_a_request_hold_up_nobody(ask, site_server, page):
    with ExitStack() as slow:
        for _ in range(3):
            one = socket.create_connection(("127.0.0.1", site_server.port), timeout=20)
            slow.enter_context(one)
            one.sendall(b"GET /conditions/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        assert ask("GET", PAGE)[2] == page[1]


def _children(pid: int) -> list[int]:
    """The processes that this one started, and theirs."""
    mine = list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    return mine + [below for child in mine for below in _children(child)]


def _held(pid: int) -> int:
    """KiB of memory that a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
