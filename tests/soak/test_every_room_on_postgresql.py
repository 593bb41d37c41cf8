"""Every room's tests again, on PostgreSQL; minutes."""

import pytest

from tests.on_postgresql import TESTS, run_on_postgresql

ROOMS = ["articles", "claims", "editorial", "evidence", "search", "site", "therapies"]
# These start processes and databases of their own.
OWN_DATABASE = {"test_migrations.py"}
# Asks over WSGI, and a request's end closes the connection that the test's transaction is on.
OVER_WSGI = {"test_api_fuzz.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_on_postgresql(room, postgres_url, postgres_template):
    files = sorted((TESTS / room).glob("test_*.py"))
    names = [f"{room}/{file.name}" for file in files if file.name not in OWN_DATABASE | OVER_WSGI]
    run_on_postgresql(names, url=postgres_url, template=postgres_template)
