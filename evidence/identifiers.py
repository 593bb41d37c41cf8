"""Identifiers of papers and trials in one form each: DOI, PMID, PMC number, NCT id.

None of these has a check digit of its own. But many a DOI holds the ISSN of its journal or the
ISBN of its book, whose last digit follows from the others: a slip there is refused.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")
_DOI_PREFIX = re.compile(r"^(https?://((dx|www)\.)?doi\.org/|doi:?\s*)", re.I)
_PMID_PREFIX = re.compile(r"^(https?://(www\.)?pubmed\.ncbi\.nlm\.nih\.gov/|pmid:?\s*)", re.I)
_DOI = re.compile(r"10\.\d{4,9}/\S{1,200}")
_NCT = re.compile(r"NCT\d{8}")
_PMC_PREFIX = re.compile(
    r"^(https?://(www\.)?(pmc\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pmc)/articles/|pmcid:?\s*)",
    re.I,
)
_PMC = re.compile(r"PMC\d{1,9}")
_ISSN = re.compile(r"/s(\d{4})-?(\d{3}[\dx])\(\d\d\)\d")  # as publishers' item numbers hold it
_ISBN = re.compile(r"/(97[89](?:-?\d){10})(?![\d-]*\d)")


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
        raise ValidationError(
            gettext("“%(value)s” is not a DOI. A DOI looks like 10.1000/xyz123.") % {"value": value}
        )
    _require_check_digit(doi, value)
    return doi or None


def _require_check_digit(doi: str, value) -> None:
    issn, isbn = _ISSN.search(doi), _ISBN.search(doi)
    wrong = ""
    if issn and not _issn_holds(issn[1] + issn[2]):
        wrong = f"ISSN {issn[1]}-{issn[2].upper()}"
    if isbn and not _isbn_holds(isbn[1].replace("-", "")):
        wrong = f"ISBN {isbn[1]}"
    if wrong:
        raise ValidationError(
            gettext(
                "“%(value)s” cannot be right: the check digit of the %(wrong)s in it does"
                " not fit. Copy the DOI again."
            )
            % {"value": value, "wrong": wrong}
        )


def _issn_holds(digits: str) -> bool:
    values = [10 if digit == "x" else int(digit) for digit in digits]
    return sum(v * (8 - place) for place, v in enumerate(values)) % 11 == 0


def _isbn_holds(digits: str) -> bool:
    return sum(int(d) * (1 + 2 * (place % 2)) for place, d in enumerate(digits)) % 10 == 0


def normal_pmid(value) -> int | None:
    """A PubMed number, or None when empty. ValidationError if it cannot be one."""
    pmid = _PMID_PREFIX.sub("", _plain(value)).strip("/")
    if not pmid:
        return None
    if not pmid.isdecimal() or len(pmid) > 20 or not 0 < int(pmid) < 10**8:
        raise ValidationError(
            gettext("“%(value)s” is not a PMID. A PMID is a number of up to 8 digits.")
            % {"value": value}
        )
    return int(pmid)


def normal_pmc(value) -> str | None:
    """A PubMed Central number as “PMC123”, or None when empty. ValidationError if odd."""
    pmc = _PMC_PREFIX.sub("", _plain(value)).strip("/").upper()
    pmc = pmc.split("/")[0].split(".")[0]
    if pmc and not _PMC.fullmatch(pmc):
        raise ValidationError(
            gettext("“%(value)s” is no PMC number. It is PMC and some digits.") % {"value": value}
        )
    return pmc or None


@dataclass(frozen=True)
class Identifier:
    """Which kind of identifier it is, and its normal form; `str()` is as one says it."""

    kind: str
    value: str

    def __str__(self):
        return self.value if self.kind in ("nct", "pmc") else f"{self.kind.upper()} {self.value}"


def identifier_in(text: str) -> Identifier | None:
    """The DOI, PMC number, trial registration or PMID that a pasted text is, or None.

    Raises ValidationError for one with a wrong check digit.
    """
    for kind, normal in (("nct", normal_nct), ("pmc", normal_pmc), ("pmid", normal_pmid)):
        try:
            value = normal(text)
        except ValidationError:
            continue
        if value:
            return Identifier(kind, str(value))
    plain = _DOI_PREFIX.sub("", _plain(text))
    if not plain.startswith("10.") or " " in plain:
        return None
    return Identifier("doi", normal_doi(text))


def normal_nct(value) -> str | None:
    """A ClinicalTrials.gov id, or None when empty. ValidationError if it cannot be one."""
    nct = _plain(value).upper().rstrip("/").rsplit("/", 1)[-1]
    if nct and not _NCT.fullmatch(nct):
        raise ValidationError(
            gettext("“%(value)s” is not an NCT id. It is NCT and eight digits.") % {"value": value}
        )
    return nct or None
