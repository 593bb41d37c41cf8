"""Grade and verb: a sentence about a therapy for a condition against its assessment.

The wording allowed is GRADE's plain language (Santesso and others, 2020): high certainty
"reduces", moderate "probably reduces", low "may reduce", very low "we are very uncertain".
"""

import re
from collections.abc import Mapping
from itertools import pairwise

from claims.checker.inflect import verb_forms
from claims.checker.lexicon import Hit, standard_lexicon
from claims.checker.model import ADVISE, BLOCK, Finding, Sentence
from claims.checker.normal import Folded
from claims.checker.reading import Reading

ALLOWED = {"very low": 1, "low": 2, "moderate": 3, "high": 4}
WORDING = {
    "very low": "“we are very uncertain whether”",
    "low": "“may”",
    "moderate": "“probably”",
    "high": "a plain statement",
}
_SHOWN_TO = re.compile(r"\b(?:has|have) been (?:shown|found|proven|demonstrated|reported) to\b")
# Between two verbs these begin a new statement, so the second is not under the first's "may".
_NEW_SUBJECT = (" that ", " which ", " who ", " it ", " they ", " this ", " but ", " while ", ";")
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
    """0 no benefit is claimed, 1 very uncertain, 2 "may", 3 "probably" or "can", 4 a fact."""
    bit = standard_lexicon().bit
    if not reading.present & _bits("benefit", "mends", "known_shown", "good_outcome"):
        return 0
    if reading.sentence.question or reading.heard & (bit("caution") | bit("enquiry")):
        return 1
    if reading.heard & bit("may"):
        return 2
    if reading.heard & (bit("can") | bit("probably")):
        return 3
    return 2 if reading.sentence.hedged else 4


def grade_finding(index: int, reading: Reading, folded: Folded, assessments) -> Finding | None:
    """An overstatement against the assessment of the pair, or None."""
    sentence = reading.sentence
    pair = pair_of(sentence, assessments) if sentence.mentions and assessments else None
    if pair is None:
        return None
    if not reading.present & _bits("benefit", "mends", "known_shown"):
        return None
    certainty = assessments[pair]
    said, allowed = boldness(reading), ALLOWED[certainty]
    if said <= allowed:
        return None
    telling = _bits("benefit", "mends", "known_shown", "may", "can")
    hits = [h for h in reading.hits if h.bits & telling]
    return Finding(
        sentence.start,
        sentence.end,
        index,
        "grade-overstated",
        "GRADE",
        BLOCK if said - allowed >= 2 and not sentence.hedged else ADVISE,
        f"The evidence for this therapy in this condition is assessed as {certainty} certainty, "
        f"and the sentence puts the benefit {_BOLDNESS[said]}.",
        [(folded.back(h.start), folded.back(h.end - 1) + 1) for h in hits],
        f"Use wording that fits {certainty} certainty: {WORDING[certainty]}.",
        _rewording(reading, folded, certainty),
        bool(sentence.cited),
        *pair,
    )


def _rewording(reading: Reading, folded: Folded, certainty: str) -> str | None:
    """The sentence with its verb brought down, where its shape leaves no doubt how."""
    text = reading.sentence.text
    if certainty == "high" or '"' in text or "“" in text:
        return None
    if certainty == "very low":
        return _very_uncertain(reading)
    modals = [h for h in reading.hits if h.bits & _bits("can", "will_word")]
    if certainty == "low" and not modals and len(_SHOWN_TO.findall(text)) == 1:
        return _SHOWN_TO.sub("may", text)
    if len(modals) == 1:
        return _with_modal(reading, folded, certainty, modals[0])
    return None if modals else _with_verbs(reading, folded, certainty)


def _with_modal(reading: Reading, folded: Folded, certainty: str, modal: Hit) -> str | None:
    """ "Can reduce", "will reduce" and "is able to reduce" with a modal that fits."""
    written = folded.plain[modal.start : modal.end].lower()
    rest = folded.plain[modal.end : modal.end + 4].lower()
    if written in ("is set to", "are set to", "shown potential", "has shown potential"):
        return None
    if written.startswith(("has ", "have ", "the ")) and not rest.startswith(" to"):
        return None
    probably = "can probably" if modal.bits & _bits("can") else "will probably"
    word = "may" if certainty == "low" else probably
    return _replace(reading, folded, [(modal, word)])


def _with_verbs(reading: Reading, folded: Folded, certainty: str) -> str | None:
    """ "Reduces pain and improves function": the first verb is hedged, the others follow it."""
    verbs = _outermost([h for h in reading.hits if h.bits & _bits("benefit", "mends")])
    finite = _bits("benefit:s", "mends:s")
    if not verbs or not all(v.bits & finite for v in verbs):
        return None
    for before, after in pairwise(verbs):
        between = f" {folded.plain[before.end : after.start].lower()} "
        joined = " and " in between or "," in between
        if not joined or any(word in between for word in _NEW_SUBJECT):
            return None
    changes = []
    for place, verb in enumerate(verbs):
        written = folded.plain[verb.start : verb.end].lower()
        if certainty == "low":
            changes.append((verb, f"{'' if place else 'may '}{_base(written)}"))
        elif not place:
            changes.append((verb, f"probably {written}"))
    return _replace(reading, folded, changes)


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Without the cues that lie inside a longer one ("slow" in "slow down")."""
    out: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not out or hit.start >= out[-1].end:
            out.append(hit)
    return out


def _bits(*names: str) -> int:
    lexicon = standard_lexicon()
    bits = 0
    for name in names:
        bits |= lexicon.bit(name)
    return bits


def _replace(reading: Reading, folded: Folded, changes: list[tuple[Hit, str]]) -> str:
    """The sentence with each cue written anew."""
    text, start = reading.sentence.text, reading.sentence.start
    for hit, new in reversed(changes):
        a, b = folded.back(hit.start) - start, folded.back(hit.end - 1) + 1 - start
        text = f"{text[:a]}{new}{text[b:]}"
    return text


def _base(written: str) -> str:
    """The base form of a third person singular: "restores" is "restore"."""
    first, _, rest = written.partition(" ")
    for base in (first[:-1], first[:-2], f"{first[:-3]}y"):
        if verb_forms(base)[1][0] == first:
            return f"{base} {rest}".strip()
    return written


def _very_uncertain(reading: Reading) -> str | None:
    """ "We are very uncertain whether ..." before a simple statement that starts with a name."""
    sentence = reading.sentence
    simple = not any(mark in sentence.text[:-1] for mark in ",;:.!?()")
    begins = bool(sentence.mentions) and sentence.mentions[0].start == sentence.start
    says = reading.present & _bits("benefit:s", "mends:s", "can", "will_word")
    plain = says and not reading.heard & _bits("may", "known_shown")
    if not (simple and begins and plain and sentence.text.endswith(".")):
        return None
    first = sentence.text.split(None, 1)[0]
    keeps_capital = not first[1:].islower() or sentence.mentions[0].kind == "condition"
    text = sentence.text if keeps_capital else sentence.text[0].lower() + sentence.text[1:]
    return f"We are very uncertain whether {text}"
