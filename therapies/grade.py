"""GRADE as arithmetic: certainty follows from a starting level and reasons. Plain Python.

Randomised studies start high, observational ones low. Each reason for doubt takes one or two
levels off; a large effect, a dose response or confounding that would hide the effect adds. The
result stays between very low and high (Guyatt and others, 2008).
"""

from dataclasses import dataclass

LEVELS = ("very low", "low", "moderate", "high")  # one to four points
STARTS = {"randomised": 4, "observational": 2}


@dataclass(frozen=True)
class Domain:
    """One reason to move certainty: its field, its name, the points it may have, when to count."""

    field: str
    label: str
    least: int
    most: int
    help: str

    @property
    def why(self) -> str:
        """The field that says why."""
        return f"{self.field}_why"


DOWN = (
    Domain(
        "risk_of_bias",
        "risk of bias",
        -2,
        0,
        "No comparison group, no blinding, many people lost on the way.",
    ),
    Domain(
        "inconsistency",
        "results that disagree",
        -2,
        0,
        "Studies of like quality point different ways, and nobody knows why.",
    ),
    Domain(
        "indirectness",
        "indirectness",
        -2,
        0,
        "Other patients, another dose, another comparison, or a laboratory measure in place of "
        "what patients feel.",
    ),
    Domain(
        "imprecision",
        "imprecision",
        -2,
        0,
        "Few people or few events: the true effect may be much smaller, or none.",
    ),
    Domain(
        "publication_bias",
        "publication bias",
        -2,
        0,
        "Studies seem to be missing; small ones, or those a maker paid for, stand alone.",
    ),
)
UP = (
    Domain(
        "large_effect",
        "a large effect",
        0,
        2,
        "At least twice as likely (one level) or five times (two), with no serious bias.",
    ),
    Domain("dose_response", "a dose response", 0, 1, "More of it does more."),
    Domain(
        "plausible_confounding",
        "confounding that would hide the effect",
        0,
        1,
        "What was left uncontrolled would make the effect look smaller than it is.",
    ),
)
DOMAINS = DOWN + UP


def certainty(start: str, points: dict[str, int]) -> str:
    """The level that follows from where the studies start and the points of each domain.

    Domains left out count nothing. Raises KeyError for an unknown start.
    """
    total = STARTS[start] + sum(points.get(domain.field, 0) for domain in DOMAINS)
    return LEVELS[min(max(total, 1), 4) - 1]


def faults(start: str, words: dict, certainty_said: str = "") -> dict[str, str]:
    """What is wrong with an account of certainty, a sentence for each field; empty when nothing.

    `certainty_said`, if given, must be the level that follows.
    """
    if start not in STARTS:
        return {"start": "Say whether the studies are randomised or observational."}
    found = {}
    for domain in DOMAINS:
        points, why = words.get(domain.field) or 0, (words.get(domain.why) or "").strip()
        if not domain.least <= points <= domain.most:
            found[domain.field] = (
                f"“{domain.label.capitalize()}” may count from {domain.least} to {domain.most}."
            )
        elif points and not why:
            found[domain.why] = f"Say in a sentence why you count {points:+d} for {domain.label}."
        elif why and not points:
            found[domain.field] = f"You say why, but count nothing for {domain.label}."
    follows = certainty(start, {d.field: words.get(d.field) or 0 for d in DOMAINS})
    if not found and certainty_said and certainty_said != follows:
        found["certainty"] = (
            f"From these reasons follows {follows} certainty, not {certainty_said}. "
            "Change the reasons or the word."
        )
    return found


@dataclass(frozen=True)
class Reason:
    """One reason as shown: what it is, how many levels it moves, and why."""

    label: str
    points: int
    why: str

    @property
    def levels(self) -> str:
        """“down one level”, “up two levels”."""
        count = "one level" if abs(self.points) == 1 else "two levels"
        return f"{'down' if self.points < 0 else 'up'} {count}"


def reasons(account) -> list[Reason]:
    """The reasons that an object with the fields of `DOMAINS` counts, in GRADE's order."""
    return [
        Reason(domain.label, points, getattr(account, domain.why))
        for domain in DOMAINS
        if (points := getattr(account, domain.field))
    ]
