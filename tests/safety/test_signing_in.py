"""Signing in, second factors, the end of sessions, and being asked again."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from autoimmune_site import sessions
from editorial import actions, roles
from editorial.errors import NotAllowed
from editorial.models import Event, KindPolicy
from tests import factories

PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"
REAL_TIME = time.time


def sign_in(client, name, password=PASSWORD):
    """Send the sign-in form."""
    return client.post(LOGIN, {"login": name, "password": password})


def code_of(secret: str) -> str:
    """The code that an authenticator would show now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_totp(client) -> list[str]:
    """Set up an authenticator as a person does; the recovery codes."""
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page).group(1)
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert answer.status_code == 200
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    return re.findall(r"\b\d{8}\b", page)


@pytest.fixture
def required(settings):
    """A site as it is in public: second factors are required."""
    settings.STAFF_MFA = "required"


def test_without_a_second_factor_there_is_no_desk_only_the_way_to_set_one_up(
    client, people, required
):
    assert sign_in(client, "editor").status_code == 302
    for address in ("/admin/", "/admin/articles/article/", "/admin/me/", "/admin/jsi18n/"):
        answer = client.get(address, follow=True)
        assert answer.redirect_chain[-1][0] == "/accounts/2fa/", address
        assert "Set up a second factor first" in answer.content.decode()
    codes = set_up_totp(client)
    assert len(codes) == 10
    assert client.get("/admin/").status_code == 200


def test_no_role_counts_without_a_second_factor_wherever_an_act_is_asked_for(
    client, rf, people, required
):
    page = factories.published_page()
    sign_in(client, "admin")
    request = rf.get("/accounts/password/change/")  # where who lacks one is still somebody
    request.COOKIES["sessionid"] = client.session.session_key
    request.session, request.user = client.session, people.admin
    assert sessions.keep_within_limits(lambda request: request.user)(request) == people.admin
    assert not any(roles.can(request.user, act) for act in roles.RULES)
    assert not any(roles.can_sometimes(request.user, act) for act in roles.RULES)
    with pytest.raises(NotAllowed):
        actions.withdraw(page, by=request.user, reason="It was wrong.")


def test_the_code_is_asked_for_and_each_recovery_code_works_once(people, required):
    first = Client()
    sign_in(first, "editor")
    codes = set_up_totp(first)
    for code, works in ((codes[0], True), (codes[0], False), ("000000", False), (codes[1], True)):
        client = Client()
        assert sign_in(client, "editor").headers["Location"] == "/accounts/2fa/authenticate/"
        assert client.get("/admin/").status_code == 302  # the password alone opens nothing
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert (client.get("/admin/").status_code == 200) is works


def test_the_same_code_of_an_authenticator_is_not_taken_twice(people, required):
    first = Client()
    sign_in(first, "editor")
    set_up_totp(first)
    totp = Authenticator.objects.get(user=people.editor, type="totp").wrap()
    assert isinstance(totp, TOTP)
    from allauth.mfa.adapter import get_adapter

    code = code_of(get_adapter().decrypt(totp.instance.data["secret"]))
    results = []
    for _ in range(2):
        client = Client()
        sign_in(client, "editor")
        client.post("/accounts/2fa/authenticate/", {"code": code})
        results.append(client.get("/admin/").status_code)
    assert results[-1] == 302


def test_nobody_learns_whether_a_name_exists(people):
    def words(name, password):
        answer = sign_in(Client(), name, password)
        text = re.sub(r"csrf[^>]*|value=\"[^\"]*\"", "", answer.content.decode())
        return answer.status_code, text

    known = words("editor", "wrong")
    assert known == words("nobody-here", "wrong")
    assert words("editor@example.org", "wrong") == words("nobody@example.org", "wrong")
    people.author.is_active = False
    people.author.save(update_fields=["is_active"])
    assert known == words("author", "wrong")


def test_names_that_exist_and_names_that_do_not_cost_one_hash_each(people, monkeypatch, settings):
    from django.contrib.auth.hashers import MD5PasswordHasher

    count = []
    encode = MD5PasswordHasher.encode

    def counted(self, *args, **kwargs):
        count.append(1)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    costs = []
    for name in ("editor", "nobody-here", "editor@example.org", "nobody@example.org"):
        count.clear()
        sign_in(Client(), name, "wrong")
        costs.append(len(count))
    assert len(set(costs)) == 1, costs


def test_a_forgotten_password_tells_nobody_who_has_an_account(client, people):
    texts = []
    for address in ("editor@example.org", "nobody@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": address}, follow=True)
        texts.append((answer.status_code, answer.redirect_chain))
    assert texts[0] == texts[1]
    assert len(mail.outbox) == 2  # and it takes as long, as both are written to


def test_guessing_is_slowed_down_by_name_and_by_address(people):
    for _ in range(5):
        sign_in(Client(REMOTE_ADDR="192.0.2.1"), "editor", "wrong")
    answer = sign_in(Client(REMOTE_ADDR="198.51.100.7"), "editor")
    assert "Too many failed login attempts" in answer.content.decode()
    for number in range(12):
        answer = sign_in(Client(REMOTE_ADDR="192.0.2.2"), f"guess-{number}", "wrong")
    assert answer.status_code == 429 or "Too many" in answer.content.decode()


