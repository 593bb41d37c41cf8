"""A server on loopback that stands in for Crossref, PubMed and ClinicalTrials.gov.

It speaks TLS under their names with a certificate of its own, so that the client's real way is
taken: resolving, pinning the address, proving the name, HTTP. What it answers is decided by path.
"""

import datetime
import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from evidence.outgoing import HOSTS, Client


def make_certificate(folder: Path, names) -> tuple[Path, Path]:
    """(certificate, key) for these host names, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stub")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "stub.pem", folder / "stub.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@dataclass
class Stub:
    """The server. `answers` maps the beginning of a path to bytes, or to a function that is given
    the connection; the longest beginning counts. `asked` holds (host, path) of every request."""

    certificate: Path
    key: Path
    answers: dict[str, bytes | Callable] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, self.key)
        self.closing = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._serve, daemon=True)]
        self.threads[0].start()

    def _serve(self):
        while not self.closing.is_set():
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._one, args=[raw], daemon=True)
            self.threads.append(thread)
            thread.start()

    def _one(self, raw):
        with suppress(OSError), raw, self.context.wrap_socket(raw, server_side=True) as connection:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(4096)
                if not piece:
                    return
                head += piece
            lines = head.decode().split("\r\n")
            path = lines[0].split(" ")[1]
            headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            self.asked.append((headers["Host"], path))
            self.headers.append(headers)
            found = max((p for p in self.answers if path.startswith(p)), key=len, default=None)
            answer = reply(b"", 404) if found is None else self.answers[found]
            if callable(answer):
                answer(self, connection)
            else:
                connection.sendall(answer)

    def close(self):
        """End every connection."""
        self.closing.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(5)


def reply(body: bytes | str, status: int = 200, **headers: str) -> bytes:
    """A whole answer of HTTP."""
    body = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in named.items())]
    if "Content-Length" not in named:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def json_reply(data, **headers) -> bytes:
    """An answer that holds this as JSON."""
    return reply(json.dumps(data), **headers)


def crossref_work(doi: str, title: str, **fields) -> dict:
    """A work in the shape of Crossref's API."""
    message = {"DOI": doi, "title": [title], "type": "journal-article", **fields}
    return {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message}


def medline(pmid: int, title: str, *lines: str) -> str:
    """A paper in the shape of efetch's MEDLINE text."""
    return "\n".join(["", f"PMID- {pmid}", f"TI  - {title}", *lines, ""])


@dataclass
class StubClient(Client):
    """The site's client with another address book: every host is the stub."""

    connect: float = 2
    read: float = 0.3
    total: float = 3
    hosts: dict[str, float] = field(default_factory=lambda: dict.fromkeys(HOSTS, 0.001))
    stub = None
    addresses = ("127.0.0.1",)

    def __post_init__(self):
        self.port = self.stub.port
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)

    def resolve(self, host):
        return list(self.addresses)

    def may_reach(self, address):
        return address == "127.0.0.1" or super().may_reach(address)

    def context(self):
        return ssl.create_default_context(cafile=self.stub.certificate)
