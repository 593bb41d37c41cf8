"""Database, cache and mail settings from one URL each. Every function raises ValueError, with the
rest of a sentence, for a URL that cannot be meant."""

from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_MAIL_BACKENDS = {
    "consolemail": "console",
    "memorymail": "locmem",
    "filemail": "filebased",
    "smtp": "smtp",
    "smtps": "smtp",
    "smtp+tls": "smtp",
    "smtp+ssl": "smtp",
}
# libpq's own options: seconds, except tcp_user_timeout, which is in milliseconds.
_NOTICE_A_DEAD_HOST = {
    "connect_timeout": "3",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "2",
    "tcp_user_timeout": "4000",
}
MAIL_SCHEMES = tuple(_MAIL_BACKENDS)


def database(url: str) -> dict:
    """An entry of DATABASES from sqlite:///relative, sqlite:////absolute, sqlite://:memory: or
    postgres://user:password@host:port/name?option=value."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = ":memory:" if parts.netloc == ":memory:" else unquote(parts.path[1:])
        if not name or (parts.netloc and name != ":memory:"):
            raise ValueError("names no file; three slashes come before a path, as in sqlite:///x")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name}
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("names no database after the host")
    entry = {"ENGINE": "django.db.backends.postgresql", "NAME": name, **_who_and_where(parts)}
    if options := dict(parse_qsl(parts.query)):
        entry["OPTIONS"] = options
    return entry


def patient(entry: dict) -> dict:
    """A PostgreSQL entry whose connections are kept, checked, and given up when the other machine
    is gone without a word; what the URL says itself goes before."""
    options = _NOTICE_A_DEAD_HOST | entry.get("OPTIONS", {})
    return entry | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def cache(url: str) -> dict:
    """An entry of CACHES from locmemcache:// or redis://host:port/number."""
    backend = "django.core.cache.backends"
    if urlsplit(url).scheme == "locmemcache":
        return {"BACKEND": f"{backend}.locmem.LocMemCache", "LOCATION": ""}
    if not urlsplit(url).hostname:
        raise ValueError("names no host")
    return {"BACKEND": "autoimmune_site.shared_cache.SharedCache", "LOCATION": url}


def email(url: str) -> dict:
    """Django's EMAIL settings. smtp+tls and smtps begin in plain text and turn to TLS (port 587);
    smtp+ssl speaks TLS from the start (port 465)."""
    parts = urlsplit(url)
    settings = {
        "EMAIL_BACKEND": f"django.core.mail.backends.{_MAIL_BACKENDS[parts.scheme]}.EmailBackend"
    }
    if parts.scheme == "filemail":
        if not parts.path.strip("/"):
            raise ValueError("names no folder")
        return settings | {"EMAIL_FILE_PATH": unquote(parts.path)}
    if not parts.scheme.startswith("smtp"):
        return settings
    where = _who_and_where(parts)
    if not where["HOST"]:
        raise ValueError("names no host")
    tls, ssl = parts.scheme in ("smtps", "smtp+tls"), parts.scheme == "smtp+ssl"
    return settings | {
        "EMAIL_HOST": where["HOST"],
        "EMAIL_PORT": where["PORT"] or (587 if tls else 465 if ssl else 25),
        "EMAIL_HOST_USER": where["USER"],
        "EMAIL_HOST_PASSWORD": where["PASSWORD"],
        "EMAIL_USE_TLS": tls,
        "EMAIL_USE_SSL": ssl,
    }


def _who_and_where(parts: SplitResult) -> dict:
    """User, password, host and port; each empty when it is not given."""
    return {
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
    }
