"""Works of Crossref's API, one JSON object a line, read for what they say of notices.

Both ways: a paper names the notices about it (`updated-by`), a notice names the papers it is about
(`update-to`). Each such pair becomes a row like those of the Retraction Watch list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..services import crossref
from .record import Broken, tidy
from .retraction_watch import NoticeRow

LISTED_BY = "Crossref"
_NATURES = {
    "retraction": "Retraction",
    "concern": "Expression of concern",
    "correction": "Correction",
    "reinstatement": "Reinstatement",
}


def read_updates(lines: Iterable[str]) -> Iterator[NoticeRow | Broken]:
    """Every notice in every line; a line that is no work is Broken and the rest go on."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            work = json.loads(line)
        except (ValueError, RecursionError):
            yield Broken(number, "The line is not one JSON object.")
            continue
        if isinstance(work, dict) and isinstance(work.get("message"), dict):
            work = work["message"]  # as the API wraps a single work
        if not isinstance(work, dict) or not isinstance(work.get("DOI"), str):
            yield Broken(number, "The line is no work of Crossref: it has no DOI.")
            continue
        yield from _rows(number, work)


def _rows(number: int, work: dict) -> Iterator[NoticeRow | Broken]:
    own = work["DOI"]
    for update in crossref.updates(work, "updated-by"):
        yield _row(number, update, paper=own, notice=_doi(update), title=_title(work))
    for update in crossref.updates(work, "update-to"):
        yield _row(number, update, paper=_doi(update), notice=own, title="")


def _row(number: int, update: dict, *, paper: str, notice: str, title: str) -> NoticeRow:
    kind = crossref.kind_of(update, about=paper, by=notice)
    label = tidy(update.get("label")) or tidy(update.get("type"))
    date = crossref.date_of(update)
    return NoticeRow(
        line=number,
        record="",
        title=title,
        journal="",
        publisher="",
        date=date.isoformat() if date else "",
        notice_doi=notice,
        doi=paper,
        pmid="",
        paper_date="",
        nature=_NATURES.get(kind, label),
        reason="",
        notes="",
        listed_by=LISTED_BY,
        is_new_version=not kind,
    )


def _doi(update: dict) -> str:
    return update["DOI"] if isinstance(update.get("DOI"), str) else ""


def _title(work: dict) -> str:
    titles = work.get("title")
    return tidy(titles[0]) if isinstance(titles, list) and titles else ""
