"""What a rule would stop at on this site, before it is saved."""

from dataclasses import dataclass, field
from time import monotonic

from claims.checker.rulebook import RuleSet
from editorial.models import Page, Revision

from .ruling import site_rules
from .texts import read_texts

LONGEST = 5  # seconds
MOST_SHOWN = 40  # sentences of either kind


@dataclass(frozen=True)
class Met:
    """A sentence of a live page that would be treated differently, and by what."""

    page: Page
    sentence: str
    rule: str
    severity: str


@dataclass
class Trial:
    """What would change among live texts: the first sentences of each kind, and how many.

    Where time ran out, `read` says how many of `total` were looked at, the newest first.
    """

    total: int
    read: int = 0
    newly: list[Met] = field(default_factory=list)
    newly_count: int = 0
    no_longer: list[Met] = field(default_factory=list)
    no_longer_count: int = 0

    @property
    def is_sampled(self) -> bool:
        """Whether some texts were not looked at."""
        return self.read < self.total


def try_out(after: RuleSet, before: RuleSet | None = None, longest: float = LONGEST) -> Trial:
    """Read the live texts by the rules as they are and as they would be; nothing is written."""
    before = before or site_rules()
    live = Revision.objects.filter(live_on__status=Page.Status.PUBLISHED).order_by("-pk")
    keys = list(live.values_list("pk", flat=True))
    trial, begun = Trial(len(keys)), monotonic()
    for pk in keys:
        if trial.read and monotonic() - begun > longest:
            break
        revision = live.select_related("page").filter(pk=pk).first()
        if revision is not None:
            _compare(trial, revision, before, after)
        trial.read += 1
    return trial


def _compare(trial: Trial, revision, before: RuleSet, after: RuleSet) -> None:
    text = [(revision.document, revision.page)]
    # Read closely, a site would take minutes; that depends on no rule of an editor's own.
    (old,), (new,) = (read_texts(text, rules, closely=False) for rules in (before, after))
    then, now = _found(old), _found(new)
    for key in sorted(now - then):
        trial.newly_count += 1
        if len(trial.newly) < MOST_SHOWN:
            trial.newly.append(_met(revision, new, key))
    for key in sorted(then - now):
        trial.no_longer_count += 1
        if len(trial.no_longer) < MOST_SHOWN:
            trial.no_longer.append(_met(revision, old, key))


def _found(report) -> set[tuple[int, str, str]]:
    return {(f.sentence, f.rule, f.severity) for f in report.findings}


def _met(revision, report, key) -> Met:
    index, rule, severity = key
    return Met(revision.page, report.sentences[index].text, rule, severity)
