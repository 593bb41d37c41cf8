"""Asking other machines: only those listed, within time and size, whatever they answer."""

import gzip
import time

import pytest

from evidence import outgoing
from evidence.outgoing import Unavailable
from tests.evidence.stub import StubClient, json_reply, reply

HOST = "api.crossref.org"


@pytest.fixture
def client(stub):
    return StubClient()


def test_an_answer_is_read_and_the_question_names_this_site(client, stub, settings):
    settings.CONTACT_EMAIL = "editor@example.org"
    stub.answers["/works/"] = json_reply({"ok": True})
    assert client.get_json(HOST, "/works/10.1000/x", mailto="a b") == {"ok": True}
    assert stub.asked == [(HOST, "/works/10.1000/x?mailto=a+b")]
    assert "mailto:editor@example.org" in stub.headers[0]["User-Agent"]
    assert stub.headers[0]["Accept-Encoding"] == "identity"


def test_nothing_there_is_none_and_not_a_failure(client):
    assert client.get(HOST, "/works/unknown") is None


@pytest.mark.parametrize(
    "host", ["example.org", "127.0.0.1", "localhost", "api.crossref.org.example.org", "169.254.1.1"]
)
def test_no_other_host_is_asked(client, stub, host):
    with pytest.raises(Unavailable):
        client.get(host, "/")
    assert stub.asked == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.7", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",
     "100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
     "64:ff9b::a00:1", "2002:a00:1::", "nonsense"],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address):
    assert not outgoing.is_public(address)


def test_public_addresses_are_reached():
    assert outgoing.is_public("93.184.215.14")
    assert outgoing.is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_a_listed_name_that_leads_into_the_house_is_refused(client, stub, monkeypatch):
    monkeypatch.setattr(StubClient, "addresses", ("127.0.0.1", "10.0.0.7"))
    with pytest.raises(Unavailable, match="an address that is not public"):
        client.get(HOST, "/works/x")
    assert stub.asked == []


@pytest.mark.parametrize(
    "target",
    ["https://127.0.0.1/", "https://169.254.169.254/latest/", "http://api.crossref.org/works/y",
     "https://localhost/", "file:///etc/passwd", "https://api.crossref.org:8443/",
     "https://api.crossref.org@10.0.0.1/", "//10.0.0.1/", "https://[::1]/", "https://x:99999/"],
)  # fmt: skip
def test_a_redirect_elsewhere_is_not_followed(client, stub, target):
    stub.answers["/works/"] = reply("", 302, Location=target)
    with pytest.raises(Unavailable):
        client.get(HOST, "/works/x")
    assert len(stub.asked) == 1


def test_a_redirect_within_the_list_is_followed_but_not_without_end(client, stub):
    stub.answers["/works/a"] = reply("", 301, Location="/works/b")
    stub.answers["/works/b"] = reply("found")
    assert client.get(HOST, "/works/a") == b"found"
    stub.answers["/loop"] = reply("", 302, Location="/loop")
    with pytest.raises(Unavailable, match="without end"):
        client.get(HOST, "/loop")
    assert len(stub.asked) == 2 + 1 + outgoing.MOST_REDIRECTS


def hang(stub, connection):
    stub.closing.wait(10)


