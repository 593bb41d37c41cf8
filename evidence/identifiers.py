"""Identifiers of papers and trials in one form each: DOI, PMID, NCT id."""

import re
import unicodedata

from django.core.exceptions import ValidationError

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")
_DOI_PREFIX = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", re.I)
_PMID_PREFIX = re.compile(r"^(https?://(www\.)?pubmed\.ncbi\.nlm\.nih\.gov/|pmid:?\s*)", re.I)
_DOI = re.compile(r"10\.\d{4,9}/\S{1,200}")
_NCT = re.compile(r"NCT\d{8}")


def _plain(value) -> str:
    text = str(value or "")
    if text.isascii():
        return text.strip()
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def normal_doi(value) -> str | None:
    """A DOI in small letters without its address, or None when empty. ValidationError if odd."""
    doi = _DOI_PREFIX.sub("", _plain(value)).rstrip(".,;").lower()
    if doi and not _DOI.fullmatch(doi):
        raise ValidationError(f"“{value}” is not a DOI. A DOI looks like 10.1000/xyz123.")
    return doi or None


def normal_pmid(value) -> int | None:
    """A PubMed number, or None when empty. ValidationError if it cannot be one."""
    pmid = _PMID_PREFIX.sub("", _plain(value)).strip("/")
    if not pmid:
        return None
    if not pmid.isdecimal() or len(pmid) > 20 or not 0 < int(pmid) < 10**8:
        raise ValidationError(f"“{value}” is not a PMID. A PMID is a number of up to 8 digits.")
    return int(pmid)


def normal_nct(value) -> str | None:
    """A ClinicalTrials.gov id, or None when empty. ValidationError if it cannot be one."""
    nct = _plain(value).upper().rstrip("/").rsplit("/", 1)[-1]
    if nct and not _NCT.fullmatch(nct):
        raise ValidationError(f"“{value}” is not an NCT id. It is NCT and eight digits.")
    return nct or None
