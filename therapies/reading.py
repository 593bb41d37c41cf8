"""What upper rooms add to the page of one pair, as `editorial.reading` does for pages."""

from collections.abc import Callable

_additions: list[Callable] = []


def on_reading_assessment(function: Callable) -> Callable:
    """Register `function(assessment) -> dict`: names and values that the pair's page may use, and
    under `keys` what it shows (see `editorial.freshness`)."""
    if function not in _additions:
        _additions.append(function)
    return function


def context_of(assessment) -> dict:
    """What all the rooms add; `keys` names all that the pair's page shows."""
    context = {}
    keys = {
        f"assessment:{assessment.pk}",
        f"page:{assessment.therapy_id}",
        f"page:{assessment.condition_id}",
    }
    for addition in _additions:
        added = addition(assessment)
        keys |= added.pop("keys", set())
        context |= added
    return context | {"keys": keys}
