"""Start-up: a missing or odd variable is refused with a sentence that names it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from autoimmune_site import connections
from autoimmune_site.environment import VARIABLES

BASE = settings.BASE_DIR


def start(tells="'started'", **environment):
    """Start the process that serves and say what it says; at the end it `tells` this."""
    clean = {k: v for k, v in os.environ.items() if k not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, autoimmune_site.wsgi; print({tells})"],
        cwd=BASE,
        env=clean | {"DJANGO_SETTINGS_MODULE": "autoimmune_site.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


KEY = "a-key-for-this-test-only-that-is-long-enough"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"DEBUG": "maybe"}, "DEBUG is “maybe”. Set it to true or false."),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS holds “*”"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "a.org"}, "SITE_URL is “”"),
        ({"SECRET_KEY": KEY, "SITE_URL": "a.org"}, "SITE_URL is “a.org”"),
        ({"SECRET_KEY": KEY, "DATABASE_URL": "mysql://x"}, "DATABASE_URL is “mysql://x”"),
        ({"SECRET_KEY": KEY, "REPLICA_DATABASE_URL": "sqlite:///x"}, "REPLICA_DATABASE_URL names"),
        ({"SECRET_KEY": KEY, "CACHE_URL": "memory"}, "CACHE_URL is “memory”"),
        ({"SECRET_KEY": KEY, "EMAIL_URL": "pigeon://"}, "EMAIL_URL is “pigeon://”"),
        (
            {"SECRET_KEY": KEY, "DATABASE_URL": "sqlite://x"},
            "DATABASE_URL cannot be read",
        ),
        ({"SECRET_KEY": KEY, "DATABASE_URL": "postgres://h/"}, "names no database"),
        ({"SECRET_KEY": KEY, "DATABASE_URL": "postgres://h:x/n"}, "DATABASE_URL cannot be read"),
        (
            {"SECRET_KEY": KEY, "CACHE_URL": "redis://"},
            "CACHE_URL cannot be read: names no host",
        ),
        ({"SECRET_KEY": KEY, "EMAIL_URL": "smtp://"}, "EMAIL_URL cannot be read: names no host"),
        ({"SECRET_KEY": KEY, "STAFF_MFA": "no"}, "STAFF_MFA is “no”"),
        ({"SECRET_KEY": KEY, "SOURCE_LOOKUP": "no"}, "SOURCE_LOOKUP is “no”"),
        ({"SECRET_KEY": KEY, "CONTACT_EMAIL": "me"}, "CONTACT_EMAIL is “me”"),
        ({"SECRET_KEY": KEY, "SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS holds"),
        ({"SECRET_KEY": KEY, "METRICS_TOKEN": "short"}, "METRICS_TOKEN is too short"),
        ({"SECRET_KEY": KEY, "LOG_FORMAT": "xml"}, "LOG_FORMAT is “xml”"),
        ({"SECRET_KEY": KEY, "SLOW_QUERY_MS": "fast"}, "SLOW_QUERY_MS is “fast”"),
        (
            {"SECRET_KEY": KEY, "REPLICA_DATABASE_URL": "postgres://h/n"},
            "REPLICA_DATABASE_URL is set, but DATABASE_URL names no PostgreSQL",
        ),
        ({"SECRET_KEY": KEY, "PORT": "http"}, "PORT is “http”"),
        ({"SECRET_KEY": KEY, "WEB_CONCURRENCY": "0"}, "WEB_CONCURRENCY is “0”"),
    ],
)
def test_an_odd_variable_stops_start_up_with_a_sentence_that_names_it(environment, says):
    code, output = start(**environment)
    assert code != 0 and says in output


def test_a_complete_environment_starts(tmp_path):
    code, output = start(
        SECRET_KEY=KEY,
        ALLOWED_HOSTS="example.org",
        SITE_URL="https://example.org",
        DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
    )
    assert code == 0, output


def test_every_variable_is_documented():
    text = (BASE / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in VARIABLES if f"`{name}`" not in text] == []


def test_demo_accounts_are_refused_on_a_public_site(settings, db):
    from autoimmune_site import demo_accounts
    from editorial.errors import Refused
    from editorial.models import User

    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["example.org"]
    with pytest.raises(Refused, match="public site"):
        demo_accounts.create()
    assert not User.objects.exists()


def test_people_stay_signed_in_while_the_key_is_rotated_and_no_longer(client, db, settings):
    from tests import factories

    client.force_login(factories.people().editor)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-be-one"
    assert client.get("/admin/").status_code == 200
    client.force_login(factories.people().editor)  # signed by the new key
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get("/admin/").status_code == 200


def test_a_key_that_leaked_signs_nobody_in(client, db, settings):
    from tests import factories

    client.force_login(factories.people().editor)
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-be-one"
    assert client.get("/admin/").status_code == 302


SQLITE, POSTGRES = "django.db.backends.sqlite3", "django.db.backends.postgresql"


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("sqlite:///var/db", {"ENGINE": SQLITE, "NAME": "var/db"}),
        ("sqlite:////srv/a%20b.db", {"ENGINE": SQLITE, "NAME": "/srv/a b.db"}),
        ("sqlite://:memory:", {"ENGINE": SQLITE, "NAME": ":memory:"}),
        (
            "postgres://u%40x:p%2Fw%3A@db.example:5433/site",
            {
                "ENGINE": POSTGRES,
                "NAME": "site",
                "USER": "u@x",
                "PASSWORD": "p/w:",
                "HOST": "db.example",
                "PORT": 5433,
            },
        ),
        (
            "postgresql:///site?host=/run/pg&sslmode=require",
            {
                "ENGINE": POSTGRES,
                "NAME": "site",
                "USER": "",
                "PASSWORD": "",
                "HOST": "",
                "PORT": "",
                "OPTIONS": {"host": "/run/pg", "sslmode": "require"},
            },
        ),
    ],
)
def test_a_database_url_is_read(url, entry):
    assert connections.database(url) == entry


@pytest.mark.parametrize(
    ("url", "backend", "port", "tls", "ssl"),
    [
        ("smtp://u:p%40@h:2525", "smtp", 2525, False, False),
        ("smtp://u:p%40@h", "smtp", 25, False, False),
        ("smtp+tls://u:p%40@h", "smtp", 587, True, False),
        ("smtps://u:p%40@h", "smtp", 587, True, False),
        ("smtp+ssl://u:p%40@h", "smtp", 465, False, True),
    ],
)
def test_a_mail_url_is_read(url, backend, port, tls, ssl):
    found = connections.email(url)
    assert found == {
        "EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend",
        "EMAIL_HOST": "h",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "u",
        "EMAIL_HOST_PASSWORD": "p@",
        "EMAIL_USE_TLS": tls,
        "EMAIL_USE_SSL": ssl,
    }


def test_mail_without_a_server_and_caches_are_read():
    mail = "django.core.mail.backends"
    assert connections.email("consolemail://") == {"EMAIL_BACKEND": f"{mail}.console.EmailBackend"}
    assert connections.email("memorymail://") == {"EMAIL_BACKEND": f"{mail}.locmem.EmailBackend"}
    assert connections.email("filemail:///var/mail")["EMAIL_FILE_PATH"] == "/var/mail"
    assert connections.cache("redis://h:6379/0")["LOCATION"] == "redis://h:6379/0"
    assert connections.cache("locmemcache://")["BACKEND"].endswith("LocMemCache")


def test_every_view_is_loaded_before_the_workers_begin():
    loaded = "'autoimmune_site.urls' in sys.modules and 'articles.views' in sys.modules"
    assert start(loaded, SECRET_KEY=KEY) == (0, "True\n")


def test_what_readers_never_need_is_not_loaded_with_the_views():
    asked = "{'numpy', 'rapidfuzz', 'PIL', 'psycopg', 'redis', 'bibtexparser', 'markdown_it'}"
    assert start(f"sorted({asked} & set(sys.modules))", SECRET_KEY=KEY) == (0, "[]\n")
