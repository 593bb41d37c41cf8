"""ClinicalTrials.gov, version 2 of its API: https://clinicaltrials.gov/api/v2/studies/<NCT id>."""

from __future__ import annotations

from django.utils.translation import gettext

from evidence.importers.record import record

from .answer import Answer, Nonsense, required

SERVICE = "ClinicalTrials.gov"
_PHASES = {"EARLY_PHASE1": "early phase 1", "PHASE1": "1", "PHASE2": "2", "PHASE3": "3"}
REGISTRY = "ClinicalTrials.gov"


def read_study(data, nct: str) -> Answer:
    """The registration. Raises Nonsense."""
    protocol = _part(data, "protocolSection")
    identity = _part(protocol, "identificationModule")
    if _text(identity.get("nctId")).upper() != nct:
        raise Nonsense(
            gettext("%(SERVICE)s answered with something that is not %(nct)s.")
            % {"SERVICE": SERVICE, "nct": nct}
        )
    status, sponsors = (
        _part(protocol, "statusModule"),
        _part(protocol, "sponsorCollaboratorsModule"),
    )
    design = _part(protocol, "designModule")
    sponsor = _text(_part(sponsors, "leadSponsor").get("name"))
    found = record(
        1,
        title=_text(identity.get("officialTitle")) or _text(identity.get("briefTitle")),
        authors=[sponsor],
        journal=REGISTRY,
        year=_text(_part(status, "studyFirstPostDateStruct").get("date"))
        or _text(_part(status, "startDateStruct").get("date")),
        nct=nct,
        url=f"https://clinicaltrials.gov/study/{nct}",
        design=_design(design),
    )
    return Answer(SERVICE, required(found, SERVICE), _further(sponsor, design, protocol))


def _design(design: dict) -> str:
    """Such as “phase 2 trial (registration)”: a registration is not yet a result."""
    phases = [_PHASES[p] for p in _list(design, "phases") if p in _PHASES]
    kind = _text(design.get("studyType")).lower()
    name = f"phase {'/'.join(phases)} trial" if phases else f"{kind or 'study'}"
    return (gettext("%(name)s (registration)") % {"name": name})[:80]


def _further(sponsor: str, design: dict, protocol: dict) -> dict:
    found = {"funding": sponsor} if sponsor else {}
    enrolled = _part(design, "enrollmentInfo")
    # An estimate of how many will take part is no number of participants.
    if enrolled.get("type") == "ACTUAL" and isinstance(enrolled.get("count"), int):
        found["participants"] = enrolled["count"]
    outcomes = _list(_part(protocol, "outcomesModule"), "primaryOutcomes")
    if outcomes and isinstance(outcomes[0], dict):
        measure, frame = _text(outcomes[0].get("measure")), _text(outcomes[0].get("timeFrame"))
        found["outcome"] = (f"{measure} ({frame})" if frame else measure)[:300]
    return found


def _part(data, name: str) -> dict:
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def _list(data: dict, name: str) -> list:
    value = data.get(name)
    return value if isinstance(value, list) else []


def _text(value) -> str:
    return value.strip() if isinstance(value, str) else ""
