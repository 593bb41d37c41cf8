"""Words that readers may not know, each with a plain definition, from content/glossary.json."""

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick
from django.utils.text import slugify

from editorial.addresses import address

FILE = Path(__file__).parent / "content" / "glossary.json"


@dataclass(frozen=True)
class Term:
    """A word, other forms of it that texts use, other names to show beside it, and what it means
    in one to three plain sentences."""

    term: str
    also: tuple[str, ...]
    names: tuple[str, ...]
    means: str

    @cached_property
    def id(self) -> str:
        """Its id on the glossary's page."""
        return f"term-{slugify(self.term)}"

    def get_absolute_url(self) -> str:
        """Where it stands in the glossary."""
        return f"{address('glossary')}#{self.id}"


@cache
def terms() -> tuple[Term, ...]:
    """Every term by the alphabet. Read once a process."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    found = [
        Term(row["term"], tuple(row["also"]), tuple(row.get("names", ())), row["means"])
        for row in rows
    ]
    return tuple(sorted(found, key=lambda term: term.term.lower()))


@cache
def by_form() -> dict[str, Term]:
    """The terms by each of their forms: abbreviations as written, the rest in small letters."""
    return {_key(form): term for term in terms() for form in (term.term, *term.also)}


def term_of(found: str) -> Term:
    """The term of a form that `pattern` found in a text."""
    return by_form().get(found) or by_form()[found.lower()]


@cache
def pattern() -> re.Pattern:
    """Finds any form of any term as whole words, the longest first. GRADE is not “grade”."""
    forms = sorted(by_form(), key=len, reverse=True)
    written = (
        re.escape(form) if _is_abbreviation(form) else f"(?i:{re.escape(form)})" for form in forms
    )
    return re.compile(rf"(?<![\w-])(?:{'|'.join(written)})(?![\w-])")


def _key(form: str) -> str:
    return form if _is_abbreviation(form) else form.lower()


def _is_abbreviation(form: str) -> bool:
    """Whether only its capitals tell a form from an ordinary word, as in GRADE."""
    return form[:2].isupper() and " " not in form


@cache
def _forms() -> AhoCorasick:
    return AhoCorasick([form.lower() for form in by_form()])


class Place(NamedTuple):
    """A term as it stands in a text."""

    start: int
    end: int
    term: Term


@lru_cache(maxsize=4096)
def places_in(text: str) -> tuple[Place, ...]:
    """Where a text uses terms, in order. Kept: pages that are shown again have the same texts."""
    # Whether any form stands there at all is told in a tenth of the time.
    if not _forms().find_matches_as_indexes(text.lower()):
        return ()
    found = pattern().finditer(text)
    return tuple(Place(hit.start(), hit.end(), term_of(hit[0])) for hit in found)
