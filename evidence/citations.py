"""Which revision cites which source, and what that forbids."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from editorial import freshness
from editorial.registry import Obstacle
from editorial.rows import insert
from editorial.text import Document

from .models import Acknowledgement, RevisionCitation, Source


def record_citations(revisions) -> None:
    """Rewrite the revisions' citation rows from their texts. Unknown keys are left to the gate."""
    keys = [revision.document.source_keys for revision in revisions]
    sources = Source.objects.by_key({key for some in keys for key in some})
    rows = []
    for revision, some in zip(revisions, keys, strict=True):
        cited = dict.fromkeys(sources[key] for key in some if key in sources)
        rows += ((revision.pk, source.pk, order) for order, source in enumerate(cited, 1))
    RevisionCitation.objects.filter(revision__in=[r.pk for r in revisions]).delete()
    insert(RevisionCitation, ["revision_id", "source_id", "order"], rows)


def pages_changed(changes) -> None:
    """The pages of sources name where they are cited; part of that transaction."""
    texts = [revision.pk for change in changes for revision in change[1:] if revision]
    cited = RevisionCitation.objects.filter(revision__in=texts)
    freshness.stale(*freshness.keys_of("source", cited.values_list("source", flat=True)))


def on_purpose(pages: Iterable[int]) -> dict[int, dict[int, str]]:
    """Why pages cite retracted sources on purpose: the reasons by primary keys of page and source.

    Pages that cite none are left out.
    """
    found: dict[int, dict[int, str]] = {}
    rows = Acknowledgement.objects.filter(page__in=pages)
    for page, source, reason in rows.values_list("page", "source", "reason"):
        found.setdefault(page, {})[source] = reason
    return found


def citation_obstacles(revision):
    """A retracted source, or one that does not exist, stops publication, naming the sentence."""
    document = Document.of(revision.content)
    sources = Source.objects.by_key(document.source_keys)
    retracted = any(source.is_retracted for source in sources.values())
    meant = on_purpose([revision.page_id]).get(revision.page_id, {}) if retracted else {}
    for cited in document.citations:
        source = sources.get(cited.source)
        where = _before(document.text, cited.position)
        if source is None:
            yield Obstacle(
                "unknown_source",
                gettext(
                    "The citation after “…%(where)s” names “%(source)s”, which is not among "
                    "the sources. Cite a source that is, or add it."
                )
                % {"where": where, "source": cited.source},
            )
        elif source.is_retracted and source.pk not in meant:
            yield Obstacle(
                "retracted_source",
                gettext(
                    "The citation after “…%(where)s” is of %(label)s, which was retracted. "
                    "Cite another source or take the sentence out. Where the text is about "
                    "the retraction, a moderator can say that the page cites it on purpose."
                )
                % {"where": where, "label": source.label},
                reverse("admin:evidence_source_change", args=[source.pk]),
            )


def _before(text: str, position: int, length: int = 60) -> str:
    return text[max(0, position - length) : position].strip()
