"""What the learned part may find: a kind for each label, how it explains itself, and examples."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """How a learned finding of one category explains itself, what it finds and what it leaves."""

    reads_as: str
    remedy: str
    why: str
    flags: tuple[str, ...]
    leaves: tuple[str, ...]

    def reason(self, phrases: list[str]) -> str:
        """One sentence that names the phrases."""
        quoted = [f"“{p}”" for p in phrases]
        joined = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
        return f"{joined} {'reads' if len(quoted) == 1 else 'read'} as {self.reads_as}."


KINDS = {
    "EFFICACY": Kind(
        "a benefit told as a fact",
        "Say what was found, in whom and how surely, and cite it; or say that it is not known.",
        "A reader takes a benefit told as a fact for a promise.",
        (
            "After the third session she threw away her crutches and went back to dancing.",
            "The patch soothes itching and lets damaged skin renew itself.",
        ),
        (
            "The cells are grown in the laboratory for three weeks.",
            "Nobody knows yet whether the patch soothes itching.",
        ),
    ),
    "CERTAINTY": Kind(
        "more certain than any treatment is",
        "Say how often it helps and how sure that is.",
        "Nothing in medicine always works; a reader who is told so cannot weigh it.",
        (
            "There is no longer any doubt that the infusions do what they should.",
            "The drip works for everyone who tries it.",
        ),
        ("No treatment works for everyone.", "Doctors are not sure why some people get better."),
    ),
    "SAFETY": Kind(
        "a promise that it is safe",
        "Name the harms that are known and how often they occur, with the source.",
        "Every treatment has harms; calling one safe hides them.",
        (
            "Nobody who had the drip has ever come to harm.",
            "The needles are gentle and leave no trace behind.",
        ),
        (
            "Fever and a rash are common after the drip.",
            "How safe it is over the years has not been studied.",
        ),
    ),
    "STATISTIC": Kind(
        "a figure that a reader could check",
        "Cite where the figure comes from, with its year and its population.",
        "A figure lends authority; without a source nobody can see whether it was ever counted.",
        (
            "Lupus strikes a new household every few minutes.",
            "Doubling in a decade, the illness now fills one bed in nine.",
        ),
        ("There are two types of diabetes.", "Blood is taken every three months."),
    ),
    "STUDY": Kind(
        "leaning on research that is not named",
        "Name and cite the study, or leave the research out of the sentence.",
        "Research that nobody names cannot be looked up.",
        (
            "Laboratories on three continents have come to the same result.",
            "Scientists have known for years that the gut sets off the attack.",
        ),
        ("A trial is under way in Leeds.", "More research is needed before anyone can say."),
    ),
    "HYPE": Kind(
        "enthusiasm rather than information",
        "Say what was done and what was found; leave the feeling to the reader.",
        "Hope sells. A reader who is ill deserves the finding without the fanfare.",
        (
            "Medicine will never look the same again.",
            "What a time to be alive with lupus!",
        ),
        ("The research is at an early stage.", "Living with lupus can be tiring."),
    ),
    "COMPARISON": Kind(
        "running down or ranking below another treatment",
        "Say what each treatment achieves, with a source, or drop the comparison.",
        "A person who thinks little of their medicine may stop it.",
        (
            "Pills are a plaster on a broken leg.",
            "Your tablets quieten the noise and leave the cause where it was.",
        ),
        ("Methotrexate can cause nausea.", "The two medicines were compared over a year."),
    ),
    "PROMO": Kind(
        "a seller's message",
        "Take it out; a health page does not sell.",
        "A reader cannot tell advice from advertising when they stand in one text.",
        (
            "A friendly voice is waiting for your call.",
            "Leave your details and our nurse will ring you back.",
        ),
        ("Ask your doctor which of them is right for you.", "The study was paid for by a charity."),
    ),
}
