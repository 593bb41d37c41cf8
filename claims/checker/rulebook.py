"""The rules: read from `rules/*.toml`, checked, compiled. A broken one is refused by name."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from claims.checker.lexicon import Lexicon, standard_lexicon
from claims.checker.model import ADVISE, BLOCK, Finding
from claims.checker.pattern import PROPERTIES, PatternError, Term, compile_term

RULES = Path(__file__).parent / "rules"
OFF = "off"  # a severity: the rule is not asked
CATEGORIES = (
    "EFFICACY", "CERTAINTY", "SAFETY", "STATISTIC", "STUDY", "HYPE", "COMPARISON", "PROMO",
    "GRADE", "RETRACTED", "SOURCE", "OVERREACH", "FRAMING",
)  # fmt: skip
# In these a citation answers the question "who says so?", so it changes the finding.
NEEDS_SOURCE = frozenset({"EFFICACY", "SAFETY", "STATISTIC", "STUDY", "COMPARISON"})
_TEXTS = {"id", "category", "severity", "reason", "remedy", "why"}
_FLAGS = {"stands"}
_LISTS = {"all", "any", "none", "block_if", "flags", "leaves"}
_REQUIRED = ("id", "category", "severity", "reason", "remedy", "why", "flags", "leaves")
_ID = re.compile(r"[a-z][a-z0-9-]{2,60}")


class RuleError(ValueError):
    """A rule that cannot be used; the message names the file, the rule and the reason."""


@dataclass(slots=True)
class Rule:
    """One rule, compiled. `flags` and `leaves` are its examples and run as tests.

    Where it `stands`, no other reader of the sentence is asked whether it is right.
    """

    id: str
    file: str
    category: str
    severity: str
    reason: str
    remedy: str
    why: str
    flags: list[str]
    leaves: list[str]
    stands: bool = False
    all: list[Term] = field(default_factory=list)
    any: list[Term] = field(default_factory=list)
    none: list[Term] = field(default_factory=list)
    block_if: list[Term] = field(default_factory=list)
    gates: tuple[int, ...] = ()
    bars: int = 0
    unless: tuple[Term, ...] = ()

    @property
    def needs_source(self) -> bool:
        """Whether a citation settles part of it."""
        return self.category in NEEDS_SOURCE


def read_rule(file: str, table: dict, lexicon: Lexicon) -> Rule:
    """One `[[rule]]` table, checked and compiled; RuleError says what is wrong with it."""
    name = table.get("id", "(no id)") if isinstance(table, dict) else "(no table)"
    where = f"{file}: rule {name}"
    if not isinstance(table, dict):
        raise RuleError(f"{where}: should be a [[rule]] block.")
    _check_shape(where, table)
    terms = {}
    for key in ("all", "any", "none", "block_if"):
        terms[key] = []
        for text in table.get(key, []):
            try:
                terms[key].append(compile_term(text, lexicon))
            except PatternError as error:
                raise RuleError(f"{where}: in {key}: {error}.") from error
    fields = {k: " ".join(table[k].split()) for k in _TEXTS}
    fields["stands"] = table.get("stands", False)
    rule = Rule(file=file, flags=table["flags"], leaves=table["leaves"], **fields, **terms)
    rule.gates = _gates(rule)
    # Exceptions of one cue or property are one look at the bits; the rest need the order.
    for term in rule.none:
        if len(term.steps) < 2:
            rule.bars |= term.properties or term.steps[0]
    rule.unless = tuple(t for t in rule.none if len(t.steps) > 1)
    return rule


def _gates(rule: Rule) -> tuple[int, ...]:
    """Bits of which a sentence must have one from each, the rarest first.

    They let nearly every sentence be passed over without a look at its cues in order.
    """
    gates = [step for term in rule.all for step in (term.steps or (term.properties,))]
    if rule.any:
        either = 0
        for term in rule.any:
            either |= min(term.steps or (term.properties,), key=int.bit_count)
        gates.append(either)
    return tuple(sorted(set(gates), key=int.bit_count))


def _check_shape(where: str, table: dict) -> None:
    for key in _REQUIRED:
        if not table.get(key):
            raise RuleError(f"{where}: {key} is missing.")
    for key, value in table.items():
        _check_value(where, key, value)
    if not _ID.fullmatch(table["id"]):
        raise RuleError(f"{where}: an id is made of small letters, digits and hyphens.")
    if table["category"] not in CATEGORIES:
        raise RuleError(f"{where}: there is no category {table['category']}.")
    if table["severity"] not in (ADVISE, BLOCK):
        raise RuleError(f"{where}: severity should be advise or block.")
    if not table.get("all") and not table.get("any"):
        raise RuleError(f"{where}: it has neither all nor any, so it would flag everything.")


def _check_value(where: str, key: str, value) -> None:
    if key in _TEXTS:
        if not isinstance(value, str):
            raise RuleError(f"{where}: {key} should be a text.")
    elif key in _FLAGS:
        if not isinstance(value, bool):
            raise RuleError(f"{where}: {key} should be true or false.")
    elif key not in _LISTS:
        raise RuleError(f"{where}: there is no such key as {key}.")
    elif not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise RuleError(f"{where}: {key} should be a list of texts.")


def load_rules(lexicon: Lexicon, folder: Path = RULES) -> list[Rule]:
    """Every rule of a folder, in the order of file names; RuleError at the first broken one."""
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RuleError(f"{path.name} cannot be read: {error}.") from error
        for key in tables:
            if key not in ("rule", "about"):
                raise RuleError(f"{path.name}: there is no such block as {key}; use [[rule]].")
        for table in tables.get("rule", []):
            rule = read_rule(path.name, table, lexicon)
            if rule.id in seen:
                raise RuleError(f"{path.name}: rule {rule.id} stands in {seen[rule.id]} already.")
            seen[rule.id] = path.name
            rules.append(rule)
    return rules


@cache
def standard_rules() -> tuple[Rule, ...]:
    """The rules the checker ships with, read once."""
    return tuple(load_rules(standard_lexicon()))


Gated = tuple[int, int, int, Rule]
_KEPT = 4096  # sets of properties and cues whose rules are kept; a text has few different ones


class RuleSet:
    """The rules of one reading and the lexicon that they are written in.

    `severities` says for ids of rules, and of checks that are no rules, that they are "off",
    "advise" or "block"; what is not named there is as it is written.
    """

    def __init__(self, rules: Iterable[Rule], lexicon: Lexicon, severities: Mapping[str, str] = {}):
        self.lexicon = lexicon
        self.severities = dict(severities)
        self.rules = tuple(
            _with_severity(rule, severities.get(rule.id))
            for rule in rules
            if severities.get(rule.id) != OFF
        )
        self._gated_for = lru_cache(maxsize=_KEPT)(lambda found: tuple(self._gated(found)))
        self.rules_for = lru_cache(maxsize=_KEPT)(self._rules_for)

    def _rules_for(self, properties: int, present: int) -> tuple[Rule, ...]:
        """The rules that a sentence with these properties and live cues may still set off."""
        return tuple(
            rule
            for gate, other, bars, rule in self._gated_for(properties)
            if gate & present and other & present and not bars & present
        )

    def _gated(self, properties: int) -> Iterator[Gated]:
        """The rules that these properties leave. Each stands behind cues of which it needs one,
        others of which it needs one, and those that bar it, so that nearly every rule is passed
        over at one look."""
        for rule in self.rules:
            if rule.bars & properties:
                continue
            gates = [gate for gate in rule.gates if not gate & properties]
            if all(gate >> len(PROPERTIES) for gate in gates):
                rarest, other, *_ = [*sorted(gates, key=int.bit_count), -1, -1]
                yield rarest, other, rule.bars, rule

    def as_set(self, findings: list[Finding]) -> list[Finding]:
        """Findings of checks that are no rules, by what is said of them here."""
        if not self.severities:
            return findings
        out = []
        for finding in findings:
            severity = self.severities.get(finding.rule)
            if severity == OFF:
                continue
            if severity == ADVISE:
                finding.severity = ADVISE
            out.append(finding)
        return out


def _with_severity(rule: Rule, severity: str | None) -> Rule:
    if severity is None:
        return rule
    return replace(rule, severity=severity, block_if=[] if severity == ADVISE else rule.block_if)


@cache
def standard_ruleset() -> RuleSet:
    """The shipped rules as they are written."""
    return RuleSet(standard_rules(), standard_lexicon())
