"""The reasons for which a sentence is questioned: one table for staff, readers, queue and docs."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from .models import Flag

Reason, Severity = Flag.Reason, Flag.Severity


@dataclass(frozen=True)
class Row:
    """One reason.

    `severity` is what a flag of staff does, `from_reader` what a reader's does until a moderator
    has looked. `harm` (1 to 5) is how much a reader can lose by believing a sentence of which this
    is true. `hours` is within how long it is to be answered. `guidance` is for the moderator,
    `asked` is the reason in readers' words, `remedy` what would settle it.
    """

    severity: str
    from_reader: str
    harm: int
    hours: int
    guidance: str
    asked: str
    remedy: str


DAY = 24
REASONS: dict[str, Row] = {
    Reason.NO_SOURCE: Row(
        Severity.BLOCK,
        Severity.ADVISE,
        3,
        5 * DAY,
        gettext_lazy(
            "Look for a source that says this of the same people and the same "
            "treatment. If there is none, have the sentence taken out or hedged."
        ),
        gettext_lazy("It gives no source"),
        gettext_lazy("Cite a source that says what it says."),
    ),
    Reason.NOT_SUPPORTED: Row(
        Severity.BLOCK,
        Severity.ADVISE,
        3,
        5 * DAY,
        gettext_lazy(
            "Open the source and find the passage. It must speak of the same people, "
            "treatment, outcome and direction, and be no weaker than the sentence."
        ),
        gettext_lazy("Its source does not say this"),
        gettext_lazy("Compare it with the passage of the source; reword it or cite another."),
    ),
    Reason.OVERSTATED: Row(
        Severity.BLOCK,
        Severity.ADVISE,
        3,
        5 * DAY,
        gettext_lazy(
            "Compare its verbs with the certainty of the assessment: “may” for low, "
            "“probably” for moderate, a plain statement only for high."
        ),
        gettext_lazy("It claims more than is known"),
        gettext_lazy("Say it as surely as the evidence allows, and no surer."),
    ),
    Reason.OUTDATED: Row(
        Severity.ADVISE,
        Severity.ADVISE,
        2,
        14 * DAY,
        gettext_lazy(
            "Look for newer guidelines, reviews and notices. If the sentence was true"
            " once, let it say when."
        ),
        gettext_lazy("It is out of date"),
        gettext_lazy("Look for newer evidence, and say of when this is."),
    ),
    Reason.SOURCE_IN_DOUBT: Row(
        Severity.BLOCK,
        Severity.ADVISE,
        4,
        DAY,
        gettext_lazy(
            "A retracted source supports nothing. Find another that stands by itself,"
            " or have the sentence taken out; a concern is no retraction, but say "
            "that there is one."
        ),
        gettext_lazy("Its source was retracted or is in doubt"),
        gettext_lazy("Look the source up; record a notice if there is one, or cite another."),
    ),
    Reason.MISSING_HARM: Row(
        Severity.BLOCK,
        Severity.ADVISE,
        4,
        5 * DAY,
        gettext_lazy(
            "A benefit without its price misleads. See that the harm, or what it was "
            "compared with, stands in the sentence or right beside it."
        ),
        gettext_lazy("It leaves out a harm, or what it was compared with"),
        gettext_lazy("Name the harm or the comparison in the sentence or beside it."),
    ),
    Reason.WRONG_NUMBER: Row(
        Severity.BLOCK,
        Severity.ADVISE,
        4,
        5 * DAY,
        gettext_lazy(
            "Compare figure, unit, denominator and period with the table of the "
            "source, not with its abstract alone. A dose is always compared twice."
        ),
        gettext_lazy("A number is wrong"),
        gettext_lazy("Compare the number with the source."),
    ),
    Reason.UNSAFE: Row(
        Severity.BLOCK,
        Severity.BLOCK,
        5,
        4,
        gettext_lazy(
            "Read it as a frightened patient would. If somebody could be hurt by "
            "doing it, have it taken out at once; withdraw the page if that takes "
            "longer than an hour."
        ),
        gettext_lazy("Doing what it says could harm somebody"),
        gettext_lazy("Read it as a patient would; take it out or reword it if it can do harm."),
    ),
    Reason.UNCLEAR: Row(
        Severity.ADVISE,
        Severity.ADVISE,
        1,
        14 * DAY,
        gettext_lazy(
            "If two people can read it in two ways, have it reworded; ask the author what "
            "was meant."
        ),
        gettext_lazy("I cannot tell what it means"),
        gettext_lazy("Say it in plainer words."),
    ),
    Reason.COMMERCIAL: Row(
        Severity.BLOCK,
        Severity.ADVISE,
        2,
        14 * DAY,
        gettext_lazy(
            "Who earns by it? Have what only sells taken out, or have the sentence "
            "say who says so and what they earn."
        ),
        gettext_lazy("It reads like an advertisement"),
        gettext_lazy("Take out what only sells, or say who says so and what they earn by it."),
    ),
    Reason.OTHER: Row(
        Severity.ADVISE,
        Severity.ADVISE,
        2,
        14 * DAY,
        gettext_lazy("Read what was asked, and choose the reason that fits when you decide."),
        gettext_lazy("Something else"),
        gettext_lazy("Read what the readers wrote."),
    ),
}


def row(reason: str) -> Row:
    """The row of a reason; that of “other” for one that is not known any more."""
    return REASONS.get(reason) or REASONS[Reason.OTHER]
