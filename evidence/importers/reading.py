"""Which reader a file needs, by what it holds and else by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .bibtex import read_bibtex
from .csl_json import read_csl_json
from .opening import lines_of, open_text
from .record import Broken, Record, Unreadable
from .tagged import read_nbib, read_ris

LARGEST_JSON = 50_000_000  # bytes; the other formats are read a line at a time
BY_SUFFIX = {
    ".ris": "RIS",
    ".nbib": "NBIB",
    ".medline": "NBIB",
    ".bib": "BibTeX",
    ".bibtex": "BibTeX",
    ".json": "CSL JSON",
    ".csl": "CSL JSON",
}
_BY_CONTENT = (
    ("RIS", re.compile(r"^\s*TY {0,2}- ", re.M)),
    ("NBIB", re.compile(r"^PMID {0,2}- ?\d", re.M)),
    ("CSL JSON", re.compile(r"\A\s*(?:\[\s*[{\]]|\{\s*\")")),
    ("BibTeX", re.compile(r"^\s*@\s*\w+\s*[{(]", re.M)),
)
_LINE_READERS = {"RIS": read_ris, "NBIB": read_nbib, "BibTeX": read_bibtex}


def format_of(name: str, head: str) -> str:
    """“RIS”, “NBIB”, “BibTeX” or “CSL JSON”. What the file holds counts more than its name.

    Raises Unreadable when neither tells.
    """
    found = [(m.start(), kind) for kind, shape in _BY_CONTENT if (m := shape.search(head))]
    if found:
        return min(found)[1]
    kind = BY_SUFFIX.get(Path(name).suffix.lower())
    if kind is None:
        raise Unreadable(
            "This is not RIS, NBIB, BibTeX or CSL JSON. Export the references in one of these."
        )
    return kind


def read_references(path: Path) -> Iterator[Record | Broken]:
    """Every entry of the file, in its order. Raises Unreadable when the file is none of ours."""
    with open_text(path) as text:
        head = text.read(20_000)
        text.seek(0)
        kind = format_of(path.name, head)
        if kind != "CSL JSON":
            yield from _LINE_READERS[kind](lines_of(text))
            return
        if path.stat().st_size > LARGEST_JSON:
            raise Unreadable("The file is larger than 50 MB. Export it in parts, or as RIS.")
        yield from read_csl_json(text.read())
