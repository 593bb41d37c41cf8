"""Comments on words of a revision: made, answered, resolved, carried along, at the gate."""

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial import actions, audit, comments, gate
from editorial.errors import Blocked, NotAllowed, WrongState
from editorial.models import Comment, CommentPlace, Event, Revision
from editorial.text import Document
from tests import factories

pytestmark = pytest.mark.django_db

REST = "Many people rest at noon."
SLEEP = "Some sleep badly in the week of a flare."
WALK = "A short walk helps a few of them."
BODY = f"<p>{REST} {SLEEP}</p><ul><li>{WALK}</li></ul>"


def address(view, *args):
    return reverse(f"admin:articles_article_{view}", args=args)


@pytest.fixture
def draft(people) -> Revision:
    return factories.draft(title="Rest and lupus", body=BODY)


def on(revision, words, **more):
    """A comment on these words of a revision."""
    more.setdefault("by", factories.people().reviewer)
    return comments.add(revision, quote=words, text="Who says so?", **more)


def saved(revision, body, *, by=None):
    """The page's next text."""
    content = revision.content | {"body": body}
    by = by or factories.people().author
    return actions.save_draft(kind="article", content=content, by=by, page=revision.page)


def place(comment, revision) -> tuple[str, str]:
    found = CommentPlace.objects.get(comment=comment, revision=revision)
    text = Document.of(revision.content).text
    assert found.start is None or text[found.start : found.end] == found.exact
    return found.fate, found.exact


# Made


def test_a_comment_is_anchored_by_its_words_and_what_stands_around(draft):
    comment = on(draft, "sleep badly")
    text = Document.of(draft.content).text
    assert text[comment.start : comment.end] == comment.quote == "sleep badly"
    assert comment.prefix.endswith("Some ") and comment.suffix.startswith(" in the week")


def test_blanks_and_line_ends_of_a_selection_do_not_matter(draft):
    for words in (" flare.\n\n  A   short ", "flare.A short"):
        assert on(draft, words).quote == "flare.\nA short"


@pytest.mark.parametrize(
    ("prefix", "suffix", "which"), [("Rest.", "", 1), ("", "Walk", 1), ("", "", 0)]
)
def test_what_stands_around_tells_equal_words_apart(people, prefix, suffix, which):
    revision = factories.draft(body="<p>Sleep.</p><p>Rest.</p><p>Sleep.</p><p>Walk.</p>")
    comment = on(revision, "Sleep.", prefix=prefix, suffix=suffix)
    text = Document.of(revision.content).text
    assert comment.start == [text.index("Sleep."), text.rindex("Sleep.")][which]


@pytest.mark.parametrize("words", ["Words that stand nowhere", "x" * 2001])
def test_words_that_do_not_stand_there_are_refused(draft, words):
    with pytest.raises(WrongState):
        on(draft, words)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("span", [(5, 5), (-1, 4), (0, 10**6), (9, 3)])
def test_a_place_outside_the_text_is_refused(draft, people, span):
    with pytest.raises(WrongState):
        comments.add(draft, span=span, text="What?", by=people.reviewer)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 5001])
def test_an_empty_or_endless_comment_is_refused(draft, people, text):
    with pytest.raises(WrongState):
        comments.add(draft, text=text, by=people.reviewer)


def test_an_outside_expert_comments_by_name_and_stops_nothing(draft):
    comment = on(draft, REST, by=None, outside_name=" Dr  Outside ", must_resolve=True)
    assert (comment.author_name, comment.is_outside) == ("Dr Outside", True)
    assert not comment.must_resolve
    assert Event.objects.get(verb="comment.added").data["outside_name"] == "Dr Outside"


def test_somebody_without_name_or_role_is_refused(draft, people):
    with pytest.raises(NotAllowed):
        on(draft, REST, by=None, outside_name="  ")
    with pytest.raises(NotAllowed):
        on(draft, REST, by=people.outsider)


def test_a_commented_draft_is_never_written_on_again(draft, people):
    on(draft, REST)
    later = saved(draft, "<p>Other words.</p>")
    draft.refresh_from_db()
    assert (later.number, draft.state) == (2, "superseded")
    assert draft.content["body"] == BODY
    with pytest.raises(DatabaseError, match="commented on"), transaction.atomic():
        Revision.objects.filter(pk=draft.pk).update(content={"title": "x"})


# Carried along


