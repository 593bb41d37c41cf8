"""BibTeX and BibLaTeX, parsed by bibtexparser, a piece of the file at a time."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator

import bibtexparser
from bibtexparser.model import (
    DuplicateFieldKeyBlock,
    Entry,
    ParsingFailedBlock,
)

from .latex import plain
from .record import Broken, Record, name_from_one_text, record, volume_and_pages

PIECE = 200_000  # characters parsed at once, which bounds memory
MOST_MACROS = 50_000  # characters of @string, which every piece begins with
LONGEST_ENTRY = 1_000_000
DEEPEST = 50  # braces within braces; a real title has three
_BLOCK = re.compile(r"^\s{0,20}@\s{0,9}(\w+)\s{0,9}[{(]")
_KEY = re.compile(r"^(\s{0,20}@\s{0,9}\w+\s{0,9}[{(]\s{0,9})[^\s,{}()\"=#]{1,500}(?=\s{0,9},)")
_BRACE_OPENS, _BRACE_CLOSES = re.compile(r"(?<!\\)\{"), re.compile(r"(?<!\\)\}")
_AND_OR_BRACE = re.compile(r"(?<!\\)[{}]|\s+and\s+", re.I)

# Every syntax error is reported in our own words, with its line.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


def read_bibtex(lines: Iterable[str]) -> Iterator[Record | Broken]:
    """Every entry; one with a syntax error is Broken and the rest go on."""
    macros: list[str] = []
    piece: list[str] = []
    began, reached, size = 1, 1, 0  # first line of the piece, line after its last, characters
    for number, block in _blocks(lines):
        found = _BLOCK.match(block)
        if not found or found[1].lower() in ("comment", "preamble"):
            continue
        if found[1].lower() == "string":
            if sum(map(len, macros)) + len(block) < MOST_MACROS:
                macros.append(block)
            continue
        if problem := _problem(block):
            yield from _parsed(macros, piece, began)
            piece, size = [], 0
            yield Broken(number, problem)
            continue
        if piece and size + number - reached + len(block) > PIECE:
            yield from _parsed(macros, piece, began)
            piece, size = [], 0
        if not piece:
            began = reached = number
        # Two papers under one citation key are two papers here, so the line becomes the key.
        block = _KEY.sub(rf"\g<1>line{number}", block)
        # Left-out blocks leave empty lines, so that the parser's line numbers stay true.
        piece.append("\n" * (number - reached) + block)
        size += len(piece[-1])
        reached = number + block.count("\n")
    yield from _parsed(macros, piece, began)


def _blocks(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(number of its first line, text) of what begins with “@word{” at the start of a line."""
    began, block, size = 1, [], 0
    for number, line in enumerate(lines, 1):
        if _BLOCK.match(line) and block:
            yield began, "".join(block)
            began, block, size = number, [], 0
        if size < LONGEST_ENTRY + 1:
            block.append(line)
            size += len(line)
    if block:
        yield began, "".join(block)


def _problem(block: str) -> str:
    """Why a block is not given to the parser; empty when it may be."""
    if len(block) > LONGEST_ENTRY:
        return f"The entry is longer than {LONGEST_ENTRY:,} characters."
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]", block):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            return f"Its braces are nested more than {DEEPEST} deep."
    return ""


def _parsed(macros: list[str], piece: list[str], began: int) -> Iterator[Record | Broken]:
    if not piece:
        return
    head = "".join(text if text.endswith("\n") else text + "\n" for text in macros)
    library = bibtexparser.parse_string(head + "".join(piece))
    first = began - head.count("\n")
    for block in library.blocks:
        line = first + (block.start_line or 0)
        if line < began:
            continue
        if isinstance(block, Entry):
            yield _from_entry(line, block)
        elif isinstance(block, DuplicateFieldKeyBlock):
            yield Broken(line, f"A field stands twice: {', '.join(sorted(block.duplicate_keys))}.")
        elif isinstance(block, ParsingFailedBlock):
            yield Broken(line, _reason(block))


def _reason(block) -> str:
    text = block.raw or ""
    if len(_BRACE_OPENS.findall(text)) > len(_BRACE_CLOSES.findall(text)):
        return "The entry is not closed before the next one begins."
    return "The entry does not follow BibTeX's form: check its commas, braces and equals signs."


def _from_entry(line: int, entry: Entry) -> Record | Broken:
    fields = {field.key.lower(): plain(_text(field.value)) for field in entry.fields}
    raw = {field.key.lower(): _text(field.value) for field in entry.fields}

    def first(*names: str) -> str:
        return next((fields[name] for name in names if fields.get(name, "").strip()), "")

    is_in_pubmed = first("eprinttype", "archiveprefix").lower() == "pubmed"
    return record(
        line,
        title=first("title"),
        authors=_names(raw.get("author", "") or raw.get("editor", "")),
        journal=first("journal", "journaltitle", "booktitle", "publisher", "institution"),
        year=first("year", "date"),
        citation=volume_and_pages(first("volume"), first("number", "issue"), first("pages")),
        doi=first("doi"),
        pmid=first("pmid") or (first("eprint") if is_in_pubmed else ""),
        nct=first("nct"),
        url=first("url", "howpublished"),
    )


def _text(value) -> str:
    return value if isinstance(value, str) else str(value or "")


def _names(authors: str) -> list[str]:
    """One name each; a name wholly in braces is a body's and stays as it is."""
    names = []
    for name in _apart(authors.strip()):
        if name.lower() == "others":
            names.append("et al.")
        elif name.startswith("{") and name.endswith("}") and "}" not in name[1:-1]:
            names.append(plain(name))
        else:
            names.append(name_from_one_text(plain(name)))
    return names


def _apart(authors: str) -> list[str]:
    """The names between “and”s; one within braces belongs to a body's name."""
    parts, depth, reached = [], 0, 0
    for found in _AND_OR_BRACE.finditer(authors):
        if found[0] in "{}":
            depth = max(0, depth + (1 if found[0] == "{" else -1))
        elif depth == 0:
            parts.append(authors[reached : found.start()])
            reached = found.end()
    return [*parts, authors[reached:]]
