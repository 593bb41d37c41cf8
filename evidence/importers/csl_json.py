"""CSL JSON: one list of items, read item by item so that a broken one has a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .record import Broken, Record, Unreadable, record, short_name, volume_and_pages

MOST_BROKEN = 100
_SPACE = re.compile(r"[\s,]*")
_NEXT_ITEM = re.compile(r"\}\s*,?\s*(?=\{)")
_REGISTRATION = re.compile(r"NCT\d{8}", re.I)
_NUMBER_IN_NOTE = re.compile(r"\b(PMID|PMCID):?\s*((?:PMC)?\d{1,10})\b", re.I)
_decoder = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) < 20 else digits)


def read_csl_json(text: str) -> Iterator[Record | Broken]:
    """Every item of the list, or the one item; Unreadable when it is neither."""
    start = _SPACE.match(text).end()
    if text[start : start + 1] == "[":
        start += 1
    elif text[start : start + 1] != "{":
        raise Unreadable("This is no CSL JSON, which is a list of items in “[” and “]”.")
    line, counted, broken = 1, 0, 0
    position = start
    while True:
        position = _SPACE.match(text, position).end()
        line, counted = line + text.count("\n", counted, position), position
        if position >= len(text) or text[position] == "]":
            break
        try:
            item, position = _decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            yield Broken(line, _why(error))
            broken += 1
            if broken == MOST_BROKEN:
                yield Broken(line, "There are too many broken items; the rest was not read.")
                return
            found = _NEXT_ITEM.search(text, max(position + 1, getattr(error, "pos", 0) - 1))
            if not found:
                return
            position = found.end()
            continue
        yield record_of_item(line, item)
    if text[start - 1 : start] == "[" and position >= len(text):
        yield Broken(line, "The list is not closed with “]”: the file may have been cut off.")


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "The item is nested too deeply."
    if isinstance(error, json.JSONDecodeError):
        return f"The item is not JSON: {error.msg} in line {error.lineno}."
    return "The item holds a number that is too long."


def record_of_item(line: int, item) -> Record | Broken:
    """One item of CSL JSON, or of Crossref, which is nearly that."""
    if not isinstance(item, dict):
        return Broken(line, "The item is not an object in “{” and “}”.")
    note = _text(item.get("note"))
    noted = {name.upper(): number for name, number in _NUMBER_IN_NOTE.findall(note)}
    registered = _REGISTRATION.search(f"{_text(item.get('number'))} {_text(item.get('id'))}")
    pmcid = _text(item.get("PMCID")) or noted.get("PMCID", "")
    return record(
        line,
        title=_text(item.get("title")),
        authors=_names(item.get("author")),
        journal=_text(item.get("container-title")) or _text(item.get("publisher")),
        year=_year(item.get("issued")),
        citation=volume_and_pages(
            _text(item.get("volume")), _text(item.get("issue")), _text(item.get("page"))
        ),
        doi=_text(item.get("DOI")),
        pmid=_text(item.get("PMID")) or noted.get("PMID", ""),
        nct=registered.group() if registered else "",
        url=_text(item.get("URL")),
        other_ids=[pmcid],
    )


def _text(value) -> str:
    """A text or number as text; the first of a list (Crossref lists titles); else nothing."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _year(issued) -> str:
    if isinstance(issued, dict):
        parts = issued.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            return _text(parts[0])
        return _text(issued.get("raw")) or _text(issued.get("literal"))
    return _text(issued)


def _names(authors) -> list[str]:
    names = []
    for author in authors if isinstance(authors, list) else ():
        if isinstance(author, dict):
            family = " ".join(
                filter(None, (_text(author.get("non-dropping-particle")), _family(author)))
            )
            names.append(short_name(family, _text(author.get("given"))))
    return names


def _family(author: dict) -> str:
    return _text(author.get("family")) or _text(author.get("literal")) or _text(author.get("name"))
