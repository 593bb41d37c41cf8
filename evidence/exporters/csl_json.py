"""CSL JSON, as citation processors and Zotero read it."""

from __future__ import annotations

import json

from .reference import OTHERS, Name, Reference

CONTENT_TYPE = "application/vnd.citationstyles.csl+json"
_TYPES = {"article": "article-journal", "report": "report"}


def write(references: list[Reference]) -> str:
    """The whole file."""
    return json.dumps(list(map(_item, references)), ensure_ascii=False, indent=1) + "\n"


def _item(reference: Reference) -> dict:
    names = [_name(name) for name in reference.names]
    if reference.has_others:
        names.append({"literal": OTHERS})
    fields = {
        "id": reference.key,
        "type": _TYPES[reference.kind],
        "title": reference.title,
        "author": names,
        "container-title": reference.journal if reference.kind == "article" else "",
        "publisher": "" if reference.kind == "article" else reference.journal,
        "issued": {"date-parts": [[int(reference.year)]]} if reference.year else None,
        "volume": reference.volume,
        "issue": reference.issue,
        "page": reference.pages,
        "DOI": reference.doi,
        "PMID": reference.pmid,
        "number": reference.nct,
        "URL": reference.url,
        "note": reference.note,
    }
    return {name: value for name, value in fields.items() if value}


def _name(name: Name) -> dict:
    if name.initials:
        return {"family": name.family, "given": name.dotted}
    return {"literal": name.family}
