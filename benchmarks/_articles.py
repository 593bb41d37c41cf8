"""Scores the checker on the annotated articles in `tests/claims/articles`.

Each line of a file there is one unit (sentence, heading, line of page furniture) with its place
in its article, its labels, and whether a careful medical editor would stop at it. A finding
belongs to each unit that it overlaps by at least half of the shorter of the two.
"""

import json
from collections import Counter
from pathlib import Path

ARTICLES = Path(__file__).resolve().parent.parent / "tests" / "claims" / "articles"
CATEGORIES = "EFFICACY CERTAINTY SAFETY STATISTIC STUDY HYPE COMPARISON PROMO".split()
# The batches of "voices" by how the names of their articles begin (docs/checker.md).
BATCHES = {
    "1 to 5": "v", "6": "w", "7": "x", "8": "y", "9": ("z", "a", "b", "c", "d"),
    "10, each third": "e", "10, later": "f", "11, releases": "g", "11, sellers": "h",
    "11, sober": "i", "12": "j", "13": "k", "14": "l",
    "15": tuple("ABCDFGHIJKLNOP"), "16": tuple("QRSTUVWXYZmnopqr"), "17": ("s", "t", "u"),
    "18": "2", "19": "3", "20": "4",
}  # fmt: skip
WHOLE = ("17", "19")  # held out with all their articles
NEWS = ("news", "release", "announcement")


def units(half: str) -> list[dict]:
    """The annotated units of one part: "tuning", or "heldout" and "voices", never learned from."""
    lines = (ARTICLES / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def texts(rows: list[dict]) -> dict[str, str]:
    """The text of each article, put together from its units: a gap of one is a space."""
    out: dict[str, str] = {}
    for row in rows:
        before = out.get(row["doc"], "")
        gap = row["start"] - len(before)
        out[row["doc"]] = before + (" " if gap == 1 else "\n" * gap) + row["text"]
    return out


def judged(rows: list[dict]) -> list[tuple[dict, list]]:
    """Each unit with the findings and notes that belong to it."""
    from claims.checker import check

    reports = {doc: check(text) for doc, text in texts(rows).items()}
    found = {doc: report.findings + report.notes for doc, report in reports.items()}
    return [(row, [f for f in found[row["doc"]] if _belongs(f, row)]) for row in rows]


def _belongs(finding, row: dict) -> bool:
    shared = min(finding.end, row["end"]) - max(finding.start, row["start"])
    shorter = min(finding.end - finding.start, row["end"] - row["start"])
    return shared > 0 and shared * 2 >= shorter


def _stopped_at(found: list) -> bool:
    return any(finding.severity != "none" for finding in found)


def figures(pairs: list[tuple[bool, bool]]) -> dict[str, float]:
    """Precision, recall, F1, specificity and kappa of (truth, said) pairs."""
    n = len(pairs) or 1
    tp = sum(t and s for t, s in pairs)
    fp = sum(s and not t for t, s in pairs)
    fn = sum(t and not s for t, s in pairs)
    tn = len(pairs) - tp - fp - fn
    p, r = tp / (tp + fp or 1), tp / (tp + fn or 1)
    chance = ((tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)) / (n * n)
    kappa = ((tp + tn) / n - chance) / ((1 - chance) or 1)
    return {"P": p, "R": r, "F1": 2 * p * r / (p + r or 1), "spec": tn / (tn + fp or 1),
            "kappa": kappa}  # fmt: skip


def is_news(row: dict) -> bool:
    """Whether the unit stands in a news text or a press release."""
    return any(word in row["kind"] for word in NEWS)


def table(half: str) -> list[tuple[str, dict[str, float]]]:
    """The figures of one half, line by line."""
    seen = judged(units(half))
    called = [(row, _stopped_at(found), found) for row, found in seen]
    lines = [("needs_review", figures([(r["needs_review"], s) for r, s, _ in called]))]
    for name, wanted in (("  articles", False), ("  news, releases", True)):
        some = [(r["needs_review"], s) for r, s, _ in called if is_news(r) is wanted]
        lines.append((name, figures(some)))
    for batch, names in BATCHES.items() if half == "voices" else ():
        some = [(r["needs_review"], s) for r, s, _ in called if r["doc"].startswith(names)]
        lines.append((f"  batch {batch}", figures(some)))
    lines += _labels(called)
    for batch in WHOLE if half == "voices" else ():
        some = [c for c in called if c[0]["doc"].startswith(BATCHES[batch])]
        news = [(r["needs_review"], s) for r, s, _ in some if is_news(r)]
        lines.append((f"news, {batch}", figures(news)))
        lines += [(f"{name}, {batch}", found) for name, found in _labels(some)]
    return lines


def _labels(called: list[tuple[dict, bool, list]]) -> list[tuple[str, dict[str, float]]]:
    """The figures of stopping publication and of each label."""
    blocks = [
        (r["severity"] == "block", any(f.severity == "block" for f in found))
        for r, _, found in called
    ]
    lines = [("block", figures(blocks))]
    for category in CATEGORIES:
        pairs = [
            (category in r["labels"], any(f.category == category for f in found))
            for r, _, found in called
        ]
        lines.append((category, figures(pairs)))
    return lines


def errors(half: str) -> list[str]:
    """The units that went wrong, for the half that is there to learn from."""
    out = []
    for row, found in judged(units(half)):
        said = sorted({f.rule for f in found})
        if _stopped_at(found) != row["needs_review"]:
            word = "missed" if row["needs_review"] else "false alarm"
            out.append(f"{word} {row['id']} {row['labels']} {row['text'][:150]!r} {said}")
    return out


def rules(half: str) -> list[tuple[str, Counter]]:
    """How often a sentence that each shipped rule stops at by itself was stopped at or let pass
    in the end, and whether an editor would stop: counted by (stopped at, should be)."""
    from claims.checker import check
    from claims.checker.engine import rules_hit

    counts: dict[str, Counter] = {}
    rows = units(half)
    by_doc: dict[str, list] = {}
    for row, found in judged(rows):
        by_doc.setdefault(row["doc"], []).append((row, _stopped_at(found)))
    for doc, text in texts(rows).items():
        spans = [(s.start, s.end) for s in check(text, closely=False).sentences]
        hit = {(rule.id, index) for rule, index in rules_hit(text)}
        for rule, index in hit:
            start, end = spans[index]
            for row, stopped in by_doc[doc]:
                if start < row["end"] and row["start"] < end:
                    counts.setdefault(rule, Counter())[stopped, row["needs_review"]] += 1
    return sorted(counts.items(), key=lambda item: -item[1][False, True])
