"""Words that readers may not know, each with a plain definition, from content/glossary.json."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import reverse
from django.utils.text import slugify

FILE = Path(__file__).parent / "content" / "glossary.json"


@dataclass(frozen=True)
class Term:
    """A word, other forms of it, and what it means in one or two plain sentences."""

    term: str
    also: tuple[str, ...]
    means: str

    @property
    def id(self) -> str:
        """Its id on the glossary's page."""
        return f"term-{slugify(self.term)}"

    def get_absolute_url(self) -> str:
        """Where it stands in the glossary."""
        return f"{reverse('glossary')}#{self.id}"


@cache
def terms() -> tuple[Term, ...]:
    """Every term by the alphabet. Read once a process."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    found = [Term(row["term"], tuple(row["also"]), row["means"]) for row in rows]
    return tuple(sorted(found, key=lambda term: term.term.lower()))


@cache
def by_form() -> dict[str, Term]:
    """The terms by each of their forms, in small letters."""
    return {form.lower(): term for term in terms() for form in (term.term, *term.also)}


@cache
def pattern() -> re.Pattern:
    """Finds any form of any term as whole words, the longest first."""
    forms = sorted(by_form(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE)