@pytest.mark.parametrize(
    ("words", "body", "fate", "now"),
    [
        (SLEEP, f"<p>New first words. {REST}</p><p>{SLEEP}</p>", "same", SLEEP),
        ("sleep badly", f"<p>{SLEEP} {REST}</p>", "same", "sleep badly"),
        (SLEEP, "<p>Some slept badly in the week of a flare.</p>", "reworded", None),
        (REST, f"<p>{SLEEP}</p>", "gone", ""),
        (WALK, f"<p>{REST} {SLEEP} {WALK}</p>", "same", WALK),
        (f"{REST} {SLEEP}", f"<p>{REST} {SLEEP} And more.</p>", "same", f"{REST} {SLEEP}"),
    ],
)
def test_a_comment_is_carried_along_as_the_text_changes(draft, words, body, fate, now):
    comment = on(draft, words)
    later = saved(draft, body)
    found, exact = place(comment, later)
    assert found == fate
    assert exact == now if now is not None else "slept badly" in exact


def test_a_sentence_that_returns_has_its_comment_back(draft):
    comment = on(draft, SLEEP)
    without = saved(draft, f"<p>{REST}</p>")
    assert place(comment, without)[0] == "gone"
    again = saved(without, f"<p>{REST}</p><p>{SLEEP}</p>", by=factories.people().editor)
    assert place(comment, again) == ("same", SLEEP)


def test_an_autosave_carries_comments_too_and_keeps_one_place_a_revision(draft, people):
    comment = on(draft, SLEEP)
    for body in (f"<p>A. {SLEEP}</p>", f"<p>A. B. {SLEEP}</p>"):
        content = draft.content | {"body": body}
        later = actions.save_draft(
            kind="article", content=content, by=people.author, page=draft.page, is_autosave=True
        )
    assert later.number == 2 and place(comment, later) == ("same", SLEEP)
    assert CommentPlace.objects.count() == 1


def test_a_comment_on_an_older_revision_finds_its_place_in_the_newest(draft):
    on(draft, REST)
    later = saved(draft, f"<p>First. {SLEEP}</p>")
    comment = on(draft, SLEEP)
    assert place(comment, later) == ("same", SLEEP)


def test_carrying_costs_the_same_however_many(draft, people, django_assert_num_queries):
    for _ in range(20):
        on(draft, SLEEP)
    later = saved(draft, f"<p>{SLEEP}</p>")
    with django_assert_num_queries(2):
        comments.carry_along(later)


# Answered and resolved


def test_answers_join_one_thread_and_its_writers_are_told(draft, people):
    comment = on(draft, REST)
    mail.outbox.clear()
    with transaction.atomic():
        first = comments.reply(comment, text="The diary study.", by=people.author)
    second = comments.reply(first, text="Cite it.", by=people.editor)
    assert second.parent == first.parent == comment
    assert first.start is None and not first.must_resolve


