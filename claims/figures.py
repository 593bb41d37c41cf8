"""How we are doing: questions and answers, how long people wait, how often a rule was wrong."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from .models import Anchor, Claim, Decision, Dismissal, Flag
from .reasons import REASONS

WEEKS = 12
KEPT_FOR = 600  # seconds
COUNTED_ANEW = 20_000  # claims; counting more takes longer than a reader's page should
DISMISSED = (Decision.Outcome.NOT_A_CLAIM, Decision.Outcome.NOTHING_WRONG)
RULES_SHOWN = 15

# Hours within which a question is answered -> what such questions are called.
TARGETS = {
    4: gettext_lazy("Unsafe advice"),
    24: gettext_lazy("A source retracted or in doubt"),
    120: gettext_lazy("Unsupported or wrong"),
}
OTHERS = gettext_lazy("Everything else")


@dataclass(frozen=True)
class Week:
    """Seven days: questions that came, questions that were decided, and bars for a chart."""

    begins: datetime
    arrived: int
    decided: int


@dataclass(frozen=True)
class Target:
    """Questions of one kind: how many were decided, how many in time, how many wait too long."""

    name: str
    hours: int
    decided: int
    in_time: int
    overdue: int

    @property
    def share(self) -> int | None:
        """Per cent decided in time; None where none was decided."""
        return round(100 * self.in_time / self.decided) if self.decided else None

    @property
    def within(self) -> str:
        """The target in words."""
        return (
            gettext("%(hours)s hours") % {"hours": self.hours}
            if self.hours < 48
            else gettext("%(days)s days") % {"days": self.hours // 24}
        )


@dataclass(frozen=True)
class Rule:
    """A rule of the checker: how many of its questions were decided, how many dismissed by
    moderators, and how often a writer spoke against it."""

    name: str
    decided: int
    dismissed: int
    objections: int

    @property
    def share(self) -> int:
        """Per cent dismissed."""
        return round(100 * self.dismissed / self.decided)


@dataclass(frozen=True)
class Ages:
    """Half of some questions waited no longer than `median` hours, nine in ten than `ninetieth`."""

    count: int
    median: float | None
    ninetieth: float | None

    @property
    def median_words(self) -> str:
        """The median for people."""
        return span_words(self.median)

    @property
    def ninetieth_words(self) -> str:
        """The 90th percentile for people."""
        return span_words(self.ninetieth)


@dataclass(frozen=True)
class Figures:
    """What the last twelve weeks say."""

    weeks: list[Week]
    answered: Ages
    waiting: Ages
    targets: list[Target]
    rules: list[Rule]


def figures(now: datetime | None = None) -> Figures:
    """The figures of the twelve weeks up to now; seven queries. What a library brings in at once is
    counted by the database; only what people decided is read row by row."""
    now = now or timezone.now()
    begins = now - timedelta(weeks=WEEKS)
    stands = Flag.objects.filter(decision__undoing__isnull=True)
    names = ("raised_at", "closed_at", "reason", "origin", *ASKED)
    decided = stands.filter(state=Flag.State.DECIDED, closed_at__gte=begins)
    done = list(decided.values_list(*names))
    waiting = Flag.objects.open().filter(claim__queue_item__isnull=False)
    return Figures(
        _weeks(_arrived(stands, begins), done, begins),
        _ages([_hours(closed - raised) for raised, closed, *_ in done]),
        _ages_of(waiting, now),
        _targets(done, _overdue(waiting, now)),
        _rules(done, begins),
    )


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600


def _arrived(flags, begins) -> list[int]:
    """How many were raised in each week; the last one has no end."""
    starts = [begins + timedelta(weeks=n) for n in range(WEEKS)]
    weeks = {}
    for number, start in enumerate(starts):
        within = Q(raised_at__gte=start)
        if number + 1 < WEEKS:
            within &= Q(raised_at__lt=starts[number + 1])
        weeks[f"week_{number}"] = Count("pk", filter=within)
    return [*flags.filter(raised_at__gte=begins).aggregate(**weeks).values()]


def _weeks(arrived: list[int], done, begins) -> list[Week]:
    decided = Counter(min(WEEKS - 1, (closed - begins).days // 7) for _, closed, *_ in done)
    return [Week(begins + timedelta(weeks=n), arrived[n], decided[n]) for n in range(WEEKS)]


def span_words(hours: float) -> str:
    """“less than an hour”, “5 hours” or “3 days”, rounded."""
    if hours < 1:
        return gettext("less than an hour")
    if hours < 48:
        number = round(hours)
        return ngettext("%(count)s hour", "%(count)s hours", number) % {"count": number}
    number = round(hours / 24)
    return ngettext("%(count)s day", "%(count)s days", number) % {"count": number}


def _ages(hours: list[float]) -> Ages:
    hours.sort()
    return _ages_by_place(len(hours), hours.__getitem__)


def _ages_of(flags, now) -> Ages:
    """The ages of flags, of which only those at the places asked for are read."""
    raised = flags.order_by("-raised_at").values_list("raised_at", flat=True)
    return _ages_by_place(flags.count(), lambda place: _hours(now - raised[place]))


def _ages_by_place(count: int, hours: Callable[[int], float]) -> Ages:
    """From the hours at each place, the shortest first."""
    if not count:
        return Ages(0, None, None)
    half = count // 2
    median = hours(half) if count % 2 else (hours(half - 1) + hours(half)) / 2
    return Ages(count, round(median, 1), round(hours(ceil(0.9 * count) - 1), 1))


def target_hours(reason: str) -> int:
    """Within how many hours a question with this reason is to be answered."""
    known = REASONS.get(reason)
    return known.hours if known else 14 * 24


def _overdue(flags, now) -> dict[int, int]:
    """How many wait longer than they should, by the hours within which they should be answered."""
    reasons = defaultdict(list)
    for reason in Flag.Reason.values:
        reasons[target_hours(reason)].append(reason)
    late = {
        f"late_{hours}": Count(
            "pk", filter=Q(reason__in=names, raised_at__lt=now - timedelta(hours=hours))
        )
        for hours, names in reasons.items()
    }
    return dict(zip(reasons, flags.aggregate(**late).values(), strict=True))


def _targets(done, overdue: dict[int, int]) -> list[Target]:
    counts: dict[int, Counter] = defaultdict(Counter)
    for raised, closed, reason, *_ in done:
        hours = target_hours(reason)
        counts[hours].update(decided=1, in_time=_hours(closed - raised) <= hours)
    rest = sorted({row.hours for row in REASONS.values()} - {*TARGETS})
    return [
        Target(
            TARGETS.get(hours, OTHERS),
            hours,
            counts[hours]["decided"],
            counts[hours]["in_time"],
            overdue.get(hours, 0),
        )
        for hours in (*TARGETS, *rest)
    ]


def _rules(done, begins) -> list[Rule]:
    asked = (row[4:] for row in done if row[3] == Flag.Origin.CHECKER)
    against = objections(Dismissal.objects.filter(at__gte=begins))
    rules = [Rule(name, *counts, against[name]) for name, counts in by_rule(asked).items()]
    rules.sort(key=lambda rule: (-rule.dismissed / rule.decided, -rule.decided, rule.name))
    return rules[:RULES_SHOWN]


ASKED = ("rule", "findings", "decision__outcome")  # what `by_rule` wants of a flag


def by_rule(flags: Iterable[tuple]) -> dict[str, tuple[int, int]]:
    """For each rule of these decided flags (rows of ASKED) how many of its questions were decided,
    and how many of those dismissed. Every rule that found something counts, once a flag."""
    decided, dismissed = Counter(), Counter()
    for rule, findings, outcome in flags:
        named = {finding.get("rule") for finding in findings} | {rule}
        decided.update(named)
        if outcome in DISMISSED:
            dismissed.update(named)
    return {rule: (n, dismissed[rule]) for rule, n in decided.items() if rule}


def objections(dismissals) -> Counter:
    """How often a writer spoke against each rule in these dismissals."""
    return Counter(rule for rules in dismissals.values_list("rules", flat=True) for rule in rules)


def figures_for_readers() -> Figures:
    """The same, up to ten minutes old: readers' pages do not count anew for everybody."""
    return cache.get_or_set("claims.figures", figures, KEPT_FOR)


