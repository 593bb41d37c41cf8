"""Asks a WSGI application as a reader's browser does, cookies and all left to the test."""

import io
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def environ(path: str, method: str = "GET", **headers: str) -> dict:
    """What gunicorn would hand over; `headers` with underscores, such as If_None_Match."""
    path, _, query = path.partition("?")
    values = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    values |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return values


def ask(application, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request and its whole answer."""
    said = []
    parts = application(environ(path, method, **headers), lambda *args: said.append(args))
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
    status, pairs = said[0][:2]
    return Answer(int(status.split()[0]), {n.lower(): v for n, v in pairs}, body)
