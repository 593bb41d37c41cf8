"""From an article that was read to a draft on the site. Used by the command, API and admin."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from articles.models import Article, ImportRecord
from claims import queueing
from claims.knowledge import suggest
from claims.reports import FlaggedSentence, revision_report
from editorial import actions
from editorial.errors import WrongState
from editorial.models import Page, Revision
from editorial.text import Document
from therapies.models import Condition, Therapy

from .article import MAX_SLUG, ImportedArticle

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
MAX_TAG = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an article: `kind` is "created", "updated" or "unchanged".

    `claims` counts the claims found in the revision, `report` holds its open flags in the order
    of the text, `unknown` the conditions and therapies that the file names and the site has not.
    """

    kind: str
    page: Page
    revision: Revision
    claims: int = 0
    report: list[FlaggedSentence] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    published: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """Whether an administrator moves the article past the gate, why, and when it first appeared."""

    wanted: bool
    reason: str
    first_published_at: datetime | None


@transaction.atomic
def ingest(article: ImportedArticle, *, by, publish: bool = False, reason: str = "") -> Outcome:
    """Keep the article as a draft, or as the next revision of the page it became before.

    The same article twice changes nothing. Relations and tags that the file does not give are
    suggested from the names in its text. With `publish` an administrator moves it past the gate,
    with a reason (`editorial.actions.publish_override`). All or nothing: raises what the actions
    raise (InvalidContent, NotAllowed, WrongState) and then nothing is kept.
    """
    with queueing.once():
        return _ingest(article, by, publish, reason)


def _ingest(article: ImportedArticle, by, publish: bool, reason: str) -> Outcome:
    record = _record_of(article)
    page = record.page if record else _page_of(article)
    if record and record.digest == article.digest:
        newest = page.latest_revision()
        # What others wrote on top of the import is not this file's to publish.
        still_to_do = page.status == Page.Status.DRAFT and newest.author_id == by.pk
        override = Override(publish and still_to_do, reason, article.published_at)
        return _finish(UNCHANGED, page, newest, by, override)
    content, unknown = content_of(article, page)
    before = page.latest_revision() if page else None
    revision = actions.save_draft(
        kind=Article.KIND,
        content=content,
        by=by,
        page=page,
        note=f"From {article.source_name}",
        new_revision=True,
    )
    _remember(article, record, revision.page)
    if before is None:
        kind = CREATED
    else:
        same = before.pk == revision.pk and before.digest == revision.digest
        kind = UNCHANGED if same else UPDATED
    override = Override(publish, reason, article.published_at)
    return _finish(kind, revision.page, revision, by, override, unknown)


def _record_of(article: ImportedArticle) -> ImportRecord | None:
    """The record of this file, or of the same content under another name."""
    records = ImportRecord.objects.select_related("page")
    known = records.filter(source_name=_source_name(article)).first()
    return known or records.filter(digest=article.digest).first()


def _page_of(article: ImportedArticle) -> Page | None:
    """The page that the file itself names by its slug. A slug made of a title names none."""
    if not article.slug_given:
        return None
    return Page.objects.filter(kind=Article.KIND, slug=article.slug).first()


def _remember(article: ImportedArticle, record: ImportRecord | None, page: Page) -> None:
    ImportRecord.objects.update_or_create(
        page=record.page if record else page,
        defaults={"source_name": _source_name(article), "digest": article.digest},
    )


def _source_name(article: ImportedArticle) -> str:
    return article.source_name[-300:]


def content_of(article: ImportedArticle, page: Page | None) -> tuple[dict, tuple[str, ...]]:
    """(content for the article's form, names in the file that the site does not know)."""
    text = Document(article.title, article.summary, article.body_html).text
    found = suggest(text)
    conditions, unknown_conditions = _relations(Condition, article.conditions or ())
    therapies, unknown_therapies = _relations(Therapy, article.therapies or ())
    tags = [tag.replace('"', "").strip()[:MAX_TAG] for tag in article.tags or ()]
    content = {
        "title": article.title,
        "slug": _free_slug(article, page),
        "summary": article.summary,
        "body": article.body_html,
        "tags": found.tags if article.tags is None else [tag for tag in tags if tag],
        "conditions": found.conditions if article.conditions is None else conditions,
        "therapies": found.therapies if article.therapies is None else therapies,
    }
    return content, (*unknown_conditions, *unknown_therapies)


def _relations(model, names: tuple[str, ...]) -> tuple[list[int], list[str]]:
    """(primary keys of the pages that slugs or names mean, names that mean none)."""
    if not names:
        return [], []
    known: dict[str, int] = {}
    for pk, slug, title, others in model.objects.values_list("pk", "slug", "title", "other_names"):
        for name in (*others, title, slug):
            known[str(name).casefold()] = pk
    unknown = [name for name in names if name.casefold() not in known]
    return sorted({known[n.casefold()] for n in names if n.casefold() in known}), unknown


def _free_slug(article: ImportedArticle, page: Page | None) -> str:
    """The article's slug; another page's slug gets a number, and a known page keeps its own."""
    if page is not None and not article.slug_given:
        return page.slug
    base = article.slug or "article"
    others = Page.objects.filter(kind=Article.KIND, slug__startswith=base[: MAX_SLUG - 4])
    taken = set(others.exclude(pk=page.pk if page else None).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base[: MAX_SLUG - 4].rstrip('-')}-{number}"
    return slug


def _finish(kind, page, revision, by, override, unknown=()) -> Outcome:
    """The outcome, after publication if it was asked for and is still to be done."""
    published = False
    if override.wanted and page.status == Page.Status.WITHDRAWN:
        raise WrongState(
            f"“{page}” was withdrawn here, so an import does not publish it again. Do it by hand."
        )
    if override.wanted and page.live_revision_id != revision.pk:
        page = actions.publish_override(
            revision, by=by, reason=override.reason, first_published_at=override.first_published_at
        )
        published = True
    return Outcome(
        kind=kind,
        page=page,
        revision=revision,
        claims=revision.anchors.count(),
        report=revision_report(revision),
        unknown=tuple(unknown),
        published=published,
    )
