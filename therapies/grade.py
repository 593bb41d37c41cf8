"""GRADE as arithmetic: certainty follows from a starting level and reasons. Plain Python.

Randomised studies start high, observational ones low. Each reason for doubt takes one or two
levels off; a large effect, a dose response or confounding that would hide the effect adds. The
result stays between very low and high (Guyatt and others, 2008).
"""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

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
        gettext_lazy("risk of bias"),
        -2,
        0,
        gettext_lazy("No comparison group, no blinding, many people lost on the way."),
    ),
    Domain(
        "inconsistency",
        gettext_lazy("results that disagree"),
        -2,
        0,
        gettext_lazy("Studies of like quality point different ways, and nobody knows why."),
    ),
    Domain(
        "indirectness",
        gettext_lazy("indirectness"),
        -2,
        0,
        gettext_lazy(
            "Other patients, another dose, another comparison, or a laboratory "
            "measure in place of what patients feel."
        ),
    ),
    Domain(
        "imprecision",
        gettext_lazy("imprecision"),
        -2,
        0,
        gettext_lazy("Few people or few events: the true effect may be much smaller, or none."),
    ),
    Domain(
        "publication_bias",
        gettext_lazy("publication bias"),
        -2,
        0,
        gettext_lazy(
            "Studies seem to be missing; small ones, or those a maker paid for, stand alone."
        ),
    ),
)
UP = (
    Domain(
        "large_effect",
        gettext_lazy("a large effect"),
        0,
        2,
        gettext_lazy(
            "At least twice as likely (one level) or five times (two), with no serious bias."
        ),
    ),
    Domain(
        "dose_response",
        gettext_lazy("a dose response"),
        0,
        1,
        gettext_lazy("More of it does more."),
    ),
    Domain(
        "plausible_confounding",
        gettext_lazy("confounding that would hide the effect"),
        0,
        1,
        gettext_lazy("What was left uncontrolled would make the effect look smaller than it is."),
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
        return {"start": gettext("Say whether the studies are randomised or observational.")}
    found = {}
    for domain in DOMAINS:
        points, why = words.get(domain.field) or 0, (words.get(domain.why) or "").strip()
        if not domain.least <= points <= domain.most:
            found[domain.field] = gettext("“%(label)s” may count from %(least)s to %(most)s.") % {
                "label": domain.label.capitalize(),
                "least": domain.least,
                "most": domain.most,
            }
        elif points and not why:
            found[domain.why] = gettext(
                "Say in a sentence why you count %(points)s for %(label)s."
            ) % {"points": f"{points:+d}", "label": domain.label}
        elif why and not points:
            found[domain.field] = gettext("You say why, but count nothing for %(label)s.") % {
                "label": domain.label
            }
    follows = certainty(start, {d.field: words.get(d.field) or 0 for d in DOMAINS})
    if not found and certainty_said and certainty_said != follows:
        found["certainty"] = gettext(
            "From these reasons follows %(follows)s certainty, not "
            "%(certainty_said)s. Change the reasons or the word."
        ) % {"follows": follows, "certainty_said": certainty_said}
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
        is_one = abs(self.points) == 1
        if self.points < 0:
            return gettext("down one level") if is_one else gettext("down two levels")
        return gettext("up one level") if is_one else gettext("up two levels")


def reasons(account) -> list[Reason]:
    """The reasons that an object with the fields of `DOMAINS` counts, in GRADE's order."""
    return [
        Reason(domain.label, points, getattr(account, domain.why))
        for domain in DOMAINS
        if (points := getattr(account, domain.field))
    ]
