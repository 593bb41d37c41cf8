"""BibTeX, for BibLaTeX and classic BibTeX alike: accents stay as letters, what LaTeX reads as an
instruction is escaped."""

from __future__ import annotations

from .reference import Name, Reference

CONTENT_TYPE = "application/x-bibtex"
_TYPES = {"article": "article", "report": "misc"}
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\^{}",
}
_ESCAPED = str.maketrans(_ESCAPES)


def write(references: list[Reference]) -> str:
    """The whole file."""
    return "\n".join(map(_entry, references))


def _entry(reference: Reference) -> str:
    fields = {
        "author": _names(reference),
        # Doubled braces keep the capitals that styles would take away.
        "title": "{" + escaped(reference.title) + "}",
        "journal" if reference.kind == "article" else "publisher": escaped(reference.journal),
        "year": reference.year,
        "volume": escaped(reference.volume),
        "number": escaped(reference.issue),
        "pages": escaped(reference.pages).replace("-", "--"),
        # Identifiers are read as they stand; a brace could only end the field.
        "doi": reference.doi.replace("{", "").replace("}", ""),
        "pmid": reference.pmid,
        "url": reference.url.replace("{", "%7B").replace("}", "%7D"),
        "note": escaped(reference.note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value.strip("{}")]
    return "\n".join([f"@{_TYPES[reference.kind]}{{{reference.key},", *lines, "}\n"])


def escaped(text: str) -> str:
    """Text that LaTeX prints as it stands."""
    return text.translate(_ESCAPED)


def _names(reference: Reference) -> str:
    names = [_name(name) for name in reference.names]
    return " and ".join([*names, "others"] if reference.has_others else names)


def _name(name: Name) -> str:
    if name.initials:
        return f"{escaped(name.family)}, {escaped(name.dotted)}"
    return "{" + escaped(name.family) + "}"
