"""Citations: which sentence they belong to, and what they change."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping

from claims.checker.grade import borne_out, fits
from claims.checker.lexicon import standard_lexicon
from claims.checker.model import ADVISE, BLOCK, Citation, Finding, Mention, Sentence
from claims.checker.normal import Folded
from claims.checker.reading import Reading
from claims.checker.rulebook import Rule

_NOT_PEOPLE = ("animal", "in vitro", "in-vitro", "preclinical", "mouse", "cell study")
_NEVER = frozenset()
# Years after which a source no longer bears out "new" or "recent".
NEW_FOR = 5
_COMPARED = re.compile(
    r"\b(?:than|versus|vs\.?|as|unlike|with|without|instead of|alongside|and|or|over)"
    r" (?:(?:an?|the|standard|usual|other|older|placebo|or|and) ){0,3}$",
    re.IGNORECASE,
)


def attach(sentences: list[Sentence], citations: Iterable[Citation]) -> None:
    """Give each sentence the citations inside it or right after it."""
    starts = [s.start for s in sentences]
    for citation in citations:
        # One that stands exactly where a sentence begins follows the sentence before.
        at = max(bisect_left(starts, citation.position) - 1, 0)
        if sentences:
            sentences[at].cited.append(citation)


def attach_mentions(sentences: list[Sentence], mentions: list[Mention]) -> None:
    """Give each sentence the names of therapies and conditions inside it."""
    starts = [s.start for s in sentences]
    for mention in mentions:
        at = bisect_left(starts, mention.start + 1) - 1
        if at >= 0 and mention.end <= sentences[at].end:
            sentences[at].mentions.append(mention)


def weigh_citation(
    finding: Finding, rule: Rule, sentence: Sentence, assessments: Mapping
) -> Finding | None:
    """A finding as it stands once the sentence's citations are counted; None if settled.

    A citation is never taken for support: a bold sentence is still to be read against it.
    """
    if not rule.needs_source:
        return finding
    if finding.severity == BLOCK and borne_out(sentence, assessments):
        finding.severity = ADVISE
    if not sentence.cited:
        return finding
    if sentence.hedged and sentence.strength < 3 and fits(sentence, assessments):
        return None
    finding.severity = ADVISE
    finding.reason = "The sentence cites a source; nobody has yet checked that it says this."
    finding.remedy = (
        "Check that the source says this, of these patients and this strongly; "
        "if it says less, say less."
    )
    return finding


def citation_findings(index: int, sentence: Sentence) -> Iterable[Finding]:
    """What is wrong with a sentence's sources themselves."""
    if not sentence.cited:
        return
    for citation in sentence.cited:
        if citation.retracted:
            yield _finding(
                index, sentence, "cited-source-retracted", "RETRACTED", BLOCK,
                f"The source {citation.source} has been retracted.",
                "Cite a source that stands, or take the sentence out.",
            )  # fmt: skip
    yield from _mismatches(index, sentence)


def new_that_is_old(
    index: int, reading: Reading, folded: Folded, this_year: int
) -> Iterable[Finding]:
    """A note where "new" or "recent" stands beside a source, or a year, that is old."""
    bit = standard_lexicon().bit
    if not reading.heard & bit("new_word"):
        return
    sentence = reading.sentence
    years = [c.year for c in sentence.cited]
    if not years or None in years:
        years = [int(folded.plain[h.start : h.end]) for h in reading.spoken if h.bits & bit("year")]
    if not years or max(years) >= this_year - NEW_FOR:
        return
    spans = [h for h in reading.spoken if h.bits & bit("new_word")]
    finding = _finding(
        index, sentence, "framing-new-is-old", "FRAMING", ADVISE,
        f"It is called new or recent, and the latest year given for it is {max(years)}.",
        "Give the year instead, and look whether later work has borne it out.",
    )  # fmt: skip
    finding.triggers = [(folded.back(h.start), folded.back(h.end - 1) + 1) for h in spans]
    finding.cited = bool(sentence.cited)
    yield finding


def _mismatches(index: int, sentence: Sentence) -> Iterable[Finding]:
    for kind in ("therapy", "condition"):
        said = {m.slug for m in sentence.mentions if m.kind == kind and not _beside(sentence, m)}
        held = [c.therapies if kind == "therapy" else c.conditions for c in sentence.cited]
        covered = _NEVER.union(*held)
        if said and all(held) and not said & covered:
            yield _finding(
                index, sentence, f"cited-source-other-{kind}", "SOURCE", ADVISE,
                f"The cited source is recorded as being about another {kind}.",
                f"Check that the source is about this {kind}, or cite one that is.",
            )  # fmt: skip
    designs = [c.design.lower() for c in sentence.cited]
    speaks_of_people = "patient" in sentence.text.lower() or "people" in sentence.text.lower()
    if speaks_of_people and all(any(w in d for w in _NOT_PEOPLE) for d in designs):
        yield _finding(
            index, sentence, "cited-source-not-in-people", "SOURCE", ADVISE,
            "The sentence speaks of people, but the cited work was not done in people.",
            "Say that it was seen in animals or in the laboratory, or cite a study in people.",
        )  # fmt: skip


def _beside(sentence: Sentence, mention: Mention) -> bool:
    """Whether a name is only what the sentence's subject is compared with."""
    if mention.kind != "therapy":
        return False
    at = mention.start - sentence.start
    return _COMPARED.search(sentence.text[max(0, at - 40) : at]) is not None


def _finding(index, sentence, rule, category, severity, reason, remedy) -> Finding:
    return Finding(
        sentence.start, sentence.end, index, rule, category, severity, reason,
        [(sentence.start, sentence.end)], remedy, cited=True,
    )  # fmt: skip
