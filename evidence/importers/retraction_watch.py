"""The Retraction Watch list: a CSV file of any size, read row by row in bounded memory."""

from __future__ import annotations

import csv
import datetime
import difflib
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .record import Broken, Unreadable, tidy

LONGEST_ROW = 200_000
MOST_LINES = 40  # of one row: a quotation mark that is never closed must not swallow the file
COLUMNS = {
    "record": "Record ID",
    "title": "Title",
    "journal": "Journal",
    "publisher": "Publisher",
    "date": "RetractionDate",
    "notice_doi": "RetractionDOI",
    "doi": "OriginalPaperDOI",
    "pmid": "OriginalPaperPubMedID",
    "paper_date": "OriginalPaperDate",
    "nature": "RetractionNature",
    "reason": "Reason",
    "notes": "Notes",
}
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T,].*)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_COCHRANE = re.compile(r"\bcochrane\b|\b10\.1002/14651858\b", re.I)
_SUPERSEDED = re.compile(
    r"superseded|superceded|out[ -]of[ -]date|outdated|replaced by (?:a |an )?(?:new|updated)"
    r"|\bupdated?\b(?! to (?:correction|retraction|expression|concern|reinstatement))",
    re.I,
)
# Reasons that say how a notice was given, not why the paper fell.
_NEUTRAL = re.compile(
    r"^(?:withdraw(?:n|al)|removed|notice\b.*|date of .*|see also.*|no reason.*|none|unknown"
    r"|upgrade/update of prior notice.*)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One row of the list, its cells as they stand."""

    line: int
    record: str
    title: str
    journal: str
    publisher: str
    date: str
    notice_doi: str
    doi: str
    pmid: str
    paper_date: str
    nature: str
    reason: str
    notes: str
    listed_by: str = "Retraction Watch"
    is_new_version: bool = False  # where the list itself says that this is no notice

    @property
    def reasons(self) -> list[str]:
        """“+Error in Data;+Error in Image;” as a list."""
        return [text for part in self.reason.split(";") if (text := tidy(part).strip("+ "))]

    @property
    def is_superseded_review(self) -> bool:
        """A Cochrane review whose old version gave way to a new one, and nothing worse.

        Any reason that speaks against the review itself makes it a retraction after all.
        """
        if not _COCHRANE.search(" ".join((self.journal, self.publisher, self.doi))):
            return False
        reasons = self.reasons or [tidy(self.notes)]
        said = [reason for reason in reasons if _SUPERSEDED.search(reason)]
        others = [r for r in reasons if r not in said and not _NEUTRAL.match(r)]
        if not said and not others:
            return bool(_SUPERSEDED.search(tidy(self.notes)))
        return bool(said) and not others


def read_notices(lines: Iterable[str]) -> Iterator[NoticeRow | Broken]:
    """Every row, its cells by column name. Raises Unreadable, naming them, if columns lack."""
    numbered = enumerate(lines, 1)
    number, header = next(((n, line) for n, line in numbered if line.strip()), (0, ""))
    delimiter = max(",;\t", key=header.count)
    names = _cells(header, delimiter)
    places = _places(names)
    for number, cells in _rows(numbered, len(names), delimiter):
        if cells is None:
            yield Broken(
                number,
                f"The row does not have the {len(names)} columns of the first line. Look for a "
                "missing quotation mark or comma.",
            )
        else:
            yield NoticeRow(number, *(cells[place] for place in places))


def parse_date(text: str) -> datetime.date | None:
    """The day in “8/26/2023 12:00:00 AM” (month first), or None when there is none."""
    text = tidy(text)
    if found := _DATE.fullmatch(text):
        month, day, year = map(int, found.groups())
    elif found := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _places(names: list[str]) -> list[int]:
    """Where each column of COLUMNS stands; Unreadable names the missing, and what looks alike."""
    plain = {_plain(name): place for place, name in reversed(list(enumerate(names)))}
    missing = [name for name in COLUMNS.values() if _plain(name) not in plain]
    if not missing:
        return [plain[_plain(name)] for name in COLUMNS.values()]
    if len(missing) == len(COLUMNS):
        raise Unreadable(
            "This is not the Retraction Watch list: its first line names none of the columns "
            f"{', '.join(COLUMNS.values())}."
        )
    said = []
    for name in missing:
        alike = difflib.get_close_matches(_plain(name), [p[:60] for p in plain], 1, 0.75)
        there = names[plain[alike[0]]] if alike and alike[0] in plain else ""
        wrong = there and _plain(there) not in map(_plain, COLUMNS.values())
        said.append(f"“{name}”" + (f" (there is “{there[:60]}”)" if wrong else ""))
    raise Unreadable(
        f"The file lacks the column{'s' if len(said) > 1 else ''} {', '.join(said)}. "
        "Use the list with the columns that Retraction Watch gives it."
    )


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _rows(numbered, width: int, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """(number of its first line, cells) of each row; None for one that does not fit.

    A row goes on over lines while its quotation marks are odd. When that leads nowhere, only the
    first line is given up and the others are read again.
    """
    waiting: deque[tuple[int, str]] = deque()

    def next_line():
        return waiting.popleft() if waiting else next(numbered, None)

    while (first := next_line()) is not None:
        number, row = first
        if not row.strip():
            continue
        taken = []
        while row.count('"') % 2 and len(taken) < MOST_LINES and len(row) < LONGEST_ROW:
            if (more := next_line()) is None:
                break
            taken.append(more)
            row += more[1]
        cells = _fitting(row, width, delimiter) if len(row) < LONGEST_ROW else None
        if cells is None and taken:
            waiting.extendleft(reversed(taken))
            # An inch sign in a cell without quotation marks is only an inch sign.
            cells = _fitting(first[1], width, delimiter)
        yield number, cells


def _fitting(row: str, width: int, delimiter: str) -> list[str] | None:
    """The row's cells if there are `width` of them; empty ones at the end do not count."""
    cells = _cells(row, delimiter)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells if len(cells) == width else None


def _cells(row: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([row], delimiter=delimiter), [])
    except csv.Error:
        return []
