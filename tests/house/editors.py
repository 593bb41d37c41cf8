"""Twenty editors who write through real HTTP on one SQLite file while processes are killed.

What the server acknowledged must be there afterwards, whatever was killed meanwhile.
"""

import html
import http.client
import json
import os
import re
import signal
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.browser.site_server import SiteServer

EDITORS, PAGES = 20, 10
TOKEN = "a" * 32  # the same in cookie and form is what Django asks for
ACCOUNTS = """
import json
from django.contrib.auth import get_user_model, SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from editorial import actions, roles
editors = []
for number in range({editors}):
    user = get_user_model().objects.create_user(f"soak{{number}}", is_staff=True)
    roles.grant(user, "editor")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    editors.append(session.session_key)
pages = [
    actions.save_draft(kind="article", by=user, content={{
        "title": f"Shared page {{number}}", "slug": "", "summary": "", "tags": [],
        "body": "<p>It begins.</p>", "conditions": [], "therapies": []}}).page_id
    for number in range({pages})
]
print(json.dumps([editors, pages]))
"""


@dataclass
class Editor:
    """One person who goes on saving one page until told to stop."""

    name: str
    session: str
    port: int
    page: int
    acknowledged: list[str] = field(default_factory=list)
    kept_aside: int = 0
    broken: int = 0
    problems: list[str] = field(default_factory=list)
    count: int = 0

    def work(self, ended: threading.Event) -> None:
        """Open, add a sentence, save; again and again. A cut connection is tried again."""
        while not ended.is_set():
            try:
                self.save_once()
            except (OSError, http.client.HTTPException):
                self.broken += 1
                time.sleep(0.1)
            except Exception as error:  # a thread must not die unseen
                self.problems.append(repr(error))
                return

    def save_once(self) -> None:
        status, _, text = self.ask("GET")
        if status != 200:
            self.problems.append(f"the form answered {status}")
            return
        self.count += 1
        mark = f"{self.name}n{self.count}x"
        data = {
            "csrfmiddlewaretoken": TOKEN,
            "based_on": _value(text, r'name="based_on" value="([^"]*)"'),
            "title": _value(text, r'name="title" value="([^"]*)"'),
            "slug": _value(text, r'name="slug" value="([^"]*)"'),
            "summary": "",
            "tags": "",
            "body": _value(text, r'<textarea name="body"[^>]*>(.*?)</textarea>').strip()
            + f"<p>Some people rest, {mark}.</p>",
            "_save": "Save draft",
        }
        status, location, text = self.ask("POST", urlencode(data))
        if status == 302 and "/admin/articles/" in location:
            self.acknowledged.append(mark)
            self.kept_aside += "/meanwhile/" in location
        else:
            self.problems.append(f"a save answered {status} {location}")

    def ask(self, method: str, body: str | None = None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(connection):
            path = f"/admin/articles/article/{self.page}/change/"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, answer.headers.get("Location", ""), text


def _value(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.S)
    if not found:
        raise ValueError(f"The form has no {pattern}")
    return html.unescape(found.group(1))


def crowd(server: SiteServer) -> list[Editor]:
    """The editors, two on each page."""
    code = ACCOUNTS.format(editors=EDITORS, pages=PAGES)
    sessions, pages = json.loads(server.manage("shell", "-c", code).splitlines()[-1])
    return [
        Editor(f"e{number}", session, server.port, pages[number % PAGES])
        for number, session in enumerate(sessions)
    ]


def write_and_kill(home: Path, seconds: float) -> list[Editor]:
    """All write; in the first third a worker is killed, then the whole server, which is started
    again; at the end what was acknowledged is looked for. Answers the editors, for the figures."""
    server = SiteServer(home)
    editors = crowd(server)
    ended = threading.Event()
    threads = [threading.Thread(target=e.work, args=[ended], daemon=True) for e in editors]
    try:
        for thread in threads:
            thread.start()
        _wait_for_saves(editors, EDITORS)
        time.sleep(seconds / 3)
        os.kill(_workers(server)[0], signal.SIGKILL)
        time.sleep(seconds / 3)
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        before = sum(len(e.acknowledged) for e in editors)
        server.start()
        time.sleep(seconds / 3)
        _wait_for_saves(editors, before + EDITORS)
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)
        server.stop()
    look(server, editors)
    return editors


def _wait_for_saves(editors, count: int, seconds: int = 60) -> None:
    deadline = time.monotonic() + seconds
    while sum(len(e.acknowledged) for e in editors) < count:
        problems = [p for e in editors for p in e.problems]
        assert not problems, problems[:5]
        assert time.monotonic() < deadline, "the editors cannot save"
        time.sleep(0.05)


def _workers(server: SiteServer) -> list[int]:
    pid = server.process.pid
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def look(server: SiteServer, editors: list[Editor]) -> None:
    """Nothing acknowledged is lost, nobody met an error, and the log of events is whole."""
    problems = [p for e in editors for p in e.problems]
    assert not problems, problems[:5]
    assert "Traceback" not in server.log(), server.log()[-4000:]
    with closing(sqlite3.connect(server.database)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.execute("SELECT content FROM editorial_revision").fetchall()
    there = set(re.findall(r"\be\d+n\d+x\b", " ".join(row[0] for row in rows)))
    lost = [mark for e in editors for mark in e.acknowledged if mark not in there]
    assert not lost, f"{len(lost)} acknowledged saves are lost, such as {lost[:5]}"
    server.manage("verify_audit")
