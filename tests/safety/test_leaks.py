"""Words that readers must not see are put everywhere, and looked for in everything that is served.

Each place has a word of its own, so that a failure says which one came out.
"""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.utils import timezone

from claims import queue_acts, reporting
from claims.models import Claim
from editorial import actions, comments, previewing
from tests import factories
from tests.safety import addresses
from tests.site.conftest import site
from tests.site.wsgi_client import ask

__all__ = ["site"]  # pytest looks for it here

LETTERS = "abcdefghijklmnop"
PLACES = (
    "newdraft",
    "opentext",
    "withdrawn",
    "scheduled",
    "aside",
    "comment",
    "claimnote",
    "report",
    "assessment",
    "person",
    "filter",
)
WORDS = {place: f"Zyx{LETTERS[n] * 2}quorv" for n, place in enumerate(PLACES)}
STATIC_SAMPLES = ["/media/images/", "/media/", "/static/", "/var/", "/admin/", "/accounts/login/"]
LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]+)""")
TRIED = [
    "/search/?kind=article",
    "/search/?q=rest",
    "/articles/?page=2",
    "/claims/?page=99",
    "/claims/?q=a",
    "/claims/?state=open",
    "/sources/?q=trial",
    "/sources/?page=0",
    "/corrections/?page=2",
    "/evidence/?condition=lupus",
    "/evidence/?view=list",
    "/evidence/map.csv",
    "/api/v1/pages?limit=100",
    "/api/v1/pages?kind=therapy",
    "/api/v1/claims?state=open",
    "/api/v1/sources?limit=100",
    "/api/v1/assessments?limit=100",
    "/articles/gone/",
    "/articles/gone/references.ris",
    "/articles/does-rest-help/?preview=1",
    "/articles/does-rest-help/?revision=2",
    "/articles/does-rest-help/?version=2",
    "/nothing-of-the-kind/",
]


def everything_secret(kind, word):
    """Content with the word in each part."""
    more = {} if kind == "article" else {"other_names": [f"{word} name"]}
    return {
        "title": f"{word} {kind}",
        "slug": f"{word.lower()}-{kind}",
        "summary": f"{word} in short.",
        "body": f"<h2>{word} heading</h2><p>{word} helps most people.</p>",
        "tags": [f"{word} tag"],
        **more,
    }


def hide_words(site, client) -> None:
    """Put every word where it belongs."""
    cast, word = factories.people(), WORDS
    for kind in ("article", "condition", "therapy"):
        factories.draft(kind, **everything_secret(kind, word["newdraft"]))
        later = factories.approved(kind, **everything_secret(kind, word["scheduled"]))
        actions.schedule(later, by=cast.editor, at=timezone.now() + timedelta(hours=2))
        gone = everything_secret(kind, word["withdrawn"]) | {"slug": f"was-{kind}", "title": "Was"}
        page = factories.published_page(kind, **gone)
        client.get("/search/?q=was")  # the words are in memory now, if anything keeps them
        actions.withdraw(page, by=cast.editor, reason="It was wrong.")
    for page in (site.article, site.condition, site.therapy):
        content = everything_secret(page.kind, word["opentext"])
        content["slug"] = page.slug
        factories.draft(page.kind, page=page, by=cast.editor, **content)
    _say_things(site, cast, word)
    client.force_login(cast.author)
    form = everything_secret("article", word["aside"]) | {"tab": "abc", "number": 1}
    client.post("/admin/articles/article/add/autosave/", form)
    client.post("/admin/articles/article/add/", form | {"title": "", "tab": "def"})
    form = {"query": "q=rest", "name": word["filter"], "is_shared": "on"}
    client.post("/admin/articles/article/filters/save/", form)
    client.logout()


def _say_things(site, cast, word) -> None:
    draft = site.article.latest_revision()
    comments.add(draft, by=cast.reviewer, text=f"{word['comment']}?")
    comments.add(site.article.live_revision, by=cast.reviewer, text=f"{word['comment']}!")
    previewing.make_link(draft, by=cast.editor, for_whom=word["person"], days=2)
    claim = Claim.objects.get(pk=site.claim.pk)
    queue_acts.note(claim, by=cast.moderator, text=f"{word['claimnote']} it is.")
    reporting.report(
        site.article,
        sentence=claim.sentence,
        reason="not_supported",
        text=f"{word['report']} is what I ask.",
        form_key="one",
        source=f"https://example.org/{word['report']}",
        email=f"{word['report']}@example.org",
    )
    version = site.assessment
    factories.assessment_draft(
        version.therapy, version.condition, summary=f"{word['assessment']} may help."
    )


def spoken(answer) -> str:
    """The whole of an answer: status, headers, body."""
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} {headers} {body.decode(errors='replace')}"


def leaks_in(text: str) -> list[str]:
    """Which hidden places speak in a text."""
    lowered = text.lower()
    return [place for place, word in WORDS.items() if word.lower() in lowered]


def crawl(client, start) -> dict[str, list[str]]:
    """Ask every address that can be reached; address -> which places came out."""
    waiting, seen, found = list(start), set(), {}
    while waiting:
        address = waiting.pop()
        if address in seen or len(seen) > 400:
            continue
        seen.add(address)
        text = spoken(client.get(address))
        if out := leaks_in(text):
            found[address] = out
        for link in LINK.findall(text):
            link = unescape(link).removeprefix(settings.SITE_URL)
            parts = urlsplit(link)
            if not parts.netloc and link.startswith("/") and not link.startswith("/static/"):
                waiting.append(link)
    assert len(seen) > 60, "the crawl found too little to say anything"
    return found


@pytest.fixture
def hidden(site, client):
    """The site with all the words in their places."""
    hide_words(site, client)
    return site


def test_no_address_that_can_be_reached_or_guessed_speaks_of_what_is_not_public(hidden, client):
    client.raise_request_exception = False
    world = addresses.world(hidden)
    public = [r for r in addresses.routes() if not r.startswith(("admin/", "preview/"))]
    guesses = [f"/preview/{'A' * 32}/", *STATIC_SAMPLES, *TRIED, *map(world.address, public)]
    assert crawl(client, guesses) == {}


def test_what_is_not_public_is_not_found_by_its_address(hidden, client):
    for place in ("newdraft", "scheduled", "opentext"):
        word = WORDS[place].lower()
        for room, kind in (("articles", "article"), ("conditions", "condition")):
            for tail in ("", "references.bib"):
                assert client.get(f"/{room}/{word}-{kind}/{tail}").status_code == 404
        assert client.get(f"/api/v1/pages/article/{word}-article").status_code == 404
        assert client.get(f"/tags/{word}-tag/").status_code == 404
        assert client.get(f"/evidence/{word}-therapy/lupus/").status_code == 404
    for claim in Claim.objects.exclude(page__status="published"):
        assert client.get(claim.get_absolute_url()).status_code == 404
        assert client.get(f"/api/v1/claims/{claim.pk}").status_code == 404
        assert client.get(f"/report/?claim={claim.pk}").status_code == 404


def test_search_knows_no_word_that_is_not_public(hidden, client):
    for place, word in WORDS.items():
        near = word[:-1] + "x"
        for asked in (word, f"{word} name", f"{word} tag"):
            found = client.get("/api/v1/search", {"q": asked}).json()
            assert not [r for r in found["results"] if leaks_in(str(r))], place
        assert client.get("/api/v1/search", {"q": near}).json()["did_you_mean"] is None, place
        for start in (word[:4], word[:7], word):
            assert not leaks_in(client.get("/search/suggest/", {"q": start}).content.decode())
            assert not leaks_in(client.get(f"/api/v1/search/suggest?q={start}").content.decode())
        assert not leaks_in(client.get("/search/", {"q": near}).content.decode()), place


def test_answers_to_a_guessed_and_a_made_up_address_are_the_same(hidden, client):
    real = f"/articles/{WORDS['newdraft'].lower()}-article/"
    made_up = "/articles/zyxzzquorv-article/"
    known, unknown = client.get(real), client.get(made_up)
    assert known.status_code == unknown.status_code == 404

    def without_the_words(answer, address):
        word = address.split("/")[2]
        text = answer.content.decode()
        return (
            text.replace(word, "")
            .replace(word.replace("-", " "), "")
            .replace(quote(word.replace("-", " ")), "")
        )

    assert without_the_words(known, real) == without_the_words(unknown, made_up)
    assert dict(known.headers).keys() == dict(unknown.headers).keys()


def test_the_page_cache_says_no_word_either(hidden):
    from autoimmune_site.wsgi import application

    for address in ("/", "/articles/", hidden.article.get_absolute_url(), "/claims/", "/tags/x/"):
        for _ in range(2):  # made, then from memory
            answer = ask(application, address)
            said = f"{answer.headers} {answer.body.decode()}"
            assert not leaks_in(said), address


def test_an_error_page_says_nothing_of_what_went_wrong(client, db, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError(f"{WORDS['newdraft']} is broken")

    client.raise_request_exception = False
    monkeypatch.setattr("articles.views.render", break_down)
    answer = client.get("/articles/")
    assert answer.status_code == 500
    assert not leaks_in(spoken(answer))
    assert "Traceback" not in answer.content.decode()