def test_the_people_concerned_are_told(draft, people, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        comment = on(draft, REST)
    assert [m.to for m in mail.outbox] == [[people.author.email]]
    assert REST in mail.outbox[0].body and f"#comment-{comment.pk}" in mail.outbox[0].body
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        comments.reply(comment, text="See the diary study.", by=people.author)
    assert [m.to for m in mail.outbox] == [[people.reviewer.email]]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        comments.resolve(comment, by=people.editor)
    assert {m.to[0] for m in mail.outbox} == {people.author.email, people.reviewer.email}


# (must it be resolved, who made it, who resolves it, may they)
RESOLVERS = [
    (False, "reviewer", "author", True),
    (False, "reviewer", "moderator", False),
    (False, "moderator", "moderator", True),
    (True, "reviewer", "author", False),
    (True, "author", "author", True),
    (True, "moderator", "reviewer", True),
    (True, "reviewer", "editor", True),
    (True, "reviewer", "admin", True),
    (False, "reviewer", "outsider", False),
]


@pytest.mark.parametrize(("must", "maker", "who", "allowed"), RESOLVERS)
def test_who_may_resolve(draft, people, must, maker, who, allowed):
    comment = on(draft, REST, by=getattr(people, maker), must_resolve=must)
    if allowed:
        assert comments.resolve(comment, by=getattr(people, who)).resolved_by_name
        assert comments.reopen(comment, by=getattr(people, who)).is_open
    else:
        with pytest.raises(NotAllowed):
            comments.resolve(comment, by=getattr(people, who))


def test_resolving_twice_or_reopening_what_is_open_is_refused(draft, people):
    comment = on(draft, REST)
    with pytest.raises(WrongState):
        comments.reopen(comment, by=people.editor)
    comments.resolve(comment, by=people.editor)
    with pytest.raises(WrongState, match="editor has resolved"):
        comments.resolve(comment, by=people.reviewer)


def test_reopening_finds_the_place_again(draft, people):
    comment = comments.resolve(on(draft, SLEEP), by=people.editor)
    later = saved(draft, f"<p>Before. {SLEEP}</p>")
    assert not CommentPlace.objects.exists()
    comments.reopen(comment, by=people.editor)
    assert place(comment, later) == ("same", SLEEP)


def test_every_step_is_an_event_and_the_chain_verifies(draft, people):
    comment = on(draft, REST)
    comments.reply(comment, text="Yes.", by=people.author)
    comments.settle(comment, by=people.editor, must_resolve=True)
    comments.resolve(comment, by=people.editor)
    comments.reopen(comment, by=people.editor)
    verbs = set(Event.objects.filter(verb__startswith="comment.").values_list("verb", flat=True))
    steps = ("added", "replied", "settled", "resolved", "reopened")
    assert verbs == {f"comment.{step}" for step in steps}
    assert audit.first_broken_event() is None


# Publication


def test_an_open_comment_that_must_be_resolved_stops_publication(people):
    revision = factories.approved(body=BODY)
    comment = on(revision, REST, must_resolve=True)
    on(revision, SLEEP)  # advice stops nothing
    with pytest.raises(Blocked, match="by reviewer on “Many people rest at noon.” must be") as stop:
        actions.publish(revision, by=people.editor)
    assert [o.url for o in stop.value.obstacles] == [
        f"{address('review', revision.page_id)}#comment-{comment.pk}"
    ]
    comments.resolve(comment, by=people.reviewer)
    assert actions.publish(revision, by=people.editor).is_published


def test_a_comment_still_stops_publication_when_its_words_are_gone(draft, people):
    comment = on(draft, REST, must_resolve=True)
    later = saved(draft, f"<p>{SLEEP}</p>")
    later = actions.approve(actions.submit(later, by=people.author), by=people.reviewer)
    assert [o.code for o in gate.obstacles(later)] == ["comment"]
    comments.settle(comment, by=people.editor, must_resolve=False)
    assert gate.obstacles(later) == []


def test_only_those_who_settle_say_what_must_be_resolved(draft, people):
    comment = on(draft, REST)
    for who in (people.author, people.moderator, people.outsider):
        with pytest.raises(NotAllowed):
            comments.settle(comment, by=who, must_resolve=True)
    comments.settle(comment, by=people.reviewer, must_resolve=True)
    with pytest.raises(WrongState):
        comments.settle(comment, by=people.reviewer, must_resolve=True)


# The database


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"text": ""}, "comment_says_something"),
        ({"author_name": ""}, "comment_says_something"),
        ({"start": None}, "comment_quote_has_a_place"),
        ({"quote": ""}, "comment_quote_has_a_place"),
        ({"resolved_by_name": "Nobody"}, "comment_resolved_by_somebody"),
        ({"is_outside": True}, "comment_outside_has_no_account"),
    ],
)
def test_the_database_refuses_a_comment_that_makes_no_sense(draft, change, constraint):
    comment = on(draft, REST)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**change)


def test_the_database_refuses_a_reply_with_a_state_and_a_place_of_nothing(draft, people):
    comment = on(draft, REST)
    answer = comments.reply(comment, text="Yes.", by=people.author)
    with pytest.raises(IntegrityError, match="comment_reply"), transaction.atomic():
        Comment.objects.filter(pk=answer.pk).update(must_resolve=True)
    later = saved(draft, f"<p>{REST}</p>")
    there = CommentPlace.objects.get(comment=comment, revision=later)
    with pytest.raises(IntegrityError, match="comment_place"), transaction.atomic():
        CommentPlace.objects.filter(pk=there.pk).update(fate="gone")
    with pytest.raises(IntegrityError), transaction.atomic():
        CommentPlace.objects.create(comment=comment, revision=later, fate="gone")


# The desk


def add(client, revision, **data):
    data = {"revision": revision.pk, "digest": revision.digest, "text": "Who says so?"} | data
    return client.post(address("comment", revision.page_id), data, follow=True)


def test_a_sentence_is_chosen_from_the_list_without_script(client, people, draft):
    client.force_login(people.reviewer)
    shown = client.get(address("review", draft.page_id)).context["sentences"]
    value = next(value for value, words in shown if words == SLEEP)
    answer = add(client, draft, sentence=value, must_resolve="on")
    comment = Comment.objects.get()
    assert answer.redirect_chain[-1][0].endswith(f"/review/#comment-{comment.pk}")
    assert (comment.quote, comment.must_resolve) == (SLEEP, True)
    page = answer.content.decode()
    assert f'<mark class="desk-commented">{SLEEP}</mark>' in page
    assert f'href="#comment-{comment.pk}"' in page and "1 must be resolved" in page