def drip(stub, connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not stub.closing.wait(0.05):
        connection.sendall(b"X-Slow: 1\r\n")


def drip_body(stub, connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not stub.closing.wait(0.05):
        connection.sendall(b"x")


@pytest.mark.parametrize("behaviour", [hang, drip, drip_body])
def test_a_service_that_hangs_or_drips_is_given_up_in_time(stub, behaviour):
    stub.answers["/works/"] = behaviour
    client = StubClient(read=0.2, total=0.7)
    started = time.monotonic()
    with pytest.raises(Unavailable, match="in time|HTTP"):
        client.get(HOST, "/works/x")
    assert time.monotonic() - started < 2.5


def test_200_megabytes_are_cut_off(client, stub):
    sent = []

    def flood(stub, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x" * 1_000_000)
            sent.append(1)

    stub.answers["/works/"] = flood
    with pytest.raises(Unavailable, match="more than 2 MB"):
        client.get(HOST, "/works/x")
    assert len(sent) < 20 and len(stub.asked) == 1


def test_a_compressed_bomb_is_not_opened(client, stub):
    bomb = gzip.compress(b"0" * 5_000_000)
    stub.answers["/works/"] = reply(bomb, Content_Encoding="gzip")
    with pytest.raises(Unavailable, match="compressed form"):
        client.get(HOST, "/works/x")


@pytest.mark.parametrize(
    "answer", [b"nonsense\r\n\r\n", b"\x00\xff" * 50, b"HTTP/1.1 two hundred\r\n\r\n", b""]
)
def test_what_is_not_http_is_refused(client, stub, answer):
    stub.answers["/works/"] = answer
    with pytest.raises(Unavailable):
        client.get(HOST, "/works/x")


@pytest.mark.parametrize("body", ["<html>Sorry</html>", "", "[" * 100_000, "{"])
def test_what_is_not_json_is_refused(client, stub, body):
    stub.answers["/works/"] = reply(body)
    with pytest.raises(Unavailable, match="not JSON"):
        client.get_json(HOST, "/works/x")


def test_a_failure_is_tried_again_with_growing_pauses(client, stub):
    answers = [reply("", 500), reply("", 503), reply("good")]
    stub.answers["/works/"] = lambda stub, connection: connection.sendall(answers.pop(0))
    assert client.get(HOST, "/works/x") == b"good"
    pauses = [s for s in client.slept if s > 0.1]
    assert len(pauses) == 2 and pauses[0] < pauses[1]


def test_retry_after_is_heeded_and_a_long_one_is_not_waited_for(client, stub):
    answers = [reply("", 429, Retry_After="2"), reply("good")]
    stub.answers["/works/"] = lambda stub, connection: connection.sendall(answers.pop(0))
    assert client.get(HOST, "/works/x") == b"good"
    assert 2 in client.slept
    stub.answers["/works/"] = reply("", 503, Retry_After="3600")
    with pytest.raises(Unavailable, match="fails"):
        client.get(HOST, "/works/x")
    assert len(stub.asked) == 3


def test_a_refusal_is_not_tried_again(client, stub):
    stub.answers["/works/"] = reply("", 403)
    with pytest.raises(Unavailable, match="refused the question"):
        client.get(HOST, "/works/x")
    assert len(stub.asked) == 1


def test_a_service_that_keeps_failing_is_left_in_peace_and_others_are_not(client, stub):
    stub.answers["/works/"] = reply("", 500)
    client.tries = 1
    for _ in range(outgoing.FAILURES_TO_REST):
        with pytest.raises(Unavailable):
            client.get(HOST, "/works/x")
    with pytest.raises(Unavailable, match="asked again in a minute"):
        client.get(HOST, "/works/x")
    assert len(stub.asked) == outgoing.FAILURES_TO_REST
    stub.answers["/api/"] = reply("fine")
    assert client.get("clinicaltrials.gov", "/api/") == b"fine"


def test_a_question_that_is_refused_is_no_failure_of_the_service(client, stub):
    stub.answers["/works/"] = reply("", 400)
    for _ in range(outgoing.FAILURES_TO_REST + 1):
        with pytest.raises(Unavailable, match="refused the question"):
            client.get(HOST, "/works/x")


def test_an_address_that_takes_no_connection_gives_way_to_the_next(client, stub, monkeypatch):
    stub.answers["/works/"] = reply("fine")
    monkeypatch.setattr(StubClient, "addresses", ("::1", "127.0.0.1"))
    monkeypatch.setattr(StubClient, "may_reach", lambda self, address: True)
    assert client.get(HOST, "/works/x") == b"fine"


def test_the_pace_is_kept_by_all_processes_together(stub, monkeypatch):
    stub.answers["/works/"] = reply("fine")
    clock = [1000.0]
    monkeypatch.setattr("evidence.outgoing.time.time", lambda: clock[0])

    class Patient(StubClient):
        def sleep(self, seconds):
            self.slept.append(seconds)
            clock[0] += seconds

    one, two = Patient(), Patient()
    one.hosts = two.hosts = {HOST: 0.2}
    one.get(HOST, "/works/x")
    two.get(HOST, "/works/x")
    assert one.slept == [] and two.slept == [0.2]


def test_a_name_that_cannot_be_found_says_so(client, monkeypatch):
    monkeypatch.setattr(StubClient, "addresses", ())
    with pytest.raises(Unavailable, match="cannot be found from here"):
        client.get(HOST, "/works/x")


def test_a_server_that_cannot_prove_its_name_is_not_asked(client, stub, monkeypatch):
    import ssl

    monkeypatch.setattr(StubClient, "context", lambda self: ssl.create_default_context())
    with pytest.raises(Unavailable, match="prove its name"):
        client.get(HOST, "/works/x")
    assert stub.asked == []


def test_the_environment_cannot_widen_the_list(monkeypatch):
    monkeypatch.setenv("OUTGOING_CLIENT", "tests.evidence.stub.StubClient")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert type(outgoing.client()) is outgoing.Client
    assert outgoing.client().hosts == outgoing.HOSTS
