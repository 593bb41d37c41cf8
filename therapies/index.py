"""Lists of conditions and therapies as people look things up: by every name they know."""

import re
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Entry:
    """One line of an index: a name and the page that goes by it."""

    name: str
    page: object
    is_title: bool

    @property
    def letter(self) -> str:
        """The letter it stands under; names that begin with none stand under “#”."""
        first = self.name[:1].upper()
        return first if first.isalpha() else "#"


def a_to_z(pages) -> list[tuple[str, list[Entry]]]:
    """Letters with their entries: every page by its title and by each other name, but not by
    names that begin as its title does and would stand beside it."""
    entries = []
    for page in pages:
        seen = {_first_word(page.title)}
        entries.append(Entry(page.title, page, True))
        for name in page.other_names:
            if _first_word(name) not in seen and name.lower() not in seen:
                seen.add(name.lower())
                entries.append(Entry(name[:1].upper() + name[1:], page, False))
    entries.sort(key=lambda entry: (entry.letter, entry.name.lower(), entry.page.title))
    return [(letter, list(found)) for letter, found in groupby(entries, lambda e: e.letter)]


def _first_word(name: str) -> str:
    return re.split(r"[\s'’-]", name.lower(), maxsplit=1)[0]


def by(pages, field: str) -> list[tuple[str, list]]:
    """The pages by what this field or method of theirs says, those where it is empty last."""

    def what(page) -> str:
        value = getattr(page, field)
        return str(value() if callable(value) else value)

    pages = sorted(pages, key=lambda page: (not what(page), what(page).lower(), page.title))
    return [(value, list(found)) for value, found in groupby(pages, what)]
