"""Texts put to the checker with everything that the site knows now."""

from collections import defaultdict

from claims import checker
from editorial.text import Document
from evidence.citations import on_purpose
from evidence.models import Source
from therapies.models import Condition, Therapy

from .knowledge import checker_knowledge
from .ruling import site_rules


def report_on(content: dict, page=None) -> tuple[Document, checker.Report]:
    """What the checker says of this content of a page, with what the site knows now."""
    document = Document.of(content)
    return document, read_texts([(document, page)])[0]


def read_texts(texts, rules=None, *, closely: bool = True) -> list[checker.Report]:
    """What the checker says of each (document, page or None), by the site's rules where no others
    are given. Without `closely`, what it is in doubt about is not read by its network.

    A retracted source that the page cites on purpose is left out: it neither supports nor stops.
    Seven queries for any number of texts.
    """
    rules = rules or site_rules()
    names, assessments = checker_knowledge()
    keys = {key for document, _ in texts for key in document.source_keys}
    sources = Source.objects.by_key(keys)
    about = _about({source.pk for source in sources.values()})
    meant = {}
    if any(source.is_retracted for source in sources.values()):
        meant = on_purpose({page.pk for _, page in texts if page is not None})
    known = {key: _known(source, about) for key, source in sources.items()}
    return [
        checker.check(
            document.text,
            blocks=[checker.Block(b.start, b.end, b.kind) for b in document.blocks],
            citations=_citations(document, meant.get(page and page.pk, {}), sources, known),
            names=names,
            assessments=assessments,
            rules=rules,
            notes=False,
            closely=closely,
        )
        for document, page in texts
    ]


def _citations(document, meant, sources, known) -> list[checker.Citation]:
    return [
        checker.Citation(c.position, c.source, **known.get(c.source, {}))
        for c in document.citations
        if c.source not in sources or sources[c.source].pk not in meant
    ]


def _about(sources: set[int]) -> dict[tuple[int, str], set[str]]:
    """The slugs of what sources are about, by source and kind."""
    found = defaultdict(set)
    if sources:
        rows = Source.about.through.objects.filter(source__in=sources)
        for source, kind, slug in rows.values_list("source", "page__kind", "page__slug"):
            found[source, kind].add(slug)
    return found


def _known(source, about) -> dict:
    """What the checker is told of a source."""
    return {
        "retracted": source.is_retracted,
        "therapies": frozenset(about.get((source.pk, Therapy.KIND), ())),
        "conditions": frozenset(about.get((source.pk, Condition.KIND), ())),
        "design": source.design,
        "year": source.year,
    }
