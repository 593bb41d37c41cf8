"""An outsider with a preview link leaves a remark: no account, no cookie, and not for programs."""

import re

import pytest
from django.urls import reverse

from autoimmune_site import previews
from claims import report_guards
from editorial import previewing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(people):
    """A link to a draft, and the path that opens it."""
    revision = factories.draft(title="For your eyes", body="<p>Many people rest at noon.</p>")
    link, token = previewing.make_link(revision, by=people.editor, for_whom="Dr Example", days=7)
    return link, reverse("preview", args=[token])


def send(client, path, fresh=True, **changes):
    """Fill in the form as it came and send it."""
    token = re.search(r'name="token" value="([^"]+)"', client.get(path).content.decode())[1]
    said = {"name": "Dr Example", "quote": "rest at noon", "text": "At noon? Why?", "website": ""}
    headers = {"Sec-Fetch-Site": changes.pop("site", "same-origin")}
    return client.post(path, {**said, "token": token, **changes}, headers=headers)


def kept(link):
    return list(link.revision.comments.all())


def test_a_remark_is_kept_at_its_words_and_thanked(client, link):
    answer = send(client, link[1])
    assert answer.status_code == 303 and not answer.cookies
    html = client.get(answer.url).content.decode()
    assert "Thank you. The editors have your remark." in html
    [comment] = kept(link[0])
    assert comment.author is None and comment.author_name.startswith("Dr Example")
    assert comment.quote == "rest at noon" and comment.text == "At noon? Why?"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "says", "status"),
    [
        ({"text": ""}, "Write your remark, then send it.", 200),
        ({"name": ""}, "Say who you are", 200),
        ({"text": "x" * 5001}, "at most 5000 characters", 200),
        ({"website": "http://x"}, "A field that people cannot see", 200),
        ({"token": "forged"}, "This form was not made for this page", 200),
        ({"site": "cross-site"}, "not sent from this site", 403),
        ({"text": "x" * 70_000}, "far larger than this form", 413),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(client, link, changes, says, status):
    answer = send(client, link[1], **changes)
    assert answer.status_code == status and says in answer.content.decode()
    assert kept(link[0]) == [] and not answer.cookies


def test_words_that_do_not_stand_in_the_text_are_refused(client, link):
    html = send(client, link[1], quote="words of another text").content.decode()
    assert 'role="alert"' in html and kept(link[0]) == []


def test_one_form_sent_twice_is_one_remark(client, link):
    token = report_guards.new_token(link[0].revision.page)
    for _ in range(2):
        send(client, link[1], token=token)
    assert len(kept(link[0])) == 1


def test_too_many_remarks_are_slowed_down(client, link, monkeypatch):
    monkeypatch.setattr(previews, "LIMITS", ((3600, 2),))
    answers = [send(client, link[1], text=f"Remark {n}").status_code for n in range(3)]
    assert answers == [303, 303, 429] and len(kept(link[0])) == 2


def test_a_closed_link_takes_no_remark(client, link, people):
    token = report_guards.new_token(link[0].revision.page)
    previewing.revoke(link[0], by=people.editor)
    said = {"name": "X", "text": "Y", "token": token}
    assert client.post(link[1], said).status_code == 410
    assert kept(link[0]) == []
