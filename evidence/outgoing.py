"""The one way in which this site asks another machine: HTTPS, to a few hosts, within bounds.

The host's name is resolved here, every address that is not public is refused, and the connection
goes to exactly the address that was looked at. Redirects are followed only to the same few hosts.
Time, size, number of tries and pace are bounded; a service that keeps failing is left in peace for
a minute. Proxies of the environment are not used. Every failure is an `Unavailable` with a
sentence.
"""

import http.client
import io
import ipaddress
import json
import logging
import queue
import random
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from editorial.errors import Refused

logger = logging.getLogger(__name__)

# What may be asked, and the least time between two questions in seconds, for all processes.
HOSTS = {
    "api.crossref.org": 0.1,
    "eutils.ncbi.nlm.nih.gov": 0.35,
    "clinicaltrials.gov": 0.5,
}
MOST_BYTES = 2_000_000
MOST_REDIRECTS = 3
AGAIN = {429, 500, 502, 503, 504}
FAILURES_TO_REST = 5
REST = 60  # seconds


class Unavailable(Refused):
    """The other service cannot be asked now, or answered nonsense; `str()` says which and why."""


class _Declined(Unavailable):
    """No answer to this question, though the service is well."""


class _Passing(Exception):
    """A failure that may be gone at the next try; `wait` in seconds if the service named it."""

    def __init__(self, why: str, wait: float | None = None):
        super().__init__(why)
        self.wait = wait


def client() -> "Client":
    """The client that this site uses; None of its bounds can be changed by the environment."""
    return import_string(getattr(settings, "OUTGOING_CLIENT", "evidence.outgoing.Client"))()


@dataclass
class Client:
    """Asks one of HOSTS. Times are in seconds; `total` bounds a whole question with its tries."""

    connect: float = 4
    read: float = 6
    total: float = 15
    tries: int = 3
    port: int = 443
    hosts: dict[str, float] = field(default_factory=lambda: HOSTS)
    sleep = staticmethod(time.sleep)

    # Tests put a server of their own behind these three.

    def resolve(self, host: str) -> list[str]:
        """The addresses of a host."""
        found = socket.getaddrinfo(host, self.port, type=socket.SOCK_STREAM)
        return [address[4][0] for address in found]

    def may_reach(self, address: str) -> bool:
        """Whether this is an address of the public Internet."""
        return is_public(address)

    def context(self) -> ssl.SSLContext:
        """How the other side proves its name."""
        return ssl.create_default_context()

    def get_json(self, host: str, path: str, **query):
        """The JSON that stands there; None when there is nothing (404). Raises Unavailable."""
        body = self.get(host, path, **query)
        if body is None:
            return None
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise Unavailable(
                gettext("%(host)s answered with something that is not JSON.") % {"host": host}
            ) from None

    def get(self, host: str, path: str, **query) -> bytes | None:
        """What stands there; None when there is nothing (404). Raises Unavailable."""
        url = f"https://{host}{path}" + (f"?{urlencode(query)}" if query else "")
        self._require_listed(url, host)
        if (cache.get(_failures(host)) or 0) >= FAILURES_TO_REST:
            raise Unavailable(
                gettext("%(host)s has failed several times. It is asked again in a minute.")
                % {"host": host}
            )
        try:
            answer = self._persist(url, host)
        except _Declined:
            raise
        except Unavailable:
            _count_failure(host)
            raise
        cache.delete(_failures(host))
        return answer

    def _persist(self, url: str, host: str) -> bytes | None:
        """Ask, and again after a pause where that may help."""
        deadline = time.monotonic() + self.total
        for number in range(1, self.tries + 1):
            try:
                return self._follow(url, deadline)
            except _Passing as failure:
                why = str(failure)
                pause = failure.wait or 0.4 * 2 ** (number - 1) * random.uniform(0.8, 1.2)
                logger.info("%s: %s (try %d)", host, why, number)
            if number == self.tries or time.monotonic() + pause >= deadline:
                break
            self.sleep(pause)
        raise Unavailable(f"{host} {why}")

    def _follow(self, url: str, deadline: float) -> bytes | None:
        for _ in range(MOST_REDIRECTS + 1):
            host = urlsplit(url).hostname
            self._wait_turn(host, deadline)
            status, headers, body = self._ask(url, host, deadline)
            if status not in (301, 302, 303, 307, 308):
                return _answer(status, headers, body, host)
            url = urljoin(url, headers.get("Location", ""))
            self._require_listed(url, host)
        raise Unavailable(
            gettext("%(host)s sends from one address to the next without end.") % {"host": host}
        )

    def _require_listed(self, url: str, asked: str) -> None:
        parts = urlsplit(url)
        try:
            fits = parts.scheme == "https" and parts.port in (None, 443) and not parts.username
        except ValueError:
            fits = False
        if not fits or parts.hostname not in self.hosts:
            raise Unavailable(
                gettext("%(asked)s sends to %(value)s, which this site does not ask.")
                % {"asked": asked, "value": parts.hostname or "nowhere"}
                if parts.hostname != asked
                else gettext("%(asked)s may not be asked in that way.") % {"asked": asked}
            )

    def _wait_turn(self, host: str, deadline: float) -> None:
        """Take the next free slot of time, which all processes share through the cache."""
        pace = self.hosts[host]
        while not cache.add(f"outgoing-slot:{host}:{time.time() // pace:.0f}", 1, 10):
            if time.monotonic() + pace >= deadline:
                raise _Declined(
                    gettext("%(host)s is being asked too often. Try again in a moment.")
                    % {"host": host}
                )
            self.sleep(pace)

    def _ask(self, url: str, host: str, deadline: float):
        """(status, headers, body) of one request."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        addresses = self._addresses(host)
        raw = None
        try:
            raw = self._connected(addresses)
            connection = self.context().wrap_socket(raw, server_hostname=host)
            with connection:
                connection.sendall(_request(host, target))
                stream = _Deadline(connection, deadline, self.read)
                response = http.client.HTTPResponse(stream, method="GET")
                response.begin()
                return response.status, response.headers, _body(response, host)
        except TimeoutError:
            raise _Passing("did not answer in time.") from None
        except ssl.SSLCertVerificationError:
            raise Unavailable(
                gettext("%(host)s could not prove its name, so it was not asked.") % {"host": host}
            ) from None
        except http.client.HTTPException:
            raise _Passing("answered with something that is not HTTP.") from None
        except OSError:
            raise _Passing("cannot be reached from here.") from None
        finally:
            if raw is not None:
                raw.close()

    def _connected(self, addresses: list[str]) -> socket.socket:
        """A connection to the first of these addresses that takes one."""
        failure = OSError(gettext("There is no address."))
        for address in addresses:
            try:
                return socket.create_connection((address, self.port), timeout=self.connect)
            except OSError as error:
                failure = error
        raise failure

    def _addresses(self, host: str) -> list[str]:
        """Two of its addresses at most, all of which are public."""
        addresses = list(dict.fromkeys(self._resolved(host)))
        if not all(map(self.may_reach, addresses)):
            raise Unavailable(
                gettext("%(host)s has an address that is not public, so it is not asked.")
                % {"host": host}
            )
        # The first of each kind: a machine may have no way out by IPv6, or by that alone.
        return list({(":" in address): address for address in reversed(addresses)}.values())

    def _resolved(self, host: str) -> list[str]:
        """Its addresses; a resolver that hangs is waited for no longer than a connection."""
        answer: queue.SimpleQueue = queue.SimpleQueue()

        def look_up():
            try:
                answer.put(self.resolve(host))
            except OSError:
                answer.put([])

        threading.Thread(target=look_up, daemon=True).start()
        try:
            addresses = answer.get(timeout=self.connect)
        except queue.Empty:
            addresses = []
        if not addresses:
            raise _Passing("cannot be found from here: the site may have no way out.")
        return addresses


def is_public(address: str) -> bool:
    """Whether an address belongs to the public Internet, also inside an address of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner and not is_public(str(inner)):
            return False
    return found.is_global and not found.is_multicast


