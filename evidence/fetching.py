"""Looking a paper or trial up by its identifier, and keeping it as a source.

A site may run with no way out (SOURCE_LOOKUP=off, or simply no network): then every look-up
raises `Unavailable` with a sentence, and the fields are filled in by hand.
"""

from dataclasses import dataclass, field, replace
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from . import actions, identifiers, importing, outgoing
from .identifiers import Identifier
from .importers.record import Record
from .models import Source
from .outgoing import Unavailable
from .services import crossref, pubmed, trials
from .services.answer import Answer, Nonsense
from .title_check import require_same_title

REMEMBERED = 600  # seconds: what was shown is what is kept
BY_HAND = gettext_lazy("Fill in the fields by hand.")
OFF = gettext_lazy("Look-ups are switched off on this site (SOURCE_LOOKUP).")


class NotFound(Unavailable):
    """The service knows no paper of this identifier."""


@dataclass(frozen=True)
class Kept:
    """A source that was looked up: whether it is new, and sentences on what else was found."""

    source: Source
    is_new: bool
    remarks: list[str] = field(default_factory=list)


def is_on() -> bool:
    """Whether this site may ask other services at all."""
    return settings.SOURCE_LOOKUP == "on"


def look_up(identifier: Identifier) -> Answer:
    """What the service that gives out such identifiers says of this one. Asked once in a while.

    Raises Unavailable (with NotFound for an identifier nobody gave out), ValidationError when
    the paper's own record contradicts itself.
    """
    if not is_on():
        raise Unavailable(f"{OFF} {BY_HAND}")
    key = f"look-up:{identifier.kind}:{quote(identifier.value, safe='')}"
    answer = cache.get(key)
    if answer is None:
        try:
            answer = _ASKED[identifier.kind](identifier.value)
        except Nonsense as error:
            raise Unavailable(f"{error} {BY_HAND}") from None
        except NotFound:
            raise
        except Unavailable as error:
            raise Unavailable(f"{error} {BY_HAND}") from None
        cache.set(key, answer, REMEMBERED)
    return answer


def _crossref(doi: str) -> Answer:
    data = outgoing.client().get_json("api.crossref.org", f"/works/{quote(doi, safe='')}")
    if data is None:
        raise NotFound(
            gettext("Crossref knows no DOI %(doi)s. Compare it with the paper.") % {"doi": doi}
        )
    answer = crossref.read_work(data)
    if answer.record.doi.lower() != doi:
        raise Nonsense(gettext("Crossref answered with another paper than the one asked for."))
    return answer


def _pubmed(pmid: str) -> Answer:
    path, query = "/entrez/eutils/efetch.fcgi", {"db": "pubmed", "id": pmid, "rettype": "medline"}
    body = outgoing.client().get("eutils.ncbi.nlm.nih.gov", path, retmode="text", **query)
    answer = pubmed.read_medline(body or b"", int(pmid))
    if answer is None:
        raise NotFound(
            gettext("PubMed knows no PMID %(pmid)s. Compare it with the paper.") % {"pmid": pmid}
        )
    return answer


def _pmc(pmc: str) -> Answer:
    path, query = "/entrez/eutils/esummary.fcgi", {"db": "pmc", "id": pmc.removeprefix("PMC")}
    data = outgoing.client().get_json("eutils.ncbi.nlm.nih.gov", path, retmode="json", **query)
    pmid = pubmed.pmid_of_pmc(data, pmc)
    if pmid is None:
        raise NotFound(
            gettext("PubMed Central names no PMID for %(pmc)s. Paste the paper's DOI.")
            % {"pmc": pmc}
        )
    return _pubmed(str(pmid))


def _trial(nct: str) -> Answer:
    data = outgoing.client().get_json("clinicaltrials.gov", f"/api/v2/studies/{nct}")
    if data is None:
        raise NotFound(
            gettext("ClinicalTrials.gov knows no %(nct)s. Compare it with the paper.")
            % {"nct": nct}
        )
    return trials.read_study(data, nct)


_ASKED = {"doi": _crossref, "pmid": _pubmed, "pmc": _pmc, "nct": _trial}


def require_one_paper(title: str, *, doi=None, pmid=None) -> list[str]:
    """Ask Crossref and PubMed whether these identifiers are of the paper of this title.

    Raises ValidationError, with both titles, when one is another paper's or nobody's. Answers
    with sentences on what could not be asked.
    """
    remarks = []
    for kind, value in (("doi", doi), ("pmid", pmid)):
        if not value or not is_on():
            continue
        identifier = Identifier(kind, str(value))
        try:
            found = look_up(identifier)
        except NotFound as error:
            # Crossref is not the only agency that gives out DOIs; PubMed has every PMID.
            if kind == "pmid":
                raise ValidationError(str(error)) from None
            remarks.append(str(error))
        except Unavailable as error:
            remarks.append(
                gettext("%(identifier)s was not checked: %(error)s")
                % {"identifier": identifier, "error": error}
            )
        else:
            require_same_title(str(identifier), title, found.record.title)
            _require_same_ids(identifier, found.record, doi, pmid)
    return remarks


