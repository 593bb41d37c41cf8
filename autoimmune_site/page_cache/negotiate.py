"""The request headers and query that choose between copies of a page (RFC 9110)."""

from functools import lru_cache
from urllib.parse import parse_qsl

LONGEST = 1_000  # characters of a header that are read; longer ones choose nothing
MAX_PAGE = 9_999


@lru_cache(maxsize=256)
def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header takes gzip rather than no encoding at all."""
    if len(header) > LONGEST:
        return False
    weights = {}
    for part in header.lower().split(","):
        coding, _, parameters = part.partition(";")
        weights[coding.strip()] = _weight(parameters)
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value.strip())
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match header names this ETag; weak comparison, as RFC 9110 asks."""
    if len(header) > LONGEST:
        return False
    if header.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/") == etag for part in header.split(","))


def known_query(query: str, params: frozenset[str]) -> tuple[tuple[str, str], ...] | None:
    """The parameters of a query that a page reads, sorted; None where it cannot be kept.

    What a page does not read changes nothing and is left out. What it reads twice, or as anything
    but a page's number, is answered by Django and not kept.
    """
    if len(query) > LONGEST:
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=30)
    except ValueError:
        return None
    read = sorted(pair for pair in pairs if pair[0] in params)
    if not read:
        return ()
    (name, value), *more = read
    is_number = value.isascii() and value.isdecimal() and not value.startswith("0")
    if more or name != "page" or not is_number or not 1 < int(value[:5]) <= MAX_PAGE:
        return None
    return ((name, value),)