class _Deadline:
    """A socket whose reads end when the time for the whole answer is over, however it drips."""

    def __init__(self, connection: socket.socket, deadline: float, each: float):
        self.connection, self.deadline, self.each = connection, deadline, each

    def makefile(self, mode: str) -> io.BufferedReader:
        """As http.client wants it."""
        return io.BufferedReader(_Reader(self))

    def read_into(self, buffer) -> int:
        """Some bytes. Raises TimeoutError."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(min(left, self.each))
        return self.connection.recv_into(buffer)


class _Reader(io.RawIOBase):
    def __init__(self, source: _Deadline):
        self.source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        return self.source.read_into(buffer)


def _request(host: str, target: str) -> bytes:
    lines = [
        f"GET {target} HTTP/1.1",
        gettext("Host: %(host)s") % {"host": host},
        gettext("User-Agent: %(user_agent)s") % {"user_agent": user_agent()},
        "Accept: application/json, text/plain",
        gettext("Accept-Encoding: identity"),
        gettext("Connection: close"),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii", "replace")


def user_agent() -> str:
    """Who asks, and whom to write to about it: the services ask for this."""
    contact = f"; mailto:{settings.CONTACT_EMAIL}" if settings.CONTACT_EMAIL else ""
    return f"AutoimmuneEvidence/1.0 (+{settings.SITE_URL}{contact})"


def _body(response, host: str) -> bytes:
    """The body, up to MOST_BYTES; nothing more is read."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unavailable(
            gettext("%(host)s answered in a compressed form that was not asked for.")
            % {"host": host}
        )
    body = response.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise Unavailable(
            gettext("%(host)s sent more than %(value)s MB.")
            % {"host": host, "value": MOST_BYTES // 1000000}
        )
    return body


def _answer(status: int, headers, body: bytes, host: str) -> bytes | None:
    if status == 200:
        return body
    if status == 404:
        return None
    if status in AGAIN:
        wait = headers.get("Retry-After", "")
        raise _Passing(
            "asks for patience." if status == 429 else f"fails (error {status}).",
            min(float(wait), 3600) if wait.isdecimal() else None,
        )
    raise _Declined(
        gettext("%(host)s refused the question (error %(status)s).")
        % {"host": host, "status": status}
    )


def _count_failure(host: str) -> None:
    if not cache.add(_failures(host), 1, REST):
        with suppress(ValueError):  # the minute was over between the two
            cache.incr(_failures(host))


def _failures(host: str) -> str:
    return f"outgoing-failures:{host}"
