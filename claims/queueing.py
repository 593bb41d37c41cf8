"""The moderators' queue: what waits, in which order and why, and who is at it.

`refresh` is called inside every transaction that raises or closes a flag, moves a sentence or
changes what readers see; the queue itself then reads one small table. `queue_acts.py` is what
moderators do with an item.
"""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, F
from django.utils.translation import get_language, gettext, gettext_lazy

from editorial.among import Among
from editorial.models import Revision
from editorial.rows import insert

from .models import Anchor, Claim, Flag, QueueItem, Report
from .reasons import row

NOT_SAFETY = 1000  # added to the rank of whatever is no question of safety
MOST = 5**3
TOPIC_PAGES = ("condition", "therapy")  # where people begin to read about a matter
_BATCH = 2000
# The claims to bring in line at the end of `once`; None outside it.
_waiting: ContextVar[set[int] | None] = ContextVar("waiting", default=None)

_ORIGIN = Flag.Origin
# How likely a question of this origin is right, 1 to 5; seen in what moderators decide.
LIKELIHOOD = {
    _ORIGIN.NOTICE: 5,
    _ORIGIN.MODERATOR: 4,
    _ORIGIN.ASSESSMENT: 4,
    _ORIGIN.REVIEW: 3,
    _ORIGIN.CHECKER: 2,
    _ORIGIN.READER: 2,
}
_ORIGIN_WORDS = dict(_ORIGIN.choices)
_HARM_WORDS = {
    1: gettext_lazy("little"),
    2: gettext_lazy("some"),
    3: gettext_lazy("real"),
    4: gettext_lazy("grave"),
    5: gettext_lazy("the gravest"),
}
_COMPUTED = [
    "rank",
    "since",
    "is_safety",
    "is_live",
    "blocks",
    "reason",
    "origins",
    "why",
    "version",
]


class _Question(NamedTuple):
    """What of an open flag decides where its item ranks; `asked`: how many readers wait."""

    pk: int
    origin: str
    severity: str
    reason: str
    category: str
    findings: list[dict]
    raised_at: datetime
    asked: int


class _Claim(NamedTuple):
    """What of a claim decides it."""

    strength: int
    safety: str


@dataclass(frozen=True)
class Reach:
    """Where a sentence is read: whether live, on a page where people begin, in how many places."""

    is_live: bool
    on_topic_page: bool
    places: int

    @property
    def score(self) -> int:
        """1 (a draft) to 5 (live, on a topic's page, and elsewhere too)."""
        return 1 + 2 * self.is_live + (self.is_live and self.on_topic_page) + (self.places > 1)

    @property
    def words(self) -> str:
        """The same for people."""
        if not self.is_live:
            where = "in a draft only"
        else:
            where = "live on a topic’s page" if self.on_topic_page else "live"
        return (
            gettext("%(where)s, in %(places)s places") % {"where": where, "places": self.places}
            if self.places > 1
            else where
        )


@contextmanager
def once():
    """Within it, inside one transaction, items are brought in line once, at its end: for a text
    that is saved and published in one go."""
    outer = _waiting.get()
    if outer is not None:
        yield
        return
    token = _waiting.set(set())
    try:
        yield
        keys = _waiting.get()
    finally:
        _waiting.reset(token)
    refresh(keys)


def refresh(claims: Iterable[int]) -> None:
    """Bring the items of these claims (primary keys) in line with their open flags.

    Must run in the transaction that changed them. Six queries for up to 2,000 claims.
    """
    if (waiting := _waiting.get()) is not None:
        waiting.update(claims)
        return
    keys = sorted(set(claims))
    for start in range(0, len(keys), _BATCH):
        _refresh(keys[start : start + _BATCH])


def refresh_pages(pages: list[int]) -> None:
    """The same for every claim of these pages (primary keys)."""
    refresh(Claim.objects.filter(page__in=pages).order_by().values_list("pk", flat=True))


def rebuild() -> int:
    """Bring every item in line; returns how many there are. Safe to run again."""
    waiting = Flag.objects.open().values_list("claim_id", flat=True)
    refresh({*waiting, *QueueItem.objects.values_list("claim_id", flat=True)})
    return QueueItem.objects.count()


