"""What upper rooms add to the page of one pair, as `editorial.reading` does for pages."""

from collections.abc import Callable

_additions: list[Callable] = []


def on_reading_assessment(function: Callable) -> Callable:
    """Register `function(assessment) -> dict`: names and values that the pair's page may use."""
    if function not in _additions:
        _additions.append(function)
    return function


def context_of(assessment) -> dict:
    """What all the rooms add."""
    context = {}
    for addition in _additions:
        context |= addition(assessment)
    return context
