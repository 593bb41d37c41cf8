"""Every address, for every role and for nobody, against one table: who_may.txt.

An address without a row fails, and so does a row without an address. To add a view, add its row:
`route | who is answered when reading | who writes with a forged form`, where A is an author,
E an editor, R a medical reviewer, M a moderator, X an administrator, o a member of staff without a
role and n nobody. Reading is answered when the page itself comes back: no redirect, no refusal.
"""

from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client

from tests import factories
from tests.safety import addresses
from tests.site.conftest import site

__all__ = ["site"]  # pytest looks for it here

TABLE = Path(__file__).with_name("who_may.txt")
ANSWERED = (200, 422)
NOT_SWEPT = ("/logout/",)  # they end the session that sweeps
HARMLESS = {"django_session"}
FORGED = {
    "title": "Forged",
    "slug": "forged",
    "summary": "Forged.",
    "body": "<p>Forged.</p>",
    "reason": "Forged.",
    "text": "Forged.",
    "note": "Forged.",
    "name": "Forged",
    "query": "q=1",
    "username": "forged",
    "email": "forged@example.org",
    "role_list": "administrator",
    "is_active": "on",
    "is_superuser": "on",
    "password1": "quite another thing 12",
    "password2": "quite another thing 12",
    "outcome": "not_a_claim",
    "act": "decide",
    "approvals_needed": "1",
    "review_days": "100",
    "key": "forged",
    "authors": "Forged",
    "journal": "Forged",
    "year": "2020",
    "url": "https://example.org/forged",
    "design": "RCT",
    "confidence": "high",
    "weeks": "3",
    "kind": "article",
    "for_whom": "Forged",
    "days": "3",
    "q": "rest",
    "tab": "abc",
}


def table() -> dict[str, tuple[str, str]]:
    """Route -> (who is answered, who writes)."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            route, sees, writes = (part.strip() for part in line.split(" | "))
            rows[route] = (sees.replace("-", ""), writes.replace("-", ""))
    return rows


def swept() -> list[str]:
    """The routes, those of articles standing for every kind of page."""
    found = [r for r in addresses.routes() if not any(part in r for part in NOT_SWEPT)]
    kinds = ("admin/therapies/condition/", "admin/therapies/therapy/")
    return [r for r in found if not r.startswith(kinds)]


def clients() -> dict[str, Client]:
    """A browser for each letter of the table."""
    cast = factories.people()
    signed_in = {
        "A": cast.author,
        "E": cast.editor,
        "R": cast.reviewer,
        "M": cast.moderator,
        "X": cast.admin,
        "o": cast.outsider,
    }
    browsers = {letter: Client(raise_request_exception=False) for letter in "AERMXon"}
    for letter, person in signed_in.items():
        browsers[letter].force_login(person)
    return browsers


class Writes:
    """Collects the tables that are written to."""

    def __init__(self):
        self.tables = set()

    def __call__(self, execute, sql, params, many, context):
        words = sql.split()
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            self.tables.add(next(word for word in words if '"' in word).split('"')[1])
        return execute(sql, params, many, context)


def try_out(browser, address) -> tuple[bool, bool]:
    """Whether reading is answered and whether a forged form writes; nothing of it stays."""
    point, cookies = transaction.savepoint(), dict(browser.cookies)
    writes = Writes()
    try:
        read = browser.get(address)
        with connection.execute_wrapper(writes):
            browser.post(address, FORGED)
    finally:
        transaction.savepoint_rollback(point)
        browser.cookies.clear()
        browser.cookies.update(cookies)  # a session that was begun anew is gone again
    assert read.status_code < 500, address
    return read.status_code in ANSWERED, bool(writes.tables - HARMLESS)


def test_every_address_has_a_row_and_every_row_an_address():
    assert {addresses.folded(route) for route in swept()} == set(table())


def test_kinds_of_page_have_the_same_addresses_in_the_admin():
    by_kind = {}
    for route in addresses.routes():
        if found := addresses.PAGES.match(route):
            by_kind.setdefault(found.group(), set()).add(route.removeprefix(found.group()))
    article, *others = by_kind.values()
    assert len(others) == 2
    assert all(other - article == {"<int:pk>/where/"} and article <= other for other in others)


@pytest.mark.parametrize("room", ["", "admin/PAGE", "admin/", "accounts/"])
def test_everybody_gets_what_the_table_says(site, room, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world, browsers, expected = addresses.world(site), clients(), table()
    wrong = []
    for route in swept():
        row = addresses.folded(route)
        if _room(row) != room:
            continue
        sees = writes = ""
        for letter, browser in browsers.items():
            read, wrote = try_out(browser, world.address(route))
            sees, writes = sees + letter * read, writes + letter * wrote
        if (sees, writes) != expected.get(row):
            wrong.append(f"{row} | {sees or '-'} | {writes or '-'}")
    assert not wrong, "\n".join(wrong)


def test_without_a_second_factor_an_administrator_is_nobody_anywhere(site, settings, tmp_path):
    settings.MEDIA_ROOT, settings.STAFF_MFA = tmp_path, "required"
    world, browser, expected = addresses.world(site), clients()["X"], table()
    for route in swept():
        row = addresses.folded(route)
        if _room(row) != "accounts/":  # where one is set up
            nobody = tuple("n" in letters for letters in expected[row])
            assert try_out(browser, world.address(route)) == nobody, route


def _room(row: str) -> str:
    rooms = ("admin/PAGE", "admin/", "accounts/")
    return next((room for room in rooms if row.startswith(room)), "")


def test_forms_from_elsewhere_write_nothing(site):
    world = addresses.world(site)
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(factories.people().admin)
    for route in swept():
        writes = Writes()
        with connection.execute_wrapper(writes):
            browser.post(world.address(route), FORGED)
        assert not writes.tables - {"django_session"}, route
