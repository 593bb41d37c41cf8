"""Grade and verb: a sentence about a therapy for a condition against its assessment.

The wording allowed is GRADE's plain language (Santesso and others, 2020): high certainty
"reduces", moderate "probably reduces", low "may reduce", very low "we are very uncertain".
"""

import re
from collections.abc import Mapping
from functools import cache

from claims.checker.lexicon import Hit, bits_of, standard_lexicon
from claims.checker.model import ADVISE, BLOCK, Finding, Sentence
from claims.checker.normal import Folded
from claims.checker.pattern import Term, compile_term, match
from claims.checker.reading import Reading, hits_of
from claims.checker.rewording import rewording, written

ALLOWED = {"very low": 1, "low": 2, "moderate": 3, "high": 4}
WORDING = {
    "very low": "“we are very uncertain whether”",
    "low": "“may”",
    "moderate": "“probably”",
    "high": "a plain statement",
}
# What leaves a benefit open; a word of harm does not.
_LIMITS = (
    "stated_limit", "caution_on_evidence", "caution_plain", "benefit_left_open", "enquiry",
)  # fmt: skip
_BOLDNESS = {1: "as open", 2: "as possible", 3: "as probable", 4: "as a fact"}


def pair_of(sentence: Sentence, assessments: Mapping) -> tuple[str, str] | None:
    """The assessed pair the sentence speaks of; the least certain where there are several."""
    therapies = {m.slug for m in sentence.mentions if m.kind == "therapy"}
    conditions = {m.slug for m in sentence.mentions if m.kind == "condition"}
    pairs = [(t, c) for t in therapies for c in conditions if assessments.get((t, c)) in ALLOWED]
    return min(pairs, key=lambda p: (ALLOWED[assessments[p]], p), default=None)


def fits(sentence: Sentence, assessments: Mapping) -> bool:
    """Whether a hedged sentence is no bolder than "may", and its assessment allows that."""
    pair = pair_of(sentence, assessments)
    return pair is None or ALLOWED[assessments[pair]] >= 2


def borne_out(sentence: Sentence, assessments: Mapping) -> bool:
    """Whether the site's own assessment holds the benefit to be probable or certain."""
    pair = pair_of(sentence, assessments)
    return pair is not None and ALLOWED[assessments[pair]] >= ALLOWED["moderate"]


def boldness(reading: Reading) -> int:
    """How surely a benefit is put: 1 very uncertain, 2 "may", 3 "probably" or "can", 4 a fact."""
    limits = bits_of(*_LIMITS)
    if reading.sentence.question or reading.heard & limits:
        return 1
    if reading.heard & bits_of("may"):
        return 2
    if reading.heard & bits_of("can", "probably"):
        return 3
    return 2 if reading.sentence.hedged else 4


def grade_finding(index: int, reading: Reading, folded: Folded, assessments) -> Finding | None:
    """An overstatement against the assessment of the pair, or None."""
    sentence = reading.sentence
    pair = pair_of(sentence, assessments) if sentence.mentions and assessments else None
    if pair is None:
        return None
    hits = _told(reading, folded)
    certainty = assessments[pair]
    said, allowed = boldness(reading), ALLOWED[certainty]
    if not hits or said <= allowed:
        return None
    therapy = _as_written(sentence, "therapy", pair[0])
    condition = _as_written(sentence, "condition", pair[1])
    return Finding(
        sentence.start,
        sentence.end,
        index,
        "grade-overstated",
        "GRADE",
        BLOCK if said - allowed >= 2 and not sentence.hedged else ADVISE,
        f"Our assessment of {therapy} in {condition} rates the evidence as {certainty} certainty, "
        f"and the sentence puts the benefit {_BOLDNESS[said]}.",
        [(folded.back(h.start), folded.back(h.end - 1) + 1) for h in hits],
        f"Use wording that fits {certainty} certainty: {WORDING[certainty]}.",
        rewording(reading, folded, certainty),
        bool(sentence.cited),
        *pair,
    )


def _as_written(sentence: Sentence, kind: str, slug: str) -> str:
    """The name by which the sentence first calls a therapy or a condition."""
    named = next(m for m in sentence.mentions if (m.kind, m.slug) == (kind, slug))
    a, b = named.start - sentence.start, named.end - sentence.start
    return " ".join(sentence.text[a:b].split())


# How a benefit is told


def _told(reading: Reading, folded: Folded) -> list[Hit]:
    """The cues by which the sentence tells a benefit, in order; none where it tells none."""
    if reading.present & bits_of("benefit", "mends", "known_shown"):
        telling = bits_of("benefit", "mends", "known_shown", "may", "can")
        return [h for h in reading.hits if h.bits & telling]
    return (
        _called_effective(reading, folded)
        or _leads_to_it(reading, folded)
        or _sure_to(reading, folded)
        or _into_remission(reading, folded)
    )


def _called_effective(reading: Reading, folded: Folded) -> list[Hit]:
    """ "Is effective", "may be an effective treatment"; not "how effective it is"."""
    return [
        hit
        for hit in hits_of(reading, "effective_word")
        if _IS.search(folded.plain, max(reading.start, hit.start - _BEFORE), hit.start)
        and written(hit, folded).lower() not in _STRONG
    ]


def _leads_to_it(reading: Reading, folded: Folded) -> list[Hit]:
    """ "Leads to remission": both ends are in two groups, of which denial and aim silence one."""
    found = match(_leads_to(), reading.hits, reading.present, 0, folded.words)
    if (
        found
        and found[0].bits & bits_of("result_phrase")
        and found[1].bits & bits_of("good_outcome")
    ):
        return found
    return []


def _sure_to(reading: Reading, folded: Folded) -> list[Hit]:
    """ "Never fails to reduce", "is able to reduce": "to" alone would make the verb a purpose."""
    groups = ["absolute", "certain_words"]
    if not reading.sentence.negated:  # these no denial silences
        groups += ["can", "will_word"]
    for hit in hits_of(reading, *groups):
        found = _TO_DO.match(folded.plain, hit.end, reading.end)
        if found and found[1].lower() in _benefits():
            return [Hit(hit.start, found.end(), hit.bits)]
    return []


def _into_remission(reading: Reading, folded: Folded) -> list[Hit]:
    """ "Sends lupus into remission", whatever the verb; "went into remission" is a report."""
    hits = hits_of(reading, "mend_words")
    return [h for h in hits if _INTO.fullmatch(folded.plain, h.start, h.end)]


_BEFORE = 30  # characters in which "is a very" stands
_IS = re.compile(
    r"\b(?:is|are|was|were|be|been|proves?|proved) (?:an? )?"
    r"(?:(?:very|extremely|remarkably|clearly|truly|really|also|often|usually|generally) )?$",
    re.IGNORECASE,
)
_STRONG = frozenset({"powerful", "potent", "viable"})  # of a drug, these tell no benefit
_INTO = re.compile(r"(?<!went )(?<!gone )into (?:[\w-]+ )?remission", re.IGNORECASE)
_TO_DO = re.compile(r"(?:(?<= to)| to) ([\w-]+)", re.IGNORECASE)


@cache
def _leads_to() -> Term:
    return compile_term("leads_to >3> good_state", standard_lexicon())


@cache
def _benefits() -> frozenset[str]:
    """Verbs of benefit in their base form."""
    groups = standard_lexicon().groups
    phrases = groups["benefit"].phrases + groups["mends"].phrases
    return frozenset(phrase for phrase, form in phrases if form == "base")
