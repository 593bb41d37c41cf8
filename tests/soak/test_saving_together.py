"""Several people and tabs autosave one page at the same moment, on one SQLite file, through HTTP.

No browser is needed; the site is the real one, with its workers, on a database of its own.
"""

import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from html import unescape
from http.cookiejar import CookieJar
from threading import Barrier
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from tests.browser.site_server import SiteServer

PAGE = "/admin/articles/article/56"
SAVES = 8
WRITERS = ["editor", "editor", "admin", "admin", "editor", "admin"]


class Session:
    """One tab of one person, with what the site has acknowledged to it."""

    def __init__(self, server, name: str, number: int):
        self.server, self.tab, self.number = server, f"tab{number}", 0
        self.cookies = CookieJar()
        self.http = build_opener(HTTPCookieProcessor(self.cookies))
        self.get("/accounts/login/")
        self.post("/accounts/login/", {"login": name, "password": server.password})
        self.answers: list[tuple[str, str]] = []  # what became of which words

    def get(self, path: str) -> str:
        with self.http.open(self.server.url + path, timeout=60) as answer:
            return answer.read().decode()

    def post(self, path: str, fields: dict) -> str:
        token = next(c.value for c in self.cookies if c.name == "csrftoken")
        data = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        headers = {"Referer": self.server.url + path}
        request = Request(self.server.url + path, data=data, headers=headers)
        with self.http.open(request, timeout=60) as answer:
            return answer.read().decode()

    def open_form(self) -> None:
        """As a person does who was told that the tab is stale: open the form anew."""
        form = self.get(f"{PAGE}/change/")
        self.basis = re.search(r'name="based_on" value="([^"]*)"', form)[1]
        self.slug = re.search(r'name="slug" value="([^"]*)"', form)[1]
        self.body = unescape(
            re.search(r'<textarea name="body"[^>]*>(.*?)</textarea>', form, re.S)[1]
        )
        self.tab += "x"

    def write(self, start: Barrier) -> None:
        """Add to the text and autosave again and again, as fast as the site answers."""
        self.open_form()
        start.wait()
        for turn in range(SAVES):
            self.number += 1
            words = f"Words {turn} of {self.tab}."
            self.body += f"<p>{words}</p>"
            fields = {"title": "Together", "slug": self.slug, "summary": "", "tags": ""}
            tab = {"tab": self.tab, "tab_number": self.number, "based_on": self.basis}
            told = json.loads(self.post(f"{PAGE}/autosave/", fields | tab | {"body": self.body}))
            self.answers.append((told["state"], words))
            if told["state"] == "saved":
                self.basis = told["basis"]
            elif turn % 2:
                self.open_form()


@pytest.fixture
def own_site_server(tmp_path):
    """A running site of the test's own."""
    server = SiteServer(tmp_path)
    yield server
    server.stop()


def test_no_acknowledged_autosave_is_lost(own_site_server):
    sessions = [Session(own_site_server, name, n) for n, name in enumerate(WRITERS)]
    start = Barrier(len(sessions))
    with ThreadPoolExecutor(len(sessions)) as pool:
        for done in [pool.submit(session.write, start) for session in sessions]:
            done.result()

    with closing(sqlite3.connect(own_site_server.database)) as database:
        rows = database.execute(
            "SELECT state, content FROM editorial_revision WHERE page_id = 56 ORDER BY number"
        ).fetchall()
        unsaved = database.execute("SELECT fields FROM editorial_unsavedtext").fetchall()
    (newest,) = [content for state, content in rows if state == "draft"]
    aside = "".join([content for _, content in rows] + [fields for (fields,) in unsaved])
    answers = [answer for session in sessions for answer in session.answers]
    # Each save was made on the newest text, so the newest text holds what was saved, all of it.
    assert [w for state, w in answers if state == "saved" and w not in newest] == []
    assert [w for state, w in answers if state == "stale" and w not in aside] == []
    assert {state for state, _ in answers} == {"saved", "stale"}
    assert len(answers) == SAVES * len(sessions)
    assert "none altered" in own_site_server.manage("verify_audit")
