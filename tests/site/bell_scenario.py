"""A page is withdrawn in another process; run by test_bell.py in a process of its own."""

import os

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connections  # noqa: E402

from autoimmune_site.page_cache import bell, watch  # noqa: E402
from autoimmune_site.page_cache.application import PageCache  # noqa: E402
from editorial import actions  # noqa: E402
from tests import factories  # noqa: E402

from .wsgi_client import ask  # noqa: E402


def in_another_process(change) -> None:
    """Make a change, acknowledge it and be gone."""
    connections.close_all()
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
        return
    try:
        change()
    finally:
        os._exit(0)


def main() -> None:
    watch.LEASE = float("inf")  # nothing is looked at only because time has passed
    page = factories.published_page(title="Rest and lupus", slug="rest-and-lupus")
    editor = factories.people().editor
    cache = PageCache(WSGIHandler(), 1_000_000)

    def status() -> int:
        return ask(cache, "/articles/rest-and-lupus/").status

    assert [status(), status()] == [200, 200]
    in_another_process(lambda: actions.withdraw(page, by=editor, reason="It was wrong."))
    assert status() == 410

    other = factories.published_page(title="Sleep and lupus", slug="rest-and-sleep")
    assert ask(cache, "/articles/rest-and-sleep/").status == 200
    ring, bell.Bell.ring = bell.Bell.ring, lambda self: None
    in_another_process(lambda: actions.withdraw(other, by=editor, reason="It was wrong."))
    assert ask(cache, "/articles/rest-and-sleep/").status == 200, "seen without the bell"
    bell.Bell.ring = ring
    bell.bell_of(connections["default"]).ring()
    assert ask(cache, "/articles/rest-and-sleep/").status == 410


main()
print("heard")
