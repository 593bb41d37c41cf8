"""The read API's search: the same answers as the search page."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from . import engine
from .query import QueryTooLong

READ = ["GET", "HEAD"]
router = Router(tags=["search"])


class SearchResult(Schema):
    """One page found; `snippet` is HTML: escaped text with `<mark>` around what was found."""

    url: str
    title: str
    kind: str
    kind_label: str
    summary: str
    snippet: str


class SearchAnswer(Schema):
    """One page of results. `is_partial`: no page has all of the words, these have some."""

    query: str
    results: list[SearchResult]
    count: int
    did_you_mean: str | None
    is_partial: bool
    page: int
    pages: int


class Offer(Schema):
    """A page to go to; `name` is the other name that fits what was typed, or empty."""

    title: str
    url: str
    kind: str
    name: str


@router.api_operation(READ, "/search", response=SearchAnswer, summary="Search published pages")
def search(
    request: HttpRequest,
    q: str,
    kind: str = "",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
):
    """Pages that readers find for `q`, best first."""
    if kind and kind not in engine.kinds():
        raise HttpError(400, f"There is no kind “{kind}”. Kinds: {', '.join(engine.kinds())}.")
    try:
        found = engine.search(q, kind=kind or None, page=page)
    except QueryTooLong as error:
        raise HttpError(400, str(error)) from error
    return {
        "query": q,
        "results": found.results,
        "count": found.count,
        "did_you_mean": found.did_you_mean,
        "is_partial": found.is_partial,
        "page": found.number,
        "pages": found.pages,
    }


@router.api_operation(READ, "/search/suggest", response=list[Offer], summary="Names that begin so")
def suggest(request: HttpRequest, q: str):
    """At most eight pages for what was typed so far."""
    return engine.suggest(q)
