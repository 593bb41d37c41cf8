"""What the site writes down while it runs: one JSON object a line, and nothing about people.

No address of a reader, no words of a search, no name and no mail address: paths are written by
the pattern that answered (`/articles/<slug>/`), never as they were asked for.
"""

import json
import logging
import random
import re
import time
from contextvars import ContextVar

from django.conf import settings

from . import metrics

HEADER = "X-Request-ID"
_MAY_BE_AN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_MAIL = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,255}")
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_QUERY = re.compile(r"\?\S+")
_current: ContextVar[str] = ContextVar("request_id", default="")
requests = logging.getLogger("site.requests")
slow = logging.getLogger("site.slow")


def request_id() -> str:
    """The number of the request that is being answered; empty outside of one."""
    return _current.get()


def begin(given: str) -> str:
    """Begin a request: take the number that a proxy gave it if it looks like one, else make one."""
    # It need not be secret, only its own: no system call for each request.
    number = given if _MAY_BE_AN_ID.fullmatch(given) else f"{random.getrandbits(64):016x}"
    _current.set(number)
    return number


def without_people(text: str) -> str:
    """A message without mail addresses, network addresses and query strings."""
    text = _QUERY.sub("?…", _MAIL.sub("…@…", text))
    return _ADDRESS.sub("…", text)


class JsonLines(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the request's number, without anything about people."""
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_people(record.getMessage()),
        }
        if number := request_id():
            line["request"] = number
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = without_people(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """One record for people to read, without anything about people."""

    def format(self, record: logging.LogRecord) -> str:
        """Level, logger, message, and what more is known."""
        fields = " ".join(f"{k}={v}" for k, v in getattr(record, "fields", {}).items())
        text = f"{record.levelname.lower()} {record.name}: {record.getMessage()} {fields}".rstrip()
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return without_people(text)


def slow_queries(execute, sql, params, many, context):
    """A wrapper around each query: those slower than SLOW_QUERY_MS are written down, without the
    values that were asked for."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = (time.perf_counter() - began) * 1000
        if took >= settings.SLOW_QUERY_MS:
            metrics.numbers().add("slow_queries")
            alias = context["connection"].alias
            fields = {"ms": round(took, 1), "database": alias, "sql": sql[:2000]}
            slow.warning("A slow query", extra={"fields": fields})


def watch_queries(connection, **kwargs) -> None:
    """Listens to `connection_created`."""
    if settings.SLOW_QUERY_MS and slow_queries not in connection.execute_wrappers:
        connection.execute_wrappers.append(slow_queries)