def _require_same_ids(identifier, record: Record, doi, pmid) -> None:
    """PubMed names the DOI of its papers: it must be the one given."""
    theirs = identifiers.normal_doi(record.doi) if record.doi else None
    if identifier.kind == "pmid" and doi and theirs and theirs != doi:
        raise ValidationError(
            gettext(
                "%(identifier)s is “%(title)s” with DOI %(theirs)s, not DOI %(doi)s. Look"
                " both up and correct the wrong one."
            )
            % {"identifier": identifier, "title": record.title, "theirs": theirs, "doi": doi}
        )


def known(identifier: Identifier) -> Source | None:
    """The source of this site that bears this identifier."""
    if identifier.kind == "pmc":
        named = Source.objects.current().filter(other_ids__icontains=f'"{identifier.value}"')
        return named.first()
    return Source.objects.current().filter(**{identifier.kind: identifier.value}).first()


def keep(identifier: Identifier, *, by) -> Kept:
    """Look a paper up and keep it as a source, its notices with it; or the one that is here.

    Raises Unavailable, ValidationError (the identifiers are those of two papers), NotAllowed.
    """
    if (source := known(identifier)) and identifier.kind != "nct":
        return Kept(source, False)
    answer = look_up(identifier)
    record = answer.record
    if identifier.kind == "pmc" and identifier.value not in record.other_ids:
        record = replace(record, other_ids=(*record.other_ids, identifier.value))
    answer, remarks = _completed(replace(answer, record=record), identifier)
    with transaction.atomic():
        kept = keep_record(answer.record, by=by, origin=answer.service, further=answer.fields)
        kept.remarks.extend(remarks)
        for notice in answer.notices:
            _keep_notice(kept, notice, answer.service, by)
    kept.source.refresh_from_db()
    return kept


def _completed(answer: Answer, identifier: Identifier) -> tuple[Answer, list[str]]:
    """PubMed's record with what Crossref knows of the same paper: notices, and whether it agrees.

    When Crossref cannot be asked, PubMed's word alone is kept.
    """
    doi = identifiers.normal_doi(answer.record.doi) if answer.record.doi else None
    if identifier.kind not in ("pmid", "pmc") or not doi:
        return answer, []
    try:
        other = look_up(Identifier("doi", doi))
    except NotFound:
        return answer, []
    except Unavailable as error:
        return answer, [
            gettext("DOI %(doi)s was not checked: %(error)s") % {"doi": doi, "error": error}
        ]
    require_same_title(f"DOI {doi}", answer.record.title, other.record.title)
    notices = dict.fromkeys((*answer.notices, *other.notices))
    dated = {n.kind for n in notices if n.date}
    kept = tuple(n for n in notices if n.date or n.kind not in dated)
    return replace(answer, notices=kept, fields={**other.fields, **answer.fields}), []


def keep_record(record: Record, *, by, origin: str, further=None) -> Kept:
    """Keep a record, looked up or filled in by hand, as a source; or find the one it is.

    Raises ValidationError, NotAllowed.
    """
    ours = Q(year=record.year)
    for name, normal in (("doi", identifiers.normal_doi), ("pmid", identifiers.normal_pmid),
                         ("nct", identifiers.normal_nct)):  # fmt: skip
        if value := normal(getattr(record, name)):
            ours |= Q(**{name: value})
    shelf = importing.Shelf(Source.objects.filter(ours))
    kind, source = importing.import_record(record, shelf, by=by, origin=origin)
    empty = {k: v for k, v in (further or {}).items() if not getattr(source, k)}
    if empty:
        source = actions.save_source(by=by, key=source.key, **empty)
    return Kept(source, kind == importing.CREATED)


def _keep_notice(kept: Kept, notice, service: str, by) -> None:
    known_notices = list(kept.source.notices.filter(kind=notice.kind))
    if known_notices and not notice.date:
        return
    if any(not n.date or n.date == notice.date or (n.doi and n.doi == notice.doi.lower())
           for n in known_notices):  # fmt: skip
        return
    try:
        actions.record_notice_looked_up(
            kept.source, by=by, kind=notice.kind, date=notice.date, doi=notice.doi, checked=service
        )
    except ValidationError as error:
        kept.remarks.append(" ".join(error.messages))
    else:
        kept.remarks.append(
            gettext("%(service)s knows a %(kind)s of it, which was recorded.")
            % {"service": service, "kind": notice.kind}
        )