def live_claims_by_state() -> dict[str, int]:
    """How many claims readers see, by state; of more than `COUNTED_ANEW` up to ten minutes old."""
    kept = cache.get("claims.by_state")
    if kept is None:
        rows = Anchor.objects.live().values_list("claim__state").annotate(Count("pk")).order_by()
        kept = {state: n for state, n in rows if state != Claim.State.NOT_A_CLAIM}
        if sum(kept.values()) > COUNTED_ANEW:
            cache.set("claims.by_state", kept, KEPT_FOR)
    return kept


# Charts: numbers for the template to draw.

HEIGHT, STEP, BAR = 120, 52, 20


@dataclass(frozen=True)
class Bar:
    """One bar of a chart, in the chart's own units."""

    kind: str
    x: int
    y: float
    height: float
    value: int
    label_x: int

    @property
    def text_y(self) -> float:
        """Where its number stands."""
        return self.y - 3


@dataclass(frozen=True)
class Chart:
    """Two bars for each week, and where the names of the weeks stand."""

    width: int
    height: int
    bars: list[Bar]
    labels: list[tuple[int, datetime]]
    most: int

    @property
    def label_y(self) -> int:
        """Where the names of the weeks stand."""
        return self.height - 6


def chart(weeks: list[Week]) -> Chart:
    """Questions that came and were decided, side by side, week by week."""
    most = max([1, *(w.arrived for w in weeks), *(w.decided for w in weeks)])
    bars, labels = [], []
    for number, week in enumerate(weeks):
        left = number * STEP + 6
        for kind, value, x in (
            ("arrived", week.arrived, left),
            ("decided", week.decided, left + BAR),
        ):
            height = round(HEIGHT * value / most, 1)
            bars.append(Bar(kind, x, round(HEIGHT + 16 - height, 1), height, value, x + BAR // 2))
        labels.append((left + BAR, week.begins))
    return Chart(len(weeks) * STEP, HEIGHT + 40, bars, labels, most)
