"""Which revision cites which source, and what that forbids."""

from editorial.registry import Obstacle
from editorial.text import Document

from .models import RevisionCitation, Source


def record_citations(revision) -> None:
    """Rewrite the revision's citation rows from its text. Unknown keys are left to the gate."""
    keys = Document.of(revision.content).source_keys
    sources = Source.objects.in_bulk(keys, field_name="key")
    revision.cited.all().delete()
    RevisionCitation.objects.bulk_create(
        RevisionCitation(revision=revision, source=sources[key], order=order)
        for order, key in enumerate(keys, 1)
        if key in sources
    )


def citation_obstacles(revision):
    """A retracted source, or one that does not exist, stops publication, naming the sentence."""
    document = Document.of(revision.content)
    sources = Source.objects.in_bulk(document.source_keys, field_name="key")
    for cited in document.citations:
        source = sources.get(cited.source)
        where = _before(document.text, cited.position)
        if source is None:
            yield Obstacle(
                "unknown_source",
                f"The citation after “…{where}” names “{cited.source}”, which is not among the "
                "sources. Cite a source that is, or add it.",
            )
        elif source.is_retracted:
            yield Obstacle(
                "retracted_source",
                f"The citation after “…{where}” is of {source.label}, which was retracted. "
                "Cite another source or take the sentence out.",
                source.get_absolute_url(),
            )


def _before(text: str, position: int, length: int = 60) -> str:
    return text[max(0, position - length) : position].strip()
