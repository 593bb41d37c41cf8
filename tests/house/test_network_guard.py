import socket

import pytest

from tests import network_guard
from tests.network_guard import NetworkRefused


@pytest.fixture(autouse=True)
def _forgive():
    """These tests try on purpose; the guard's own fixture must not fail them for it."""
    yield
    network_guard.attempts.clear()


def test_a_connection_to_another_host_is_refused():
    with socket.socket() as plug, pytest.raises(NetworkRefused, match=r"192\.0\.2\.1"):
        plug.connect(("192.0.2.1", 80))


def test_a_datagram_to_another_host_is_refused():
    with (
        socket.socket(type=socket.SOCK_DGRAM) as plug,
        pytest.raises(NetworkRefused, match=r"192\.0\.2\.1"),
    ):
        plug.sendto(b"hello", ("192.0.2.1", 53))


def test_looking_up_another_host_is_refused():
    with pytest.raises(NetworkRefused, match=r"example\.org"):
        socket.getaddrinfo("example.org", 443)


def test_a_swallowed_refusal_is_remembered():
    with socket.socket() as plug, pytest.raises(NetworkRefused):
        plug.connect(("192.0.2.1", 80))
    assert network_guard.attempts == ["socket.connect 192.0.2.1"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "", None, b"::1"])
def test_this_machine_may_be_reached(host):
    assert network_guard.is_local(host)


def test_a_local_connection_works():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
