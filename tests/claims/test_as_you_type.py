"""The checker beside the writer: the same answer as for a saved text, and what a writer may say."""

import json
import time

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from articles.importers.markdown_file import read_markdown
from claims import writing
from claims.models import Claim, ClaimNote, Dismissal, Flag
from claims.texts import report_on
from editorial.forms import texts_as_kept
from editorial.models import Event, Page
from editorial.text import rich_names
from tests import factories

pytestmark = pytest.mark.django_db

CHECK, DISMISS = "/admin/claims/check/", "/admin/claims/check/dismiss/"
BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."


def told(client, **texts):
    answer = client.post(CHECK, {"title": "", "summary": "", "body": ""} | texts)
    assert answer.status_code == 200
    return answer.json()


def triples(findings, of=lambda finding, name: getattr(finding, name)):
    return sorted(
        tuple(of(f, name) for name in ("rule", "category", "severity", "reason", "remedy"))
        for f in findings
    )


@pytest.fixture
def author(client):
    person = factories.people().author
    client.force_login(person)
    return person


def test_text_that_nobody_saved_is_checked_with_offsets_of_its_own(client, author):
    answer = told(client, title="Rest", body=f"<p>Rest 🛌 helps some.</p><p>{BOLD}</p>")
    (stop,) = answer["stops"]
    assert answer["text"][stop["start"] : stop["end"]] == BOLD
    assert stop["field"] == "body" and stop["severity"] == "block" and stop["is_to_settle"]
    assert answer["to_settle"] == answer["blocking"] == 1
    assert answer["fields"]["title"] == [0, 4]
    for finding in stop["findings"]:
        assert finding["reason"] and finding["remedy"]
        assert all(stop["start"] <= a < b <= stop["end"] for a, b in finding["triggers"])
        assert client.get(finding["url"]).status_code == 200
    assert not Page.objects.exists() and not Claim.objects.exists()


def test_title_and_summary_are_checked_too(client, author):
    answer = told(client, title=f"  {BOLD}", summary=BOLD)
    assert [stop["field"] for stop in answer["stops"]] == ["title", "summary"]


ARTICLES = sorted((settings.BASE_DIR / "articles" / "content").glob("*.md"))


def test_every_shipped_article_gets_one_answer_from_editor_and_saved_revision(client):
    """The names and a low assessment are there, so that more than words is weighed."""
    lupus = factories.published_page("condition", title="Lupus", other_names=["SLE"])
    cells = factories.published_page("therapy", title="Mesenchymal stromal cells")
    factories.assessment(cells, lupus, "low")
    client.force_login(factories.people().editor)
    found = 0
    for path in ARTICLES:
        article = read_markdown(path.read_bytes(), path.name)
        texts = {"title": article.title, "summary": article.summary, "body": article.body_html}
        revision = factories.draft(**texts)
        answer = told(client, page=revision.page_id, **texts)
        document, saved = report_on(revision.content, revision.page)
        assert answer["text"] == document.text
        listed = [f for stop in answer["stops"] for f in stop["findings"]]
        assert triples(listed, dict.get) == triples(saved.findings), path.name
        flags = Flag.objects.open().filter(claim__anchors__revision=revision)
        assert answer["to_settle"] == flags.count()
        found += len(listed)
    assert found >= 10


CONTENT = settings.BASE_DIR / "therapies" / "content"


@pytest.mark.parametrize(
    ("kind", "file"), [("condition", "conditions.json"), ("therapy", "therapies.json")]
)
def test_every_shipped_page_with_parts_gets_one_answer_from_editor_and_saved_revision(
    client, kind, file
):
    client.force_login(factories.people().editor)
    parts = [name for name in rich_names() if name != "body"]
    seen = found = 0
    for shipped in json.loads((CONTENT / file).read_text(encoding="utf-8")):
        fields = ("title", "summary", *rich_names())
        given = shipped | shipped["parts"] | {"title": shipped["name"]}
        revision = factories.draft(kind, **{f: given[f] for f in fields if given.get(f)})
        texts = {name: revision.content.get(name) or "" for name in fields}
        answer = told(client, page=revision.page_id, **texts)
        document, saved = report_on(revision.content, revision.page)
        assert answer["text"] == document.text
        listed = [f for stop in answer["stops"] for f in stop["findings"]]
        assert triples(listed, dict.get) == triples(saved.findings), shipped["name"]
        flags = Flag.objects.open().filter(claim__anchors__revision=revision)
        assert answer["to_settle"] == flags.count()
        seen += sum(name in answer["fields"] for name in parts)
        found += len(listed)
    assert seen >= 100 and found


def test_a_sentence_of_a_further_part_is_told_with_its_field(client, author):
    answer = told(client, body="<p>It rained.</p>", key_messages=f"<ul><li>{BOLD}</li></ul>")
    (stop,) = answer["stops"]
    assert stop["field"] == "key_messages"
    begin, end = answer["fields"]["key_messages"]
    assert answer["text"][begin:end] == BOLD
    assert begin < answer["fields"]["body"][0], "in the order in which readers meet them"


def test_the_answer_agrees_with_the_flags_that_saving_raises(client, author):
    body = f"<p>{BOLD}</p><p>Studies show that rest cures lupus.</p><p>It rained.</p>"
    revision = factories.draft(body=body)
    answer = told(
        client,
        page=revision.page_id,
        **{k: revision.content[k] for k in ("title", "summary", "body")},
    )
    flags = Flag.objects.open().filter(claim__anchors__revision=revision)
    assert answer["to_settle"] == flags.count() == 2
    assert answer["blocking"] == flags.blocking().count()
    kept = [f for flag in flags for f in flag.findings]
    sent = [f for stop in answer["stops"] for f in stop["findings"]]
    assert sorted(f["rule"] for f in sent) == sorted(f["rule"] for f in kept)


