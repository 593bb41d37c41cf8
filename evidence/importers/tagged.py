"""RIS and NBIB (PubMed): one tagged field a line. Streamed; no library reports their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .record import Broken, Record, name_from_one_text, record, volume_and_pages

MOST_LINES = 20_000
_RIS_TAG = re.compile(r"^([A-Z][A-Z0-9])\s{0,2}-(?:\s(.*))?$")
_NBIB_TAG = re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,3}-(?:\s(.*))?$")
_REGISTRATION = re.compile(r"NCT\d{8}", re.I)
_DESIGNS = {
    "randomized controlled trial": "RCT",
    "systematic review": "systematic review",
    "meta-analysis": "systematic review",
    "practice guideline": "guideline",
    "guideline": "guideline",
    "clinical trial, phase i": "phase 1",
    "clinical trial, phase ii": "phase 2",
    "clinical trial, phase iii": "phase 3",
    "case reports": "case report",
    "review": "narrative review",
}
Fields = dict[str, list[str]]


def read_ris(lines: Iterable[str]) -> Iterator[Record | Broken]:
    """Every entry from TY to ER; one that never begins or never ends is Broken.

    Untagged lines before the first entry are the preface that some publishers write.
    """
    began, fields, tag = 0, {}, ""
    stray, is_preface = 0, True
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r\n")
        found = _RIS_TAG.match(line.strip())
        if found and found[1] == "TY":
            if began:
                yield _never_ended(began)
            began, fields, stray, is_preface = number, {}, 0, False
            tag = _keep(fields, found)
        elif not began:
            if line.strip() and not stray and (found or not is_preface):
                stray = number
                yield Broken(number, "This stands outside of an entry, which begins with “TY  - ”.")
        elif found and found[1] == "ER":
            yield _from_ris(began, fields)
            began = 0
        else:
            tag = _go_on(fields, tag, found, line)
            if number - began > MOST_LINES:
                yield _never_ended(began)
                began, stray = 0, number
    if began:
        yield _never_ended(began)


def _never_ended(line: int) -> Broken:
    return Broken(line, "The entry never ends: its last line should be “ER  - ”.")


def read_nbib(lines: Iterable[str]) -> Iterator[Record | Broken]:
    """Every entry; they begin with PMID and blank lines stand between them."""
    began, fields, tag = 0, {}, ""
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r\n")
        found = _NBIB_TAG.match(line)
        starts = bool(found) and found[1] == "PMID" and "PMID" in fields
        if began and (not line.strip() or starts or number - began > MOST_LINES):
            yield _from_nbib(began, fields)
            began = 0
        if not line.strip():
            continue
        if not began:
            began, fields, tag = number, {}, ""
        tag = _go_on(fields, tag, found, line)
    if began:
        yield _from_nbib(began, fields)


def _keep(fields: Fields, found: re.Match) -> str:
    fields.setdefault(found[1], []).append((found[2] or "").strip())
    return found[1]


def _go_on(fields: Fields, tag: str, found: re.Match | None, line: str) -> str:
    """Keep a tagged line, or add an untagged one to the field before it. Returns the tag."""
    if found:
        return _keep(fields, found)
    if tag and line.strip() and len(fields[tag][-1]) < 20_000:
        fields[tag][-1] += " " + line.strip()
    return tag


def _first(fields: Fields, *tags: str) -> str:
    return next((value for tag in tags for value in fields.get(tag, ()) if value), "")


def _from_ris(line: int, fields: Fields) -> Record | Broken:
    authors = fields.get("AU") or fields.get("A1") or []
    pages = "-".join(filter(None, (_first(fields, "SP"), _first(fields, "EP"))))
    databases = " ".join(fields.get("DB", []) + fields.get("DP", [])).lower()
    number = _first(fields, "AN") if "pubmed" in databases or "medline" in databases else ""
    registered = _REGISTRATION.search(" ".join(fields.get("AN", []) + fields.get("ID", [])))
    return record(
        line,
        title=_first(fields, "TI", "T1", "CT"),
        authors=[name_from_one_text(name) for name in authors],
        journal=_first(fields, "JO", "JF", "T2", "JA", "J2", "PB"),
        year=_first(fields, "PY", "Y1", "DA"),
        citation=volume_and_pages(_first(fields, "VL"), _first(fields, "IS"), pages),
        doi=_first(fields, "DO"),
        pmid="" if registered else number,
        nct=registered.group() if registered else "",
        url=_first(fields, "UR", "L2", "LK"),
    )


def _from_nbib(line: int, fields: Fields) -> Record | Broken:
    if "PMID" not in fields and "TI" not in fields:
        return Broken(line, "This is no PubMed entry: it has neither “PMID- ” nor “TI  - ”.")
    located = [v for tag in ("LID", "AID") for v in fields.get(tag, ()) if v.endswith("[doi]")]
    types = [value.lower() for value in fields.get("PT", ())]
    registered = _REGISTRATION.search(" ".join(fields.get("SI", ())))
    return record(
        line,
        title=_first(fields, "TI", "BTI"),
        authors=fields.get("AU") or fields.get("CN") or [],
        journal=_first(fields, "TA", "JT"),
        year=_first(fields, "DP", "DEP"),
        citation=volume_and_pages(_first(fields, "VI"), _first(fields, "IP"), _first(fields, "PG")),
        doi=located[0].removesuffix("[doi]") if located else "",
        pmid=_first(fields, "PMID"),
        nct=registered.group() if registered else "",
        design=next((design for name, design in _DESIGNS.items() if name in types), ""),
        other_ids=fields.get("PMC", [])[:1],
        is_marked_retracted="retracted publication" in types,
    )
