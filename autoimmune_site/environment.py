"""Reads the environment: every variable the site knows, checked before anything starts."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import connections

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")

# Every variable, and what it is for. docs/operations.md lists the same names; a test compares.
VARIABLES = {
    "SECRET_KEY": "Key that signs sessions and links; at least 32 characters. Required to serve.",
    "DEBUG": "true shows error details and must never be used in public. Default false.",
    "ALLOWED_HOSTS": "Host names the site answers to, separated by commas.",
    "SITE_URL": "Public address of the site, for links in mails and feeds.",
    "DATABASE_URL": "sqlite:///path or postgres://user:password@host/name.",
    "REPLICA_DATABASE_URL": "A PostgreSQL read replica for readers' pages. Optional.",
    "CACHE_URL": "redis://host:6379/0 for a shared cache. Default: memory of each process.",
    "PAGE_CACHE_MB": "Memory for readers' pages in each process, in MB; 0 keeps none. Default 24.",
    "PURGE_URL": "Address of a cache in front of the site that is told what became stale.",
    "EMAIL_URL": "smtp://user:password@host:25; by default mail is printed on the console.",
    "MEDIA_ROOT": "Folder for uploaded files.",
    "STAFF_MFA": "required (default) or optional: a second factor for staff.",
    "DEMO_PASSWORD": "Password of the demo accounts; generated if missing.",
    "SOURCE_LOOKUP": "on (default) or off: look papers up at Crossref, PubMed, ClinicalTrials.gov.",
    "SITE_FUNDING": "Who pays for the site, as readers are told under every page.",
    "CONTACT_EMAIL": "Address that look-ups name, so that those services can write to somebody.",
    "SECRET_KEY_FALLBACKS": "Former SECRET_KEYs, separated by commas, while they are rotated out.",
    "METRICS_TOKEN": "Who sends it as a bearer token may read /metrics; else only this machine.",
    "LOG_FORMAT": "text (default) or json: one object a line, with a line for each request.",
    "SLOW_QUERY_MS": "Queries slower than this are logged; 0 logs none. Default 500.",
    "SECURITY_CONTACT": "Where security.txt says to report holes. Default security@ this host.",
    "TRUSTED_PROXIES": "Number of our own proxies that set X-Forwarded-For, 0 to 9. Default 0.",
    "PORT": "Port that make run and gunicorn listen on. Default 8000.",
    "WEB_CONCURRENCY": "Number of gunicorn workers. Default 2.",
}


def refuse(name: str, why: str) -> None:
    """Stop start-up with a sentence that names the variable and says what to do."""
    raise ImproperlyConfigured(f"The environment variable {name} {why}")


class Environment:
    """Typed access to the variables above; any odd value raises ImproperlyConfigured."""

    def __init__(self, values: dict[str, str], base: Path):
        self.values = values
        self.base = base

    def text(self, name: str, default: str = "") -> str:
        """The value without surrounding blanks; an empty value counts as missing."""
        return self.values.get(name, "").strip() or default

    def flag(self, name: str, default: bool = False) -> bool:
        """true or false; anything else is refused."""
        value = self.text(name, str(default)).lower()
        if value not in ("true", "false"):
            refuse(name, f"is “{value}”. Set it to true or false.")
        return value == "true"

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of the choices; the first is the default."""
        value = self.text(name, choices[0])
        if value not in choices:
            refuse(name, f"is “{value}”. Set it to {' or '.join(choices)}.")
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number from low to high."""
        value = self.text(name, str(default))
        if not value.isdecimal() or not low <= int(value) <= high:
            refuse(name, f"is “{value}”. Set it to a whole number from {low} to {high}.")
        return int(value)

    def address(self, name: str) -> str:
        """An e-mail address, or nothing."""
        value = self.text(name)
        if value and not re.fullmatch(r"[^@\s<>;()]+@[^@\s<>;()]+", value, re.ASCII):
            refuse(name, f"is “{value}”. Set it to an e-mail address, or leave it out.")
        return value

    def contact(self, name: str, site_url: str) -> str:
        """A mailto: or https: address where people reach us; security@ the site's host, the
        mailbox that RFC 2142 names for it, when none is given."""
        value = self.text(name, f"security@{urlsplit(site_url).hostname}")
        if re.fullmatch(r"https://[^\s<>]+|mailto:[^@\s<>]+@[^@\s<>]+", value, re.ASCII):
            return value
        if re.fullmatch(r"[^@:/\s<>]+@[^@/\s<>]+", value, re.ASCII):
            return f"mailto:{value}"
        refuse(name, f"is “{value}”. Set it to an e-mail address or an https:// address.")

    def secret_key(self, debug: bool) -> str:
        """The signing key; only DEBUG may do without one."""
        key = self.text("SECRET_KEY", "for-development-only-" * 3 if debug else "")
        if not key:
            refuse("SECRET_KEY", "is missing. Set it to a random text of 50 characters or more.")
        if len(key) < 32:
            refuse("SECRET_KEY", "is too short. Set it to a random text of 50 characters or more.")
        return key

    def former_keys(self) -> list[str]:
        """Keys that still open what they signed."""
        keys = [key.strip() for key in self.text("SECRET_KEY_FALLBACKS").split(",")]
        if any(key and len(key) < 32 for key in keys):
            refuse("SECRET_KEY_FALLBACKS", "holds a key of fewer than 32 characters. Remove it.")
        return [key for key in keys if key]

    def token(self, name: str) -> str:
        """A secret that somebody sends; long enough not to be guessed, or missing."""
        value = self.text(name)
        if value and len(value) < 20:
            refuse(name, "is too short. Set it to a random text of 20 characters or more.")
        return value

    def hosts(self) -> list[str]:
        """Host names, no scheme and no wildcard for everything."""
        hosts = [h.strip() for h in self.text("ALLOWED_HOSTS", ",".join(LOCAL_HOSTS)).split(",")]
        for host in filter(None, hosts):
            if host == "*" or "/" in host:
                refuse("ALLOWED_HOSTS", f"holds “{host}”. List plain host names, such as a.org.")
        return [host for host in hosts if host]

    def site_url(self, hosts: list[str]) -> str:
        """Scheme and host without a closing slash; needed as soon as a public host is named."""
        public = [host for host in hosts if host not in LOCAL_HOSTS]
        default = "" if public else f"http://127.0.0.1:{self.number('PORT', 8000, 1, 65535)}"
        url = self.text("SITE_URL", default).rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            refuse("SITE_URL", f"is “{url}”. Set it to an address such as https://example.org.")
        return url

    def purge_url(self) -> str:
        """Address of a cache in front of the site, or nothing."""
        url = self.text("PURGE_URL")
        if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc):
            refuse("PURGE_URL", f"is “{url}”. Set it to an address such as http://127.0.0.1:6081/.")
        return url

    def database(self, name: str, default: str = "") -> dict | None:
        """A Django DATABASES entry, or None when the variable is missing and has no default."""
        url = self.text(name, default)
        if not url:
            return None
        if urlsplit(url).scheme not in ("sqlite", "postgres", "postgresql"):
            refuse(name, f"is “{url}”. It must start with sqlite:/// or postgres://.")
        return self._read(connections.database, name, url)

    def cache(self) -> dict:
        """A Django CACHES entry."""
        url = self.text("CACHE_URL", "locmemcache://")
        if urlsplit(url).scheme not in ("locmemcache", "redis", "rediss"):
            refuse("CACHE_URL", f"is “{url}”. It must start with redis:// or be left out.")
        return self._read(connections.cache, "CACHE_URL", url)

    def email(self) -> dict:
        """Django's EMAIL settings."""
        url = self.text("EMAIL_URL", "consolemail://")
        if urlsplit(url).scheme not in connections.MAIL_SCHEMES:
            refuse("EMAIL_URL", f"is “{url}”. It must start with smtp:// or be left out.")
        return self._read(connections.email, "EMAIL_URL", url)

    def _read(self, reader, name: str, url: str) -> dict:
        """What the reader makes of the URL. A password in it is told to nobody."""
        try:
            return reader(url)
        except ValueError as error:
            refuse(name, f"cannot be read: {error}.")