@bounds(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_is_brought_into_the_form_it_would_be_kept_in(text, title):
    once = texts_as_kept(title, text, text, living=text)
    assert texts_as_kept(**once) == once


def test_the_longest_shipped_article_takes_the_server_a_fraction_of_half_a_second():
    path = max(ARTICLES, key=lambda one: one.stat().st_size)
    article = read_markdown(path.read_bytes(), path.name)
    texts = {"title": article.title, "summary": article.summary, "body": article.body_html}
    writing.check_text(**texts)  # the first one reads the rules
    begun = time.process_time()
    writing.check_text(**texts)
    assert time.process_time() - begun < 0.2


def test_what_was_decided_asks_for_nothing_more(client, author):
    revision = factories.draft(body=f"<p>{BOLD}</p>")
    factories.decide_all(revision)
    answer = told(client, page=revision.page_id, body=f"<p>{BOLD}</p>")
    assert answer["stops"][0]["decided"] == "not a claim"
    assert answer["to_settle"] == answer["blocking"] == 0


def dismiss(client, page, sentence=BOLD, reason="It is quoted from a leaflet."):
    data = {"page": page.pk, "sentence": sentence, "rule": ["hype-words"], "reason": reason}
    return client.post(DISMISS, data)


def test_a_dismissal_is_a_note_to_the_moderator_and_closes_nothing(client, author):
    revision = factories.draft(body=f"<p>{BOLD}</p>")
    assert dismiss(client, revision.page).json()["by"] == author.display_name
    note = ClaimNote.objects.get()
    assert note.claim.sentence == BOLD and "It is quoted from a leaflet." in note.text
    assert Flag.objects.open().blocking().filter(claim=note.claim).exists()
    answer = told(client, page=revision.page_id, body=f"<p>{BOLD}</p>")
    assert answer["stops"][0]["dismissal"]["reason"] == "It is quoted from a leaflet."
    assert answer["blocking"] == 1, "what stops publication goes on stopping it"
    assert Event.objects.filter(verb="finding.dismissed", page_id=revision.page_id).count() == 1


def test_a_dismissal_waits_for_its_sentence_to_be_saved(client, author):
    page = factories.draft().page
    dismiss(client, page)
    assert Dismissal.objects.get().note is None and not ClaimNote.objects.exists()
    factories.draft(page=page, body=f"<p>{BOLD}</p>")
    assert Dismissal.objects.get().note.claim.sentence == BOLD
    factories.draft(page=page, body=f"<p>{BOLD}</p><p>More.</p>")
    assert ClaimNote.objects.count() == 1


def test_advice_that_was_dismissed_is_not_counted_any_more(client, author):
    advice = "Rest is a miracle for tired people."
    page = factories.draft(body=f"<p>{advice}</p>").page
    (stop,) = told(client, page=page.pk, body=f"<p>{advice}</p>")["stops"]
    assert stop["severity"] == "advise"
    dismiss(client, page, advice)
    assert told(client, page=page.pk, body=f"<p>{advice}</p>")["to_settle"] == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "Say why"),
        ({"reason": "x" * 2001}, "at most"),
        ({"sentence": ""}, "no sentence"),
    ],
)
def test_an_empty_word_is_refused_with_a_sentence(client, author, changes, said):
    answer = dismiss(client, factories.draft().page, **changes)
    assert answer.status_code == 409 and said in answer.json()["message"]
    assert not Dismissal.objects.exists()


def test_before_there_is_a_page_nothing_can_be_kept(client, author):
    answer = client.post(DISMISS, {"sentence": BOLD, "reason": "So it is."})
    assert answer.status_code == 409 and "title" in answer.json()["message"]


@pytest.mark.parametrize("address", [CHECK, DISMISS])
def test_only_those_who_write_the_page_may_ask(client, address):
    page = factories.draft().page
    cast = factories.people()
    data = {"page": page.pk, "body": "<p>It.</p>", "sentence": "It.", "reason": "So."}
    assert client.post(address, data).status_code == 302, "signed out"
    for person in (cast.outsider, cast.reviewer, factories.person("second", "author")):
        client.force_login(person)
        assert client.post(address, data).status_code == 403, person
    client.force_login(cast.outsider)
    assert client.post(address, {"body": "<p>It.</p>"}).status_code == 403
    client.force_login(cast.author)
    assert client.post(address, data).status_code == 200
    assert client.get(address).status_code == 405


def test_a_forged_request_is_refused(author):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author)
    assert strict.post(CHECK, {"body": "<p>It.</p>"}).status_code == 403


def test_a_text_too_long_is_left_to_saving(client, author, monkeypatch):
    monkeypatch.setattr(writing, "MOST_CHARACTERS", 20)
    answer = client.post(CHECK, {"body": "x" * 21})
    assert answer.status_code == 413 and "when it is saved" in answer.json()["message"]


def test_a_check_costs_the_same_however_many_sentences(
    client, author, django_assert_max_num_queries
):
    page = factories.draft().page
    told(client, page=page.pk, body=f"<p>{BOLD}</p>")
    for count in (1, 12):
        with django_assert_max_num_queries(14):
            told(client, page=page.pk, body=f"<p>{BOLD}</p>" * count)


@pytest.mark.parametrize("changes", [{"reason": ""}, {"by_name": ""}])
def test_the_database_refuses_an_empty_dismissal(changes):
    row = {"reason": "So.", "by_name": "A", "sentence": BOLD, "rules": [], "wording_key": "k"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Dismissal.objects.create(page=factories.draft().page, **(row | changes))
