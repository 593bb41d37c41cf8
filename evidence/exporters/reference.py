"""A source as the writers need it: names apart, volume and pages apart, what must be said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PERSON = re.compile(r"^(?P<family>.+) (?P<initials>[^\W\d_a-zß-ÿ]{1,4})$")
_CITATION = re.compile(r"^(?P<volume>[^():;]*)(?:\((?P<issue>[^()]*)\))?(?::(?P<pages>[^:]*))?$")
OTHERS = "et al."


@dataclass(frozen=True, slots=True)
class Name:
    """A person's family name and initials, or a body's name alone."""

    family: str
    initials: str = ""

    @property
    def dotted(self) -> str:
        """“R. K.”"""
        return " ".join(f"{letter}." for letter in self.initials)


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a file; empty fields are left out of it."""

    key: str
    kind: str  # article, report or trial
    title: str
    names: tuple[Name, ...]
    has_others: bool
    journal: str
    year: str
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    nct: str
    url: str
    note: str


def reference_of(source) -> Reference:
    """The reference of a Source (or anything with its fields)."""
    parts = [part.strip() for part in source.authors.split(", ") if part.strip()]
    has_others = bool(parts) and parts[-1].rstrip(".") == OTHERS.rstrip(".")
    names = parts[:-1] if has_others else parts
    found = _CITATION.match(source.citation.strip())
    volume, issue, pages = found.groups() if found else ("", "", "")
    if found and not issue and not pages:
        volume = source.citation.strip()
    return Reference(
        key=source.key,
        kind=_kind(source),
        title=source.title,
        names=tuple(map(_name, names)),
        has_others=has_others,
        journal=source.journal,
        year=str(source.year or ""),
        volume=(volume or "").strip(),
        issue=(issue or "").strip(),
        pages=(pages or "").strip(),
        doi=source.doi or "",
        pmid=str(source.pmid or ""),
        nct=source.nct or "",
        url=source.url or source.link,
        note=_note(source),
    )


def _kind(source) -> str:
    if source.journal and (source.doi or source.pmid):
        return "article"
    return "report"


def _name(text: str) -> Name:
    found = _PERSON.match(text)
    return Name(found["family"], found["initials"]) if found else Name(text)


def _note(source) -> str:
    said = []
    if source.standing == "retracted":
        said.append("RETRACTED")
    elif source.standing == "concern":
        said.append("Expression of concern")
    if source.title_is_description:
        said.append("The title describes the work; the real one was not seen")
    return ". ".join(said)
