"""A state machine over every route by which people and commands change pages.

Each rule is one thing that somebody does: through a form, a button, the bulk action, the calendar,
an import, the schedule. Most are refused, as real clicks are. After each, what must always hold is
looked at from outside: the readers' pages, what was saved, who approved, the audit log.
"""

import io
import re
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from claims import actions as claim_actions
from editorial import actions, audit, forms, schedule, steps
from editorial.errors import Refused
from editorial.models import Appointment, Approval, Event, Page, Revision
from editorial.page_history import basis
from tests import factories

CAST = {
    "author": ["author"],
    "second": ["author"],
    "both": ["author", "editor", "reviewer"],
    "editor": ["editor"],
    "reviewer": ["reviewer"],
    "reader": ["reviewer"],
    "moderator": ["moderator"],
    "admin": ["administrator"],
}
MARK = re.compile(r"Mark\d+x")
RISKY = "Stem cell therapy is a guaranteed cure for lupus."
SENTENCES = ["Some people rest at noon.", "Many people sleep badly.", RISKY]
# What people usually do next, and who: so that texts get far, besides all that is refused.
USUAL = {
    "draft": [("submit", "author"), ("submit", "editor")],
    "in_review": [
        ("approve", "reviewer"),
        ("approve", "reader"),
        ("approve", "both"),
        ("take", "reader"),
        ("request-changes", "editor"),
    ],
    "changes_requested": [],
    "approved": [("publish", "editor"), ("schedule", "editor"), ("publish", "both")],
    "published": [
        ("confirm-review", "reader"),
        ("withdraw", "moderator"),
        ("withdraw-later", "editor"),
    ],
    "superseded": [],
}
WHO = st.sampled_from(sorted(CAST))
SLUGS = st.sampled_from(["one", "two", "three", ""])
PICK = st.integers(min_value=0, max_value=30)


