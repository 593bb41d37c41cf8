"""Fixtures for tests in a real browser.

`site_server`        a running site for tests that only read; all of them share it
`own_site_server`    a running site of the test's own, to write to
`browser_page`       a page in a fresh context; any error on it fails the test
`new_page`           makes more such pages: new_page(color_scheme="dark", viewport={…})
`browser_problems`   what went wrong so far; browser_problems.allow("status of 404")

These tests leave Django's database in this process alone: the site runs in another process,
and Playwright's event loop forbids it.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .install import find
from .site_server import SiteServer, database_with_sessions
from .watch import Problems

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-quic",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
    "--no-pings",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless browser. Ends with this package, as its event loop would stop database tests."""
    program, needs = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=ARGUMENTS, env={**os.environ, **needs}
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def known_origins() -> set[str]:
    """Addresses of the servers that pages may ask; servers add themselves."""
    return set()


@pytest.fixture(scope="session")
def start_site(tmp_path_factory, known_origins) -> Iterator[Callable[[], SiteServer]]:
    """Starts sites, each on a database of its own."""
    base, servers = tmp_path_factory.mktemp("base") / "db.sqlite3", []
    cookies = database_with_sessions(base)

    def start() -> SiteServer:
        servers.append(SiteServer(tmp_path_factory.mktemp("site"), base, cookies))
        known_origins.add(servers[-1].url)
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def site_server(start_site) -> SiteServer:
    """The site for tests that only read."""
    return start_site()


@pytest.fixture(scope="session")
def _site_to_write_to(start_site) -> SiteServer:
    return start_site()


@pytest.fixture
def own_site_server(_site_to_write_to) -> SiteServer:
    """The site for one test that writes: as it ships, and nobody else sees it."""
    _site_to_write_to.begin_anew()
    return _site_to_write_to


@pytest.fixture
def browser_problems(known_origins) -> Iterator[Problems]:
    """What the pages of this test did wrong; anything left at the end fails it."""
    problems = Problems(known_origins)
    yield problems
    if found := problems.found():
        pytest.fail("\n".join(found), pytrace=False)


@pytest.fixture
def new_page(browser: Browser, browser_problems: Problems) -> Iterator[Callable[..., Page]]:
    """Makes a page in a fresh context of its own; arguments as for Playwright's new_context."""
    contexts = []

    def make(**options) -> Page:
        context = browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce", **options})
        context.set_default_timeout(15_000)
        browser_problems.watch(context)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def browser_page(new_page) -> Page:
    """A page 1280 pixels wide in a fresh context."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add the server's log to the report of a failed test."""
    report = yield
    if report.failed:
        for server in getattr(item, "funcargs", {}).values():
            if isinstance(server, SiteServer) and server.log().strip():
                report.sections.append(("The site's log", server.log()[-8000:]))
    return report
