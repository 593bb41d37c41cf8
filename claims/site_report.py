"""What the checker found in many texts, by text, rule and severity."""

from collections import Counter
from dataclasses import dataclass, field

from claims.checker import Report
from claims.checker.model import BLOCK


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
        findings = [
            {
                "start": f.start,
                "end": f.end,
                "rule": f.rule,
                "category": f.category,
                "severity": f.severity,
                "reason": f.reason,
            }
            for f in self.report.findings
        ]
        sentences = len(self.report.sentences)
        return {"name": self.name, **self.about, "sentences": sentences, "findings": findings}


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

    def lines(self) -> list[str]:
        """The report for people: texts with findings, then rules; the last line sums it up."""
        lines = [f"{name}: not checked, {why}" for name, why in self.failed.items()]
        lines += [
            f"{text.name}: {len(text.report.findings)} found, {text.blocking} blocking"
            for text in self.texts
            if text.report.findings
        ]
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