class Workflow(RuleBasedStateMachine):
    """`shown` are the marks of texts that were approved, or overridden: all that readers may see.
    `kept` is the digest of each revision as its last save was acknowledged. `reached` counts what
    happened over all walks, so that a test can tell that they got anywhere."""

    reached: ClassVar[Counter] = Counter()

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.people = {name: factories.person(name, *roles) for name, roles in CAST.items()}
        self.clients = {}
        self.shown, self.kept, self.count = set(), {}, 0

    def teardown(self):
        self.reached.update(Event.objects.values_list("verb", flat=True))
        assert audit.first_broken_event() is None
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # Help for the rules

    def as_(self, name) -> Client:
        """The browser of this person."""
        if name not in self.clients:
            self.clients[name] = Client()
            self.clients[name].force_login(self.people[name])
        return self.clients[name]

    def page(self, pick) -> Page | None:
        pages = list(Page.objects.order_by("pk"))
        return pages[pick % len(pages)] if pages else None

    def revision(self, page, pick) -> Revision:
        """Mostly the newest one; now and then one from an old tab."""
        found = list(page.revisions.all())
        return found[pick % len(found)] if pick % 4 == 0 else page.latest_revision()

    def content(self, slug, sentence) -> dict:
        self.count += 1
        mark = f"Mark{self.count}x"
        return {
            "title": f"About {mark}",
            "slug": slug,
            "summary": "",
            "body": f"<p>{mark} stands here. {sentence}</p>",
            "tags": "",
        }

    def note_saves(self, before: set) -> None:
        """What came to be is acknowledged now; what was there must not change but by its author
        going on in an open draft (noted by the rule that does so)."""
        for revision in Revision.objects.exclude(pk__in=before):
            self.kept[revision.pk] = revision.digest

    @staticmethod
    def keys() -> set:
        return set(Revision.objects.values_list("pk", flat=True))

    # Rules: writing

    @initialize(sentence=st.sampled_from(SENTENCES), approver=st.sampled_from([0, 1]))
    def begin(self, sentence, approver):
        """A page that readers see, and a draft."""
        self.write_new("author", "one", sentence)
        self.go_on(0, [0, approver, 0], 0)
        self.write_new("second", "", sentence)

    @rule(who=WHO, slug=SLUGS, sentence=st.sampled_from(SENTENCES))
    def write_new(self, who, slug, sentence):
        """A new page through the form."""
        before = self.keys()
        address = reverse("admin:articles_article_add")
        self.as_(who).post(address, self.content(slug, sentence) | {"_save": "1"})
        self.note_saves(before)

    @rule(who=WHO, slug=SLUGS, sentence=st.sampled_from(SENTENCES), page=PICK, pick=PICK)
    def edit(self, who, slug, sentence, page, pick):
        """A page's form, opened from its newest text or, in an old tab, from an older one."""
        page = self.page(page)
        opened, before = self.revision(page, pick), self.keys()
        went_on = page.current_revision()
        data = self.content(slug, sentence) | {"based_on": basis(opened), "_save": "1"}
        address = reverse("admin:articles_article_change", args=[page.pk])
        self.as_(who).post(address, data)
        if went_on and went_on.author_id == self.people[who].pk and went_on.state == "draft":
            went_on.refresh_from_db()
            if MARK.search(went_on.content["title"]).group() == f"Mark{self.count}x":
                assert opened.pk == went_on.pk  # an old tab overwrites nothing
                self.kept[went_on.pk] = went_on.digest
        self.note_saves(before)

    @rule(who=WHO, page=PICK, pick=PICK)
    def restore(self, who, page, pick):
        """An old revision as a new draft."""
        page, before = self.page(page), self.keys()
        number = self.revision(page, pick * 4).number
        address = reverse("admin:articles_article_restore", args=[page.pk, number])
        self.as_(who).post(address, {"based_on": basis(page.latest_revision())})
        self.note_saves(before)

    @rule(who=st.sampled_from(["author", "editor", "admin"]), publish=st.booleans())
    def import_file(self, who, publish):
        """A file through the command, straight to readers or not."""
        said, before = self.content("", SENTENCES[0]), self.keys()
        text = f"<h1>{said['title']}</h1>{said['body']}"
        options = ["--publish", "--reason", "From elsewhere."] if publish else []
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"{self.count}.html")
            path.write_text(text)
            try:
                call_command(
                    "import_articles",
                    str(path),
                    "--by",
                    who,
                    *options,
                    stdout=io.StringIO(),
                    stderr=io.StringIO(),
                )
            except (CommandError, SystemExit):
                assert not (publish and who == "admin")
            else:
                if publish:
                    assert who == "admin"
                    self.shown.add(f"Mark{self.count}x")
        self.note_saves(before)

    # Rules: the workflow

    @rule(who=WHO, step=st.sampled_from(sorted(steps.STEPS)), page=PICK, pick=PICK, days=PICK)
    def press(self, who, step, page, pick, days):
        """A button, with everything that any of them asks."""
        page = self.page(page)
        self.click(who, step, page, self.revision(page, pick), days)

    @rule(page=PICK, picks=st.lists(PICK, min_size=1, max_size=4), days=PICK)
    def go_on(self, page, picks, days):
        """The usual next steps of a page, flags answered on the way."""
        page = self.page(page)
        for pick in picks:
            revision = page.latest_revision()
            if usual := USUAL[revision.state]:
                factories.decide_all(revision)
                step, who = usual[pick % len(usual)]
                self.click(who, step, page, revision, days)
                page.refresh_from_db()

    @rule(page=PICK, slug=SLUGS, puts_back=st.booleans())
    def live_on(self, page, slug, puts_back):
        """A page is written on, perhaps under another address or put back to its beginnings, and
        goes to readers again."""
        self.edit("author", slug, SENTENCES[0], page, 1)
        if puts_back:
            self.restore("author", page, 0)
        self.go_on(page, [0, 0, 0], 5)

    @rule(page=PICK)
    def question_before_its_hour(self, page):
        """A text is put on the calendar, somebody questions it, and the hour comes."""
        self.edit("author", "", RISKY, page, 1)
        self.go_on(page, [0, 0, 1], 5)
        self.moderate(page, decides=False, outcome="")
        self.time_passes(30)

    def click(self, who, step, page, revision, days):
        writers = self.writers_since_live(page, revision)
        soon = timezone.localtime() + timedelta(days=days - 1)
        data = {
            "revision": revision.pk,
            "text": "Because it is so.",
            "at": f"{soon:%Y-%m-%dT%H:%M}",
            "on": f"{soon:%Y-%m-%d}",
            "due": "",
            "reviewer": self.people["reviewer"].pk if days % 2 else "",
        }
        given = revision.approvals.count()
        address = reverse("admin:articles_article_step", args=[page.pk, step])
        self.as_(who).post(address, data)
        revision.refresh_from_db()
        if revision.approvals.count() > given:
            assert self.people[who].pk not in writers and "reviewer" in CAST[who]
        self.note_approval(revision)
        if step == "override" and who == "admin" and revision.override_reason:
            self.shown.add(self.mark(revision))

    @rule(who=WHO, action=st.sampled_from(["submit_selected", "publish_selected"]))
    def bulk(self, who, action):
        """The same for all pages at once."""
        pages = list(Page.objects.values_list("pk", flat=True))
        address = reverse("admin:articles_article_changelist")
        self.as_(who).post(address, {"action": action, "_selected_action": pages})

    @rule(who=WHO, pick=PICK, days=PICK, cancels=st.booleans())
    def change_calendar(self, who, pick, days, cancels):
        """An entry moved or cancelled, waiting or not."""
        entries = list(Appointment.objects.order_by("pk"))
        if not entries:
            return
        pk = entries[pick % len(entries)].pk
        soon = timezone.localtime() + timedelta(days=days - 1)
        name = "cancel" if cancels else "move"
        address = reverse(f"admin:schedule-{name}", args=[pk])
        self.as_(who).post(address, {"at": f"{soon:%Y-%m-%dT%H:%M}"})

    @rule(days=st.integers(min_value=0, max_value=400))
    def time_passes(self, days):
        """The schedule, on time or late, and the ladder of the clocks."""
        run = schedule.work_round(timezone.now() + timedelta(days=days))
        assert run.broken == []

    @rule(page=PICK, decides=st.booleans(), outcome=st.sampled_from(["not_a_claim", "reword"]))
    def moderate(self, page, decides, outcome):
        """Every flag answered, or a new one raised."""
        revision = self.page(page).latest_revision()
        if decides:
            factories.decide_all(revision, outcome)
            return
        anchor = revision.anchors.select_related("claim").first()
        if anchor:
            try:
                claim_actions.raise_flag(
                    anchor.claim,
                    by=self.people["moderator"],
                    reason="unsafe",
                    explanation="It may harm.",
                )
            except Refused:
                return

    @rule(needed=st.sampled_from([1, 1, 1, 2]))
    def change_rules(self, needed):
        """One reviewer, or two."""
        actions.set_policy(
            "article", by=self.people["admin"], approvals_needed=needed, review_days=365
        )

    # What must always hold

    @staticmethod
    def mark(revision) -> str:
        return MARK.search(revision.content["title"]).group()

    @staticmethod
    def writers_since_live(page, revision) -> set:
        """By the plain rule, not by the code: whoever wrote after what readers see."""
        live = page.live_revision
        after = live.number if live and live.pk != revision.pk else 0
        rows = page.revisions.filter(number__gt=after, number__lte=revision.number)
        if live and live.pk == revision.pk:
            rows = rows.filter(pk=revision.pk)
        return set(rows.values_list("author_id", flat=True))

    def note_approval(self, revision) -> None:
        """A text that reached approval may be shown from now on."""
        if revision.approved_at:
            self.shown.add(self.mark(revision))

    @invariant()
    def readers_see_only_what_was_approved(self):
        client = Client()
        for page in Page.objects.all():
            answer = client.get(f"/articles/{page.slug}/")
            expected = {"published": 200, "withdrawn": 410, "draft": 404}[page.status]
            assert answer.status_code == expected
            if expected != 404:  # a 404 repeats the address that was asked for
                assert set(MARK.findall(answer.content.decode())) <= self.shown
            if page.status == "published":
                live = page.live_revision
                assert self.mark(live) in answer.content.decode()
                assert live.approvals.exists() or live.override_reason
        listed = client.get("/articles/").content.decode()
        assert set(MARK.findall(listed)) <= self.shown

    @invariant()
    def no_acknowledged_save_is_lost(self):
        assert dict(Revision.objects.values_list("pk", "digest")) == self.kept
        for content, digest in Revision.objects.values_list("content", "digest"):
            assert forms.digest(content) == digest

    @invariant()
    def nobody_approved_their_own_words(self):
        for approval in Approval.objects.select_related("revision"):
            assert approval.by_id != approval.revision.author_id

    @invariant()
    def the_calendar_and_the_revisions_agree(self):
        waiting = Appointment.objects.waiting().filter(does="publish")
        mirrored = Revision.objects.filter(scheduled_at__isnull=False)
        assert set(waiting.values_list("revision", "at")) == set(
            mirrored.values_list("pk", "scheduled_at")
        )
