"""Which revision cites which source, and what that forbids."""

from django.urls import reverse
from django.utils.translation import gettext

from editorial import freshness
from editorial.registry import Obstacle
from editorial.text import Document

from .models import RevisionCitation, Source


def record_citations(revision) -> None:
    """Rewrite the revision's citation rows from its text. Unknown keys are left to the gate."""
    keys = Document.of(revision.content).source_keys
    sources = Source.objects.by_key(keys)
    cited = list(dict.fromkeys(sources[key] for key in keys if key in sources))
    revision.cited.all().delete()
    RevisionCitation.objects.bulk_create(
        RevisionCitation(revision=revision, source=source, order=order)
        for order, source in enumerate(cited, 1)
    )


def page_changed(page, before, after) -> None:
    """The pages of sources name where they are cited; part of that transaction."""
    texts = [revision.pk for revision in (before, after) if revision]
    cited = RevisionCitation.objects.filter(revision__in=texts)
    freshness.stale(*freshness.keys_of("source", cited.values_list("source", flat=True)))


def on_purpose(page) -> dict[int, str]:
    """Why this page cites retracted sources on purpose: the reasons by primary key of source."""
    return dict(page.acknowledgements.values_list("source", "reason"))


def citation_obstacles(revision):
    """A retracted source, or one that does not exist, stops publication, naming the sentence."""
    document = Document.of(revision.content)
    sources = Source.objects.by_key(document.source_keys)
    retracted = any(source.is_retracted for source in sources.values())
    meant = on_purpose(revision.page) if retracted else {}
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
