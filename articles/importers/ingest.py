"""From articles that were read to drafts on the site, one or many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, transaction
from django.db.models import Count, Q

from articles.models import Article, ImportRecord
from claims import queueing
from claims.models import Anchor
from claims.reports import FlaggedSentence, revision_reports
from editorial import actions
from editorial.errors import Refused, WrongState
from editorial.models import Page, Revision
from editorial.rows import insert

from .article import ImportedArticle
from .content import contents_of

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


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


@dataclass(slots=True)
class _Kept:
    """An article on its way in: what the site has of it, and then what became of it."""

    article: ImportedArticle
    record: ImportRecord | None = None
    page: Page | None = None
    kind: str = ""
    revision: Revision | None = None
    unknown: tuple[str, ...] = ()
    may_publish: bool = True
    published: bool = False


def ingest(article: ImportedArticle, *, by, publish: bool = False, reason: str = "") -> Outcome:
    """Keep the article as a draft, or as the next revision of the page it became before.

    The same article twice changes nothing. Relations and tags that the file does not give are
    suggested from the names in its text. With `publish` an administrator moves it past the gate,
    with a reason (`editorial.actions.publish_override`). All or nothing: raises what the actions
    raise (InvalidContent, NotAllowed, WrongState) and then nothing is kept.
    """
    return _ingest([article], by, publish, reason)[0]


def ingest_many(
    articles: Sequence[ImportedArticle], *, by, publish: bool = False, reason: str = ""
) -> list[Outcome | Refused | DatabaseError]:
    """The same for many articles, in few statements: the outcome of each, or why it was refused.

    Where one is refused the rest are tried again in halves, so that it costs the others nothing
    but time. Each part is one transaction.
    """
    try:
        return _ingest(articles, by, publish, reason) if articles else []
    except (Refused, DatabaseError) as error:
        if len(articles) == 1:
            return [error]
    middle = len(articles) // 2
    halves = articles[:middle], articles[middle:]
    return [
        outcome
        for half in halves
        for outcome in ingest_many(half, by=by, publish=publish, reason=reason)
    ]


@transaction.atomic
def _ingest(articles, by, publish: bool, reason: str) -> list[Outcome]:
    kept: list[_Kept] = []
    with queueing.once():
        for run in _runs(articles):
            rows = _known(run)
            _begin([row for row in rows if row.page is None], by)
            _go_on([row for row in rows if row.kind == ""], by)
            if publish:
                _publish(rows, by, reason)
            kept += rows
    return _outcomes(kept)


def _runs(articles) -> Iterator[list[ImportedArticle]]:
    """The articles in order, in stretches in which none can be about the page of another."""
    run, seen = [], set()
    for article in articles:
        marks = {_source_name(article), article.digest, f"slug {article.slug}"}
        if seen & marks:
            yield run
            run, seen = [], set()
        run.append(article)
        seen |= marks
    yield run


def _known(articles) -> list[_Kept]:
    """Each article with the record of its file, or of the same content under another name, and
    the page that this or a slug in the file names. A slug made of a title names none."""
    names = [_source_name(article) for article in articles]
    digests = [article.digest for article in articles]
    records = ImportRecord.objects.filter(Q(source_name__in=names) | Q(digest__in=digests))
    records = list(records.select_related("page__live_revision").order_by("-pk"))
    by_name = {record.source_name: record for record in records}
    by_digest = {record.digest: record for record in records}
    slugs = [article.slug for article in articles if article.slug_given]
    standing = Page.objects.filter(kind=Article.KIND, slug__in=slugs)
    pages = {page.slug: page for page in standing.select_related("live_revision")}
    rows = []
    for article, name in zip(articles, names, strict=True):
        record = by_name.get(name) or by_digest.get(article.digest)
        named = pages.get(article.slug) if article.slug_given else None
        rows.append(_Kept(article, record, record.page if record else named))
    return rows


def _source_name(article: ImportedArticle) -> str:
    return article.source_name[-300:]


def _begin(rows: list[_Kept], by) -> None:
    """Make pages of articles that the site has not."""
    if not rows:
        return
    contents = contents_of([(row.article, None) for row in rows])
    new = [
        actions.NewPage(content, f"From {row.article.source_name}")
        for row, (content, _) in zip(rows, contents, strict=True)
    ]
    revisions = actions.begin_pages(new, kind=Article.KIND, by=by)
    for row, revision, (_, unknown) in zip(rows, revisions, contents, strict=True):
        row.kind, row.revision, row.page, row.unknown = CREATED, revision, revision.page, unknown
    insert(
        ImportRecord,
        ["page_id", "source_name", "digest"],
        [(row.page.pk, _source_name(row.article), row.article.digest) for row in rows],
    )


def _go_on(rows: list[_Kept], by) -> None:
    """Save what was imported before and has changed as the next revision of its page."""
    newest = _newest([row.page for row in rows])
    for row in rows:
        before = newest[row.page.pk]
        if row.record and row.record.digest == row.article.digest:
            # What others wrote on top of the import is not this file's to publish.
            is_own = before.author_id == by.pk
            row.may_publish = row.page.status == Page.Status.DRAFT and is_own
            row.kind, row.revision = UNCHANGED, before
        else:
            _save_again(row, before, by)


def _newest(pages: list[Page]) -> dict[int, Revision]:
    """What an editor would open of each page, by primary key; one query for most."""
    current = Revision.objects.at_work().filter(page__in=[page.pk for page in pages])
    found = {revision.page_id: revision for revision in current}
    return {p.pk: found.get(p.pk) or p.live_revision or p.latest_revision() for p in pages}


def _save_again(row: _Kept, before: Revision, by) -> None:
    article, page = row.article, row.page
    ((content, row.unknown),) = contents_of([(article, page)])
    row.revision = actions.save_draft(
        kind=Article.KIND,
        content=content,
        by=by,
        page=page,
        note=f"From {article.source_name}",
        new_revision=True,
    )
    row.page = row.revision.page
    ImportRecord.objects.update_or_create(
        page=row.record.page if row.record else row.page,
        defaults={"source_name": _source_name(article), "digest": article.digest},
    )
    same = before.pk == row.revision.pk and before.digest == row.revision.digest
    row.kind = UNCHANGED if same else UPDATED


def _publish(rows: list[_Kept], by, reason: str) -> None:
    """Move past the gate what is to be published and is not yet."""
    rows = [row for row in rows if row.may_publish]
    for row in rows:
        if row.page.status == Page.Status.WITHDRAWN:
            raise WrongState(
                f"“{row.page}” was withdrawn here, so an import does not publish it again. Do it "
                "by hand."
            )
    rows = [row for row in rows if row.page.live_revision_id != row.revision.pk]
    if not rows:
        return
    overrides = [actions.Override(row.revision, row.article.published_at) for row in rows]
    pages = actions.publish_overrides(overrides, by=by, reason=reason)
    for row, page in zip(rows, pages, strict=True):
        row.page, row.published = page, True


def _outcomes(rows: list[_Kept]) -> list[Outcome]:
    revisions = [row.revision for row in rows]
    reports = revision_reports(revisions)
    anchors = Anchor.objects.filter(revision__in=[r.pk for r in revisions]).order_by()
    claims = dict(anchors.values_list("revision").annotate(Count("pk")))
    return [
        Outcome(
            kind=row.kind,
            page=row.page,
            revision=row.revision,
            claims=claims.get(row.revision.pk, 0),
            report=reports[row.revision.pk],
            unknown=tuple(row.unknown),
            published=row.published,
        )
        for row in rows
    ]
