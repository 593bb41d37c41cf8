"""Regulatory facts as readers may see them: nothing from memory is printed with a figure."""

import re
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format

_MEMORY = "memory"
_ADDRESS = re.compile(r"https?://\S+")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
# Digits that belong to a name and are no figure: type 1, stage 3, CD19, AQP4.
_NAMED = re.compile(r"\b(?:type|stage|phase)\s\d+|\b[A-Z]{2,}\d+", re.I)


@dataclass(frozen=True)
class Fact:
    """One statement about a regulator: in words, by whom, when, and where it was confirmed."""

    text: str
    body: str
    date: str
    is_confirmed: bool
    proofs: list[tuple[str, str]]  # (words, address) of what confirmed it
    remark: str


@dataclass(frozen=True)
class Facts:
    """What may be shown, and how many statements with unconfirmed figures were left out."""

    shown: list[Fact]
    left_out: int


def facts(rows: list[dict], sources: dict) -> Facts:
    """The rows of `Therapy.regulatory` as readers may see them; `sources` by key.

    A row whose basis is memory loses its date; if its words hold a figure it is left out.
    """
    shown = [_fact(row, sources) for row in rows if not _is_unconfirmed_figure(row)]
    return Facts(shown, len(rows) - len(shown))


def source_keys(rows: list[dict]) -> set[str]:
    """What may be keys of sources among the words that say how the rows were confirmed."""
    return {key for row in rows for key in _keys(row)}


def _is_from_memory(row) -> bool:
    basis = (row.get("basis") or "").strip().lower()
    return not basis or basis.startswith(_MEMORY)


def _is_unconfirmed_figure(row) -> bool:
    has_figure = any(c.isdigit() for c in _NAMED.sub("", row.get("fact") or ""))
    return _is_from_memory(row) and has_figure


def _keys(row) -> list[str]:
    return [] if _is_from_memory(row) else _KEY.findall(_ADDRESS.sub("", row.get("basis") or ""))


def _fact(row, sources) -> Fact:
    confirmed = not _is_from_memory(row)
    basis = (row.get("basis") or "").removeprefix("lookup:").strip() if confirmed else ""
    found = [sources[key] for key in _keys(row) if key in sources]
    proofs = [(s.label, reverse("source-detail", args=[s.pk])) for s in found]
    proofs += [(_host(address), address) for address in _ADDRESS.findall(basis)]
    return Fact(
        text=row.get("fact") or "",
        body=row.get("body") or "",
        date=_readable(row.get("date") or "") if confirmed else "",
        is_confirmed=confirmed,
        proofs=proofs,
        remark="" if proofs else basis,
    )


def _host(address: str) -> str:
    return address.split("/")[2].removeprefix("www.")


def _readable(text: str) -> str:
    """“2024-12-13” as “13 December 2024”, “2021-09” as “September 2021”, else as it stands."""
    parts = text.split("-")
    try:
        if len(parts) == 3:
            return date_format(date.fromisoformat(text), "j F Y")
        if len(parts) == 2:
            return date_format(date(int(parts[0]), int(parts[1]), 1), "F Y")
    except ValueError:
        pass
    return text
