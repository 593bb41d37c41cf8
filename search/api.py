"""The read API's search: the same answers as the search page."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import ConfigDict

from . import engine, narrowing
from .query import QueryTooLong

READ = ["GET", "HEAD"]
router = Router(tags=["search"])


class Problem(Schema):
    """Why there is no answer: a sentence, or for an odd parameter a list that names it."""

    detail: Any


class SearchResult(Schema):
    """One page or claim found. `snippet` is HTML: escaped text with `<mark>` around what was
    found. Of a claim, `title` is its sentence, `summary` the title of its page, and `state` what
    was decided about it."""

    url: str
    title: str
    kind: str
    kind_label: str
    summary: str
    snippet: str
    state: str = ""


class Choice(Schema):
    """One way to narrow the results, and how many that leaves."""

    value: str
    label: str
    count: int
    is_chosen: bool


class Facet(Schema):
    """Choices of one sort; `name` is the parameter that takes their values."""

    name: str
    label: str
    choices: list[Choice]


class Meaning(Schema):
    """What a short name can mean; `query` is empty where no page is about it."""

    text: str
    query: str


class Question(Schema):
    """A short name in the query that means several things."""

    name: str
    meanings: list[Meaning]


class SearchAnswer(Schema):
    """One page of results. `is_partial`: no page has all of the words, these have some."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "query": "lupus",
                "results": [
                    {
                        "url": "/conditions/systemic-lupus-erythematosus/",
                        "title": gettext_lazy("Systemic lupus erythematosus"),
                        "kind": "condition",
                        "kind_label": "Condition",
                        "summary": gettext_lazy("A long-term condition."),
                        "snippet": gettext_lazy("In <mark>lupus</mark> …"),
                        "state": "",
                    }
                ],
                "count": 1,
                "did_you_mean": None,
                "is_partial": False,
                "page": 1,
                "pages": 1,
                "claims": [],
                "claim_count": 0,
                "facets": [],
                "question": None,
            }
        }
    )

    query: str
    results: list[SearchResult]
    count: int
    did_you_mean: str | None
    is_partial: bool
    page: int
    pages: int
    claims: list[SearchResult]
    claim_count: int
    facets: list[Facet]
    question: Question | None


class Offer(Schema):
    """A page to go to; `name` is the other name that fits what was typed, or empty."""

    title: str
    url: str
    kind: str
    name: str


@router.api_operation(
    READ,
    "/search",
    response={200: SearchAnswer, 400: Problem, 422: Problem},
    summary=gettext_lazy("Search published pages and claims"),
)
def search(
    request: HttpRequest,
    q: str,
    kind: str = "",
    condition: str = "",
    therapy: str = "",
    certainty: str = "",
    reviewed: str = "",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
):
    """Pages that readers find for `q`, best first; `kind=claim` finds sentences instead.

    `condition` and `therapy` are slugs, `reviewed` a number of months: the values of `facets`.
    """
    given = {
        "kind": kind,
        "condition": condition,
        "therapy": therapy,
        "certainty": certainty,
        "reviewed": reviewed,
    }
    limits = narrowing.limits_of(given)
    for name, value in given.items():
        if value and not getattr(limits, name):
            raise HttpError(
                400,
                gettext("There is no %(name)s “%(value)s” to narrow the results by.")
                % {"name": name, "value": value[:80]},
            )
    try:
        found = engine.search(q, page=page, limits=limits)
    except QueryTooLong as error:
        raise HttpError(400, str(error)) from error
    same = ("results", "count", "did_you_mean", "is_partial", "pages")
    same += ("claims", "claim_count", "facets", "question")
    return {"query": q, "page": found.number} | {name: getattr(found, name) for name in same}


@router.api_operation(
    READ,
    "/search/suggest",
    response={200: list[Offer], 422: Problem},
    summary=gettext_lazy("Names that begin so"),
)
def suggest(request: HttpRequest, q: str):
    """At most eight pages for what was typed so far."""
    return engine.suggest(q)
