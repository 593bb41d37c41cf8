"""`{% source_line source %}`: a source as a line. Popular sources stand on hundreds of pages, so
a process remembers the lines that it made last, by all that they say."""

from functools import lru_cache
from operator import attrgetter

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from evidence.models import LINE_FIELDS, Source

register = template.Library()
_FIELDS = ("id", *LINE_FIELDS)
_values = attrgetter(*_FIELDS)


@register.simple_tag
def source_line(source) -> SafeString:
    """Who, what, where, when; design; the record itself; its notice."""
    make = _made_anew if settings.DEBUG else _made
    return make(_values(source), get_language())


def _made_anew(values: tuple, language: str) -> SafeString:
    # From these values alone, so that what is remembered cannot say anything else.
    source = Source(**dict(zip(_FIELDS, values, strict=True)))
    context = Context({"source": source})
    # The template escaped what it was given.
    return mark_safe(get_template("evidence/source_line.html").template.render(context))


_made = lru_cache(maxsize=2048)(_made_anew)
