"""Texts put to the checker with everything that the site knows now."""

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


def read_texts(texts, rules=None) -> list[checker.Report]:
    """What the checker says of each (document, page or None), by the site's rules where no others
    are given.

    A retracted source that the page cites on purpose is left out: it neither supports nor stops.
    Six queries for any number of texts, and one for each that cites a retracted source.
    """
    rules = rules or site_rules()
    names, assessments = checker_knowledge()
    keys = {key for document, _ in texts for key in document.source_keys}
    sources = Source.objects.prefetch_related("about").by_key(keys)
    known = {key: _known(source) for key, source in sources.items()}
    return [
        checker.check(
            document.text,
            blocks=[checker.Block(b.start, b.end, b.kind) for b in document.blocks],
            citations=_citations(document, page, sources, known),
            names=names,
            assessments=assessments,
            rules=rules,
        )
        for document, page in texts
    ]


def _citations(document, page, sources, known) -> list[checker.Citation]:
    cited = [sources[c.source] for c in document.citations if c.source in sources]
    meant = set()
    if page is not None and any(source.is_retracted for source in cited):
        meant = on_purpose(page).keys()
    return [
        checker.Citation(c.position, c.source, **known.get(c.source, {}))
        for c in document.citations
        if c.source not in sources or sources[c.source].pk not in meant
    ]


def _known(source) -> dict:
    """What the checker is told of a source."""
    about = source.about.all()
    return {
        "retracted": source.is_retracted,
        "therapies": frozenset(page.slug for page in about if page.kind == Therapy.KIND),
        "conditions": frozenset(page.slug for page in about if page.kind == Condition.KIND),
        "design": source.design,
        "year": source.year,
    }
