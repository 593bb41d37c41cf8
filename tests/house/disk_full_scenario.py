"""An editor saves until the disk is full; run by test_faults.py in a process of its own.

The limit on the size of files (RLIMIT_FSIZE) stands for the full disk: a write past it fails.
"""

import resource
import sqlite3
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from editorial import audit  # noqa: E402
from editorial.models import Revision  # noqa: E402
from tests import factories  # noqa: E402

ROOM = 400_000  # bytes until the disk is full
WORDS = "Words that somebody has written with care. " * 700


def form(number: int) -> dict:
    return {
        "title": f"Text {number}",
        "summary": "",
        "body": f"<p>{number}: {WORDS}</p>",
        "tags": "",
        "_save": "Save",
    }


def main() -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["testserver"]
    path = Path(settings.DATABASES["default"]["NAME"])
    client = Client(raise_request_exception=False)
    client.force_login(factories.people().editor)
    biggest = max(p.stat().st_size for p in path.parent.glob(f"{path.name}*"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (biggest + ROOM, resource.RLIM_INFINITY))
    saved, answer = 0, None
    for number in range(200):
        answer = client.post("/admin/articles/article/add/", form(number))
        if answer.status_code != 302:
            break
        saved += 1
    assert saved > 0 and answer.status_code == 503, (saved, answer.status_code)
    page = answer.content.decode()
    assert f"{saved}: Words that somebody has written" in page  # nothing that was typed is lost
    assert Client().get("/articles/").status_code == 200  # readers read on
    assert Client().get("/healthz").status_code == 200
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    connections.close_all()
    there = sum("Words that somebody" in r.content["body"] for r in Revision.objects.all())
    assert there == saved, (there, saved)
    assert client.post("/admin/articles/article/add/", form(999)).status_code == 302
    assert audit.verify().broken is None
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    print("kept all that was acknowledged")


if __name__ == "__main__":
    sys.exit(main())
