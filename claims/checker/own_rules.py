"""Rules that an editor writes on the site: the same block as in the files, bounded and tried.

    [[rule]]
    id = "moon-cures"
    ...
    [cues.moon]          # words that only this rule needs, or more words for a shipped group
    words = ["full moon", "moonlight"]

Whatever is typed is either a rule or refused with the line and the reason. Bounds on its size and
the linear matching of patterns keep any rule from holding up the checker.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

from claims.checker.engine import rules_hit
from claims.checker.lexicon import CueError, Group, Lexicon, extended_lexicon, read_group
from claims.checker.pattern import steps_of
from claims.checker.rulebook import Rule, RuleError, RuleSet, read_rule

LONGEST = 8_000  # characters of one rule
MOST_PATTERNS = 40
LONGEST_PATTERN = 200
WIDEST_GAP = 40  # words
MOST_STEPS = 60  # groups in a row, over all patterns: what a hostile rule costs hangs on these
MOST_CUES = 200
MOST_EXAMPLES = 20
LONGEST_EXAMPLE = 500
_PATTERNS = ("all", "any", "none", "block_if")
_CUE_KEYS = {"about", "words", "verbs", "nouns"}
_CUE = re.compile(r"[^\W\d_]{2}")
_GROUP = re.compile(r"[a-z][a-z_]{1,40}")


@dataclass(frozen=True)
class Written:
    """What an editor wrote, read but not yet compiled: the rule's table and its cue groups."""

    table: dict
    cues: tuple[Group, ...]

    @property
    def id(self) -> str:
        """The rule's id."""
        return str(self.table.get("id", ""))


def read_written(text: str) -> Written:
    """Read one rule with its cue words; RuleError says in which line what is wrong."""
    if len(text) > LONGEST:
        raise RuleError(f"A rule may have {LONGEST} characters; this has {len(text)}.")
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RuleError(f"This cannot be read: {error}.") from error
    for key in tables:
        if key not in ("rule", "cues"):
            raise RuleError(
                f"{_line(text, key)}there is no block {key}; use [[rule]] and [cues.…]."
            )
    rules = tables.get("rule")
    if not isinstance(rules, list) or len(rules) != 1 or not isinstance(rules[0], dict):
        raise RuleError("Write exactly one [[rule]] block.")
    _bound(text, rules[0])
    return Written(rules[0], tuple(_cues(text, tables.get("cues", {}))))


def _bound(text: str, table: dict) -> None:
    """Refuse what is larger than any rule needs."""
    patterns = [p for key in _PATTERNS for p in _texts(table.get(key))]
    if len(patterns) > MOST_PATTERNS:
        raise RuleError(f"A rule may have {MOST_PATTERNS} patterns; this has {len(patterns)}.")
    if (steps := sum(steps_of(pattern) for pattern in patterns)) > MOST_STEPS:
        raise RuleError(
            f"The patterns of a rule may have {MOST_STEPS} steps together; these have {steps}. "
            "Take out some of those joined by > or +, or write two rules."
        )
    for pattern in patterns:
        if len(pattern) > LONGEST_PATTERN:
            raise RuleError(
                f"{_line(text, pattern)}a pattern may have {LONGEST_PATTERN} characters."
            )
        if any(int(gap) > WIDEST_GAP for gap in re.findall(r">\s*([0-9]+)\s*>", pattern)):
            raise RuleError(f"{_line(text, pattern)}at most {WIDEST_GAP} words may lie between.")
    for key in ("flags", "leaves"):
        examples = list(_texts(table.get(key)))
        if len(examples) > MOST_EXAMPLES:
            raise RuleError(f"{_line(text, key)}{MOST_EXAMPLES} examples are enough.")
        for example in examples:
            if len(example) > LONGEST_EXAMPLE:
                raise RuleError(
                    f"{_line(text, example[:40])}an example may have {LONGEST_EXAMPLE} characters."
                )


def _texts(value) -> Iterable[str]:
    return (v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _cues(text: str, tables) -> Iterable[Group]:
    if not isinstance(tables, dict):
        raise RuleError(f"{_line(text, 'cues')}cue words stand in a block such as [cues.moon].")
    count = 0
    for name, table in tables.items():
        where = _line(text, f"[cues.{name}") or _line(text, name)
        if not _GROUP.fullmatch(name):
            raise RuleError(f"{where}a cue group's name is made of small letters and underscores.")
        if isinstance(table, dict) and (odd := sorted(set(table) - _CUE_KEYS)):
            raise RuleError(f"{where}a cue group here has no key {odd[0]!r}.")
        try:
            group = read_group("your rule", name, table)
        except (CueError, IndexError) as error:
            raise RuleError(f"{where}{error}") from error
        for phrase, _ in group.phrases:
            if len(phrase) > 80 or not _CUE.search(phrase):
                raise RuleError(f"{where}“{phrase[:80]}” is no cue word: two letters, at most 80.")
        count += len(group.phrases)
        yield group
    if count > MOST_CUES:
        raise RuleError(f"A rule may bring {MOST_CUES} forms of cue words; this has {count}.")


def _line(text: str, what: str) -> str:
    """ "Line 3: " where something stands in the text; empty where it is not found."""
    for number, line in enumerate(text.splitlines(), 1):
        if what and what in line:
            return f"Line {number}: "
    return ""


def assemble(written: Iterable[Written]) -> tuple[list[Rule], Lexicon, dict[str, str]]:
    """These rules, the lexicon in which they are written, and by id what is wrong with others.

    One that is broken, since the shipped words or rules changed under it, does not stop the rest.
    """
    written = list(written)
    lexicon = extended_lexicon([group for one in written for group in one.cues])
    rules, broken = [], {}
    for one in written:
        try:
            rules.append(read_rule("the site", one.table, lexicon))
        except RuleError as error:
            broken[str(one.table.get("id"))] = str(error)
    return rules, lexicon, broken


def read_one(text: str, beside: Iterable[Written] = ()) -> tuple[Written, Rule]:
    """One rule read and compiled beside others; RuleError with line and reason if it is broken."""
    written = read_written(text)
    lexicon = extended_lexicon([g for one in (*beside, written) for g in one.cues])
    try:
        return written, read_rule("the site", written.table, lexicon)
    except RuleError as error:
        reason = str(error).removeprefix("the site: ")
        raise RuleError(f"{_line_of_error(text, reason)}{reason}") from error


def _line_of_error(text: str, error: str) -> str:
    """The line that holds what an error quotes, or the key that it names."""
    quoted = re.findall(r"'([^']+)'|(?:is:|category )(\w+)", error)
    named = re.findall(r": (?:in )?(\w+)(?: is| should|:)", error)
    for what in [*(a or b for a, b in quoted), *named]:
        if what not in ("rule",) and (line := _line(text, what)):
            return line
    return ""


def hold_to_examples(rule: Rule, rules: RuleSet) -> None:
    """RuleError naming the first example that a rule does not keep to."""
    for example in rule.flags:
        if rule.id not in {hit.id for hit, _ in rules_hit(example, rules)}:
            raise RuleError(f"It does not flag its own example “{example}”.")
    for example in rule.leaves:
        if rule.id in {hit.id for hit, _ in rules_hit(example, rules)}:
            raise RuleError(f"It flags “{example}”, which it is to leave alone.")
