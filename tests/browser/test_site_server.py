import os

import pytest


def test_the_site_answers_in_the_browser(site_server, browser_page):
    browser_page.goto(f"{site_server.url}/")
    assert browser_page.locator("h1").count() == 1


def test_a_writing_test_has_a_database_of_its_own(site_server, own_site_server):
    assert own_site_server.url != site_server.url
    assert not os.path.samefile(own_site_server.database, site_server.database)


def test_commands_run_on_the_database_of_the_server(own_site_server):
    assert "No migrations to apply" in own_site_server.manage("migrate")


def test_a_failing_command_tells_what_it_printed(own_site_server):
    with pytest.raises(AssertionError, match="Unknown command: 'no_such_command'"):
        own_site_server.manage("no_such_command")
