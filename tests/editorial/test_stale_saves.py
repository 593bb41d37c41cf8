"""Two people, or two tabs: nothing is overwritten unseen, nothing that was sent is lost."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.validators import MaxLengthValidator
from django.urls import reverse
from taggit.models import Tag

from editorial import actions, audit
from editorial.errors import InvalidContent, NotAllowed, Stale, WrongState
from editorial.models import Event
from evidence.models import Source
from tests import factories
from therapies.forms import TherapyForm

pytestmark = pytest.mark.django_db


def address(view, *args):
    return reverse(f"admin:articles_article_{view}", args=args)


def basis_of(revision):
    return revision.pk, revision.digest


def save(page, body, *, by, based_on):
    """One more save of the same page with these words."""
    content = page.latest_revision().content | {"body": f"<p>{body}</p>"}
    return actions.save_draft(
        kind=page.kind, content=content, by=by, page=page, based_on=basis_of(based_on)
    )


@pytest.fixture
def opened(people):
    """What two people opened at the same moment."""
    return factories.draft(title="Rest and lupus", body="<p>First words.</p>")


# The action


@pytest.mark.parametrize("first", ["author", "editor"])
def test_the_later_save_is_refused_and_both_texts_are_kept(people, opened, first):
    page = opened.page
    newest = save(page, "Words of the first.", by=getattr(people, first), based_on=opened)
    with pytest.raises(Stale, match="Nothing was overwritten") as refusal:
        save(page, "Words of the second.", by=people.author, based_on=opened)
    kept = refusal.value.kept
    assert refusal.value.newest == newest == page.latest_revision()
    assert "of the first" in page.latest_revision().content["body"]
    assert (kept.state, kept.number) == ("superseded", newest.number + 1)
    assert "of the second" in kept.content["body"]
    assert Event.objects.filter(verb="revision.kept_aside", subject=str(kept)).count() == 1
    assert audit.first_broken_event() is None


def test_a_save_on_the_newest_text_goes_through(people, opened):
    second = save(opened.page, "More.", by=people.author, based_on=opened)
    third = save(opened.page, "Even more.", by=people.author, based_on=second)
    assert third.number == 1 and "Even more" in third.content["body"]


def test_the_same_save_sent_twice_is_no_conflict(people, opened):
    first = save(opened.page, "More.", by=people.author, based_on=opened)
    assert save(opened.page, "More.", by=people.author, based_on=opened) == first
    assert opened.page.revisions.count() == 1


def test_the_same_late_text_is_kept_once(people, opened):
    save(opened.page, "First.", by=people.editor, based_on=opened)
    for _ in range(3):
        with pytest.raises(Stale):
            save(opened.page, "Late.", by=people.author, based_on=opened)
    assert opened.page.revisions.count() == 3


def test_a_text_kept_aside_tells_no_other_room(people, opened):
    save(opened.page, "First.", by=people.editor, based_on=opened)
    claims = opened.page.claims.count()
    with pytest.raises(Stale) as refusal:
        save(opened.page, "Rest cures lupus.", by=people.author, based_on=opened)
    assert refusal.value.kept.anchors.count() == 0
    assert opened.page.claims.count() == claims


def test_a_late_save_does_not_take_an_approval_away(people, opened):
    revision = actions.submit(opened, by=people.author)
    changed = save(opened.page, "Edited.", by=people.editor, based_on=revision)
    approved = actions.approve(actions.submit(changed, by=people.editor), by=people.reviewer)
    with pytest.raises(Stale):
        save(opened.page, "Late.", by=people.author, based_on=opened)
    approved.refresh_from_db()
    assert approved.state == "approved"


def test_a_late_save_does_not_rename_the_page(people, opened):
    save(opened.page, "First.", by=people.editor, based_on=opened)
    with pytest.raises(Stale):
        actions.save_draft(
            kind="article",
            content=opened.content | {"title": "Renamed"},
            by=people.author,
            page=opened.page,
            based_on=basis_of(opened),
        )
    opened.page.refresh_from_db()
    assert opened.page.title == "Rest and lupus"


def test_a_text_kept_aside_never_becomes_what_an_editor_opens(people):
    page = factories.published_page()
    opened = page.live_revision
    actions.withdraw(page, by=people.editor, reason="Out of date.")
    page.refresh_from_db()
    with pytest.raises(Stale):
        actions.save_draft(
            kind="article",
            content=factories.content(),
            by=people.editor,
            page=page,
            based_on=(opened.pk, "another digest"),
        )
    page.refresh_from_db()
    assert page.revisions.first().state == "superseded"
    assert page.latest_revision() == opened


def test_who_may_not_edit_leaves_nothing_behind(people, opened):
    save(opened.page, "First.", by=people.editor, based_on=opened)
    with pytest.raises(NotAllowed):
        save(opened.page, "Mine.", by=people.reviewer, based_on=opened)
    assert opened.page.revisions.count() == 2


# The form


def form_of(client, page):
    """What a browser would send back from the form as it opens now."""
    fields = client.get(address("change", page.pk)).context["adminform"].form.initial
    shown = client.get(address("change", page.pk)).context["basis"]
    data = {name: fields[name] for name in ("title", "slug", "summary", "body", "tags")}
    return data | {"based_on": shown, "_save": "1"}


def post_meanwhile(client, people, page, **late):
    """The author's form, opened before the editor saved and sent after."""
    client.force_login(people.author)
    data = form_of(client, page) | {"body": "<p>Words of the author.</p>"} | late
    newest = page.latest_revision()
    save(page, "Words of the editor.", by=people.editor, based_on=newest)
    return client.post(address("change", page.pk), data, follow=True)


