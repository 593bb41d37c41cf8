"""Puts payloads into every field that reaches a page, and writes the pages that come out of it.

    DJANGO_SETTINGS_MODULE=… python -m tests.safety.xss_site FOLDER COUNT

It runs in a process of its own, on a database of its own. Each page is written as it is served,
without its headers: what keeps a browser from running anything must stand in the HTML itself.
"""

import sys
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import django

BATCH = 100  # payloads in one text
LONGEST = {"title": 200, "tag": 100, "name": 100}


def build(folder: Path, count: int) -> None:
    """Fill the site and write its pages into the folder."""
    from tests.safety.payloads import payloads

    found = payloads(count)
    rounds = cycle(payload.replace("\0", "") for payload in found)  # every field refuses nulls
    addresses = _fill(found, rounds)
    for number, (who, address) in enumerate(addresses):
        answer = who.get(address)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            name = f"{number:05}.html"
            (folder / name).write_bytes(address.encode("unicode_escape") + b"\n" + answer.content)


def _fill(found, rounds):
    from django.test import Client

    from editorial import actions, comments, prose
    from editorial.models import User

    admin = User.objects.get(username="admin")
    reader, desk = Client(raise_request_exception=False), Client(raise_request_exception=False)
    desk.force_login(admin)
    sources = [_source(admin, rounds) for _ in range(6)]
    pages = []
    for start in range(0, len(found), BATCH):
        cleaned = [prose.clean(payload) for payload in found[start : start + BATCH]]
        cites = "".join(f'<p>Seen. <cite data-source="{s.key}"></cite></p>' for s in sources[:2])
        kind = ("article", "condition", "therapy")[start // BATCH % 3]
        revision = _save(actions, kind, "".join(cleaned) + cites, admin, rounds)
        comments.add(revision, by=admin, text=next(rounds)[:4000])
        page = actions.publish_override(revision, by=admin, reason=next(rounds)[:500])
        _save(actions, kind, "<p>Later.</p>", admin, rounds, page=page)
        pages.append(page)
    return [*_public(reader, pages, sources, found), *_desk(desk, pages, sources)]


def _save(actions, kind, body, admin, rounds, page=None):
    content = {
        "title": next(rounds)[: LONGEST["title"]],
        "slug": "",
        "summary": next(rounds)[:600],
        "body": body,
        "tags": [next(rounds)[: LONGEST["tag"]].replace('"', "'").replace(",", ";")],
    }
    if kind != "article":
        content["other_names"] = [next(rounds)[: LONGEST["name"]] for _ in range(3)]
    if kind == "condition":
        content["symptoms"] = [next(rounds)[: LONGEST["name"]] for _ in range(3)]
    if kind == "therapy":
        content |= {"harms": [next(rounds)[:200] for _ in range(3)], "form": "procedure"}
    if page is not None:
        content["slug"] = page.slug
    return actions.save_draft(kind=kind, content=content, by=admin, page=page)


def _source(admin, rounds):
    from evidence import actions
    from evidence.models import Source

    number = Source.objects.count()
    return actions.save_source(
        by=admin,
        key=f"payload-{number}",
        title=next(rounds)[:300],
        authors=next(rounds)[:200],
        journal=next(rounds)[:150],
        finding=next(rounds)[:300],
        year=2020,
        url=f"https://example.org/{number}",
        design="RCT",
        confidence="high",
    )


def _public(reader, pages, sources, found):
    own = [page.get_absolute_url() for page in pages]
    lists = ["/", "/articles/", "/conditions/", "/therapies/", "/claims/", "/sources/"]
    lists += ["/corrections/", "/evidence/", "/articles/?page=2"]
    asked = [
        f"/report/?page={page.pk}&quote={quote(found[page.pk % len(found)])}" for page in pages
    ]
    few = found[:: max(1, len(found) // 60)]
    searched = [f"/search/?q={quote(payload)}" for payload in few]
    wrong = [f"/articles/{quote(payload, safe='')}/" for payload in few]
    wrong += [f"/articles/?page={quote(payload)}" for payload in few[:20]]
    wrong += [f"/accounts/login/?next={quote(payload)}" for payload in few[:20]]
    read = [source.get_absolute_url() for source in sources]
    tags = [f"/tags/{tag.slug}/" for page in pages[:5] for tag in page.tags.all()]
    return [(reader, a) for a in [*own, *lists, *asked, *searched, *wrong, *read, *tags]]


def _desk(desk, pages, sources):
    found = ["/admin/", "/admin/review-queue/", "/admin/moderation/", "/admin/review-clocks/"]
    found += ["/admin/articles/article/", "/admin/editorial/event/", "/admin/evidence/source/"]
    found += [f"/admin/evidence/source/{source.pk}/change/" for source in sources[:2]]
    for page in pages[:6]:
        room = "articles" if page.kind == "article" else "therapies"
        start = f"/admin/{room}/{page.kind}/{page.pk}"
        found += [f"{start}/{name}/" for name in ("change", "review", "history", "preview")]
        found += [f"{start}/compare/1/2/", f"{start}/preview/2/page/"]
    return [(desk, address) for address in found]


if __name__ == "__main__":
    django.setup()
    build(Path(sys.argv[1]), int(sys.argv[2]))
