"""Citations: which sentence they belong to, and what they change."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping

from claims.checker.grade import borne_out, fits
from claims.checker.lexicon import Hit, standard_lexicon
from claims.checker.model import ADVISE, BLOCK, Citation, Finding, Mention, Sentence
from claims.checker.normal import Folded, fold_phrase
from claims.checker.reading import Reading
from claims.checker.rulebook import Rule

_NOT_PEOPLE = re.compile(
    r"\b(?:animals?|mouse|mice|murine|rats?|rodents?|rabbits?|pigs?|porcine|dogs?|canine|monkeys?|"
    r"macaques?|primates?|zebrafish|in[ -]vitro|ex[ -]vivo|(?:pre|non)-?clinical|organoids?|"
    r"(?:laboratory|lab|bench|(?<!stem )cells?) (?:study|studies|work|experiments?|research)|"
    r"(?:tissue|cell)[ -](?:cultures?|lines?|models?)|laboratory$)\b",
    re.IGNORECASE,
)
_IN_PEOPLE = re.compile(
    r"\b(?:people|patients?|participants?|volunteers?|adults|children|cohort|phase [0-4i]+|"
    r"case (?:report|series)|in humans?|(?<!pre-)(?<!non-)clinical (?:trial|study))\b",
    re.IGNORECASE,
)
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
    lexicon = standard_lexicon()
    new = lexicon.bit("new_word") | lexicon.bit("up_to_date")
    if not reading.heard & new:
        return
    other = [h for h in reading.spoken if h.bits & lexicon.bit("new_to_someone")]
    spans = [h for h in reading.spoken if h.bits & new and not _inside(h, other)]
    years = _years(reading, folded)
    if not spans or not years or max(years) >= this_year - NEW_FOR:
        return
    finding = _finding(
        index, reading.sentence, "framing-new-is-old", "FRAMING", ADVISE,
        f"It is called new or recent, and the latest year given for it is {max(years)}.",
        "Give the year instead, and look whether later work has borne it out.",
    )  # fmt: skip
    finding.triggers = [(folded.back(h.start), folded.back(h.end - 1) + 1) for h in spans]
    finding.cited = bool(reading.sentence.cited)
    yield finding


def _years(reading: Reading, folded: Folded) -> list[int]:
    """The years in a sentence, and those of its sources where each one's is known."""
    year = standard_lexicon().bit("year")
    said = [int(folded.plain[h.start : h.end]) for h in reading.spoken if h.bits & year]
    cited = [c.year for c in reading.sentence.cited]
    return said if None in cited else said + cited


def _inside(hit: Hit, others: list[Hit]) -> bool:
    return any(o.start <= hit.start and hit.end <= o.end for o in others)


def _mismatches(index: int, sentence: Sentence) -> Iterable[Finding]:
    for kind in ("therapy", "condition"):
        if _is_about_another(sentence, kind):
            yield _finding(
                index, sentence, f"cited-source-other-{kind}", "SOURCE", ADVISE,
                f"The cited source is recorded as being about another {kind}.",
                f"Check that the source is about this {kind}, or cite one that is.",
            )  # fmt: skip
    if all(_is_not_in_people(c.design) for c in sentence.cited) and _speaks_of_people(sentence):
        yield _finding(
            index, sentence, "cited-source-not-in-people", "SOURCE", ADVISE,
            "The sentence speaks of people, but the cited work was not done in people.",
            "Say that it was seen in animals or in the laboratory, or cite a study in people.",
        )  # fmt: skip


def _is_about_another(sentence: Sentence, kind: str) -> bool:
    """Whether each source is recorded as being about others than all that the sentence names."""
    named = [m for m in sentence.mentions if m.kind == kind]
    held = [c.therapies if kind == "therapy" else c.conditions for c in sentence.cited]
    if not all(held) or all(_beside(sentence, m) for m in named):
        return False
    covered = _NEVER.union(*held)
    if any(m.slug in covered for m in named):
        return False
    if kind == "therapy":
        return True
    names = [words for m in named for words in _names_of(sentence, m)]
    return not any(_within(_words(slug), words) for slug in covered for words in names)


def _names_of(sentence: Sentence, mention: Mention) -> tuple[str, str]:
    """What a mention is called, by its slug and as it is written."""
    written = sentence.text[mention.start - sentence.start : mention.end - sentence.start]
    return _words(mention.slug), _words(written)


def _words(name: str) -> str:
    return fold_phrase(name.replace("-", " "))


def _within(one: str, other: str) -> bool:
    """Whether one name holds the other, word by word: lupus nephritis is lupus."""
    return one in other or other in one


def _is_not_in_people(design: str) -> bool:
    return bool(_NOT_PEOPLE.search(design)) and not _IN_PEOPLE.search(design)


def _speaks_of_people(sentence: Sentence) -> bool:
    """Whether people, or what becomes of a disease of theirs, are spoken of as if seen in people.

    Not where the sentence says that it was animals or cells.
    """
    lexicon = standard_lexicon()
    heard = 0
    for hit in lexicon.find(Folded(sentence.text)):
        heard |= hit.bits
    if heard & (lexicon.bit("animals") | lexicon.bit("not_in_people")):
        return False
    if heard & lexicon.bit("people_word"):
        return True
    ill = any(m.kind == "condition" for m in sentence.mentions)
    return bool(sentence.strength and (ill or heard & lexicon.bit("human_disease")))


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
