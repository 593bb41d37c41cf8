"""A state machine over everything that changes what readers see, against the page cache.

Each rule is one thing that staff, readers, registries or the clock do; many are refused, as in
life. After each, every address is asked of several caches, each with memory of its own as in
several processes, and of Django itself: all must say the same.
"""

import re
from collections import Counter
from datetime import timedelta
from itertools import count
from typing import ClassVar

from django.core.cache import cache as counted
from django.core.exceptions import ValidationError
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from autoimmune_site.page_cache.application import PageCache
from claims import actions as claim_actions
from claims import deciding, reporting
from claims.models import Claim, Decision
from editorial import actions, registry
from editorial.errors import Refused
from editorial.models import Page
from evidence import actions as evidence_actions
from evidence import merging
from evidence.models import Acknowledgement, Source
from tests import factories
from therapies import actions as therapy_actions
from therapies.assessing import record_empty_search
from therapies.models import Condition, Therapy

from .wsgi_client import ask

PICK = st.integers(min_value=0, max_value=11)
KINDS = st.sampled_from(["article", "article", "condition", "therapy"])
TITLES = st.sampled_from(["Rest", "Lupus", "Sleep", "Pacing"])
TAGS = st.sampled_from([[], ["rest"], ["sleep", "rest"]])
SENTENCES = (
    "Rest may help some people with lupus.",
    "Half of them slept better.",
    "Rest cures lupus in everybody.",
    "People met weekly.",
)
UPDATED = re.compile(rb"<updated>[^<]*</updated>")
OUTCOMES = st.sampled_from([*Decision.Outcome.values])
LISTS = (
    "/",
    "/articles/",
    "/conditions/",
    "/therapies/",
    "/evidence/",
    "/evidence/map.svg",
    "/evidence/map.csv",
    "/sources/",
    "/claims/",
    "/corrections/",
    "/tags/rest/",
    "/tags/sleep/",
    "/feeds/articles.atom",
    "/feeds/corrections.atom",
    "/sitemap.xml",
    "/robots.txt",
)


def pick_of(found, pick: int):
    """One of these rows, or None where there is none."""
    found = list(found)
    return found[pick % len(found)] if found else None


def addresses() -> list[str]:
    """Whatever can be read now, or could be once."""
    pages = list(Page.objects.order_by("pk"))
    found = [page.get_absolute_url() for page in pages]
    found += [f"{page.get_absolute_url()}references.ris" for page in pages]
    found += [claim.get_absolute_url() for claim in Claim.objects.all()]
    found += [source.get_absolute_url() for source in Source.objects.all()]
    for therapy in Therapy.objects.all():
        found += [f"/evidence/{therapy.slug}/{c.slug}/" for c in Condition.objects.all()]
    return [*LISTS, *dict.fromkeys(found)]


