"""PubMed: E-utilities' efetch as MEDLINE text, the format of a saved NBIB file."""

from __future__ import annotations

import datetime
import re

from django.utils.translation import gettext

from evidence.importers.record import Record
from evidence.importers.tagged import read_nbib

from .answer import Answer, FoundNotice, Nonsense, required

SERVICE = "PubMed"
_NOTICES = {"RIN": "retraction", "ECI": "concern", "EIN": "correction"}
_FIELD = re.compile(r"^([A-Z]{2,4}) {0,2}- (.*(?:\n {6}.*)*)", re.M)
_DOI = re.compile(r"doi:\s*(10\.\S+?)[.,;]?(?:\s|$)", re.I)
_DAY = re.compile(r"\b((?:19|20)\d\d) ([A-Z][a-z]{2}) (\d{1,2})\b")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def read_medline(body: bytes, pmid: int) -> Answer | None:
    """The paper of this number; None when PubMed has none. Raises Nonsense."""
    text = body.decode("utf-8", "replace").replace("\r\n", "\n")
    if "PMID-" not in text:
        if "<html" in text.lower() or len(text.strip()) > 300:
            raise Nonsense(
                gettext("%(SERVICE)s answered with something that is no paper.")
                % {"SERVICE": SERVICE}
            )
        return None
    found = required(next(iter(read_nbib(text.strip().splitlines(True)))), SERVICE)
    if not _is(found, pmid):
        raise Nonsense(
            gettext("%(SERVICE)s answered with another paper than the one asked for.")
            % {"SERVICE": SERVICE}
        )
    pmc = next((i for i in found.other_ids if i.upper().startswith("PMC")), "")
    free = {"free_url": f"https://pmc.ncbi.nlm.nih.gov/articles/{pmc}/"} if pmc else {}
    return Answer(SERVICE, found, free, _notices(text, found))


def pmid_of_pmc(data, pmc: str) -> int | None:
    """The PMID in esummary's answer (`db=pmc`) for a PMC number, or None."""
    try:
        ids = data["result"][pmc.removeprefix("PMC")]["articleids"]
        values = [entry["value"] for entry in ids if entry["idtype"] == "pmid"]
        return int(values[0]) or None
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def _is(record: Record, pmid: int) -> bool:
    return record.pmid.strip() == str(pmid)


def _notices(text: str, record: Record) -> tuple[FoundNotice, ...]:
    found = []
    for tag, value in _FIELD.findall(text):
        if kind := _NOTICES.get(tag):
            doi = _DOI.search(value)
            found.append(FoundNotice(kind, _day(value), doi[1] if doi else ""))
    if record.is_marked_retracted and not any(n.kind == "retraction" for n in found):
        found.append(FoundNotice("retraction"))
    return tuple(dict.fromkeys(found))


def _day(value: str):
    found = _DAY.search(value)
    if not found or found[2] not in _MONTHS:
        return None
    try:
        return datetime.date(int(found[1]), _MONTHS.index(found[2]) + 1, int(found[3]))
    except ValueError:
        return None
