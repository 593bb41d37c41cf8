"""A stand-in for the services that papers are looked up at."""

import pytest

from evidence.outgoing import HOSTS
from tests.evidence import stub as stubs


@pytest.fixture(scope="session")
def _certificate(tmp_path_factory):
    return stubs.make_certificate(tmp_path_factory.mktemp("stub"), HOSTS)


@pytest.fixture
def stub(_certificate, settings, monkeypatch):
    """The server, which look-ups of this test go to."""
    server = stubs.Stub(*_certificate)
    monkeypatch.setattr(stubs.StubClient, "stub", server)
    settings.SOURCE_LOOKUP = "on"
    settings.OUTGOING_CLIENT = "tests.evidence.stub.StubClient"
    yield server
    server.close()
