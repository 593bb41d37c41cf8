"""What browsers are told to refuse, and what the site refuses of browsers."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from autoimmune_site.wsgi import application
from tests.safety import https, observatory
from tests.site.conftest import LISTS, site
from tests.site.wsgi_client import ask

__all__ = ["site"]  # pytest looks for it here

UNSAFE = ("'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "'strict-dynamic'", "*", "http:")
READERS = [*LISTS.values(), "/report/", "/nothing/", "/sitemap.xml", "/api/v1/openapi.json"]
OTHERS = ["/accounts/login/", "/accounts/password/reset/", "/feeds/articles.atom", "/robots.txt"]


def policy(response):
    return observatory.policy_of(response.headers["Content-Security-Policy"])


@pytest.mark.parametrize("address", READERS)
def test_readers_pages_have_a_policy_without_nonce_and_with_trusted_types(client, db, address):
    said = policy(client.get(address))
    assert said["script-src"] == said["style-src"] == said["img-src"] == {"'self'"}
    assert said["require-trusted-types-for"] == {"'script'"}
    assert said["trusted-types"] == {"'none'"}
    assert said["default-src"] == said["base-uri"] == said["frame-ancestors"] == {"'none'"}


def test_the_admin_makes_html_of_text_by_one_policy_only(admin_client):
    response = admin_client.get("/admin/")
    said = policy(response)
    assert said["require-trusted-types-for"] == {"'script'"} and said["trusted-types"] == {
        "default"
    }
    page = response.content.decode()
    assert re.search(r"<script[^>]*>", page).group().endswith('/trusted_types.js">')  # the first


@pytest.mark.parametrize("address", [*READERS, *OTHERS, "/admin/", "/admin/editorial/user/"])
def test_every_answer_closes_what_no_page_of_ours_uses(admin_client, address):
    response = admin_client.get(address)
    header = response.headers["Content-Security-Policy"]
    assert not [word for word in UNSAFE if word in header.split()]
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "Server" not in response.headers and "X-Powered-By" not in response.headers


@pytest.mark.parametrize("address", [*READERS, *OTHERS[2:], "/tags/none/", "/search/?q=a"])
def test_readers_get_no_cookie(client, db, address):
    assert not client.get(address).cookies


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "PROPFIND", "GOAT"])
@pytest.mark.parametrize("address", ["/", "/admin/", "/api/v1/search", "/static/css/site.css"])
def test_other_methods_are_refused_everywhere(db, method, address):
    answer = ask(application, address, method=method)
    assert answer.status == 405
    assert "TRACE" not in answer.headers["allow"]


def test_security_txt_says_whom_to_write_to_and_never_runs_out(client, settings):
    settings.SECURITY_CONTACT = "mailto:holes@example.org"
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert said["Contact"] == "mailto:holes@example.org"
    assert said["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    assert said["Preferred-Languages"] == "en"
    left = datetime.fromisoformat(said["Expires"]) - datetime.now(UTC)
    assert timedelta(days=100) < left < timedelta(days=365)


@pytest.fixture
def public():
    """A reader of the site as it is under HTTPS."""
    with https.public_site():
        yield Client(headers={"host": "example.org", "x-forwarded-proto": "https"})


def test_mozilla_observatory_would_give_130_points_or_more(public, site):
    expected = {
        "content-security-policy": 10,
        "x-frame-options": 5,
        "referrer-policy": 5,
        "cross-origin-resource-policy": 10,
        "strict-transport-security": 0,
        "x-content-type-options": 0,
        "cookies": 0,
        "cross-origin-resource-sharing": 0,
        "subresource-integrity": 0,
    }
    for address in ("/", site.article.get_absolute_url()):
        response = public.get(address)
        assert response.status_code == 200
        assert observatory.modifiers(response) == expected
        assert observatory.score(response) == 130
    response = public.get("/accounts/login/")
    assert observatory.modifiers(response) == expected | {"cookies": 5}
    assert observatory.score(response) == 135


def test_plain_http_is_sent_to_https_on_the_same_host(public, db):
    response = public.get("/articles/", headers={"x-forwarded-proto": "http"})
    assert response.status_code == 301
    assert response.headers["Location"] == "https://example.org/articles/"


def test_cookies_of_staff_are_bound_to_the_host(public, people):
    public.get("/accounts/login/")
    form = {"login": "editor", "password": "correct horse battery"}
    cookies = public.post("/accounts/login/", form).cookies
    assert {name for name in cookies if cookies[name].value} <= {"__Host-session", "__Host-csrf"}
    for cookie in cookies.values():
        assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"]
        assert cookie["samesite"] == "Lax"
    assert cookies["__Host-session"]["httponly"]


def test_static_files_are_not_offered_to_other_sites(db):
    answer = ask(application, "/static/css/site.css")
    assert answer.status == 200
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_djangos_own_check_for_public_sites_is_silent(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=os.environ | https.ENVIRONMENT | {"DATABASE_URL": f"sqlite:///{tmp_path}/db"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "System check identified no issues (0 silenced)."
    assert not done.stderr.strip()


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example/",
    "https://127.0.0.1@evil.example/",
    "/\t/evil.example/",
]


@pytest.mark.parametrize("where", ELSEWHERE)
def test_no_address_sends_people_elsewhere(client, people, where):
    form = {"login": "editor", "password": "correct horse battery", "next": where}
    answers = [
        client.get("/admin/login/", {"next": where}, follow=True),
        client.get("/accounts/logout/", {"next": where}),
        client.post("/accounts/login/", form),
        client.get("/accounts/login/", {"next": where}),
        client.get("/accounts/reauthenticate/", {"next": where}),
        client.get("/admin/", {"next": where}),
        client.post("/admin/logout/", {"next": where}),
        client.post("/accounts/logout/", {"next": where}),
        client.get(f"/{where}"),
        client.get(f"/articles/{where}"),
    ]
    for answer in answers:
        places = [place for place, _ in getattr(answer, "redirect_chain", [])]
        places.append(answer.headers.get("Location", ""))
        for place in places:
            host = place.split("?")[0].split("#")[0]
            assert host == "" or (host.startswith("/") and host[1:2] not in ("/", "\\", "\t"))
