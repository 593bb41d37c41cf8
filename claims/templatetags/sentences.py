"""Sentences as readers see them."""

import re

from django import template

register = template.Library()

_BLANK_OF_A_CITATION = re.compile(r"\s+([.,;:!?)])")


@register.filter
def readable(sentence: str) -> str:
    """A sentence without the blanks that its citations leave behind before a full stop."""
    return _BLANK_OF_A_CITATION.sub(r"\1", sentence)
