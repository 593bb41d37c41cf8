"""From an address to what the results are narrowed by. What cannot be meant is passed over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from editorial.models import Page

from . import engine
from .facets import CERTAINTIES, REVIEWED, Choice, Facet, Limits

NAMES = ("kind", "condition", "therapy", "certainty", "reviewed")
_LONGEST_SLUG = 120


def limits_of(parameters: Mapping[str, str]) -> Limits:
    """The limits in `kind=`, `condition=` and `therapy=` (slugs), `certainty=`, `reviewed=`
    (months). Costs a query only where a condition or therapy is named."""
    given = {name: parameters.get(name, "") for name in NAMES}
    slugs = {
        (kind, given[kind])
        for kind in ("condition", "therapy")
        if given[kind].isascii() and 0 < len(given[kind]) <= _LONGEST_SLUG
    }
    pages = _pages(slugs) if slugs else {}
    kinds = {*engine.kinds(), engine.CLAIM}
    return Limits(
        kind=given["kind"] if given["kind"] in kinds else None,
        condition=pages.get(("condition", given["condition"])),
        therapy=pages.get(("therapy", given["therapy"])),
        certainty=given["certainty"] if given["certainty"] in CERTAINTIES else None,
        reviewed=given["reviewed"] if given["reviewed"] in REVIEWED else None,
    )


def _pages(slugs) -> dict[tuple[str, str], int]:
    rows = Page.objects.published().filter(
        kind__in=[kind for kind, _ in slugs],
        slug__in=[slug for _, slug in slugs if "\0" not in slug],
    )
    return {(kind, slug): pk for pk, kind, slug in rows.values_list("pk", "kind", "slug")}


@dataclass(frozen=True)
class Link:
    """A choice and the address that takes it, or takes it back if it is chosen."""

    choice: Choice
    address: str


def linked(facets: Iterable[Facet], parameters: QueryDict) -> list[tuple[Facet, list[Link]]]:
    """Each facet with its choices as links from this address; the page of results is dropped."""
    return [
        (facet, [Link(choice, _address(facet, choice, parameters)) for choice in facet.choices])
        for facet in facets
    ]


def _address(facet: Facet, choice: Choice, parameters: QueryDict) -> str:
    changed = parameters.copy()
    for name in (facet.name, "page"):
        changed.pop(name, None)
    if not choice.is_chosen:
        changed[facet.name] = choice.value
    return f"?{changed.urlencode()}"
