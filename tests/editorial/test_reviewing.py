"""Who is asked for a review, whose turn it is, who cannot judge, and how many must."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from editorial import actions
from editorial.errors import NotAllowed, WrongState
from editorial.models import Approval, Event, KindPolicy, Revision
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """sent(function): the letters that it causes once it is committed."""

    def letters(function):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            function()
        return [(letter.to[0], letter.subject) for letter in mail.outbox]

    return letters


@pytest.fixture
def second(people):
    return factories.person("second", "reviewer")


def test_a_named_reviewer_is_told_and_the_page_says_whose_turn_it_is(people, sent):
    revision = factories.draft(title="Rest and lupus")
    due = timezone.localdate() + timedelta(days=5)
    letters = sent(
        lambda: actions.submit(
            revision, by=people.author, reviewer=people.reviewer, due=due, note="Please check."
        )
    )
    assert letters == [("reviewer@example.org", "Please review “Rest and lupus”")]
    assert "Please check." in mail.outbox[0].body and "/review/" in mail.outbox[0].body
    revision.refresh_from_db()
    assert revision.whose_turn.startswith("Waits for reviewer since")
    assert "wanted by" in revision.whose_turn


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (factories.draft, "not submitted yet"),
        (factories.submitted, "Anybody in the pool of reviewers may take it"),
        (
            lambda: actions.request_changes(
                factories.submitted(), by=factories.people().editor, reason="Cite it."
            ),
            "Back with the author, author",
        ),
        (factories.approved, "an editor can publish it"),
        (lambda: factories.published_page().live_revision, "readers see it"),
    ],
)
def test_whose_turn_it_is_stands_in_list_form_and_reading_view(client, people, make, says):
    revision = make()
    assert says in revision.whose_turn
    client.force_login(people.editor)
    page = revision.page_id
    for address in (
        reverse("admin:articles_article_review", args=[page]),
        reverse("admin:articles_article_change", args=[page]),
    ):
        assert says in client.get(address).content.decode()
    if revision.state != "published":
        listed = client.get(reverse("admin:articles_article_changelist")).content.decode()
        assert says in listed


def test_a_review_is_taken_released_and_taken_by_another(people, second):
    revision = actions.take_review(factories.submitted(), by=people.reviewer)
    with pytest.raises(WrongState, match="reviewer has this review"):
        actions.take_review(revision, by=second)
    with pytest.raises(WrongState, match="reviewer has this review"):
        actions.approve(revision, by=second)
    actions.release_review(revision, by=people.reviewer)
    actions.take_review(revision, by=second)
    with pytest.raises(NotAllowed):
        actions.release_review(revision, by=people.reviewer)
    assert actions.approve(revision, by=second).state == "approved"


def test_a_review_cannot_be_asked_of_who_cannot_give_it(people):
    both = factories.person("both", "author", "reviewer")
    revision = factories.draft(by=both)
    with pytest.raises(NotAllowed, match="wrote part"):
        actions.submit(revision, by=both, reviewer=both)
    with pytest.raises(NotAllowed, match="no medical reviewer"):
        actions.submit(revision, by=both, reviewer=people.editor)
    with pytest.raises(WrongState, match="has passed"):
        actions.submit(revision, by=both, due=date(2020, 1, 1))
    revision.refresh_from_db()
    assert revision.state == "draft" and revision.reviewer is None


def test_letters_go_to_the_author_on_changes_approval_and_publication(people, sent):
    revision = factories.submitted(title="Rest")
    back = sent(lambda: actions.request_changes(revision, by=people.editor, reason="Cite it."))
    assert back == [("author@example.org", "Changes requested: “Rest”")]
    assert "Cite it." in mail.outbox[0].body
    again = factories.draft(page=revision.page, title="Rest", body="<p>Mended.</p>")
    actions.submit(again, by=people.author)
    approved = sent(lambda: actions.approve(again, by=people.reviewer))
    assert approved == [("author@example.org", "Approved: “Rest”")]
    published = sent(lambda: actions.publish(again, by=people.editor))
    assert published == [("author@example.org", "Published: “Rest”")]


def test_a_kind_of_letter_can_be_turned_off_by_oneself(client, people, sent):
    client.force_login(people.author)
    shown = client.get(reverse("admin:me")).content.decode()
    assert shown.count("checked") == 6
    client.post(reverse("admin:me"), {"wanted": ["changes", "published", "nonsense"]})
    people.author.refresh_from_db()
    assert people.author.mail_off == []  # nonsense is refused whole
    client.post(reverse("admin:me"), {"wanted": ["changes", "published"]})
    revision = factories.submitted()
    assert sent(lambda: actions.approve(revision, by=people.reviewer)) == []
    assert len(sent(lambda: actions.publish(revision, by=people.editor))) == 1


# Declared interests


def test_who_has_an_interest_in_what_a_text_is_about_cannot_approve_it(people):
    therapy = factories.therapy(title="Methotrexate")
    interest = actions.declare_interest(
        by=people.admin,
        user=people.reviewer,
        page=therapy,
        what="Shares in a maker.",
        since=date(2020, 1, 1),
    )
    about = factories.submitted(therapies=[therapy.pk])
    other = factories.submitted()
    with pytest.raises(NotAllowed, match="interest in “Methotrexate”: Shares in a maker"):
        actions.approve(about, by=people.reviewer)
    with pytest.raises(NotAllowed):
        actions.take_review(about, by=people.reviewer)
    with pytest.raises(NotAllowed, match="declared an interest"):
        actions.assign(about, by=people.editor, reviewer=people.reviewer)
    assert actions.approve(other, by=people.reviewer).state == "approved"
    actions.end_interest(interest, by=people.admin, until=timezone.localdate() - timedelta(days=1))
    assert actions.approve(about, by=people.reviewer).state == "approved"


def test_an_interest_in_a_therapy_counts_on_pages_of_conditions_it_is_assessed_for(people):
    therapy, condition = factories.therapy(), factories.condition()
    factories.assessment(therapy, condition)
    actions.declare_interest(
        by=people.reviewer,
        user=people.reviewer,
        page=therapy,
        what="Employed by a maker.",
        since=date(2020, 1, 1),
    )
    draft = factories.draft("condition", page=condition, title="Mended")
    revision = actions.submit(draft, by=people.author)
    with pytest.raises(NotAllowed, match="Employed by a maker"):
        actions.approve(revision, by=people.reviewer)


def test_only_administrators_declare_for_others_and_it_is_recorded(client, people):
    therapy = factories.therapy()
    with pytest.raises(NotAllowed):
        actions.declare_interest(
            by=people.editor, user=people.reviewer, page=therapy, what="X.", since=date(2020, 1, 1)
        )
    add = reverse("admin:editorial_declaredinterest_add")
    data = {
        "user": people.reviewer.pk,
        "page": therapy.get_absolute_url(),
        "what": "Shares.",
        "since": "2020-01-01",
        "until": "",
    }
    client.force_login(people.admin)
    assert client.post(add, data).status_code == 302
    assert people.reviewer.declared_interests.get().page_id == therapy.pk
    assert Event.objects.filter(verb="interest.declared", page_id=therapy.pk).exists()
    client.force_login(people.editor)
    assert client.get(add).status_code == 403


def test_an_interest_ends_after_it_began(people):
    interest = actions.declare_interest(
        by=people.admin,
        user=people.reviewer,
        page=factories.therapy(),
        what="Shares.",
        since=date(2020, 1, 2),
    )
    for wrong in ({"until": date(2020, 1, 1)}, {"what": ""}):
        with pytest.raises(IntegrityError, match="interest_"), transaction.atomic():
            type(interest).objects.filter(pk=interest.pk).update(**wrong)


# Two reviewers


@pytest.fixture
def two_needed(people):
    actions.set_policy("article", by=people.admin, approvals_needed=2, review_days=365)


def test_a_second_reviewer_is_demanded_where_the_rules_say_so(people, second, two_needed):
    revision = actions.take_review(factories.submitted(), by=people.reviewer)
    revision = actions.approve(revision, by=people.reviewer, note="Read against the trial.")
    assert revision.state == "in_review" and revision.reviewer is None
    assert "Approved by reviewer; a second reviewer is needed." in revision.whose_turn
    with pytest.raises(WrongState, match="somebody else must be the second"):
        actions.approve(revision, by=people.reviewer)
    revision = actions.approve(revision, by=second)
    assert revision.state == "approved" and revision.approved_by == second
    page = actions.publish(revision, by=people.editor)
    assert page.reviewed_by_name == "reviewer and second"


def test_the_rules_are_changed_by_administrators_in_the_admin(client, people):
    policy = KindPolicy.objects.get(kind="article")
    address = reverse("admin:editorial_kindpolicy_change", args=[policy.pk])
    client.force_login(people.admin)
    assert client.post(address, {"approvals_needed": 2, "review_days": 200}).status_code == 302
    policy.refresh_from_db()
    assert (policy.approvals_needed, policy.review_days) == (2, 200)
    event = Event.objects.get(verb="policy.changed")
    assert event.data["before"]["approvals_needed"] == 1
    client.force_login(people.editor)
    client.post(address, {"approvals_needed": 1, "review_days": 200})
    policy.refresh_from_db()
    assert policy.approvals_needed == 2
    with pytest.raises(NotAllowed):
        actions.set_policy("article", by=people.editor, approvals_needed=1, review_days=200)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("policy_one_or_two_approvals", {"approvals_needed": 0}),
        ("policy_review_within_reason", {"review_days": 1}),
    ],
)
def test_impossible_rules_are_refused_by_the_database(people, name, changes):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        KindPolicy.objects.update(**changes)


# What the database itself holds of approvals


def test_an_approval_keeps_what_was_declared_then(people):
    people.reviewer.title, people.reviewer.interests = "Rheumatologist", "None known."
    people.reviewer.save()
    revision = actions.approve(factories.submitted(), by=people.reviewer, note="All of it.")
    approval = revision.approvals.get()
    assert (approval.title, approval.interests, approval.checked) == (
        "Rheumatologist",
        "None known.",
        "All of it.",
    )
    people.reviewer.delete()
    approval.refresh_from_db()
    assert approval.by is None and approval.by_name == "reviewer"


def test_an_approval_is_never_changed_or_deleted(people):
    factories.approved()
    for change in (
        lambda: Approval.objects.update(by_name="nobody"),
        lambda: Approval.objects.update(checked="All."),
        lambda: Approval.objects.update(by=people.editor),
        lambda: Approval.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            change()


def test_the_database_refuses_the_authors_own_approval_and_one_too_few(people, two_needed):
    revision = factories.submitted()
    now = timezone.now()
    with pytest.raises(IntegrityError, match="their own words"), transaction.atomic():
        Approval.objects.create(revision=revision, by=people.author, by_name="author", at=now)
    actions.approve(revision, by=people.reviewer)
    with pytest.raises(IntegrityError, match="as many reviewers"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(
            state="approved", approved_at=now, approved_by_name="forged"
        )
    with pytest.raises(IntegrityError, match="approval|unique|UNIQUE"), transaction.atomic():
        Approval.objects.create(revision=revision, by=people.reviewer, by_name="again", at=now)
    with pytest.raises(IntegrityError, match="approval_named"), transaction.atomic():
        Approval.objects.create(revision=revision, by=people.editor, by_name="", at=now)


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("revision_not_reviewed_by_its_author", "author"),
        ("revision_reviewer_since", "reviewer"),
    ],
)
def test_the_reviewer_is_not_the_author_and_stands_since_a_moment(people, name, who):
    revision = factories.submitted()
    changes = {"reviewer": getattr(people, who)}
    if who == "author":
        changes["reviewer_since"] = timezone.now()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(**changes)


# The queue and the buttons


def test_the_queue_tells_what_waits_for_whom(client, people, second):
    mine = actions.take_review(factories.submitted(title="Mine to read"), by=people.reviewer)
    late = factories.draft(title="Free to take")
    actions.submit(late, by=people.author, due=timezone.localdate())
    client.force_login(people.reviewer)
    address = reverse("admin:review-queue")
    assert "Mine to read" in client.get(address).content.decode()
    pool = client.get(address, {"list": "pool"}).content.decode()
    assert "Free to take" in pool and "Mine to read" not in pool
    assert "Free to take" in client.get(address, {"list": "soon"}).content.decode()
    first = client.get(reverse("admin:index")).content.decode()
    assert "Waiting for my review" in first and "?list=mine" in first
    assert mine.reviewer_id == people.reviewer.pk
    client.force_login(people.outsider)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("count", [1, 12])
def test_the_queue_costs_the_same_however_long(
    client, people, count, django_assert_max_num_queries
):
    for _ in range(count):
        factories.submitted()
    client.force_login(people.editor)
    with django_assert_max_num_queries(10):
        client.get(reverse("admin:review-queue"), {"list": "all"})


def test_what_was_written_is_still_there_when_a_step_is_refused(client, people):
    revision = factories.submitted()
    client.force_login(people.editor)
    address = reverse("admin:articles_article_step", args=[revision.page_id, "assign"])
    shown = client.post(address, {"revision": revision.pk, "due": "2020-01-01", "reviewer": ""})
    text = shown.content.decode()
    assert "has passed" in text and 'value="2020-01-01"' in text
