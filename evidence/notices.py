"""From rows of a list of notices to notices about our sources."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from . import actions, identifiers
from .importers.record import Broken, tidy
from .importers.retraction_watch import NoticeRow, parse_date
from .models import Notice, Source
from .title_check import same_title

NATURES = {
    "retraction": Notice.Kind.RETRACTION,
    "expression of concern": Notice.Kind.CONCERN,
    "correction": Notice.Kind.CORRECTION,
    "reinstatement": Notice.Kind.REINSTATEMENT,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A row that concerns a source of ours, with what it says in our terms."""

    line: int
    kind: str
    date: datetime.date
    doi: str | None
    reason: str
    seen: str


@dataclass(slots=True)
class Sifted:
    """What a list says of our sources; `said` are (line, sentence) pairs for the report."""

    rows: int = 0
    unknown: int = 0
    superseded: int = 0
    failed: int = 0
    found: dict[int, dict[tuple, Found]] = field(default_factory=lambda: defaultdict(dict))
    repeated: int = 0
    said: list[tuple[int, str]] = field(default_factory=list)


MOST_SAID = 1_000  # sentences kept for the report; the rest is counted


class Sieve:
    """Keeps the rows that concern our sources, matched in memory by DOI and PMID."""

    def __init__(self):
        self.by_doi, self.by_pmid, self.titles = {}, {}, {}
        rows = Source.objects.values_list("pk", "doi", "pmid", "title", "title_is_description")
        for pk, doi, pmid, title, described in rows.iterator(2000):
            if doi:
                self.by_doi[doi] = pk
            if pmid:
                self.by_pmid[pmid] = pk
            if doi or pmid:
                self.titles[pk] = "" if described else title
        self.sifted = Sifted()

    def sift(self, rows: Iterable[NoticeRow | Broken]) -> Iterator[int]:
        """Read every row, yielding its line for the progress bar. Nothing is written."""
        for row in rows:
            self.sifted.rows += 1
            if isinstance(row, Broken):
                self._fail(row.line, row.reason)
            else:
                self._one(row)
            yield row.line

    def _one(self, row: NoticeRow) -> None:
        doi, pmid = _doi(row.doi), _pmid(row.pmid)
        by_doi, by_pmid = self.by_doi.get(doi), self.by_pmid.get(pmid)
        pk = by_doi or by_pmid
        if pk is None:
            self.sifted.unknown += 1
            return
        if row.is_new_version:
            self.sifted.superseded += 1
            return
        try:
            self._require_one_paper(row, by_doi, by_pmid, doi, pmid)
            found = _found(row)
        except ValidationError as error:
            self._fail(row.line, " ".join(error.messages))
            return
        if found.kind == Notice.Kind.RETRACTION and row.is_superseded_review:
            self.sifted.superseded += 1
            self._say(
                row.line,
                f"a new version took the place of this Cochrane review, “{row.title[:120]}”; that "
                "is no retraction, so it was ignored.",
            )
            return
        if not same_title(row.title, self.titles[pk]):
            self._say(
                row.line,
                f"the list calls this paper “{row.title[:120]}”, the site “"
                f"{self.titles[pk][:120]}”. The notice is kept; check the source's identifiers.",
            )
        mark = (found.kind, found.date)
        self.sifted.repeated += mark in self.sifted.found[pk]
        self.sifted.found[pk].setdefault(mark, found)

    def _require_one_paper(self, row, by_doi, by_pmid, doi, pmid) -> None:
        """A DOI and a PMID must not be those of two papers."""
        if by_doi and by_pmid and by_doi != by_pmid:
            raise ValidationError(
                gettext(
                    "DOI %(doi)s belongs to “%(titles)s” but PMID %(pmid)s to “%(titles_2)s”."
                    " Look both up and record the notice by hand."
                )
                % {
                    "doi": doi,
                    "titles": self.titles[by_doi],
                    "pmid": pmid,
                    "titles_2": self.titles[by_pmid],
                }
            )
        if by_pmid and not by_doi and not same_title(row.title, self.titles[by_pmid]):
            raise ValidationError(
                gettext(
                    "PMID %(pmid)s belongs to “%(titles)s”, not to “%(title)s”. Look it up "
                    "and record the notice by hand."
                )
                % {"pmid": pmid, "titles": self.titles[by_pmid], "title": row.title[:200]}
            )

    def _fail(self, line: int, reason: str) -> None:
        self.sifted.failed += 1
        self._say(line, f"not imported. {reason}")

    def _say(self, line: int, sentence: str) -> None:
        if len(self.sifted.said) < MOST_SAID:
            self.sifted.said.append((line, tidy(sentence)))


def _found(row: NoticeRow) -> Found:
    kind = NATURES.get(" ".join(row.nature.split()).casefold())
    if kind is None:
        raise ValidationError(
            gettext(
                "“%(nature)s” is none of: Retraction, Expression of concern, Correction, "
                "Reinstatement."
            )
            % {"nature": row.nature[:80]}
        )
    date = parse_date(row.date)
    if date is None:
        raise ValidationError(
            gettext("“%(date)s” is not a date such as 8/26/2023, month first.")
            % {"date": row.date[:40]}
        )
    paper_date = parse_date(row.paper_date)
    if paper_date and date < paper_date:
        raise ValidationError(
            gettext("The notice is dated %(date)s, before its paper (%(paper_date)s).")
            % {"date": f"{date:%d %B %Y}", "paper_date": f"{paper_date:%d %B %Y}"}
        )
    seen = (
        gettext("%(listed_by)s, record %(tidy)s")
        % {"listed_by": row.listed_by, "tidy": tidy(row.record)}
        if row.record
        else row.listed_by
    )
    return Found(row.line, kind, date, _doi(row.notice_doi), "; ".join(row.reasons), seen[:200])


def record_found(source_pk: int, found: Iterable[Found], *, by) -> tuple[int, list]:
    """Record the notices of one source by date, in one transaction.

    Returns (how many are new, [(line, sentence)] of those refused). A notice that is known
    already, be it with a date less exact, is not recorded again. Raises NotAllowed.
    """
    new, refused = 0, []
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source_pk)
        known = list(source.notices.all())
        for row in sorted(found, key=lambda row: (row.date, row.line)):
            if any(_is_same(notice, row) for notice in known):
                continue
            try:
                _, is_new = actions.record_notice(
                    source,
                    by=by,
                    kind=row.kind,
                    date=row.date,
                    doi=row.doi,
                    reason=row.reason,
                    checked=row.seen,
                )
            except ValidationError as error:
                refused.append((row.line, f"not imported. {' '.join(error.messages)}"))
            else:
                new += is_new
    return new, refused


def _is_same(notice: Notice, row: Found) -> bool:
    """Of the same kind, with the same DOI of its own, or a date such as “2024” that fits."""
    if notice.kind != row.kind:
        return False
    if notice.doi and row.doi:
        return notice.doi == row.doi
    if notice.date:
        return notice.date == row.date
    return bool(notice.date_text) and row.date.isoformat().startswith(notice.date_text)


def _doi(text: str) -> str | None:
    """The DOI, or None: the list writes “unavailable” and worse where there is none."""
    try:
        return identifiers.normal_doi(text)
    except ValidationError:
        return None


def _pmid(text: str) -> int | None:
    """The PMID, or None: the list writes 0 where there is none."""
    if text in ("", "0"):
        return None
    try:
        return identifiers.normal_pmid(text)
    except ValidationError:
        return None
