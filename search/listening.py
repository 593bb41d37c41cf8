"""What the index hears of changes, each in the transaction that made it."""

from . import claim_index, facets


def became_stale(keys: frozenset[str]) -> None:
    """Claims that stand otherwise, and assessments that pages are narrowed by, are indexed anew.
    Listens to `editorial.freshness.on_stale`."""
    pages = [int(key.removeprefix("page:")) for key in keys if key.startswith("page:")]
    if pages and "list:claim" in keys:
        claim_index.refresh(pages)
    if pages and "list:assessment" in keys:
        facets.refresh(pages)


def reviewed(page) -> None:
    """A live text was read again. Listens to `editorial.registry.on_reviewed`."""
    facets.refresh([page.pk])
