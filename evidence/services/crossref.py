"""Crossref: https://api.crossref.org/works/<DOI>, whose message is near to CSL JSON."""

from __future__ import annotations

import datetime
import re

from django.utils.translation import gettext

from evidence.importers.csl_json import record_of_item

from .answer import Answer, FoundNotice, Nonsense, required

SERVICE = "Crossref"
_REVIEW = re.compile(r"^10\.1002/14651858\.(?P<review>[a-z]+\d+)(?:\.pub(?P<version>\d+))?$", re.I)
KINDS = {
    "retraction": "retraction",
    "withdrawal": "retraction",
    "removal": "retraction",
    "partial_retraction": "concern",
    "expression_of_concern": "concern",
    "correction": "correction",
    "corrigendum": "correction",
    "erratum": "correction",
    "addendum": "correction",
    "clarification": "correction",
    "reinstatement": "reinstatement",
}


def read_work(data) -> Answer:
    """The work of an answer of the API. Raises Nonsense."""
    message = data.get("message") if isinstance(data, dict) else None
    if not isinstance(message, dict) or not isinstance(message.get("DOI"), str):
        raise Nonsense(
            gettext("%(SERVICE)s answered with something that is no work.") % {"SERVICE": SERVICE}
        )
    record = required(record_of_item(1, message), SERVICE)
    return Answer(SERVICE, record, _further(message), notices_about(message))


def notices_about(message: dict) -> tuple[FoundNotice, ...]:
    """What was published about this work since (`updated-by`), a new version aside."""
    doi, found = _text(message.get("DOI")), []
    for update in updates(message, "updated-by"):
        kind = kind_of(update, about=doi, by=_text(update.get("DOI")))
        if kind:
            found.append(FoundNotice(kind, date_of(update), _text(update.get("DOI"))))
    return tuple(dict.fromkeys(found))


def updates(message: dict, name: str) -> list[dict]:
    """The entries of `update-to` or `updated-by` that are entries at all."""
    entries = message.get(name)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


def kind_of(update: dict, *, about: str, by: str) -> str:
    """What kind of notice an update is; empty for a new version, which is none."""
    kind = _text(update.get("type")).lower().replace("-", "_").replace(" ", "_")
    if kind not in KINDS or (kind in ("withdrawal", "removal") and is_newer_version(by, about)):
        return ""
    return KINDS[kind]


def is_newer_version(doi: str, other: str) -> bool:
    """Whether the first is a later version of the Cochrane review that the second is one of."""
    new, old = _REVIEW.match(doi), _REVIEW.match(other)
    if not (new and old and new["review"].lower() == old["review"].lower()):
        return False
    return int(new["version"] or 1) > int(old["version"] or 1)


def date_of(update: dict) -> datetime.date | None:
    """The day of an update, where all of it is known."""
    updated = update.get("updated")
    parts = updated.get("date-parts") if isinstance(updated, dict) else None
    try:
        return datetime.date(*parts[0])
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return None


def _further(message: dict) -> dict:
    funders = message.get("funder")
    names = [_text(f.get("name")) for f in funders or () if isinstance(f, dict)]
    return {"funding": "; ".join(dict.fromkeys(filter(None, names)))[:1000]} if names else {}


def _text(value) -> str:
    return value.strip() if isinstance(value, str) else ""
