"""What a rule would stop at on this site, before it is saved."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
    """Read the live texts by the rules as they are and as they would be; nothing is written.

    A text is read as it is when it is saved, the network included, where the two sets of rules
    may differ upon it.
    """
    before = before or site_rules()
    may_differ = _difference(before, after)
    live = Revision.objects.filter(live_on__status=Page.Status.PUBLISHED).order_by("-pk")
    keys = list(live.values_list("pk", flat=True))
    trial, begun = Trial(len(keys)), monotonic()
    for pk in keys:
        if trial.read and monotonic() - begun > longest:
            break
        revision = live.select_related("page").filter(pk=pk).first()
        if revision is not None and may_differ(revision):
            _compare(trial, revision, before, after)
        trial.read += 1
    return trial


def _difference(before: RuleSet, after: RuleSet) -> Callable[[Revision], bool]:
    """Whether two sets of rules may come to different ends in a text. That is told without the
    network, so that a whole site is looked through in the time there is."""
    changed = {name for name, *_ in _settings(before) ^ _settings(after)}
    if not changed <= {rule.id for rule in (*before.rules, *after.rules)}:
        return lambda revision: True  # what is no rule hangs on all that was found, or on nothing
    raw_before, raw_after = _unweighed(before), _unweighed(after)

    def may_differ(revision) -> bool:
        then = _found(_read(revision, raw_before, closely=False))
        now = _found(_read(revision, raw_after, closely=False))
        return then != now or any(rule in changed for _, rule, _ in now)

    return may_differ


def _settings(rules: RuleSet) -> set[tuple[str, str]]:
    """What is said of each rule, besides its patterns: its category, its severity here."""
    return {(rule.id, rule.category) for rule in rules.rules} | {*rules.severities.items()}


def _unweighed(rules: RuleSet) -> RuleSet:
    """The same rules, each in a category of its own: the learned part overrules none of these,
    and none stands in another's place."""
    return RuleSet([replace(rule, category=rule.id) for rule in rules.rules], rules.lexicon)


def _read(revision, rules: RuleSet, *, closely: bool = True):
    return read_texts([(revision.document, revision.page)], rules, closely=closely)[0]


def _compare(trial: Trial, revision, before: RuleSet, after: RuleSet) -> None:
    old, new = _read(revision, before), _read(revision, after)
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
