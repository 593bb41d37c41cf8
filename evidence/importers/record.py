"""What every reader gives: records and broken entries, each with the line where it begins."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_FIELD = 5_000
MOST_NAMES = 6
# Lone surrogates and controls cannot be stored; format characters hide in pasted identifiers.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|scp|span|jats:\w+)\b[^<>]{0,200}>", re.I)
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d|21\d\d)(?!\d)")
_NCT_ADDRESS = re.compile(r"clinicaltrials\.gov/\S{0,80}?(NCT\d{8})", re.I)
_DOI_ADDRESS = re.compile(r"^https?://(?:dx\.)?doi\.org/(10\.\S+)$", re.I)
_PUBMED_ADDRESS = re.compile(r"^https?://(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,8})/?$", re.I)


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """One bibliographic entry as the file gives it; identifiers are not yet checked."""

    line: int
    title: str
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    citation: str = ""
    doi: str = ""
    pmid: str = ""
    nct: str = ""
    url: str = ""
    design: str = ""
    other_ids: tuple[str, ...] = ()
    is_marked_retracted: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry that cannot be read, and why; the rest of the file can."""

    line: int
    reason: str


def record(line: int, *, title, url="", doi="", pmid="", nct="", **fields) -> Record | Broken:
    """A Record with its text tidied and identifiers found in its address; Broken without a title.

    `fields` are those of Record; `authors` a list, `year` any text that holds a year.
    """
    title = tidy(title).removesuffix(".")  # PubMed ends every title with one
    if not title:
        return Broken(line, "The entry has no title.")
    url, doi = tidy(url), tidy(doi)
    if not doi and (found := _DOI_ADDRESS.match(url)):
        doi = found.group(1)
    pmid = tidy(pmid)
    if not pmid and (found := _PUBMED_ADDRESS.match(url)):
        pmid = found.group(1)
    if not nct and (found := _NCT_ADDRESS.search(url)):
        nct = found.group(1)
    return Record(
        line=line,
        title=title,
        authors=tuple(name for name in map(tidy, fields.pop("authors", ())) if name),
        journal=tidy(fields.pop("journal", "")),
        year=year_in(fields.pop("year", "")),
        citation=tidy(fields.pop("citation", "")),
        doi=doi,
        pmid=pmid,
        nct=tidy(nct),
        url=url if url.lower().startswith(("http://", "https://")) else "",
        other_ids=tuple(filter(None, map(tidy, fields.pop("other_ids", ())))),
        **fields,
    )


def tidy(value) -> str:
    """Text on one line, without markup and characters that cannot be stored or seen."""
    text = str(value or "")[:LONGEST_FIELD]
    text = _MARKUP.sub("", _SURROGATES.sub("", _UNWANTED.sub("", text)))
    return " ".join(unicodedata.normalize("NFC", text).split())


def year_in(value) -> int | None:
    """The first year from 1600 on in a date however written, or None."""
    found = _YEAR.search(tidy(value))
    return int(found.group()) if found else None


def short_name(family: str, given: str = "") -> str:
    """“Müller”, “Jörg Hans” → “Müller JH”: as reference lists print it."""
    initials = "".join(part[0] for part in re.split(r"[\s.\-]+", tidy(given)) if part)
    return f"{tidy(family)} {initials.upper()}".strip()


def name_from_one_text(name: str) -> str:
    """“Müller, Jörg” or “Jörg Müller” → “Müller J”; a body's name of one word stays."""
    name = tidy(name)
    if "," in name:
        family, _, given = name.partition(",")
        return short_name(family, given.replace(",", " "))
    given, _, family = name.rpartition(" ")
    return short_name(family, given)


def byline(authors: tuple[str, ...], most_characters: int = 300) -> str:
    """The names as one text, “et al.” after the sixth or when there is no room."""
    for count in range(min(len(authors), MOST_NAMES), 0, -1):
        names = [name.replace(",", " ") for name in authors[:count]]
        text = ", ".join(names if count == len(authors) else [*names, "et al."])
        if len(text) <= most_characters:
            return text
    return authors[0][:most_characters] if authors else ""


def volume_and_pages(volume="", issue="", pages="") -> str:
    """“321(2):165-174”, as much of it as there is."""
    volume, issue, pages = tidy(volume), tidy(issue), tidy(pages)
    text = f"{volume}({issue})" if volume and issue else volume or issue
    pages = re.sub(r"\s*(?:-{2,}|[\u2010-\u2015])\s*", "-", pages)
    return f"{text}:{pages}" if text and pages else text or pages
