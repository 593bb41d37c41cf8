"""Autosave through its address: one working revision, nothing lost, nothing overwritten."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from editorial import actions, audit, autosave, registry
from editorial.errors import NotAllowed
from editorial.models import Event, FormTab, Page, Revision, UnsavedText
from tests import factories

pytestmark = pytest.mark.django_db

_number = count(1)


def address(view, *args):
    return reverse(f"admin:articles_article_{view}", args=args)


def body_of(page) -> str:
    return page.latest_revision().content["body"]


class Form:
    """A form open in one tab, sending what its script would send."""

    def __init__(self, client, page=None, token=""):
        self.client, self.page, self.number = client, page, 0
        self.token = token or f"tab{next(_number)}"
        opened = client.get(address("change", page.pk) if page else address("add"))
        assert opened.status_code == 200
        initial = opened.context["adminform"].form.initial
        names = ("title", "slug", "summary", "body", "tags")
        self.fields = {name: initial.get(name, "") for name in names}
        self.basis = opened.context.get("basis", "")
        self.url = opened.context["autosave_url"]
        self.opened = opened.content.decode()

    def data(self, **changes) -> dict:
        self.number += 1
        sent = {"based_on": self.basis, "tab": self.token, "tab_number": self.number}
        return self.fields | sent | changes

    def send(self, **changes) -> dict:
        """Autosave; the answer is taken in as the script takes it."""
        told = self.lose(**changes)
        if told["state"] == "saved":
            self.basis, self.url = told["basis"], told["autosave_url"]
        return told

    def lose(self, **changes) -> dict:
        """Autosave; the answer is lost on the way, so that the form knows nothing of it."""
        answer = self.client.post(self.url, self.data(**changes))
        assert answer.status_code == 200
        return answer.json()

    def press_save(self, **changes):
        url = address("change", self.page.pk) if self.page else address("add")
        return self.client.post(url, self.data(**changes) | {"_save": "1"}, follow=True)


@pytest.fixture
def page(people) -> Page:
    return factories.draft(title="Rest and lupus", body="<p>First words.</p>").page


@pytest.fixture
def form(client, people, page) -> Form:
    client.force_login(people.author)
    return Form(client, page)


# One working revision


def test_typing_goes_on_in_one_revision(form, page):
    for words in ("One.", "One two.", "One two three."):
        told = form.send(body=f"<p>{words}</p>")
        assert (told["state"], told["revision"]) == ("saved", 1)
    assert page.revisions.count() == 1 and body_of(page) == "<p>One two three.</p>"


def test_a_published_page_gets_one_draft_beside_it(client, people):
    live = factories.published_page(body="<p>Live words.</p>")
    client.force_login(people.author)
    form = Form(client, live)
    for words in ("Draft.", "Draft, longer."):
        assert form.send(body=f"<p>{words}</p>")["revision"] == 2
    live.refresh_from_db()
    assert live.body == "<p>Live words.</p>" and live.revisions.count() == 2


@pytest.mark.parametrize("state", ["in review", "approved"])
def test_a_key_pressed_by_mistake_ends_no_review_and_no_approval(client, people, page, state):
    revision = actions.submit(page.current_revision(), by=people.author)
    if state == "approved":
        revision = actions.approve(revision, by=people.reviewer)
    client.force_login(people.author)
    form = Form(client, page)
    told = form.send(body="<p>More.</p>")
    assert told["state"] == "kept" and f"Revision 1 is {state}" in told["message"]
    assert page.current_revision() == revision and UnsavedText.objects.count() == 1
    form.press_save(body="<p>More words.</p>")
    assert page.current_revision().number == 2 and not UnsavedText.objects.exists()


def test_who_was_asked_for_changes_goes_on_in_a_new_draft(client, people, page):
    revision = actions.submit(page.current_revision(), by=people.author)
    actions.request_changes(revision, by=people.reviewer, reason="Cite the trial.")
    client.force_login(people.author)
    form = Form(client, page)
    for words in ("One.", "One two."):
        assert form.send(body=f"<p>{words}</p>")["revision"] == 2
    assert page.revisions.get(number=1).content["body"] == "<p>First words.</p>"


def test_the_log_is_not_flooded_and_verifies(form, page):
    for number in range(5):
        form.send(body=f"<p>Words {number}.</p>")
    # It was begun a moment ago: that event tells of the writing.
    assert Event.objects.filter(page_id=page.pk, verb="revision.autosaved").count() == 0
    assert audit.first_broken_event() is None


def test_the_log_tells_of_autosaving_every_ten_minutes(form, page, monkeypatch):
    from django.utils import timezone as clock

    now = timezone.now()
    for minutes in (1, 11, 12, 19, 22):
        monkeypatch.setattr(clock, "now", lambda m=minutes: now + timedelta(minutes=m))
        form.send(body=f"<p>After {minutes} minutes.</p>")
    assert Event.objects.filter(verb="revision.autosaved").count() == 2


def test_the_exact_text_is_in_the_log_once_it_is_submitted(form, page, people):
    form.send(body="<p>Last words.</p>")
    revision = actions.submit(page.current_revision(), by=people.author)
    assert Event.objects.get(verb="revision.submitted").data["digest"] == revision.digest


# The other rooms


def test_half_a_sentence_makes_no_claim_until_it_is_saved_by_hand(form, page):
    told = []
    listener = registry.on_revision_saved(told.append)
    try:
        for words in ("Stem cells cure", "Stem cells cure lup", "Stem cells cure lupus."):
            form.send(body=f"<p>{words}</p>")
        assert not Claim.objects.filter(page=page).exists() and told == []
        form.press_save(body="<p>Stem cells cure lupus.</p>")
    finally:
        registry._saved_listeners.remove(listener)
    claims = Claim.objects.filter(page=page).values_list("sentence", flat=True)
    assert list(claims) == ["Stem cells cure lupus."] and len(told) == 1
    assert page.current_revision().is_told


@pytest.mark.parametrize("step", ["submit", "override"])
def test_the_other_rooms_read_it_before_anybody_relies_on_it(form, page, people, step):
    form.send(body="<p>Stem cells cure lupus.</p>")
    draft = page.current_revision()
    if step == "submit":
        actions.submit(draft, by=people.author)
    else:
        actions.publish_override(draft, by=people.admin, reason="Published elsewhere.")
    assert Claim.objects.filter(page=page).count() == 1


def test_the_round_reads_what_was_left_lying(form, page):
    form.send(body="<p>Stem cells cure lupus.</p>")
    autosave.tell_of_quiet_drafts(timezone.now())
    assert not Claim.objects.exists()  # perhaps somebody is still typing
    later = timezone.now() + timedelta(minutes=3)
    autosave.tell_of_quiet_drafts(later)
    autosave.tell_of_quiet_drafts(later)
    assert Claim.objects.count() == 1 and page.current_revision().is_told


# A page that is not made yet


def test_the_first_valid_autosave_makes_the_page_and_the_form_goes_on(client, people):
    client.force_login(people.author)
    form = Form(client)
    assert form.send(title="")["state"] == "kept"
    told = form.send(title="Rest")
    page = Page.objects.get()
    assert told["change_url"] == address("change", page.pk) and page.slug == "rest"
    form.send(title="Rest and lupus")
    page.refresh_from_db()
    assert (page.title, page.slug) == ("Rest and lupus", "rest-and-lupus")
    assert not UnsavedText.objects.exists() and Revision.objects.count() == 1


def test_a_lost_answer_makes_no_second_page(client, people):
    client.force_login(people.author)
    form = Form(client)
    form.lose(title="Rest")
    assert form.send(title="Rest and lupus")["revision"] == 1
    answer = form.press_save(title="Rest and lupus")
    assert Page.objects.count() == 1 and answer.status_code == 200


def test_the_button_after_a_lost_answer_makes_no_second_page(client, people):
    client.force_login(people.author)
    form = Form(client)
    form.lose(title="Rest")
    form.press_save(title="Rest at noon")
    assert Page.objects.get().title == "Rest at noon"


# A form that does not validate


def test_text_that_does_not_validate_is_kept_offered_and_restored(client, people, form, page):
    told = form.send(title="", body="<p>A thought without a title.</p>", tags="rest, sleep")
    assert told["state"] == "kept" and "Title: This field is required." in told["message"]
    assert body_of(page) == "<p>First words.</p>"
    kept = UnsavedText.objects.get()
    opened = client.get(address("change", page.pk)).content.decode()
    assert "that was not saved" in opened and "First words." in opened
    restored = client.get(address("change", page.pk), {"unsaved": kept.pk})
    initial = restored.context["adminform"].form.initial
    assert initial["title"] == "" and "without a title" in initial["body"]
    assert initial["tags"] == "rest, sleep"
    assert restored.context["basis"] == form.basis
    assert f'name="unsaved" value="{kept.pk}"' in restored.content.decode()
    again = Form(client, page)
    again.send(title="Now titled", body=initial["body"], unsaved=kept.pk)
    assert "without a title" in body_of(page) and not UnsavedText.objects.exists()


def test_a_new_pages_text_without_a_title_is_offered_on_the_add_form(client, people):
    client.force_login(people.author)
    Form(client).send(title="", body="<p>A thought.</p>")
    kept = UnsavedText.objects.get()
    assert "that was not saved" in client.get(address("add")).content.decode()
    opened = client.get(address("add"), {"unsaved": kept.pk})
    assert opened.context["adminform"].form.initial["body"] == "<p>A thought.</p>"
    client.force_login(people.editor)
    assert "that was not saved" not in client.get(address("add")).content.decode()
    other = client.get(address("add"), {"unsaved": kept.pk})
    assert "A thought." not in other.content.decode()


def test_restored_text_that_still_does_not_validate_stays_one(client, people, form, page):
    form.send(title="", body="<p>One.</p>")
    kept = UnsavedText.objects.get()
    again = Form(client, page)
    again.send(title="", body="<p>One two.</p>", unsaved=kept.pk)
    again.send(title="", body="<p>One two three.</p>", unsaved=kept.pk)
    assert UnsavedText.objects.get().pk == kept.pk
    assert ["body", "<p>One two three.</p>"] in UnsavedText.objects.get().fields


def test_two_tabs_without_a_title_keep_both_texts(client, people):
    client.force_login(people.author)
    for words in ("One", "Two"):
        Form(client).send(title="", body=f"<p>{words}.</p>")
    assert UnsavedText.objects.count() == 2


def test_saving_by_the_button_drops_what_was_kept(form, page):
    form.send(title="", body="<p>Half.</p>")
    form.press_save(title="Whole", body="<p>Half and half.</p>")
    assert not UnsavedText.objects.exists() and "Half and half" in body_of(page)


def test_unsaved_text_is_discarded_only_by_its_writer(client, people, form, page):
    form.send(title="", body="<p>Half.</p>")
    there = address("discard", UnsavedText.objects.get().pk)
    client.get(there)
    client.force_login(people.editor)
    client.post(there, {"page": page.pk})
    assert UnsavedText.objects.count() == 1
    client.force_login(people.author)
    assert client.post(there, {"page": page.pk}).url == address("change", page.pk)
    assert not UnsavedText.objects.exists()


def test_every_widget_of_the_form_comes_back(client, people):
    therapy = factories.draft("therapy").page
    client.force_login(people.author)
    change = reverse("admin:therapies_therapy_change", args=[therapy.pk])
    opened = client.get(change)
    rows = next(
        n for n, f in opened.context["adminform"].form.fields.items() if hasattr(f, "columns")
    )
    columns = list(opened.context["adminform"].form.fields[rows].columns)
    typed = {"title": "", "harms": "Infection\nPain", "tab": "t", "tab_number": 1}
    typed |= {f"{rows}-0-{column}": f"{column} words" for column in columns}
    url = reverse("admin:therapies_therapy_autosave", args=[therapy.pk])
    assert client.post(url, typed).json()["state"] == "kept"
    restored = client.get(change, {"unsaved": UnsavedText.objects.get().pk}).content.decode()
    assert "Infection\nPain</textarea>" in restored
    assert all(f'value="{column} words"' in restored for column in columns)


# Two people, two tabs


def late(people, page):
    """Somebody else saves."""
    return factories.draft(
        page=page, by=people.editor, title="Changed", slug=page.slug, body="<p>Theirs.</p>"
    )


def test_a_late_autosave_overwrites_nothing_and_is_kept_aside_once(client, people, form, page):
    form.send(body="<p>Mine, early.</p>")
    late(people, page)
    told = form.send(body="<p>Mine, late.</p>")
    assert told["state"] == "stale" and told["url"] == address("stale", page.pk, 3)
    assert "Nothing was overwritten" in told["message"]
    for number in range(4):
        assert form.send(body=f"<p>Mine, later {number}.</p>")["url"] == told["url"]
    assert body_of(page) == "<p>Theirs.</p>" and page.revisions.count() == 3
    assert page.revisions.get(number=3).content["body"] == "<p>Mine, late.</p>"
    assert ["body", "<p>Mine, later 3.</p>"] in UnsavedText.objects.get().fields
    assert Event.objects.filter(verb="revision.kept_aside").count() == 1


def test_text_typed_after_a_late_save_is_restored_as_late(client, people, form, page):
    late(people, page)
    form.send(body="<p>Mine, late.</p>")
    form.send(body="<p>Mine, later.</p>")
    kept = UnsavedText.objects.get()
    restored = client.get(address("change", page.pk), {"unsaved": kept.pk})
    assert restored.context["basis"] == form.basis  # so that it cannot overwrite either
    again = Form(client, page)
    again.basis = form.basis
    assert again.send(body="<p>Mine, later.</p>", unsaved=kept.pk)["state"] == "stale"
    assert body_of(page) == "<p>Theirs.</p>"


def test_a_lost_answer_is_not_taken_for_somebody_elses_save(form, page):
    form.lose(body="<p>One.</p>")
    form.lose(body="<p>One two.</p>")
    assert form.send(body="<p>One two three.</p>")["state"] == "saved"
    form.lose(body="<p>One two three four.</p>")
    form.press_save(body="<p>One two three four five.</p>")
    assert page.revisions.count() == 1 and "five" in body_of(page)


def test_an_older_text_of_the_same_tab_that_arrives_later_is_passed_over(form, page):
    older = form.data(body="<p>Older.</p>")
    form.send(body="<p>Newer.</p>")
    assert form.client.post(form.url, older).json()["state"] == "late"
    form.press_save(body="<p>Newest.</p>")
    again = form.client.post(form.url, older)
    assert again.json()["state"] == "late" and body_of(page) == "<p>Newest.</p>"


def test_a_second_tab_of_the_same_person_cannot_overwrite(client, form, page):
    second = Form(client, page)
    form.send(body="<p>From the first.</p>")
    told = second.send(body="<p>From the second.</p>")
    assert told["state"] == "stale" and "perhaps in another tab" in told["message"]
    assert body_of(page) == "<p>From the first.</p>"


def test_a_form_without_a_basis_overwrites_nothing(form, page):
    assert form.send(based_on="", body="<p>Forged.</p>")["state"] == "stale"
    assert body_of(page) == "<p>First words.</p>"


def test_who_lost_the_right_to_edit_loses_no_text(client, people, form, page, monkeypatch):
    from articles.admin import ArticleAdmin

    monkeypatch.setattr(ArticleAdmin, "has_change_permission", lambda *_: True)
    client.force_login(people.reviewer)
    told = form.send(body="<p>Not mine to write.</p>")
    assert told["state"] == "kept" and "may not edit this page" in told["message"]
    assert UnsavedText.objects.get().person == people.reviewer


def test_a_form_that_is_refused_when_sent_is_offered_again(client, form, page, monkeypatch):
    def refuse(**_):
        raise NotAllowed("You may not.")

    monkeypatch.setattr(actions, "save_draft", refuse)
    answer = form.press_save(body="<p>A long thought.</p>")
    assert "You may not." in answer.content.decode()
    kept = UnsavedText.objects.get()
    restored = client.get(address("change", page.pk), {"unsaved": kept.pk})
    assert "A long thought." in restored.content.decode()


@pytest.mark.parametrize("view", ["autosave", "presence"])
@pytest.mark.parametrize("who", ["reviewer", "outsider", None])
def test_only_those_who_may_write_the_page(client, people, page, who, view):
    if who:
        client.force_login(getattr(people, who))
    for there in (address(view, page.pk), address(f"add_{view}")):
        answer = client.post(there, {"title": "Forged", "tab": "t", "tab_number": "1"})
        assert answer.status_code == (403 if who else 302)
    assert page.revisions.count() == 1 and Page.objects.count() == 1


def test_an_autosave_by_a_link_or_of_no_page_is_none(client, form, page):
    assert client.get(form.url).status_code == 405
    assert client.post(address("autosave", 10**9), form.data()).status_code == 404


@pytest.mark.parametrize("nonsense", [{"tab_number": "-1"}, {"tab_number": "9" * 30}, {"tab": ""}])
def test_nonsense_about_the_tab_overwrites_nothing(client, form, page, nonsense):
    told = form.client.post(form.url, form.data(body="<p>Odd.</p>") | nonsense)
    assert told.status_code in (200, 400)
    assert body_of(page) == "<p>First words.</p>"


def test_someone_elses_token_gives_nothing(client, people, form, page):
    form.send(body="<p>Mine.</p>")
    client.force_login(people.editor)
    theirs = Form(client, page, token=form.token)
    theirs.basis = "1:old"
    assert theirs.send(body="<p>Forged.</p>")["state"] == "stale"
    assert FormTab.objects.filter(token=form.token).count() == 2


def test_an_autosave_costs_the_same_each_time(form, django_assert_max_num_queries):
    form.send(body="<p>Warm.</p>")
    with django_assert_max_num_queries(45):
        form.send(body="<p>Next.</p>")


# The database


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"token": ""}, "form_tab_named"),
        ({"saved_digest": "abc"}, "form_tab_saved_on_a_page"),
        ({"saved_revision": 1}, "form_tab_saved_on_a_page"),
    ],
)
def test_the_database_refuses_a_tab_that_makes_no_sense(form, change, constraint, page):
    form.send(title="")
    if "saved_revision" in change:
        change = {"saved_revision": page.current_revision()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FormTab.objects.update(**change)


def test_the_database_holds_one_row_for_a_tab(form, people):
    form.send(title="")
    tab, text = FormTab.objects.get(), UnsavedText.objects.get()
    for row in (tab, text):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="unsaved_text_named"), transaction.atomic():
        UnsavedText.objects.update(kind="")


def test_the_desk_says_that_a_text_is_not_checked_yet(client, people, form, page):
    form.send(body="<p>Stem cells cure lupus.</p>")
    client.force_login(people.reviewer)
    shown = client.get(address("review", page.pk)).content.decode()
    assert "not checked for claims yet" in shown and "claims in this text" not in shown
    autosave.tell_of_quiet_drafts(timezone.now() + timedelta(minutes=3))
    shown = client.get(address("review", page.pk)).content.decode()
    assert "not checked for claims yet" not in shown and "1 claim in this text" in shown
