"""`python -m claims.checker.docs > docs/rules.md`: the rules as a page for editors."""

import sys

from claims.checker.catalogue import ABOUT
from claims.checker.learned import KINDS, rule_id
from claims.checker.lexicon import standard_lexicon
from claims.checker.model import BLOCK
from claims.checker.rulebook import CATEGORIES, Rule, standard_rules

_HEAD = """\
# Rules of the claim checker

This page is made from the rule files by `python -m claims.checker.docs > docs/rules.md`.
Change the files in `claims/checker/rules/` and `claims/checker/cues/`, not this page.

A finding says **advise** (it can be mended on the spot) or **block** (nothing is published
until a moderator has decided). Seven checks are not patterns and stand in code:
`grade-overstated` (GRADE: a sentence bolder than the site's assessment of that therapy for
that condition), `cited-source-retracted` (RETRACTED, always blocks), in SOURCE
`cited-source-other-therapy`, `cited-source-other-condition` and `cited-source-not-in-people`,
and in FRAMING `framing-silent-harm` (a section that promises benefits twice or more, uncited,
and has no word of harms; it is noted once, on the first such sentence) and
`framing-new-is-old` ("new" or "recent" beside a source, or a year, more than five years old).

A citation in or right after a sentence changes a finding in EFFICACY, SAFETY, STATISTIC and
STUDY: it becomes "check that the source says this", or goes when the sentence is hedged as
the assessment asks.

## How to read a pattern

| written | means |
|---|---|
| `hype` | a cue of the group stands in the sentence |
| `can\\|may` | a cue of either group |
| `can > benefit` | in this order, at most 8 words between them |
| `can >3> benefit` | in this order, at most 3 words between them |
| `therapy + outcome` | either order, at most 8 words between them |
| `benefit:past` | only that form of the group's verbs (base, s, past, ing) |
| `is:question` | a property of the sentence or of its article |
| `is:subject_therapy` | what the sentence is about; "it" takes the subject before |
| `is:topic_therapy` | an unproven therapy or a habit was spoken of before in the text |
| `is:sourced` | the article reports a study that it names |
| `is:about_animals`, `is:observational` | that study was in animals; it only watched |
| `is:seller` | the page sells |
| `is:under_benefits` | an item in a list of benefits |

A rule fires when every line of *all* and one line of *any* holds, and no line of *none*.
"""


def rules_page() -> str:
    """The whole page as Markdown, ending in a line break."""
    parts = [_HEAD]
    for category in CATEGORIES:
        rules = [r for r in standard_rules() if r.category == category]
        if rules:
            parts.append(f"## {category}\n\n{ABOUT[category]}\n")
            parts += [_rule(rule) for rule in rules]
    parts += [_second_opinion(), _groups()]
    return "\n".join(parts)


def _rule(rule: Rule) -> str:
    severity = "block" if rule.severity == BLOCK else "advise"
    if rule.block_if:
        severity += ", and block where " + " or ".join(f"`{t.text}`" for t in rule.block_if)
    if rule.stands:
        severity += "; it stands, whatever the second opinion says"
    lines = [f"### {rule.id}", "", rule.reason, "", rule.why, "", f"- Severity: {severity}"]
    for key in ("all", "any", "none"):
        terms = getattr(rule, key)
        if terms:
            lines.append(f"- {key}: " + "; ".join(f"`{t.text}`" for t in terms))
    lines += [f"- What settles it: {rule.remedy}", "", "Flagged:", ""]
    lines += [f"> {_quote(e)}\n" for e in rule.flags]
    lines += ["Left alone:", ""]
    lines += [f"> {_quote(e)}\n" for e in rule.leaves]
    return "\n".join(lines)


def _quote(text: str) -> str:
    return " / ".join(line for line in text.splitlines() if line.strip())


def _second_opinion() -> str:
    """The findings that no rule makes, but the learned part (docs/checker-learned.md)."""
    rows = [
        "## Second opinion",
        "",
        "What was learned from text written for this project weighs each sentence too. Where no",
        "rule has anything to say it may speak, and its reason quotes the words that weighed most.",
        "Where it takes a sentence for careful prose, what a shipped rule found there is dropped,",
        "whatever its severity, unless the rule stands. See [checker.md](checker.md).",
        "",
    ]
    for category, kind in KINDS.items():
        rows += [f"### {rule_id(category)}", "", f"Words that read as {kind.reads_as}.", ""]
        rows += [kind.why, "", f"- What settles it: {kind.remedy}", "", "Flagged:", ""]
        rows += [f"> {example}\n" for example in kind.flags]
        rows += ["Left alone:", "", *(f"> {example}\n" for example in kind.leaves)]
    return "\n".join(rows) + "\n"


def _groups() -> str:
    rows = ["## Cue groups", "", "| group | file | what it holds |", "|---|---|---|"]
    for group in sorted(standard_lexicon().groups.values(), key=lambda g: g.name):
        rows.append(f"| `{group.name}` | {group.file} | {group.about} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(rules_page())
