"""The rich parts of condition and therapy pages, in the order in which readers meet them.

A condition page answers in the order of need: what matters most, when to get help, then how it
shows, how it is found, what helps, how to live with it. A therapy page: whether somebody is selling
it too early, what it is, whether it works, whom it can harm, how it is given.
"""

BEFORE_BODY = (
    "key_messages",
    "help_now",
    "help_today",
    "help_soon",
    "unproven",
    "about",
    "looks",
    "diagnosis",
)
AFTER_BODY = (
    "who_should_not",
    "interactions",
    "living",
    "pregnancy",
    "vaccines",
    "how_given",
    "without_it",
    "cost",
    "causes",
    "outlook",
    "unknown",
    "questions",
)
# Each kind's own parts with their headings, as editors see them and, mostly, readers.
OF_CONDITIONS = {
    "key_messages": "Key messages",
    "help_now": "Call 999 or go to A&E now",
    "help_today": "Ask for help today",
    "help_soon": "See a GP",
    "about": "What it is",
    "looks": "How it shows",
    "diagnosis": "How it is found",
    "living": "Living with it",
    "pregnancy": "Pregnancy",
    "vaccines": "Vaccines",
    "causes": "Causes",
    "outlook": "What to expect",
    "unknown": "What is not known",
    "questions": "Questions to ask",
}
OF_THERAPIES = {
    "unproven": "Sold before it is known to work",
    "about": "What it is",
    "who_should_not": "Who should not have it",
    "interactions": "What does not go with it",
    "pregnancy": "Pregnancy and breastfeeding",
    "how_given": "How it is given",
    "without_it": "Without it, and what else there is",
    "cost": "Cost and availability",
    "unknown": "What is not known",
    "questions": "Questions to ask",
}