def test_a_stale_form_is_shown_both_texts_and_two_ways_on(client, people, opened):
    answer = post_meanwhile(client, people, opened.page)
    shown = answer.content.decode()
    kept = opened.page.revisions.first()
    assert answer.redirect_chain[-1][0] == address("stale", opened.page.pk, kept.number)
    assert "Somebody saved while you were writing" in shown
    assert "Nothing was overwritten" in shown
    assert "editor</del>" not in shown and "<del>" in shown and "<ins>" in shown
    assert f"Go on with revision {kept.number - 1}" in shown
    assert f"Restore revision {kept.number} as a new draft" in shown
    assert "of the editor" in opened.page.latest_revision().content["body"]
    assert "of the author" in kept.content["body"]
    assert LogEntry.objects.count() == 0


def test_a_stale_form_is_not_submitted_for_review(client, people, opened):
    post_meanwhile(client, people, opened.page, _submit="1")
    assert opened.page.latest_revision().state == "draft"


@pytest.mark.parametrize("forged", ["", "0:", "x", "1:x:y", "٣:abc", f"{'9' * 40}:x"])
def test_a_form_that_names_no_text_overwrites_nothing(client, people, opened, forged):
    client.force_login(people.author)
    data = form_of(client, opened.page) | {"body": "<p>Forged.</p>", "based_on": forged}
    assert client.post(address("change", opened.page.pk), data).status_code == 302
    assert "First words" in opened.page.latest_revision().content["body"]
    assert opened.page.revisions.filter(state="superseded").count() == 1


def test_a_form_with_errors_stays_based_on_what_it_was_opened_from(client, people, opened):
    client.force_login(people.author)
    data = form_of(client, opened.page) | {"title": ""}
    save(opened.page, "Words of the editor.", by=people.editor, based_on=opened)
    answer = client.post(address("change", opened.page.pk), data)
    assert answer.status_code == 200
    assert answer.context["basis"] == f"{opened.pk}:{opened.digest}"
    assert f'name="based_on" value="{opened.pk}:{opened.digest}"' in answer.content.decode()


def test_choosing_ones_own_text_makes_it_a_new_draft(client, people, opened):
    shown = post_meanwhile(client, people, opened.page)
    kept = opened.page.revisions.first()
    answer = client.post(
        address("restore", opened.page.pk, kept.number),
        {"based_on": shown.context["basis"]},
        follow=True,
    )
    newest = opened.page.latest_revision()
    assert "of the author" in newest.content["body"] and newest.state == "draft"
    assert f"Restored from revision {kept.number}." in answer.content.decode()


# Restoring


def test_restoring_begins_a_new_draft_with_the_old_words(people, opened):
    page = opened.page
    factories.draft(page=page, by=people.editor, title="Changed", slug=page.slug)
    restored = actions.restore(opened, by=people.author)
    assert (restored.number, restored.state, restored.digest) == (3, "draft", opened.digest)
    event = Event.objects.get(verb="revision.restored")
    assert event.data["source"] == 1 and event.data["number"] == 3
    page.refresh_from_db()
    assert page.title == "Rest and lupus"


