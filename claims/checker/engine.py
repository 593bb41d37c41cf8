"""`check`: text in, findings out."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from claims.checker.article import Course, article_traits
from claims.checker.blocks import derive_blocks, sentences_of
from claims.checker.citing import attach, citation_findings, weigh_citation
from claims.checker.grade import grade_finding
from claims.checker.lexicon import Hit, Lexicon, standard_lexicon
from claims.checker.model import BLOCK, Block, Citation, Finding, Report, Sentence
from claims.checker.names import Names
from claims.checker.normal import Folded
from claims.checker.pattern import match
from claims.checker.reading import (
    Reading,
    mark_absolute,
    read_sentence,
    set_properties,
    subjects,
)
from claims.checker.rulebook import Rule, standard_rules
from claims.checker.sections import silent_harms
from claims.checker.strength import strength_of
from claims.checker.subject import Subjects


def check(
    text: str,
    *,
    blocks: Iterable[Block] | None = None,
    citations: Iterable[Citation] = (),
    names: Names | None = None,
    assessments: Mapping[tuple[str, str], str] | None = None,
) -> Report:
    """Read a text and say what a careful medical editor would stop at.

    `blocks` come from line breaks where none are given. `assessments` maps (therapy slug,
    condition slug) to "high", "moderate", "low" or "very low". Offsets in the answer count
    characters of `text`. Any text gets an answer; none raises.
    """
    rules = standard_rules()
    readings, folded = read_text(text, blocks, citations, names)
    report = Report([r.sentence for r in readings])
    for index, reading in enumerate(readings):
        best: dict[str, Finding] = {}
        for finding in _findings(index, reading, folded, rules, assessments or {}):
            before = best.get(finding.category)
            if before is None or (finding.severity == BLOCK and before.severity != BLOCK):
                best[finding.category] = finding
        report.findings.extend(best.values())
    report.findings.extend(silent_harms(readings, report.findings, standard_lexicon()))
    report.findings.sort(key=lambda finding: finding.sentence)
    return report


def rules_hit(text: str) -> list[tuple[Rule, int]]:
    """Every rule that fires in a text, with the index of the sentence; for a rule's examples."""
    readings, folded = read_text(text, None, (), None)
    return [
        (rule, index)
        for index, reading in enumerate(readings)
        for rule in standard_rules()
        if _fires(rule, reading, folded.words) is not None
    ]


def read_text(text, blocks, citations, names) -> tuple[list[Reading], Folded]:
    """Every sentence of a text, read; and the folded text its hits point into."""
    lexicon = standard_lexicon()
    folded = Folded(text)
    hits = lexicon.find(folded)
    mentions = names.find_folded(folded) if names else []
    hits = _with_mentions(hits, mentions, folded, lexicon)
    sentences = list(_sentences(text, blocks))
    attach(sentences, citations, mentions)
    readings = _cut(sentences, hits, folded, lexicon)
    article = article_traits(readings, lexicon)
    mark_absolute(readings, lexicon)
    kinds, course = Subjects(lexicon), Course(article, lexicon)
    for reading, about in zip(readings, subjects(readings, lexicon), strict=True):
        set_properties(reading, lexicon, article.sourced, about)
        course.mark(reading, kinds.of(reading, folded.plain))
        reading.sentence.strength = strength_of(reading, lexicon, folded.words)
    return readings, folded


def _sentences(text: str, blocks: Iterable[Block] | None) -> Iterable[Sentence]:
    size = len(text)
    for block in derive_blocks(text) if blocks is None else blocks:
        start, end = max(0, block.start), min(size, block.end)
        if start >= end:
            continue
        for a, b in sentences_of(text, Block(start, end, block.kind)):
            yield Sentence(a, b, text[a:b], block.kind)


def _with_mentions(hits: list[Hit], mentions, folded: Folded, lexicon: Lexicon) -> list[Hit]:
    if not mentions:
        return hits
    bits = {
        "therapy": lexicon.bit("named_therapy") | lexicon.bit("therapy"),
        "condition": lexicon.bit("named_condition") | lexicon.bit("condition"),
    }
    named = [Hit(folded.into(m.start), folded.into(m.end - 1) + 1, bits[m.kind]) for m in mentions]
    return sorted(hits + named)


def _cut(sentences, hits: list[Hit], folded: Folded, lexicon: Lexicon) -> list[Reading]:
    starts = [h.start for h in hits]
    readings = []
    for sentence in sentences:
        start, end = folded.into(sentence.start), folded.into(sentence.end - 1) + 1
        mine = hits[bisect_left(starts, start) : bisect_left(starts, end)]
        mine = [h for h in mine if h.end <= end]
        readings.append(read_sentence(sentence, start, end, mine, folded.words, lexicon))
    return readings


def _fires(rule: Rule, reading: Reading, words: str) -> tuple[list[Hit], bool] | None:
    """The hits that set a rule off and whether it blocks, or None."""
    present, hits, props = reading.present, reading.hits, reading.properties
    seen = present | props
    if rule.bars & seen:
        return None
    for gate in rule.gates:
        if not gate & seen:
            return None
    triggers: list[Hit] = []
    for term in rule.all:
        found = match(term, hits, present, props, words)
        if found is None:
            return None
        triggers += found
    if rule.any:
        for term in rule.any:
            found = match(term, hits, present, props, words)
            if found is not None:
                triggers += found
                break
        else:
            return None
    for term in rule.unless:
        if match(term, hits, present, props, words) is not None:
            return None
    blocks = rule.severity == BLOCK
    if not blocks:
        blocks = any(match(t, hits, present, props, words) is not None for t in rule.block_if)
    return triggers, blocks


def _findings(index, reading: Reading, folded: Folded, rules, assessments):
    sentence = reading.sentence
    seen = reading.present | reading.properties
    for rule in rules:
        # The rarest gate is looked at here too: a call for every rule would cost the most.
        if rule.bars & seen or not rule.gates[0] & seen:
            continue
        fired = _fires(rule, reading, folded.words)
        if fired is None:
            continue
        spans = sorted({(folded.back(h.start), folded.back(h.end - 1) + 1) for h in fired[0]})
        finding = Finding(
            sentence.start,
            sentence.end,
            index,
            rule.id,
            rule.category,
            BLOCK if fired[1] else rule.severity,
            rule.reason,
            spans,
            rule.remedy,
            cited=bool(sentence.cited),
        )
        finding = weigh_citation(finding, rule, sentence, assessments)
        if finding:
            yield finding
    graded = grade_finding(index, reading, folded, assessments)
    if graded:
        yield graded
    yield from citation_findings(index, sentence)
