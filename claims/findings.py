"""A finding of the checker as plain values, for what keeps it or reports it."""


def trigger_words(finding, sentence) -> list[str]:
    """The words of its sentence that set a finding off, as they are written there."""
    spans = ((a - sentence.start, b - sentence.start) for a, b in finding.triggers)
    return [" ".join(sentence.text[a:b].split()) for a, b in spans]


def as_values(finding, sentence) -> dict:
    """All that a finding says, without a place: its triggers are words, which stay true when the
    sentence stands elsewhere in the next text."""
    return {
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity,
        "reason": finding.reason,
        "remedy": finding.remedy,
        "rewording": finding.rewording or "",
        "triggers": trigger_words(finding, sentence),
        "therapy": finding.therapy or "",
        "condition": finding.condition or "",
    }
