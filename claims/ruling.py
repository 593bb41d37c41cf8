"""The rules by which this site is checked: those in the files and what the editors made of them.

`site_rules` is asked by saving, by the editor, by the command and by every check again.
"""

from functools import lru_cache

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext

from claims.checker.catalogue import Entry, catalogue
from claims.checker.own_rules import Written, assemble, hold_to_examples, read_one, read_written
from claims.checker.rulebook import RuleError, RuleSet, standard_rules
from editorial import audit, freshness, roles
from editorial.errors import WrongState

from . import rechecking
from .models import Rule

MOST_RULES = 200  # of the editors' own
# What this site promises its readers; no rule setting takes it back.
FIXED = frozenset({"grade-overstated", "cited-source-retracted"})


def site_rules() -> RuleSet:
    """The rules as they stand now; one query, and made anew only when a rule changed."""
    return _made(_stamp())[0]


def broken_rules() -> dict[str, str]:
    """By id, the editors’ rules that no longer fit the shipped words, and why; left out."""
    return _made(_stamp())[1]


def _stamp() -> tuple:
    """A value that differs whenever a rule does."""
    stamp = Rule.objects.aggregate(n=Count("pk"), of=Sum("version"), at=Max("changed_at"))
    return tuple(stamp.values())


def site_catalogue() -> list[Entry]:
    """Everything the checker may say on this site, whether it is switched off or not."""
    own, _, _ = assemble(_written(Rule.objects.exclude(text="")))
    return catalogue([*standard_rules(), *own])


@lru_cache(maxsize=2)
def _made(stamp) -> tuple[RuleSet, dict[str, str]]:
    return rule_set(list(Rule.objects.all()))


def rule_set(rows: list[Rule]) -> tuple[RuleSet, dict[str, str]]:
    """The set of rules that these rows make of the shipped ones, and what is broken in them."""
    own, lexicon, broken = assemble(_written(row for row in rows if row.text))
    severities = {row.key: row.severity for row in rows if row.severity}
    return RuleSet([*standard_rules(), *own], lexicon, severities), broken


def _written(rows) -> list[Written]:
    found = []
    for row in rows:
        try:
            found.append(read_written(row.text))
        except RuleError:  # it was good when it was saved; the bounds must have changed
            continue
    return found


def choices_for(entry: Entry) -> list[str]:
    """The severities that may be set for one thing the checker says."""
    if entry.id in FIXED:
        return []
    if entry.is_rule:
        return ["", "advise", "block", "off"]
    return ["", "off"]


# Changing


def proposed(*, key: str, text: str = "", severity: str = "") -> tuple[Rule, RuleSet]:
    """A rule as it would be, unsaved, and all rules with it.

    Raises WrongState with line and reason for a rule that is broken or does not keep to its own
    examples, and for a severity that cannot be set.
    """
    rows = list(Rule.objects.exclude(key=key))
    if text.strip():
        key = _sound(text, key, [row for row in rows if row.text])
    else:
        entry = next((e for e in catalogue() if e.id == key), None)
        if entry is None:
            raise WrongState(gettext("The checker has no rule “%(key)s”.") % {"key": key})
        if severity not in choices_for(entry):
            raise WrongState(
                gettext("“%(key)s” cannot be set to that; the site promises it to its readers.")
                % {"key": key}
            )
    rule = Rule(key=key, text=text.strip(), severity=severity)
    return rule, rule_set([*rows, rule])[0]


def _sound(text: str, key: str, others: list[Rule]) -> str:
    """The id of a rule that can be used; WrongState for one that cannot."""
    text = text.strip()
    try:
        beside = _written(others)
        written, rule = read_one(text, beside)
        if key and written.id != key:
            raise RuleError(
                gettext("This rule is called %(key)s; its id cannot be changed.") % {"key": key}
            )
        if written.id in {entry.id for entry in catalogue()}:
            raise RuleError(
                gettext("The checker has a rule %(id)s already. Give yours another id.")
                % {"id": written.id}
            )
        if not key and written.id in {other.key for other in others}:
            raise RuleError(
                gettext("There is a rule %(id)s already. Give yours another id.")
                % {"id": written.id}
            )
        _, lexicon, _ = assemble([*beside, written])
        hold_to_examples(rule, RuleSet([rule], lexicon))
    except RuleError as error:
        raise WrongState(gettext("The rule was not saved. %(error)s") % {"error": error}) from error
    return written.id


@transaction.atomic
def save_rule(*, by, key: str, why: str, text: str = "", severity: str = "") -> Rule:
    """Write an own rule (with `text`) or set what a shipped one does; the site is checked again.

    `key` is empty for a new rule. Raises NotAllowed, or WrongState as `proposed` does, without a
    reason, and where there are too many rules.
    """
    roles.require(by, "rule.edit")
    if not why.strip():
        raise WrongState(
            gettext("Say in a sentence why the rule is changed; it stands in the log.")
        )
    list(Rule.objects.select_for_update().values_list("pk"))  # one change at a time
    rule, _ = proposed(key=key, text=text, severity=severity)
    old = Rule.objects.filter(key=rule.key).first()
    if old is None and rule.text and Rule.objects.exclude(text="").count() >= MOST_RULES:
        raise WrongState(
            gettext("There are %(MOST_RULES)s rules already. Change one of them instead.")
            % {"MOST_RULES": MOST_RULES}
        )
    if old and (old.text, old.severity) == (rule.text, rule.severity):
        raise WrongState(gettext("Nothing was changed."))
    before = {"text": old.text, "severity": old.severity} if old else {}
    if old:
        rule.pk, rule.version = old.pk, old.version + 1
    rule.reason, rule.changed_by, rule.changed_by_name = why.strip(), by, by.display_name
    rule.save(force_insert=old is None, force_update=old is not None)
    audit.record(
        "rule.changed" if old or not rule.text else "rule.added",
        by=by,
        subject=rule.key,
        version=rule.version,
        why=rule.reason,
        before=before,
        after={"text": rule.text, "severity": rule.severity},
    )
    freshness.stale("list:rule")
    rechecking.ask(by=by)
    return rule
