"""RIS: one tagged field a line, lines ending as its definition asks."""

from __future__ import annotations

from .reference import OTHERS, Name, Reference

CONTENT_TYPE = "application/x-research-info-systems"
_TYPES = {"article": "JOUR", "report": "RPRT"}


def write(references: list[Reference]) -> str:
    """The whole file."""
    return "".join(map(_entry, references))


def _entry(reference: Reference) -> str:
    first, _, last = reference.pages.partition("-")
    fields = [
        ("TY", _TYPES[reference.kind]),
        ("ID", reference.key),
        *(("AU", _name(name)) for name in reference.names),
        ("AU", f"{OTHERS}," if reference.has_others else ""),
        ("TI", reference.title),
        ("JO", reference.journal),
        ("PY", reference.year),
        ("VL", reference.volume),
        ("IS", reference.issue),
        ("SP", first),
        ("EP", last),
        ("DO", reference.doi),
        ("DB", "PubMed" if reference.pmid else ""),
        ("AN", reference.pmid or reference.nct),
        ("UR", reference.url),
        ("N1", reference.note),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _name(name: Name) -> str:
    # A body's name ends in a comma, lest its last word be taken for a family name.
    return f"{name.family}, {name.dotted}" if name.initials else f"{name.family},"
