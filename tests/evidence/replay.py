"""Years of notices over a seeded site, list by list, and what must become of every claim.

`Site` makes sources, pages and claims, and lists of notices with all that real ones hold: papers
nobody here knows, repeats, new versions of reviews, corrections, reinstatements. `Expected` says
in a few lines of its own what each claim's state must be; it shares no code with the site.
"""

import csv
import io
import random
from collections import defaultdict
from datetime import date, timedelta

from django.core.management import call_command
from django.utils import timezone

from claims import actions as claim_actions
from claims.models import Claim, ClaimSource, Flag
from evidence.models import Notice, Source
from tests import factories

COLUMNS = (
    "Record ID", "Title", "Journal", "Publisher", "RetractionDate", "RetractionDOI",
    "OriginalPaperDOI", "OriginalPaperPubMedID", "OriginalPaperDate", "RetractionNature",
    "Reason", "Notes",
)  # fmt: skip
NATURES = {
    "Retraction": "retraction",
    "Expression of concern": "concern",
    "Correction": "correction",
    "Reinstatement": "reinstatement",
}
DECIDED = ("supported", "not_a_claim")
START = date(2010, 1, 1)


class Expected:
    """What must be: the notices of each source, and the state and questions of each claim."""

    def __init__(self, claims: dict[int, str], rests_on: dict[int, set[int]]):
        self.state, self.rests_on = dict(claims), rests_on
        self.before: dict[int, str] = {}
        self.asked: dict[int, set[int]] = defaultdict(set)
        self.notices: dict[int, list[tuple[date, str]]] = defaultdict(list)

    def standing(self, source: int) -> str:
        """The last retraction or reinstatement decides; after that concerns, then corrections."""
        worst = "sound"
        for _, kind in sorted(self.notices[source], key=lambda notice: notice[0]):
            if kind == "retraction":
                worst = "retracted"
            elif kind == "reinstatement":
                worst = "sound"
            elif worst != "retracted" and (kind == "concern" or worst == "sound"):
                worst = "concern" if kind == "concern" else "corrected"
        return worst

    def notice(self, source: int, kind: str, day: date) -> None:
        """A notice that is news."""
        before = self.standing(source)
        self.notices[source].append((day, kind))
        now = self.standing(source)
        again = kind in ("concern", "correction") and now in ("concern", "corrected")
        if now == before and not again:
            return
        for claim, sources in self.rests_on.items():
            if source in sources:
                self._settle(claim, source) if now == "sound" else self._ask(claim, source)

    def _ask(self, claim: int, source: int) -> None:
        if not self.asked[claim]:
            self.before[claim] = self.state[claim]
        self.asked[claim].add(source)
        if self.state[claim] in DECIDED:
            self.state[claim] = "open"

    def _settle(self, claim: int, source: int) -> None:
        if source not in self.asked[claim]:
            return
        self.asked[claim].discard(source)
        if not self.asked[claim] and self.before[claim] in DECIDED:
            self.state[claim] = self.before[claim]

    def decided(self, claim: int, state: str) -> None:
        """A moderator answered."""
        self.asked[claim].clear()
        self.state[claim] = state