@pytest.mark.parametrize(
    ("proxies", "passed", "counted"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "no address", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_an_invented_address_counts_for_nothing(rf, settings, proxies, passed, counted):
    from allauth.account.adapter import get_adapter

    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": passed})
    assert get_adapter().get_client_ip(request) == counted


def later(monkeypatch, seconds):
    """Let the sessions' clock be so much later."""
    now = REAL_TIME() + seconds
    monkeypatch.setattr(sessions.time, "time", lambda: now)


def test_a_session_ends_after_two_hours_without_a_sign_of_the_person(client, people, monkeypatch):
    sign_in(client, "editor")
    later(monkeypatch, sessions.IDLE - 10)
    assert client.get("/admin/").status_code == 200
    later(monkeypatch, 2 * sessions.IDLE + 10)
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/admin/login/")
    assert "You were signed out" in answer.content.decode()


def test_an_open_form_alone_keeps_no_session_and_twelve_hours_end_any(client, people, monkeypatch):
    sign_in(client, "editor")
    for hours in range(1, 12):
        later(monkeypatch, hours * 3600)
        assert client.get("/admin/me/").status_code == 200
    later(monkeypatch, sessions.LONGEST + 10)
    assert client.get("/admin/me/").status_code == 302
    client = Client()
    monkeypatch.undo()
    sign_in(client, "editor")
    later(monkeypatch, sessions.IDLE - 10)
    client.post("/admin/articles/article/add/presence/", {"tab": "abc"})
    later(monkeypatch, sessions.IDLE + 10)
    assert client.get("/admin/me/").status_code == 302


def test_a_new_password_ends_all_other_sessions(people):
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, "editor")
        assert client.get("/admin/").status_code == 200
    new = {"oldpassword": PASSWORD, "password1": "another staple 99", "password2": ""}
    answer = here.post("/accounts/password/change/", new | {"password2": new["password1"]})
    assert answer.status_code == 302
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("new", "taken"), [("password123", False), ("rain upon the quiet harbour", True)]
)
def test_a_common_password_is_refused_and_a_long_one_needs_no_digits(client, people, new, taken):
    sign_in(client, "editor")
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = client.post("/accounts/password/change/", form)
    assert answer.status_code == (302 if taken else 200)
    assert (sign_in(Client(), "editor", new).status_code == 302) is taken


def test_who_is_shut_out_is_out_at_once(client, people):
    sign_in(client, "author")
    assert client.get("/admin/").status_code == 200
    people.author.is_active = False
    people.author.save(update_fields=["is_active"])
    assert client.get("/admin/").status_code == 302
    again = Client()
    sign_in(again, "author")
    assert again.get("/admin/").status_code == 302


def test_signing_in_begins_a_new_session(client, people):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client, "editor")
    assert client.cookies["sessionid"].value != session.session_key


DANGEROUS = [
    "/admin/editorial/user/add/",
    "/admin/editorial/user/{author}/change/",
    "/admin/editorial/user/{author}/password/",
    "/admin/editorial/user/export.csv",
    "/admin/editorial/kindpolicy/{policy}/change/",
]


@pytest.mark.parametrize("address", DANGEROUS)
def test_dangerous_acts_ask_again_after_ten_minutes(client, people, monkeypatch, address):
    address = address.format(author=people.author.pk, policy=KindPolicy.objects.first().pk)
    sign_in(client, "admin")
    assert client.get(address).status_code == 200
    later(monkeypatch, 700)
    answer = client.get(address, follow=True)
    assert answer.redirect_chain[0][0].startswith("/accounts/reauthenticate/?next=")
    before = Event.objects.filter(verb__startswith="person.").count()
    assert client.post(address, {"is_active": "on"}).status_code == 302
    assert Event.objects.filter(verb__startswith="person.").count() == before
    back = client.post(f"/accounts/reauthenticate/?next={address}", {"password": PASSWORD})
    assert back.status_code == 302
    assert client.get(address).status_code == 200


def test_an_administrator_takes_away_lost_second_factors_but_not_their_own(people, required):
    theirs, mine = Client(), Client()
    sign_in(theirs, "editor")
    set_up_totp(theirs)
    sign_in(mine, "admin")
    set_up_totp(mine)
    answer = mine.post(f"/admin/editorial/user/{people.editor.pk}/take-factors/", follow=True)
    assert "second factors of editor taken away" in answer.content.decode()
    assert not Authenticator.objects.filter(user=people.editor).exists()
    assert Event.objects.filter(verb="person.second_factors_taken", subject="editor").exists()
    assert theirs.get("/admin/").status_code == 302
    mine.post(f"/admin/editorial/user/{people.admin.pk}/take-factors/")
    assert Authenticator.objects.filter(user=people.admin).exists()


@pytest.mark.parametrize(
    "address",
    ["signup/", "email/", "confirm-email/", "confirm-email/abc/", "login/code/", "password/set/"],
)
def test_there_is_no_other_door(client, people, address):
    assert client.get(f"/accounts/{address}").status_code == 404
    assert client.post(f"/accounts/{address}", {"email": "a@example.org"}).status_code == 404
    form = {"username": "admin", "password": PASSWORD}
    client.post("/admin/login/", form)
    assert client.get("/admin/").status_code == 302


def test_passkeys_are_offered(client, db):
    assert "Sign in with a passkey" in client.get(LOGIN).content.decode()