def _refresh(keys: list[int]) -> None:
    concerned = Among(F("claim"), keys)
    items = {item.claim_id: item for item in QueueItem.objects.filter(concerned)}
    flags = defaultdict(list)
    waits = Report.objects.filter(concerned, state=Report.State.WAITING).order_by()
    asked = dict(waits.values_list("flag").annotate(Count("pk")))
    # Which are open is told here: SQLite would go through all open flags to find these.
    rows = Flag.objects.filter(concerned).order_by("pk")
    for claim, state, *said in rows.values_list("claim_id", "state", *_Question._fields[:-1]):
        if state == Flag.State.OPEN:
            flags[claim].append(_Question(*said, asked=asked.get(said[0], 0)))
    reaches = _reaches(list(flags))
    waiting = [pk for pk in flags if pk in reaches]
    claims = Claim.objects.filter(Among(F("pk"), waiting)).values_list("pk", *_Claim._fields)
    claims = {pk: _Claim(*row) for pk, *row in claims}
    new, changed = [], []
    for pk in waiting:
        values = _values(claims[pk], flags[pk], reaches[pk])
        item = items.pop(pk, None)
        if item is None:
            new.append((pk, *values.values()))
        elif any(getattr(item, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(item, name, value)
            item.version += 1
            changed.append(item)
    # Where two transactions ask about one claim at once, the other's row stands; both say “waits”.
    insert(QueueItem, ["claim_id", *_COMPUTED[:-1]], new, keeping=True)
    QueueItem.objects.bulk_update(changed, _COMPUTED)
    if items:
        QueueItem.objects.filter(pk__in=[item.pk for item in items.values()]).delete()


def _reaches(keys: list[int]) -> dict[int, Reach]:
    """Where each of these claims stands; those that stand nowhere are left out."""
    if not keys:
        return {}
    anchors = Anchor.objects.filter(
        Among(F("claim"), keys),
        revision__state__in=[*Revision.OPEN_STATES, Revision.State.PUBLISHED],
    ).values_list("claim_id", "claim__wording_key", "revision__state", "revision__page__kind")
    found, wordings = {}, {}
    for pk, wording, state, kind in anchors:
        live, topic = found.get(pk, (False, False))
        is_live = state == Revision.State.PUBLISHED
        found[pk] = live or is_live, topic or kind in TOPIC_PAGES
        wordings[pk] = wording
    same = Claim.objects.filter(wording_key__in=set(wordings.values()) - {""})
    same = same.filter(anchors__revision__live_on__isnull=False)
    counts = same.values("wording_key").annotate(n=Count("page", distinct=True)).order_by()
    places = dict(counts.values_list("wording_key", "n"))
    return {
        pk: Reach(live, topic, max(1, places.get(wordings[pk], 1)))
        for pk, (live, topic) in found.items()
    }


def _values(claim, flags, reach: Reach) -> dict:
    """What an item says of a claim with these open flags, standing where it does; in the order of
    _COMPUTED."""
    gravest = max(flags, key=lambda f: (_is_safety(f), _harm(claim, f), -f.pk))
    harm = _harm(claim, gravest)
    likely = min(5, max(_likelihood(f) for f in flags) + (len(flags) > 1))
    is_safety = any(map(_is_safety, flags))
    score = harm * reach.score * likely
    asked = sum(f.asked for f in flags)
    origins = tuple(dict.fromkeys(f.origin for f in flags))
    return {
        "rank": MOST - score + (0 if is_safety else NOT_SAFETY),
        "since": min(f.raised_at for f in flags),
        "is_safety": is_safety,
        "is_live": reach.is_live,
        "blocks": any(f.severity == Flag.Severity.BLOCK for f in flags),
        "reason": gravest.reason,
        "origins": sorted(origins),
        "why": _why(get_language(), is_safety, harm, reach, likely, origins, asked),
    }


@lru_cache(maxsize=2000)
def _why(_language, is_safety, harm, reach: Reach, likely, origins, asked) -> str:
    """The rank in words; an import asks for the same few by the thousand."""
    who = gettext(" and ").join(str(_ORIGIN_WORDS[origin]) for origin in origins)
    why = [
        gettext("Safety comes first")
        if is_safety
        else gettext("%(HARM_WORDS)s harm if it is wrong") % {"HARM_WORDS": _HARM_WORDS[harm]},
        reach.words,
        gettext("asked by %(names)s") % {"names": who}
        + (f", {asked} readers asked" if asked > 1 else ""),
    ]
    text = "; ".join(why)
    return gettext(
        "%(upper)s%(text)s (harm %(harm)s × reach %(score)s × likelihood %(likely)s = %(score_2)s)."
    ) % {
        "upper": text[0].upper(),
        "text": text[1:],
        "harm": harm,
        "score": reach.score,
        "likely": likely,
        "score_2": harm * reach.score * likely,
    }


def _is_safety(flag) -> bool:
    """Whether it asks about safety, also where what blocks for that is not what it is named for."""
    if flag.reason == Flag.Reason.UNSAFE or flag.category == "SAFETY":
        return True
    blocking = (f for f in flag.findings if f.get("severity") == Flag.Severity.BLOCK)
    return any(f.get("category") == "SAFETY" for f in blocking)


def _harm(claim, flag) -> int:
    """1 to 5: the reason's, more where the sentence says outright that something works or is
    safe."""
    outright = claim.strength == 3 or claim.safety in (Claim.Safety.SAYS_SAFE, Claim.Safety.ADVICE)
    return min(5, row(flag.reason).harm + outright)


def _likelihood(flag) -> int:
    """1 to 5: how likely it is that the question is right."""
    base = LIKELIHOOD.get(flag.origin, 2)
    if flag.origin == _ORIGIN.CHECKER:
        return base + (flag.severity == Flag.Severity.BLOCK)
    return base + (flag.origin == _ORIGIN.READER and flag.asked > 2)


def tidy(now) -> None:
    """Part of the site's round: what a crash or another room left out of line is put right."""
    listed = QueueItem.objects.values("claim")
    missed = Flag.objects.open().exclude(claim__in=listed).values_list("claim_id", flat=True)
    stale = QueueItem.objects.exclude(claim__in=Flag.objects.open().values("claim"))
    refresh({*missed, *stale.values_list("claim_id", flat=True)})
