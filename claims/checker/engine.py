"""`check`: text in, findings out."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from claims.checker.citing import citation_findings, new_that_is_old, weigh_citation
from claims.checker.grade import grade_finding
from claims.checker.learned import KINDS, judge, note, second_look
from claims.checker.lexicon import Hit
from claims.checker.model import BLOCK, Block, Citation, Finding, Report
from claims.checker.names import Names
from claims.checker.normal import Folded
from claims.checker.pattern import Term, match
from claims.checker.reader import PART, read_parts, read_text
from claims.checker.reading import Reading
from claims.checker.rulebook import Rule, RuleSet, standard_ruleset
from claims.checker.sections import HarmsTold

LONGEST_READ_CLOSELY = PART  # characters; what is longer is no article


def check(
    text: str,
    *,
    blocks: Iterable[Block] | None = None,
    citations: Iterable[Citation] = (),
    names: Names | None = None,
    assessments: Mapping[tuple[str, str], str] | None = None,
    this_year: int | None = None,
    rules: RuleSet | None = None,
    notes: bool = True,
    closely: bool = True,
) -> Report:
    """Read a text and say what a careful medical editor would stop at.

    `blocks` come from line breaks where none are given. `assessments` maps (therapy slug,
    condition slug) to "high", "moderate", "low" or "very low". `rules` are the shipped ones
    where none are given. `this_year` is the year by which "new" is judged, the present one where
    none is given. Without `notes`, what may pass is not noted, which takes a tenth less; without
    `closely`, and of a text longer than any article, the network does not read what is in doubt,
    which takes a tenth of the time. Offsets in the answer count characters of `text`. Any text gets
    an answer; none raises.
    """
    year = this_year or datetime.now(UTC).year
    rules = rules or standard_ruleset()
    report, harms = Report(), HarmsTold(rules.lexicon)
    closely = closely and len(text) <= LONGEST_READ_CLOSELY
    for readings, folded in read_parts(text, blocks, citations, names, rules.lexicon):
        judgements = judge(readings, folded, closely)
        for index, reading in enumerate(readings, len(report.sentences)):
            judged = judgements[index - len(report.sentences)]
            found = rules.as_set(
                list(_findings(index, reading, folded, assessments or {}, year, rules))
            )
            # One for each category at the end: what is overruled must not hide what stands.
            looked = rules.as_set(_best(second_look(index, reading, folded, judged, found)))
            report.findings += looked
            if notes and not looked:
                report.notes += note(index, reading, folded, judged)
            harms.note(reading)
        report.sentences += [reading.sentence for reading in readings]
    report.findings += rules.as_set(harms.silent_sections(report.findings))
    report.findings.sort(key=lambda finding: finding.sentence)
    return report


def _best(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each label, the first or the first that blocks; of sources, assessments and
    framing each finding that says something else."""
    best: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        label = (finding.category,)
        key = label if finding.category in KINDS else (*label, finding.rule, finding.reason)
        before = best.get(key)
        if before is None or (finding.severity == BLOCK and before.severity != BLOCK):
            best[key] = finding
    return list(best.values())


def rules_hit(text: str, rules: RuleSet | None = None) -> list[tuple[Rule, int]]:
    """Every rule that fires in a text, with the index of the sentence; for a rule's examples."""
    rules = rules or standard_ruleset()
    readings, folded = read_text(text, None, (), None, rules.lexicon)
    return [
        (rule, index)
        for index, reading in enumerate(readings)
        for rule in rules.rules
        if _fires(rule, reading, folded.words) is not None
    ]


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
        found = _first_of(rule.any, reading, words)
        if found is None:
            return None
        triggers += found
    for term in rule.unless:
        if match(term, hits, present, props, words) is not None:
            return None
    blocks = rule.severity == BLOCK
    if not blocks:
        blocks = any(match(t, hits, present, props, words) is not None for t in rule.block_if)
    return triggers, blocks


def _first_of(terms: list[Term], reading: Reading, words: str) -> list[Hit] | None:
    """The hits of the first term that holds, or None."""
    present, hits, props = reading.present, reading.hits, reading.properties
    for term in terms:
        # Most fail here; without a call for each, a good part of the time is saved.
        for step in term.steps:
            if not step & present:
                break
        else:
            found = match(term, hits, present, props, words)
            if found is not None:
                return found
    return None


def _findings(index, reading: Reading, folded: Folded, assessments, year: int, rules: RuleSet):
    sentence = reading.sentence
    for rule in rules.rules_for(reading.properties, reading.present):
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
    yield from new_that_is_old(index, reading, folded, year)