class Readers(RuleBasedStateMachine):
    """`kept` counts answers that came from memory, `done` what was not refused, over all walks."""

    kept: ClassVar[Counter] = Counter()
    done: ClassVar[Counter] = Counter()
    caches = 2

    def __init__(self):
        super().__init__()
        self.begin_isolated()
        self.people = factories.people()
        self.now = timezone.now()
        self.django = WSGIHandler()
        self.readers = [self._cache() for _ in range(self.caches)]

    def begin_isolated(self):
        """Whatever this walk writes goes with it."""
        counted.clear()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def _cache(self) -> PageCache:
        cache = PageCache(WSGIHandler(), 8 * 1024 * 1024)
        clock = count()
        cache.watch._now = lambda: float(next(clock))  # it looks for marks at every answer
        return cache

    def attempt(self, act, *args, **named):
        """Do it unless it is refused, as much is."""
        try:
            with transaction.atomic():
                result = act(*args, **named)
        except (Refused, ValidationError):
            return None
        self.done[act.__name__] += 1
        return result

    # Rules: pages

    @initialize()
    def begin(self):
        """One page of each kind, joined."""
        sources = [factories.source(key=f"study-{n}") for n in "ab"]
        self.lupus = factories.condition(title="Lupus", slug="lupus", tags=["rest"])
        self.rest = factories.therapy(title="Rest", slug="rest")
        cite = f'<cite data-source="{sources[0].key}"></cite>'
        factories.published_page(
            title="Sleep",
            slug="sleep",
            tags=["sleep", "rest"],
            body=f"<p>{SENTENCES[0]} {SENTENCES[1]} {cite}</p>",
            conditions=[self.lupus.pk],
            therapies=[self.rest.pk],
        )

    @rule(kind=KINDS, title=TITLES, tags=TAGS, words=PICK, cited=PICK, page=PICK, goes_on=PICK)
    def write(self, kind, title, tags, words, cited, page, goes_on):
        """A new text or another one for a page; three in four are published."""
        found = None
        if Page.objects.filter(kind=kind).count() > 3 or page % 3:
            found = pick_of(Page.objects.filter(kind=kind).order_by("pk"), page)
        source = pick_of(Source.objects.order_by("pk"), cited)
        cite = f'<cite data-source="{source.key}"></cite>' if cited % 3 else ""
        text = f"<p>{SENTENCES[words % 4]} {cite}</p><p>{SENTENCES[(words + cited) % 4]}</p>"
        changes = {"title": title, "tags": tags, "body": text}
        if found:
            changes["slug"] = found.slug if words % 4 else f"{found.slug}-{words}"[:40]
        if kind == "article":
            changes |= {"conditions": [self.lupus.pk], "therapies": [self.rest.pk][: page % 2]}
        revision = self.attempt(self._draft, kind, found, changes)
        if revision and goes_on % 4 == 0:
            self.attempt(
                actions.publish_override, revision, by=self.people.admin, reason="Elsewhere."
            )
        elif revision and goes_on % 4 < 3:
            self.attempt(self._publish, revision)

    def _draft(self, kind, page, changes):
        return factories.draft(kind, page=page, **changes)

    def _publish(self, revision):
        revision = actions.submit(revision, by=self.people.author)
        factories.decide_all(revision)
        return actions.publish(
            actions.approve(revision, by=self.people.reviewer), by=self.people.editor
        )

    @rule(page=PICK, instead=PICK)
    def withdraw(self, page, instead):
        """A page is taken away, now and then with another in its place; not too often."""
        found = pick_of(Page.objects.published().order_by("pk"), page)
        if Page.objects.published().count() < 3 + page % 2:
            return
        other = pick_of(Page.objects.order_by("pk"), instead) if instead % 2 else None
        if found:
            self.attempt(
                actions.withdraw, found, by=self.people.editor, reason="Wrong.", replaced_by=other
            )

    @rule(page=PICK)
    def review(self, page):
        """Somebody has read a live page again."""
        found = pick_of(Page.objects.published().order_by("pk"), page)
        if found:
            self.attempt(actions.confirm_review, found, by=self.people.reviewer, note="All of it.")

    @rule(days=st.sampled_from([1, 40, 400]))
    def wait(self, days):
        """Time passes, and what is done periodically is done."""
        self.now += timedelta(days=days)
        for each in registry.rounds():
            each(self.now)

    # Rules: claims

    @rule(claim=PICK, reason=st.sampled_from(["no_source", "unsafe", "other"]))
    def question(self, claim, reason):
        """Staff question a sentence."""
        found = pick_of(Claim.objects.order_by("pk"), claim)
        if found:
            self.attempt(
                claim_actions.raise_flag,
                found,
                by=self.people.moderator,
                reason=reason,
                explanation="Why?",
            )

    @rule(claim=PICK, outcome=OUTCOMES, source=PICK)
    def answer(self, claim, outcome, source):
        """A moderator decides."""
        found = pick_of(Claim.objects.order_by("pk"), claim)
        source = pick_of(Source.objects.current().order_by("pk"), source)
        if found:
            self.attempt(
                deciding.decide,
                found,
                by=self.people.moderator,
                outcome=outcome,
                reason="I compared it.",
                sources=[source] if outcome == "supported" else [],
                passages={source.pk: "The table on the second page."},
            )

    @rule(decision=PICK)
    def take_back(self, decision):
        """A moderator takes a decision back."""
        found = pick_of(Decision.objects.order_by("-pk"), decision % 3)
        if found:
            self.attempt(deciding.undo, found, by=self.people.moderator, reason="Too soon.")

    @rule(page=PICK, sentence=st.sampled_from(SENTENCES))
    def ask_about(self, page, sentence):
        """A reader asks about a sentence."""
        found = pick_of(Page.objects.published().order_by("pk"), page)
        if found:
            self.attempt(
                reporting.report,
                found,
                sentence=sentence,
                reason="no_source",
                text="Who says so?",
                form_key=f"key-{timezone.now().timestamp()}",
            )

    @rule(claim=PICK, direction=st.sampled_from(["benefit", "harm", "unclear"]))
    def describe(self, claim, direction):
        """A moderator says what a claim is about."""
        found = pick_of(Claim.objects.order_by("pk"), claim)
        if found:
            self.attempt(
                deciding.describe,
                found,
                by=self.people.moderator,
                category="EFFICACY",
                direction=direction,
                safety=found.safety,
            )

    @rule()
    def check_again(self):
        """Every text is checked with today's rules."""
        claim_actions.recheck_site()

    # Rules: evidence

    @rule(source=PICK, kind=st.sampled_from(["retraction", "concern", "reinstatement"]))
    def notice(self, source, kind):
        """A registry says something of a paper."""
        found = pick_of(Source.objects.order_by("pk"), source)
        day = timezone.localdate() + timedelta(days=evidence_days(found))
        self.attempt(
            evidence_actions.record_notice, found, by=self.people.editor, kind=kind, date=day
        )

    @rule(source=PICK, title=TITLES, about=PICK)
    def edit_source(self, source, title, about):
        """An editor mends a record."""
        found = pick_of(Source.objects.current().order_by("pk"), source)
        pages = [pick_of(Page.objects.exclude(kind="article").order_by("pk"), about)]
        self.attempt(
            evidence_actions.save_source,
            by=self.people.editor,
            key=found.key,
            title=f"About {title}",
            about=pages,
        )

    @rule()
    def new_source(self):
        """An editor adds a record."""
        factories.source()

    @rule(one=PICK, other=PICK)
    def merge(self, one, other):
        """Two records of one paper become one."""
        found = Source.objects.order_by("pk")
        one, other = pick_of(found, one), pick_of(found, other)
        if found.current().count() > 2:
            self.attempt(
                merging.merge_sources, one, other, by=self.people.editor, reason="The same."
            )

    @rule(page=PICK, source=PICK, takes_back=PICK)
    def cite_on_purpose(self, page, source, takes_back):
        """A moderator says that a retracted paper is cited on purpose, or no longer."""
        standing = Acknowledgement.objects.order_by("pk").first()
        if standing and takes_back % 2:
            self.attempt(
                evidence_actions.take_back_acknowledgement, standing, by=self.people.moderator
            )
            return
        self.attempt(
            evidence_actions.acknowledge,
            pick_of(Page.objects.order_by("pk"), page),
            pick_of(Source.objects.order_by("pk"), source),
            by=self.people.moderator,
            reason="It is about the retraction.",
        )

    @rule(therapy=PICK, condition=PICK, source=PICK, certainty=st.sampled_from(["low", "high"]))
    def assess(self, therapy, condition, source, certainty):
        """What the evidence says of a pair is written and approved."""
        pair = self._pair(therapy, condition)
        source = pick_of(Source.objects.current().order_by("pk"), source)
        version = self.attempt(factories.assessment_draft, *pair, certainty, [source])
        if version:
            self.attempt(therapy_actions.approve, version, by=self.people.reviewer)

    @rule(therapy=PICK, condition=PICK)
    def look_in_vain(self, therapy, condition):
        """Evidence was looked for and none found."""
        therapy, condition = self._pair(therapy, condition)
        self.attempt(
            record_empty_search,
            by=self.people.editor,
            therapy=therapy,
            condition=condition,
            searched_on=timezone.localdate(),
            searched_where="PubMed",
        )

    def _pair(self, therapy, condition):
        return (
            pick_of(Therapy.objects.order_by("pk"), therapy),
            pick_of(Condition.objects.order_by("pk"), condition),
        )

    # What must always hold

    @invariant()
    def every_reader_sees_what_is_so_now(self):
        """Cached or made anew: the same status, the same bytes."""
        if not hasattr(self, "rest"):
            return
        for address in addresses():
            fresh = ask(self.django, address)
            for cache in self.readers:
                before = len(cache.store.entries)
                answer = ask(cache, address)
                assert (answer.status, told(answer)) == (fresh.status, told(fresh)), address
                self.kept["kept"] += len(cache.store.entries) == before


def told(answer) -> bytes:
    """What an answer says. A feed without entries says when it was asked for; that is no matter."""
    if b"<feed" in answer.body and b"<entry>" not in answer.body:
        return UPDATED.sub(b"", answer.body)
    return answer.body


def evidence_days(source) -> int:
    """A day for the next notice: later than all that were recorded."""
    return source.notices.count()