def test_restoring_over_a_newer_text_is_refused(people, opened):
    newest = factories.draft(page=opened.page, by=people.editor)
    factories.draft(page=opened.page, by=people.author)
    with pytest.raises(Stale):
        actions.restore(opened, by=people.author, based_on=basis_of(newest))
    assert opened.page.revisions.count() == 3


def test_restoring_the_newest_text_is_refused(people, opened):
    with pytest.raises(WrongState, match="nothing to restore"):
        actions.restore(opened, by=people.author)
    assert not Event.objects.filter(verb="revision.restored").exists()


@pytest.mark.parametrize("who", ["reviewer", "moderator", "outsider"])
def test_restoring_is_for_those_who_may_edit(people, opened, who):
    factories.draft(page=opened.page, by=people.editor)
    with pytest.raises(NotAllowed):
        actions.restore(opened, by=getattr(people, who))


def test_what_no_longer_exists_is_left_out_and_said(people):
    gone, stays = factories.source(), factories.source()
    old = factories.draft("condition", sources=[gone.pk, stays.pk])
    factories.draft("condition", page=old.page, by=people.editor, slug=old.page.slug)
    Source.objects.filter(pk=gone.pk).delete()
    restored = actions.restore(old, by=people.author)
    assert restored.content["sources"] == [stays.pk]
    assert "Left out of sources: 1 that is no longer there." in restored.note


def test_a_condition_that_is_gone_is_left_out_and_a_deleted_tag_comes_back(people):
    gone, stays = factories.draft("condition").page, factories.draft("condition").page
    old = factories.draft(conditions=[gone.pk, stays.pk], tags=["rest", "sleep"])
    factories.draft(page=old.page, by=people.editor, slug=old.page.slug)
    Tag.objects.filter(name="rest").delete()
    gone.revisions.all().delete()  # no button does this; somebody with the database at hand may
    gone.delete()
    restored = actions.restore(old, by=people.author)
    assert restored.content["conditions"] == [stays.pk]
    assert restored.content["tags"] == ["rest", "sleep"]
    assert "Left out of conditions: 1 that is no longer there." in restored.note
    ready = actions.approve(actions.submit(restored, by=people.author), by=people.reviewer)
    page = actions.publish(ready, by=people.editor)
    assert sorted(page.tags.names()) == ["rest", "sleep"]


def test_an_address_that_was_taken_meanwhile_stays_as_it_is(people, opened):
    factories.draft(page=opened.page, by=people.editor, slug="moved-away")
    factories.draft(by=people.editor, slug=opened.content["slug"])
    restored = actions.restore(opened, by=people.author)
    assert restored.content["slug"] == "moved-away"
    assert "belongs to another page now" in restored.note


def test_old_content_that_the_form_refuses_today_is_refused(people, monkeypatch):
    old = factories.draft("therapy", harms=["Infection"])
    factories.draft("therapy", page=old.page, by=people.editor, slug=old.page.slug)
    harms = TherapyForm.base_fields["harms"]
    monkeypatch.setattr(harms, "validators", [MaxLengthValidator(3)])  # a rule made since
    with pytest.raises(InvalidContent, match="harms"):
        actions.restore(old, by=people.author)
    assert old.page.revisions.count() == 2


def test_nobody_approves_words_of_theirs_that_were_restored(people):
    both = factories.person("both", "author", "reviewer")
    page = factories.draft(by=both, body="<p>Words of both.</p>").page
    old = page.current_revision()
    mine = factories.draft(page=page, by=people.editor)
    live = actions.approve(actions.submit(mine, by=people.editor), by=people.reviewer)
    page = actions.publish(live, by=people.editor)
    restored = actions.submit(actions.restore(old, by=people.editor), by=people.editor)
    with pytest.raises(NotAllowed, match="wrote part"):
        actions.approve(restored, by=both)
    assert actions.approve(restored, by=people.reviewer).state == "approved"


# The pages


