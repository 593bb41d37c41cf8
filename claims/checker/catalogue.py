"""Everything the checker may say, rule or not, in one shape: for pages that explain findings."""

from collections.abc import Iterable
from typing import NamedTuple

from claims.checker.learned import KINDS, rule_id
from claims.checker.model import ADVISE, BLOCK
from claims.checker.rulebook import CATEGORIES, Rule, standard_rules

# What each category is about, for readers.
ABOUT = {
    "EFFICACY": "A therapy is said to help.",
    "CERTAINTY": "Absolute or universal wording carries the claim.",
    "SAFETY": "A therapy is called safe, or its harms few.",
    "STATISTIC": "A figure a reader could check has no source.",
    "STUDY": "Research is given as the ground, and nobody is named.",
    "HYPE": "Promotional or emotive wording that adds nothing.",
    "COMPARISON": "Standard care is run down or ranked below.",
    "PROMO": "A seller's message.",
    "GRADE": "A sentence is bolder than this site's own assessment of the evidence.",
    "RETRACTED": "A source has been retracted.",
    "SOURCE": "A source does not seem to be about what the sentence says.",
    "FRAMING": "True, but told so that a reader takes more from it than there is.",
    "OVERREACH": "Work in animals or cells told as if it held for people.",
}


class Entry(NamedTuple):
    """One thing the checker may say, and why.

    `severity` is that of most of its findings; `sometimes_blocks` that some stop publication all
    the same; `is_rule` tells a rule over words from a check in code. `flags` and `leaves` are
    examples; what a finding hangs on besides the words stands in square brackets.
    """

    id: str
    category: str
    severity: str
    reason: str
    remedy: str
    why: str
    flags: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    sometimes_blocks: bool = False
    is_rule: bool = False


# The checks that are no patterns over words, but code (citing.py, grade.py, sections.py).
CHECKS = (
    Entry(
        "grade-overstated", "GRADE", BLOCK,
        "A sentence is worded more surely than this site's assessment of that therapy for that "
        "condition allows.",
        "Word it as surely as the evidence is: “reduces” for high certainty, “probably reduces” "
        "for moderate, “may reduce” for low, “we are very uncertain whether” for very low.",
        "The assessment says how sure anyone can be. A sentence that goes beyond it tells readers "
        "more than is known.",
        ("MSC therapy restores remission in lupus. [our assessment: low certainty]",),
        ("MSC therapy may reduce flares in lupus. [our assessment: low certainty]",),
    ),
    Entry(
        "cited-source-retracted", "RETRACTED", BLOCK,
        "A source cited in the sentence has been retracted.",
        "Cite a source that stands, or take the sentence out.",
        "A retracted paper supports nothing, however often it is cited.",
        ("Rituximab reduced flares in lupus. [a source that has been retracted]",),
        ("Rituximab reduced flares in lupus. [a source that stands]",),
    ),
    Entry(
        "cited-source-other-therapy", "SOURCE", ADVISE,
        "The cited source is recorded as being about another therapy.",
        "Check that the source is about this therapy, or cite one that is.",
        "What was found for one treatment says little about another.",
        ("MSC therapy may help in lupus. [a source on rituximab]",),
        ("MSC therapy may help more than rituximab in lupus. [a source on MSC therapy]",),
    ),
    Entry(
        "cited-source-other-condition", "SOURCE", ADVISE,
        "The cited source is recorded as being about another condition.",
        "Check that the source is about this condition, or cite one that is.",
        "What was found in one illness says little about another.",
        ("Rituximab may help in lupus. [a source on multiple sclerosis]",),
        ("Rituximab may help in lupus. [a source on lupus]",),
    ),
    Entry(
        "cited-source-not-in-people", "SOURCE", ADVISE,
        "The sentence speaks of people, but the cited work was not done in people.",
        "Say that it was seen in animals or in the laboratory, or cite a study in people.",
        "Much that works in animals or in a dish never works in people.",
        ("MSC therapy may help patients with lupus. [a study in mice]",),
        ("In mice with lupus MSC therapy reduced kidney damage. [a study in mice]",),
    ),
    Entry(
        "framing-silent-harm", "FRAMING", ADVISE,
        "A section tells of benefits at least twice, without a source, and has no word of harms.",
        "Say beside the benefits what harms are known and how common, or that they are not known.",
        "A reader can weigh a treatment only with both sides in view.",
        ("A section that says twice that a treatment helps, and in which no harm is named.",),
        ("The same section with “Fever and infection are known harms.”",),
    ),
    Entry(
        "framing-new-is-old", "FRAMING", ADVISE,
        "Something is called new or recent beside a source, or a year, more than five years old.",
        "Give the year instead, and look whether later work has borne it out.",
        "“New” promises something better; after five years there should be more to say.",
        ("A new drug may cut relapses. [a source of 2001]",),
        ("A drug first tried in 2001 may cut relapses. [a source of 2001]",),
    ),
)  # fmt: skip


def catalogue(rules: Iterable[Rule] | None = None) -> list[Entry]:
    """Rules (the shipped ones where none are given), the second opinion and the checks in code, in
    the order of their categories."""
    entries = [_of_rule(rule) for rule in (standard_rules() if rules is None else rules)]
    entries += [
        Entry(
            rule_id(category), category, ADVISE,
            f"Words of the sentence read, taken together, as {kind.reads_as}.",
            kind.remedy, kind.why, kind.flags, kind.leaves, sometimes_blocks=True,
        )
        for category, kind in KINDS.items()
    ]  # fmt: skip
    return sorted([*entries, *CHECKS], key=lambda entry: CATEGORIES.index(entry.category))


def _of_rule(rule: Rule) -> Entry:
    return Entry(
        rule.id, rule.category, rule.severity, rule.reason, rule.remedy, rule.why,
        tuple(rule.flags), tuple(rule.leaves), bool(rule.block_if), True,
    )  # fmt: skip
