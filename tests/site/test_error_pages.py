"""Pages for when something is wrong: they need neither database nor templates, and lose no text."""

import pytest
from django.db import OperationalError
from django.http import HttpResponseForbidden
from django.test import Client
from django.urls import path

from autoimmune_site import error_pages, urls
from tests import factories

TEXT = "A paragraph that somebody has written with care, <b>with marks</b> & signs."


def _database_away(request):
    raise OperationalError("the server closed the connection; password=hunter2")


def _mistake(request):
    raise ZeroDivisionError("a secret of the code")


class Breaking:
    """The site's addresses, and two that break."""

    urlpatterns = [path("away/", _database_away), path("mistake/", _mistake)] + urls.urlpatterns
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def broken(settings):
    """A browser of a site where something is wrong, and where no template can be made."""
    settings.ROOT_URLCONF = Breaking
    settings.TEMPLATES = []
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [("/away/", 503, "The database does not answer"), ("/mistake/", 500, "Something went wrong")],
)
def test_a_page_says_what_is_wrong_and_nothing_of_the_code(broken, address, status, says):
    answer = broken.get(address)
    text = answer.content.decode()
    assert answer.status_code == status and says in text
    assert answer["Cache-Control"] == "no-store"
    for secret in ("Traceback", "hunter2", "secret", "Error", "<script", "style="):
        assert secret not in text
    assert (answer.get("Retry-After") is not None) == (status == 503)


@pytest.mark.parametrize("address", ["/away/", "/mistake/"])
def test_what_was_written_is_given_back(broken, address):
    answer = broken.post(address, {"body": TEXT, "title": "Short", "password": "s3cret" * 10})
    text = answer.content.decode()
    assert "with care, &lt;b&gt;with marks&lt;/b&gt; &amp; signs." in text
    assert "s3cret" not in text and "Short" not in text


def test_a_form_that_was_open_too_long_gives_its_text_back(db):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.people().editor)
    answer = strict.post("/admin/articles/article/add/", {"body": TEXT})
    assert answer.status_code == 403
    assert "can no longer be sent" in answer.content.decode()
    assert "&lt;b&gt;with marks" in answer.content.decode()


def test_a_bad_request_and_a_refusal_have_pages_too(client, rf, settings):
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400 and b"cannot be read" in answer.content
    refusal = error_pages.forbidden(rf.get("/"), HttpResponseForbidden())
    assert refusal.status_code == 403 and b"Your roles" in refusal.content


def test_a_page_names_the_number_of_the_request(broken):
    from autoimmune_site import logs

    logs.begin("number-one-of-many")
    assert b"number-one-of-many" in broken.get("/mistake/").content