class Site:
    """A seeded site of this many sources and claims, and its lists of notices."""

    def __init__(self, *, sources: int, claims: int, seed: int = 6):
        self.chance, self.people = random.Random(seed), factories.people()
        self.sources = Source.objects.bulk_create(
            Source(key=f"s{n}", title=f"Stand-in paper number {n}", authors="Stand-in A",
                   year=2005, doi=self._doi(n))
            for n in range(sources)
        )  # fmt: skip
        page = factories.published_page()
        states = self.chance.choices(
            ["supported", "open", "not_a_claim", "must_change"], [6, 2, 1, 1], k=claims
        )
        made = Claim.objects.bulk_create(
            Claim(page=page, sentence=f"Sentence {n}.", state=state)
            for n, state in enumerate(states)
        )
        rests_on = {c.pk: self.chance.sample(self.sources, self.chance.choice([1, 1, 2, 3]))
                    for c in made}  # fmt: skip
        ClaimSource.objects.bulk_create(
            ClaimSource(claim_id=claim, source=source, confirmed_at=timezone.now(),
                        confirmed_by_name="Bench")
            for claim, found in rests_on.items() for source in found
        )  # fmt: skip
        self.expected = Expected(
            {c.pk: c.state for c in made},
            {claim: {s.pk for s in found} for claim, found in rests_on.items()},
        )

    def _doi(self, n: int) -> str:
        """Every tenth is a Cochrane review."""
        return f"10.1002/14651858.cd{n:06d}" if n % 10 == 0 else f"10.5555/stand.in.{n}"

    def lists(self, notices: int, months: int):
        """Rows of each month's list, in order of date; some days twice, some rows repeated."""
        for month in range(months):
            first, rows = START + timedelta(days=30 * month), []
            for n in range(notices // months):
                rows.append(self._row(first + timedelta(days=self.chance.randrange(28)), n, month))
                if self.chance.random() < 0.05:
                    rows.append(self.chance.choice(rows))
            yield sorted(rows, key=lambda row: row["day"])

    def _row(self, day: date, n: int, month: int) -> dict:
        kind = self.chance.choices(list(NATURES), [5, 2, 3, 3])[0]
        ours = self.chance.choice(self.sources) if self.chance.random() < 0.35 else None
        superseded = ours and kind == "Retraction" and "14651858" in ours.doi
        return {
            "day": day,
            "source": ours and ours.pk,
            "kind": None if superseded else NATURES[kind],
            "Record ID": f"{month}-{n}",
            "Title": ours.title if ours else f"Elsewhere {n}",
            "Journal": "Cochrane Database" if ours and "14651858" in ours.doi else "Journal",
            "Publisher": "Publisher",
            "RetractionDate": f"{day.month}/{day.day}/{day.year} 0:00",
            "RetractionDOI": f"10.5555/notice.{month}.{n}",
            "OriginalPaperDOI": ours.doi if ours else f"10.5555/elsewhere.{n}",
            "OriginalPaperPubMedID": "0",
            "OriginalPaperDate": "1/1/2006 0:00",
            "RetractionNature": kind,
            "Reason": "+Out of Date;" if superseded else "+Error in Data;",
            "Notes": "",
        }

    def replay(self, rows: list[dict], path) -> None:
        """Import one list as the command does, and let `expected` follow it."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8")
        call_command("import_retractions", str(path), by="editor", stdout=out, stderr=out)
        seen = set()
        for row in rows:
            mark = row["source"], row["kind"], row["day"]
            if row["source"] and row["kind"] and mark not in seen:
                seen.add(mark)
                self.expected.notice(*mark)

    def moderate(self, most: int) -> None:
        """A moderator answers some of the questions."""
        flags = Flag.objects.open().filter(origin="notice").select_related("claim").order_by("pk")
        sound = next((s for s in Source.objects.filter(standing="sound")[:1]), None)
        for flag in flags[:most]:
            outcome = self.chance.choice(["supported", "reword", "not_a_claim"])
            if outcome == "supported" and not sound:
                outcome = "reword"
            claim_actions.decide(
                flag.claim, by=self.people.moderator, outcome=outcome, reason="Read and weighed.",
                sources=[sound] if outcome == "supported" else [],
                passages={sound.pk: "In its results."} if outcome == "supported" else {},
            )  # fmt: skip
            state = {"reword": "must_change"}.get(outcome, outcome)
            self.expected.decided(flag.claim_id, state)
            if outcome == "supported":
                self.expected.rests_on[flag.claim_id].add(sound.pk)

    def check(self) -> None:
        """Every claim, every flag and every standing is as it must be."""
        states = dict(Claim.objects.filter(pk__in=self.expected.state).values_list("pk", "state"))
        wrong = {c: (states[c], s) for c, s in self.expected.state.items() if states[c] != s}
        assert wrong == {}, f"{len(wrong)} claims, such as {list(wrong.items())[:5]}"
        asked = defaultdict(set)
        for claim, findings in (
            Flag.objects.open().filter(origin="notice").values_list("claim", "findings")
        ):
            asked[claim] = {finding["source"] for finding in findings}
        expected = {c: s for c, s in self.expected.asked.items() if s}
        assert dict(asked) == expected
        standings = dict(Source.objects.values_list("pk", "standing"))
        assert standings == {pk: self.expected.standing(pk) for pk in standings}


def replay(folder, *, notices: int, months: int, sources: int, claims: int, every: int = 1) -> None:
    """Replay so many notices in so many lists; check after every so many lists and at the end."""
    site = Site(sources=sources, claims=claims)
    for number, rows in enumerate(site.lists(notices, months), 1):
        site.replay(rows, folder / "list.csv")
        if number % every == 0:
            site.check()
        site.moderate(5)
    site.check()
    assert Notice.objects.count() > notices // 6