def test_selected_words_are_marked_across_markup_and_citations(client, people):
    source = factories.source()
    cite = f'<cite data-source="{source.key}"></cite>'
    body = f"<p>Some <strong>sleep badly</strong>{cite} at night.</p>"
    revision = factories.draft(body=body)
    client.force_login(people.reviewer)
    page = add(client, revision, quote="sleep badly at night").content.decode()
    assert '<strong><span id="words-' in page
    assert '<mark class="desk-commented">sleep badly</mark></strong>' in page
    assert '<mark class="desk-commented"> at night</mark><a class="desk-comment-link"' in page


def test_overlapping_comments_tear_no_tag_and_change_no_word(client, people, draft):
    for words in ("people rest", "rest at noon. Some", "Some sleep", "What daily life"):
        on(draft, words)
    client.force_login(people.reviewer)
    text = client.get(address("review", draft.page_id)).context["text"]
    assert Document(body=text["body"]).text == Document(body=BODY).text
    assert text["body"].count("desk-comment-link") == 3 and "<mark" in text["summary"]


def test_what_a_comment_says_is_escaped(client, people, draft):
    client.force_login(people.reviewer)
    page = add(client, draft, text="<script>alert(1)</script>").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_a_refused_comment_is_not_lost(client, people, draft):
    client.force_login(people.reviewer)
    shown = client.get(address("review", draft.page_id)).context["sentences"]
    saved(draft, "<p>Other words stand here now.</p>")
    answer = add(client, draft, sentence=shown[1][0], text="My long thought")
    assert "saved again after you opened it" in answer.content.decode()
    assert ">My long thought</textarea>" in answer.content.decode()
    assert not Comment.objects.exists()


def test_answers_and_buttons_through_the_desk(client, people, draft):
    comment = on(draft, REST, must_resolve=True)
    steps = [("author", "reply"), ("editor", "unsettle"), ("author", "resolve")]
    for who, step in [*steps, ("author", "reopen"), ("reviewer", "settle")]:
        client.force_login(getattr(people, who))
        there = address("comment_step", draft.page_id, comment.pk, step)
        assert client.get(there).status_code == 302  # a link does nothing
        answer = client.post(there, {"text": "Done."}, follow=True)
        assert answer.redirect_chain[-1][0] == comments.address(comment)
    verbs = Event.objects.filter(verb__startswith="comment.").values_list("verb", flat=True)
    assert len(verbs) == 6


def test_a_refused_answer_is_not_lost(client, people, draft):
    comment = on(draft, REST, must_resolve=True)
    client.force_login(people.author)
    long = "x" * 5001
    there = address("comment_step", draft.page_id, comment.pk, "reply")
    assert long in client.post(there, {"text": long}).content.decode()
    there = address("comment_step", draft.page_id, comment.pk, "resolve")
    assert "may not" in client.post(there).content.decode()
    comment.refresh_from_db()
    assert comment.is_open and not comment.replies.exists()


def test_a_comment_belongs_to_its_page(client, people, draft):
    other = factories.draft()
    comment = on(other, "Many people plan")
    client.force_login(people.editor)
    there = address("comment_step", draft.page_id, comment.pk, "resolve")
    assert client.post(there).status_code == 404
    forged = {"revision": other.pk, "text": "Forged"}
    assert client.post(address("comment", draft.page_id), forged).status_code == 404


@pytest.mark.parametrize("who", ["outsider", None])
def test_strangers_neither_read_nor_write_comments(client, people, draft, who):
    if who:
        client.force_login(getattr(people, who))
    answer = client.post(address("comment", draft.page_id), {"revision": draft.pk, "text": "Me"})
    assert answer.status_code == (403 if who else 302)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("view", ["review", "change"])
def test_the_desk_costs_the_same_at_1_and_200_comments(client, people, draft, view):
    on(draft, SLEEP)
    comments.reply(on(draft, REST), text="Yes.", by=people.author)
    saved(draft, f"<p>{SLEEP} And more.</p>")
    client.force_login(people.author)
    client.get(address(view, draft.page_id))  # content types are looked up once a process
    counts = []
    for more in (0, 198):
        for _ in range(more):
            on(draft, SLEEP)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(view, draft.page_id)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 38
