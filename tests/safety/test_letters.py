"""The letters about accounts: what they say, where they lead, and what they tell to whom."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.safety.test_signing_in import PASSWORD, set_up_totp, sign_in

RESET = "/accounts/password/reset/"
NEW = {"password1": "another staple 99", "password2": "another staple 99"}
OURS = "Autoimmune Evidence: "


def asked_for(address: str, client=None, **extra):
    """The letter that comes when a new password is asked for."""
    mail.outbox.clear()
    (client or Client()).post(RESET, {"email": address}, **extra)
    return mail.outbox[0]


def link_in(letter) -> str:
    return re.search(r"https?://\S+/key/\S+", letter.body).group()


def followed(client, path: str) -> str:
    """The page that the link opens."""
    return client.get(path, follow=True).content.decode()


def holds_to_the_house(letter) -> None:
    """Plain text only, the site's name and address, and none of allauth's own words."""
    assert letter.subject.startswith(OURS) and letter.body.count("\n\n") >= 2
    assert not letter.alternatives and letter.content_subtype == "plain"
    assert letter.body.endswith("Autoimmune Evidence\nhttp://127.0.0.1:8000")
    assert not re.search(r"&\w+;|recogniz|Hello from|sign up|testserver", letter.body)


def test_a_new_password_is_chosen_by_way_of_the_letter_once(client, people):
    letter = asked_for("editor@example.org")
    holds_to_the_house(letter)
    assert letter.subject == OURS + "Set a new password" and letter.to == ["editor@example.org"]
    assert "Your user name is editor." in letter.body and "within an hour" in letter.body
    path = link_in(letter).removeprefix("http://127.0.0.1:8000")
    form = client.get(path, follow=True).redirect_chain[-1][0]
    mail.outbox.clear()
    assert client.post(form, NEW).status_code == 302
    (told,) = mail.outbox
    holds_to_the_house(told)
    assert told.subject == OURS + "Your password was set anew" and "From: 127.0.0.1" in told.body
    assert sign_in(Client(), "editor", NEW["password1"]).status_code == 302
    assert 'name="password1"' not in followed(Client(), path)


def test_a_new_password_alone_does_not_get_past_the_second_factor(client, people, settings):
    settings.STAFF_MFA = "required"
    first = Client()
    sign_in(first, "editor")
    set_up_totp(first)
    path = link_in(asked_for("editor@example.org")).removeprefix("http://127.0.0.1:8000")
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, NEW)
    assert client.get("/admin/").status_code == 302
    sign_in(client, "editor", NEW["password1"])
    assert client.get("/admin/").status_code == 302


def test_the_link_ends_after_an_hour(client, people, monkeypatch):
    path = link_in(asked_for("editor@example.org")).removeprefix("http://127.0.0.1:8000")
    later = timezone.now().replace(tzinfo=None) + timedelta(seconds=3610)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert "/key/" in path and 'name="password1"' not in followed(client, path)
    monkeypatch.undo()
    assert 'name="password1"' in followed(Client(), path)


def test_who_has_no_account_is_told_so_and_is_not_sent_to_a_closed_door(people):
    letter = asked_for("nobody@example.org")
    holds_to_the_house(letter)
    assert letter.subject == OURS + "You have no account here"
    assert "No account has this address." in letter.body and "/accounts/" not in letter.body


def test_who_was_shut_out_gets_no_link(people):
    people.author.is_active = False
    people.author.save(update_fields=["is_active"])
    assert "/key/" not in asked_for("author@example.org").body


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_a_forged_host_leads_nobody_elsewhere(people, settings, header):
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]  # even one that is let through
    letter = asked_for("editor@example.org", **{header: "evil.example"})
    assert link_in(letter).startswith("http://127.0.0.1:8000/accounts/")
    assert "evil.example" not in letter.body + letter.subject
    settings.ALLOWED_HOSTS = ["testserver"]
    mail.outbox.clear()
    if header == "HTTP_HOST":
        answer = Client(headers={"host": "evil.example"}).post(
            RESET, {"email": "editor@example.org"}
        )
        assert answer.status_code == 400 and mail.outbox == []


def test_people_are_told_when_a_password_or_a_second_factor_changes(
    client, people, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client, "editor")
        set_up_totp(client)
        client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/password/change/", NEW | {"oldpassword": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    for letter in mail.outbox:
        holds_to_the_house(letter)
        assert letter.to == ["editor@example.org"]
        assert "If it was not, tell an administrator at once" in letter.body
    assert [letter.subject.removeprefix(OURS) for letter in mail.outbox] == [
        "An authenticator app was added",
        "New recovery codes were made",
        "Your password was changed",
        "The authenticator app was removed",
    ]


def test_without_a_mail_server_the_answer_is_the_same_and_the_log_names_nobody(
    people, settings, caplog
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answers = [
        Client().post(RESET, {"email": address}).headers["Location"]
        for address in ("editor@example.org", "nobody@example.org")
    ]
    assert answers[0] == answers[1]
    assert "were not sent" in caplog.text and "@" not in caplog.text
