"""What the checker found in many texts, by text, rule and severity; and sentence by sentence."""

from collections import Counter
from dataclasses import dataclass, field

from claims.checker import Report, Sentence
from claims.checker.model import BLOCK, Finding

from .findings import as_values, trigger_words


@dataclass(frozen=True)
class Found:
    """The answer for one text: its name, what more is known of it, and the report."""

    name: str
    about: dict
    report: Report

    @property
    def blocking(self) -> int:
        """How many findings stop publication."""
        return sum(f.severity == BLOCK for f in self.report.findings)

    def as_json(self) -> dict:
        """Everything found, as JSON types."""
        findings = [self._as_json(finding) for finding in self.report.findings]
        sentences = len(self.report.sentences)
        return {"name": self.name, **self.about, "sentences": sentences, "findings": findings}

    def _as_json(self, finding: Finding) -> dict:
        sentence = self.report.sentences[finding.sentence]
        return {
            "start": finding.start,
            "end": finding.end,
            "sentence": sentence.text,
            "trigger_spans": finding.triggers,
            **as_values(finding, sentence),
        }

    def by_sentence(self) -> list[tuple[Sentence, list[Finding]]]:
        """The sentences that were stopped at, in order, each with its findings."""
        found: dict[int, list[Finding]] = {}
        for finding in self.report.findings:
            found.setdefault(finding.sentence, []).append(finding)
        return [(self.report.sentences[at], mine) for at, mine in found.items()]

    def lines(self) -> list[str]:
        """The report for people on this text: where each sentence stands, which rule stopped at
        it and why, the words that set it off and where they stand, and what settles it."""
        report = self.report
        lines = [f"{self.name}: {len(report.sentences)} sentences, {len(report.findings)} findings"]
        for sentence, findings in self.by_sentence():
            lines += ["", f"  {_quoted(sentence)} (characters {sentence.start} to {sentence.end})"]
            for finding in findings:
                lines += _explained(finding, sentence)
        return [*lines, ""]


def _quoted(sentence: Sentence) -> str:
    return f"“{' '.join(sentence.text.split())}”"


def _explained(finding: Finding, sentence: Sentence) -> list[str]:
    """What one finding says, for people."""
    words = zip(trigger_words(finding, sentence), finding.triggers, strict=True)
    at = ", ".join(f"“{word}” ({start} to {end})" for word, (start, end) in words)
    lines = [
        f"    {finding.category}, {finding.severity}: {finding.reason}",
        f"      Rule {finding.rule}{f', set off by {at}' if at else ''}.",
        f"      {finding.remedy}",
    ]
    return [*lines, f"      For example: {finding.rewording}"] if finding.rewording else lines


@dataclass
class Summary:
    """The answers for many texts, and which could not be had, with the reason."""

    texts: list[Found] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def findings(self) -> int:
        """How many there are in all."""
        return sum(len(text.report.findings) for text in self.texts)

    @property
    def blocking(self) -> int:
        """How many of them stop publication."""
        return sum(text.blocking for text in self.texts)

    def by_rule(self) -> dict[str, dict[str, int]]:
        """For each rule that found something, how often, by severity; the most frequent first."""
        counts: dict[str, Counter] = {}
        for text in self.texts:
            for finding in text.report.findings:
                counts.setdefault(finding.rule, Counter())[finding.severity] += 1
        order = sorted(counts, key=lambda rule: (-counts[rule].total(), rule))
        return {rule: dict(counts[rule]) for rule in order}

    def as_json(self) -> dict:
        """The whole report, as JSON types."""
        return {
            "texts": [text.as_json() for text in self.texts],
            "failed": self.failed,
            "by_rule": self.by_rule(),
            "by_severity": {"advise": self.findings - self.blocking, "block": self.blocking},
        }

    def lines(self, *, listing: bool = False) -> list[str]:
        """The report for people: texts with findings, then rules; the last line sums it up. With
        `listing` each text is followed by its sentences and the rules that stopped at them."""
        lines = [f"{name}: not checked, {why}" for name, why in self.failed.items()]
        for text in self.texts:
            if text.report.findings:
                count = len(text.report.findings)
                lines.append(f"{text.name}: {count} found, {text.blocking} blocking")
                lines += _listed(text) if listing else []
        lines += ["", "By rule:"] if self.findings else []
        for rule, counts in self.by_rule().items():
            advice, blocking = counts.get("advise", 0), counts.get("block", 0)
            lines.append(f"  {rule}: {advice + blocking} found, {blocking} blocking")
        total = len(self.texts) + len(self.failed)
        return [
            *lines,
            f"{len(self.texts)} of {total} texts checked again, {self.findings} findings, "
            f"{self.blocking} of them blocking.",
        ]


def _listed(text: Found) -> list[str]:
    """The sentences of a text that were stopped at, each with the rules that did."""
    return [
        f"  {_quoted(sentence)}: {', '.join(f'{f.rule} ({f.severity})' for f in findings)}"
        for sentence, findings in text.by_sentence()
    ]
