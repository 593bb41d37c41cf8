"""Thousands of attempts to run script through every field that reaches a page, in Chromium.

The pages come without their content security policy: the HTML alone must hold.
"""

import os
import subprocess
import sys

from tests.safety import in_browser, payloads

from .site_server import ROOT, copy_database, environment, prepared_database

COUNT = int(os.environ.get("XSS_PAYLOADS", "600"))


def make_pages(tmp_path, count):
    """The pages of a site full of payloads, one file each."""
    database, folder = tmp_path / "db.sqlite3", tmp_path / "pages"
    folder.mkdir()
    copy_database(prepared_database(), database)
    settings = {"DJANGO_SETTINGS_MODULE": "autoimmune_site.settings", "ALLOWED_HOSTS": "testserver"}
    settings["SITE_URL"] = "http://testserver"
    done = subprocess.run(
        [sys.executable, "-m", "tests.safety.xss_site", str(folder), str(count)],
        cwd=ROOT,
        env=environment(database) | settings,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return folder


def test_no_payload_runs_anywhere(browser, tmp_path):
    folder = make_pages(tmp_path, COUNT)
    assert len(list(folder.glob("*.html"))) > 200
    assert in_browser.what_runs(browser, folder) == {}


def test_the_detector_sees_payloads_that_nobody_cleaned(browser, tmp_path):
    raw = payloads.payloads(100)
    for number, payload in enumerate(raw):
        text = f"raw {number}\n<!doctype html><main>{payload}</main>"
        (tmp_path / f"{number}.html").write_text(text, encoding="utf-8", errors="replace")
    assert len(in_browser.what_runs(browser, tmp_path)) > 20
