"""The rich parts of condition and therapy pages, in the order in which readers meet them.

A condition page answers in the order of need: what matters most, when to get help, then how it
shows, how it is found, what helps, how to live with it. A therapy page: whether somebody is selling
it too early, what it is, whether it works, whom it can harm, how it is given.
"""

from django.utils.translation import gettext_lazy

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
    "key_messages": gettext_lazy("Key messages"),
    "help_now": gettext_lazy("Call 999 or go to A&E now"),
    "help_today": gettext_lazy("Ask for help today"),
    "help_soon": gettext_lazy("See a GP"),
    "about": gettext_lazy("What it is"),
    "looks": gettext_lazy("How it shows"),
    "diagnosis": gettext_lazy("How it is found"),
    "living": gettext_lazy("Living with it"),
    "pregnancy": gettext_lazy("Pregnancy"),
    "vaccines": gettext_lazy("Vaccines"),
    "causes": gettext_lazy("Causes"),
    "outlook": gettext_lazy("What to expect"),
    "unknown": gettext_lazy("What is not known"),
    "questions": gettext_lazy("Questions to ask"),
}
OF_THERAPIES = {
    "unproven": gettext_lazy("Sold before it is known to work"),
    "about": gettext_lazy("What it is"),
    "who_should_not": gettext_lazy("Who should not have it"),
    "interactions": gettext_lazy("What does not go with it"),
    "pregnancy": gettext_lazy("Pregnancy and breastfeeding"),
    "how_given": gettext_lazy("How it is given"),
    "without_it": gettext_lazy("Without it, and what else there is"),
    "cost": gettext_lazy("Cost and availability"),
    "unknown": gettext_lazy("What is not known"),
    "questions": gettext_lazy("Questions to ask"),
}
