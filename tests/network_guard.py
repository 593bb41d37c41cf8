"""No test reaches beyond this machine: connections and look-ups of other hosts are refused.

An attempt fails the test even when the code under test swallows the error.
"""

import ipaddress
import socket
import sys

import pytest

LOCAL_NAMES = {None, "", "localhost", socket.gethostname(), socket.getfqdn()}
LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
CONNECTIONS = {"socket.connect", "socket.sendto", "socket.sendmsg"}

attempts: list[str] = []


class NetworkRefused(RuntimeError):
    """A test tried to reach another machine."""


def is_local(host) -> bool:
    """Whether the host is this machine, by name or by loopback address."""
    if isinstance(host, bytes):
        host = host.decode("idna")
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_other_hosts(event: str, arguments: tuple) -> None:
    """An audit hook (sys.addaudithook) that raises NetworkRefused."""
    if event in LOOK_UPS:
        host = arguments[0]
    elif event in CONNECTIONS and arguments[0].family in (socket.AF_INET, socket.AF_INET6):
        host = arguments[1][0] if arguments[1] else None
    else:
        return
    if not is_local(host):
        attempts.append(f"{event} {host}")
        raise NetworkRefused(f"Tests may not reach other machines, but one asked for “{host}”.")


sys.addaudithook(refuse_other_hosts)


@pytest.fixture(autouse=True)
def _no_attempt_to_reach_other_hosts():
    """Fail the test that tried, whatever became of the error."""
    attempts.clear()
    yield
    if attempts:
        pytest.fail(f"The test tried to reach other machines: {', '.join(attempts)}", pytrace=False)