def test_history_and_review_lead_to_comparisons(client, people):
    page = factories.published_page()
    factories.draft(page=page, by=people.editor, title="Changed", slug=page.slug)
    client.force_login(people.author)
    compare = address("compare", page.pk, 1, 2)
    assert compare in client.get(address("history", page.pk)).content.decode()
    assert compare in client.get(address("review", page.pk)).content.decode()
    chosen = client.get(address("choose", page.pk), {"a": "1", "b": "2"})
    assert chosen.url == compare


def test_relations_are_compared_by_their_titles(client, people):
    lupus = factories.condition(title="Lupus")
    gone = factories.condition(title="Coeliac disease")
    old = factories.draft(conditions=[gone.pk])
    factories.draft(page=old.page, by=people.editor, conditions=[lupus.pk])
    client.force_login(people.reviewer)
    shown = client.get(address("compare", old.page.pk, 1, 2)).content.decode()
    assert "<ins>Lupus</ins>" in shown and "<del>Coeliac disease</del>" in shown


def test_everything_a_page_holds_is_compared_in_words_and_not_by_colour(client, people):
    lupus = factories.condition(title="Lupus")
    one, two = factories.source(), factories.source()
    old = factories.draft(
        body=f'<h2>Rest</h2><p>Sleep <a href="https://example.org/a">well</a> at night'
        f'<cite data-source="{one.key}"></cite>.</p>',
        tags=["rest"],
    )
    factories.draft(
        page=old.page,
        by=people.editor,
        slug=old.page.slug,
        body=f'<h3>Rest</h3><p>Sleep <a href="https://example.org/b">well</a> at noon'
        f'<cite data-source="{two.key}"></cite>.</p>',
        tags=["sleep"],
        conditions=[lupus.pk],
    )
    client.force_login(people.reviewer)
    shown = client.get(address("compare", old.page.pk, 1, 2)).content.decode()
    assert "Changed smaller heading, was a heading" in shown
    assert "link now to https://example.org/b, before to https://example.org/a" in shown
    for words in (f"[{one.key}]", "night", f"[{two.key}]", "noon"):
        assert words in shown
    assert '<del><b class="diff-word">removed:</b> night' in shown
    assert '<ins><b class="diff-word">added:</b> noon' in shown
    assert "<del>rest</del>" in shown and "Removed item" in shown
    assert "<ins>sleep</ins>" in shown and "<ins>Lupus</ins>" in shown


def test_what_is_compared_is_escaped(client, people):
    old = factories.draft(title="A <script>alert(1)</script>")
    factories.draft(page=old.page, by=people.editor, title="B <img src=x onerror=alert(1)>")
    client.force_login(people.editor)
    shown = client.get(address("compare", old.page.pk, 1, 2)).content.decode()
    assert "<script>alert" not in shown and "<img" not in shown


@pytest.mark.parametrize("numbers", [(1, 99), (99, 1), (0, 1), (1, 10**30)])
def test_a_revision_that_is_not_the_pages_own_is_not_found(client, people, opened, numbers):
    factories.draft(page=factories.draft().page, by=people.editor)
    client.force_login(people.editor)
    assert client.get(address("compare", opened.page.pk, *numbers)).status_code == 404


@pytest.mark.parametrize("view", ["compare", "stale", "restore", "choose"])
def test_people_without_a_role_see_none_of_it(client, people, opened, view):
    args = {"compare": (1, 1), "stale": (1,), "restore": (1,), "choose": ()}[view]
    client.force_login(people.outsider)
    post = client.post(address(view, opened.page.pk, *args), {"a": "1", "b": "1"})
    got = client.get(address(view, opened.page.pk, *args), {"a": "1", "b": "1"}, follow=True)
    assert got.status_code == 403 and post.status_code in (302, 403)
    assert opened.page.revisions.count() == 1


def test_a_reader_of_the_desk_gets_no_button_to_restore(client, people, opened):
    factories.draft(page=opened.page, by=people.editor)
    client.force_login(people.reviewer)
    for shown in (address("history", opened.page.pk), address("compare", opened.page.pk, 1, 2)):
        assert "as a new draft" not in client.get(shown).content.decode()
    client.post(address("restore", opened.page.pk, 1), {"based_on": ""})
    assert opened.page.revisions.count() == 2


def test_a_link_restores_nothing(client, people, opened):
    factories.draft(page=opened.page, by=people.editor)
    client.force_login(people.editor)
    client.get(address("restore", opened.page.pk, 1))
    assert opened.page.revisions.count() == 2
