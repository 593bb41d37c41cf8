"""From records that were read to sources: one paper, one source, whatever names it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from . import actions, identifiers
from .importers.record import Record, byline
from .models import Source
from .title_check import require_same_title, same_title, title_words

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
LONGEST_KEY = 80
_ASCII = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe",
     "đ": "d", "Đ": "D", "ı": "i", "ð": "d", "þ": "th"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What is needed of a source to recognise it."""

    pk: int
    title: str
    year: int | None
    doi: str | None
    pmid: int | None
    nct: str | None
    is_described: bool


class Shelf:
    """Sources in memory, all of the site or these, found by DOI, PMID, trial registration or
    title."""

    def __init__(self, sources=None):
        self.by_doi: dict[str, Known] = {}
        self.by_pmid: dict[int, Known] = {}
        self.by_nct: dict[str, list[Known]] = {}
        self.by_title: dict[tuple, list[Known]] = {}
        self.keys: set[str] = set()
        sources = Source.objects.all() if sources is None else sources
        for source in sources.current().only(*_KNOWN_FIELDS).order_by("pk").iterator(2000):
            self.put(source)

    def put(self, source: Source) -> None:
        """Add a source, or what has become known of it."""
        known = Known(
            source.pk,
            source.title,
            source.year,
            source.doi,
            source.pmid,
            source.nct,
            source.title_is_description,
        )
        self.keys.add(source.key)
        if known.doi:
            self.by_doi[known.doi] = known
        if known.pmid:
            self.by_pmid[known.pmid] = known
        if known.nct:
            self.by_nct[known.nct] = _with(self.by_nct.get(known.nct, []), known)
        shelf_mark = (tuple(title_words(known.title)), known.year)
        self.by_title[shelf_mark] = _with(self.by_title.get(shelf_mark, []), known)

    def find(self, title: str, year, doi, pmid, nct) -> Known | None:
        """The source that is this paper. ValidationError, with both titles, when an identifier
        is that of another paper."""
        by_doi, by_pmid = self.by_doi.get(doi), self.by_pmid.get(pmid)
        if by_doi and by_pmid and by_doi.pk != by_pmid.pk:
            raise ValidationError(
                gettext(
                    "DOI %(doi)s belongs to “%(title)s” but PMID %(pmid)s to “%(title_2)s”. "
                    "Look both up and correct the wrong one."
                )
                % {"doi": doi, "title": by_doi.title, "pmid": pmid, "title_2": by_pmid.title}
            )
        for found, identifier in ((by_doi, f"DOI {doi}"), (by_pmid, f"PMID {pmid}")):
            if found:
                if not found.is_described:
                    require_same_title(identifier, title, found.title)
                _require_no_other(found, doi, pmid)
                return found
        return self._by_registration(title, doi, pmid, nct) or self._by_title(
            title, year, doi, pmid
        )

    def _by_registration(self, title, doi, pmid, nct) -> Known | None:
        """A trial has one registration and many papers: only the registration itself, or the
        same title, is the same source."""
        for known in self.by_nct.get(nct, ()):
            papers = bool(doi or pmid) or bool(known.doi or known.pmid)
            if (not papers or same_title(title, known.title)) and _agrees(known, doi, pmid):
                return known
        return None

    def _by_title(self, title, year, doi, pmid) -> Known | None:
        words = tuple(title_words(title))
        if not words:
            return None
        return next(
            (k for k in self.by_title.get((words, year), ()) if _agrees(k, doi, pmid)), None
        )

    def free_key(self, record: Record) -> str:
        """Author, year and the first long word of the title, not yet taken."""
        author = record.authors[0].split(" ")[0] if record.authors else record.journal
        words = [slugify(word.translate(_ASCII)) for word in title_words(record.title)]
        word = next((word for word in words if len(word) > 3), words[0] if words else "")
        parts = (slugify(author.translate(_ASCII))[:40], str(record.year or ""), word[:25])
        base = "-".join(filter(None, parts)) or "source"
        key, number = base, 1
        while key in self.keys or Source.objects.filter(key=key).exists():
            number += 1
            key = f"{base}-{number}"
        return key


_KNOWN_FIELDS = ("key", "title", "year", "doi", "pmid", "nct", "title_is_description")


def _with(known: list[Known], new: Known) -> list[Known]:
    return [*(k for k in known if k.pk != new.pk), new]


def _agrees(known: Known, doi, pmid) -> bool:
    """Whether no identifier of one contradicts the other's."""
    return not (known.doi and doi and known.doi != doi) and not (
        known.pmid and pmid and known.pmid != pmid
    )


def _require_no_other(known: Known, doi, pmid) -> None:
    if not _agrees(known, doi, pmid):
        raise ValidationError(
            gettext(
                "“%(title)s” is here with DOI %(doi)s and PMID %(pmid)s; the entry "
                "gives DOI %(given_doi)s and PMID %(given_pmid)s. Look it up and correct the "
                "wrong one."
            )
            % {
                "title": known.title,
                "doi": known.doi or gettext("(none)"),
                "pmid": known.pmid or gettext("(none)"),
                "given_doi": doi or gettext("(none)"),
                "given_pmid": pmid or gettext("(none)"),
            }
        )


@transaction.atomic
def import_record(record: Record, shelf: Shelf, *, by, origin: str) -> tuple[str, Source]:
    """Keep a record as a source: (“created”, “updated” or “unchanged”, the source).

    A paper that is here already only gains what is empty: nothing that somebody wrote is
    overwritten. Raises ValidationError (odd or contradicting identifiers, nothing to find it by)
    and NotAllowed.
    """
    fields = fields_of(record)
    doi = identifiers.normal_doi(record.doi)
    pmid = identifiers.normal_pmid(record.pmid)
    nct = identifiers.normal_nct(record.nct)
    fields |= {"doi": doi, "pmid": pmid, "nct": nct}
    known = shelf.find(record.title, record.year, doi, pmid, nct)
    if known is None:
        fields["checked_by"] = f"imported from {origin}"
        source = actions.save_source(by=by, key=shelf.free_key(record), **fields)
        shelf.put(source)
        return CREATED, source
    source = Source.objects.get(pk=known.pk)
    missing = {k: v for k, v in fields.items() if v and getattr(source, k) in (None, "", [])}
    if not missing:
        return UNCHANGED, source
    source = actions.save_source(by=by, key=source.key, **missing)
    shelf.put(source)
    return UPDATED, source


def fields_of(record: Record) -> dict:
    """The record's fields as a Source has them, cut to their length."""
    return {
        "title": record.title,
        "authors": byline(record.authors),
        "journal": record.journal[:200],
        "year": record.year,
        "citation": record.citation[:120],
        "url": record.url if len(record.url) <= 500 else "",
        "design": record.design,
        "other_ids": list(record.other_ids),
    }
