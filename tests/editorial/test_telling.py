"""Letters to staff, and what is called stale."""

import pytest
from django.core import mail
from django.db import transaction

from editorial import freshness
from editorial.mail import tell
from tests import factories


def test_each_person_with_an_address_gets_one_letter_after_the_commit(
    people, django_capture_on_commit_callbacks
):
    nameless = factories.person("nameless")
    nameless.email = ""
    gone = factories.person("gone")
    gone.is_active = False
    with django_capture_on_commit_callbacks() as callbacks:
        tell(
            [people.author, people.author, nameless, gone, None],
            subject="Changes\nrequested",
            text="Please look.",
            path="/admin/",
        )
        assert mail.outbox == []
    for callback in callbacks:
        callback()
    (letter,) = mail.outbox
    assert letter.to == ["author@example.org"]
    assert letter.subject == "Changes requested"
    assert letter.body == "Please look.\n\nhttp://127.0.0.1:8000/admin/\n"


def test_a_dead_mail_server_undoes_nothing(
    people, settings, caplog, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        tell([people.author], subject="Hello", text="Words.")
    assert "1 letters to staff were not sent" in caplog.text
    assert "author@example.org" not in caplog.text


def test_nothing_is_called_stale_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        freshness.stale("page:1")
