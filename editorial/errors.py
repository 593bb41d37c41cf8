"""Refusals of the workflow. Each carries a sentence for the person who asked."""

from django.utils.translation import gettext


class Refused(Exception):
    """The base of every refusal; `str()` is a sentence fit for the screen."""


class NotAllowed(Refused):
    """The person's roles do not allow this."""


class WrongState(Refused):
    """The page or revision is not in a state from which this can be done."""


class InvalidContent(Refused):
    """The content does not pass its form. `errors` maps field names to lists of sentences."""

    def __init__(self, errors: dict[str, list[str]]):
        self.errors = errors
        super().__init__(" ".join(f"{name}: {' '.join(says)}" for name, says in errors.items()))


class Blocked(Refused):
    """The gate is closed. `obstacles` lists every reason."""

    def __init__(self, obstacles):
        self.obstacles = list(obstacles)
        super().__init__(" ".join(o.message for o in self.obstacles))


class Stale(Refused):
    """Somebody saved while this person was writing, so nothing was overwritten.

    `kept` is the revision that holds this person's text, `newest` the one that stands.
    """

    def __init__(self, kept, newest):
        self.kept, self.newest = kept, newest
        who = newest.author_name
        if kept.author_id == newest.author_id:
            who = gettext("%(who)s (you, perhaps in another tab)") % {"who": who}
        super().__init__(
            gettext(
                "%(who)s saved revision %(number)s of “%(page)s” while you were writing. "
                "Nothing was overwritten; your text is kept as revision %(number_2)s. "
                "Compare the two and choose."
            )
            % {"who": who, "number": newest.number, "page": newest.page, "number_2": kept.number}
        )
