"""The shapes of what the read API answers, each with an example."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema
from pydantic import ConfigDict

MOST = 100
Slug = Annotated[str, Query(pattern=r"^[-a-zA-Z0-9_]*$", max_length=120)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many items, at most.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="How many items to pass over.")]


def _example(**values) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": values})


class Problem(Schema):
    """Why there is no answer: a sentence, or for an odd parameter a list that names it."""

    model_config = _example(detail="Not Found")

    detail: Any


class PageItem(Schema):
    """A published page. `reviewed_at` is empty for text not yet reviewed here."""

    model_config = _example(
        url="/conditions/psoriasis/",
        kind="condition",
        slug="psoriasis",
        title="Psoriasis",
        summary="A long-term condition of the skin.",
        first_published_at="2026-11-22T09:00:00Z",
        published_at="2026-11-22T09:00:00Z",
        reviewed_at="2026-11-21T09:00:00Z",
        review_due="2027-11-21",
        is_review_overdue=False,
    )

    url: str
    kind: str
    slug: str
    title: str
    summary: str
    first_published_at: datetime
    published_at: datetime
    reviewed_at: datetime | None
    review_due: date | None
    is_review_overdue: bool


class PagePart(Schema):
    """A part of a condition's or therapy's page besides its text, such as `help_now`."""

    name: str
    html: str


class PageFull(PageItem):
    """A published page with its text and its other parts, in the order in which readers meet
    those. Only conditions and therapies have `parts` and `other_names`, only conditions
    `symptoms`, only therapies `harms`."""

    model_config = _example(
        **PageItem.model_config["json_schema_extra"]["example"],
        body_html="<p>What is known.</p>",
        parts=[{"name": "about", "html": "<p>A disease of the skin.</p>"}],
        symptoms=["scaly patches"],
        harms=[],
        tags=["skin"],
        other_names=["plaque psoriasis"],
        written_by="Ada Author",
        reviewed_by="Rita Reviewer",
        sources=["example-2020"],
    )

    body_html: str
    parts: list[PagePart]
    symptoms: list[str]
    harms: list[str]
    tags: list[str]
    other_names: list[str]
    written_by: str
    reviewed_by: str
    sources: list[str]


class SourceItem(Schema):
    """A bibliographic record. If `title_is_description`, its title only describes it. `standing`
    is sound, corrected, concern or retracted."""

    model_config = _example(
        id=1,
        key="example-2020",
        url="/sources/1/",
        title="An example",
        title_is_description=False,
        authors="Example A, et al",
        journal="Journal of Examples",
        year=2020,
        doi="10.1000/example",
        pmid=None,
        nct=None,
        design="randomised trial",
        standing="sound",
        link="https://doi.org/10.1000/example",
    )

    id: int
    key: str
    url: str
    title: str
    title_is_description: bool
    authors: str
    journal: str
    year: int | None
    doi: str | None
    pmid: int | None
    nct: str | None
    design: str
    standing: str
    link: str


class ClaimItem(Schema):
    """A claim as it stands on a published page, and the sources it rests on."""

    model_config = _example(
        id=7,
        url="/claims/7/",
        sentence="It may ease pain in some people.",
        state="supported",
        state_label="supported by its sources",
        strength=1,
        page_url="/articles/an-example/",
        page_title="An example",
        sources=["example-2020"],
    )

    id: int
    url: str
    sentence: str
    state: str
    state_label: str
    strength: int
    page_url: str
    page_title: str
    sources: list[str]


class OutcomeItem(Schema):
    """One outcome in natural frequencies: of `among` people over a time, so many with the therapy
    and so many without. Without figures it says only that it happens."""

    model_config = _example(
        axis="benefit",
        what="remission",
        among=100,
        with_therapy=40,
        without_therapy=25,
        compared_with="placebo",
        over="1 year",
        people=200,
        studies=2,
        certainty="moderate",
        source="example-2020",
    )

    axis: str
    what: str
    among: int | None
    with_therapy: int | None
    without_therapy: int | None
    compared_with: str
    over: str
    people: int | None
    studies: int | None
    certainty: str
    source: str | None


class AssessmentItem(Schema):
    """What the evidence says of a therapy for a condition, as approved. `direction` says where the
    finding points, `certainty` how surely; `footing` what is left of its sources; `version` which
    approved version this is, empty where it was written before there were versions."""

    model_config = _example(
        url="/evidence/an-example/psoriasis/",
        therapy="an-example",
        condition="psoriasis",
        certainty="low",
        direction="benefit",
        stage="in trials",
        footing="sound",
        summary="It may help some people.",
        note="",
        main_harm="infection",
        outcomes=[OutcomeItem.model_config["json_schema_extra"]["example"]],
        sources=["example-2020"],
        version=2,
        approved_by="Rita Reviewer",
        approved_at="2026-11-22T09:00:00Z",
        searched_on="2026-11-01",
        searched_where="PubMed",
        updated_at="2026-11-22T09:00:00Z",
    )

    url: str
    therapy: str
    condition: str
    certainty: str
    direction: str
    stage: str
    footing: str
    summary: str
    note: str
    main_harm: str
    outcomes: list[OutcomeItem]
    sources: list[str]
    version: int | None
    approved_by: str
    approved_at: datetime | None
    searched_on: date | None
    searched_where: str
    updated_at: datetime


class CorrectionItem(Schema):
    """What was corrected. `after` is empty where the sentence was taken out; `hash` covers the row
    and `previous_hash`."""

    model_config = _example(
        id=3,
        page_url="/articles/an-example/",
        page_title="An example",
        before="It cures pain.",
        after="It may ease pain.",
        reason="The study does not show a cure.",
        seriousness="conclusion",
        made_at="2026-11-22T09:00:00Z",
        previous_hash="0" * 64,
        hash="f" * 64,
    )

    id: int
    page_url: str
    page_title: str
    before: str
    after: str
    reason: str
    seriousness: str
    made_at: datetime
    previous_hash: str
    hash: str


class Pages(Schema):
    """Some published pages and how many there are."""

    count: int
    items: list[PageItem]


class Sources(Schema):
    """Some sources and how many there are."""

    count: int
    items: list[SourceItem]


class Claims(Schema):
    """Some claims and how many there are."""

    count: int
    items: list[ClaimItem]


class Assessments(Schema):
    """Some assessments and how many there are."""

    count: int
    items: list[AssessmentItem]


class Corrections(Schema):
    """Some corrections and how many there are."""

    count: int
    items: list[CorrectionItem]
