"""What a look-up gives: a record, what else is known of the paper, and notices about it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.utils.translation import gettext

from evidence.importers.record import Broken, Record


class Nonsense(Exception):
    """The service answered, but with nothing that can be read as a paper or trial."""


@dataclass(frozen=True, slots=True)
class FoundNotice:
    """A notice that the service knows of; `kind` as in evidence.models.Notice."""

    kind: str
    date: datetime.date | None = None
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A paper or trial as one service describes it."""

    service: str
    record: Record
    fields: dict = field(default_factory=dict)  # further fields of a Source
    notices: tuple[FoundNotice, ...] = ()


def required(found: Record | Broken, service: str) -> Record:
    """The record; Nonsense when it is broken."""
    if isinstance(found, Broken):
        raise Nonsense(
            gettext("%(service)s has this identifier, but no title for it.") % {"service": service}
        )
    return found
