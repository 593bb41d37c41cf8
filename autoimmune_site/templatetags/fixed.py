"""Parts of pages that are the same on many pages, made once a process; and days."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ..context import SITE_NAME

register = template.Library()


@register.simple_tag
def fixed(name: str, **values: str) -> SafeString:
    """Include a template that needs SITE_NAME, SITE_URL, these few words and nothing else."""
    make = _made_anew if settings.DEBUG else _made
    return make(name, settings.SITE_URL, get_language(), tuple(values.items()))


def _made_anew(name: str, site_url: str, language: str, values: tuple) -> SafeString:
    context = Context({"SITE_NAME": SITE_NAME, "SITE_URL": site_url, **dict(values)})
    # The template escaped what it was given.
    return mark_safe(get_template(name).template.render(context))


_made = lru_cache(maxsize=256)(_made_anew)


@register.filter
def day(moment) -> SafeString | str:
    """A day as readers see it, with the same for machines; of a moment, the day it was here."""
    if not moment:
        return ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return _day(moment, get_language())


@lru_cache(maxsize=1024)
def _day(date, language) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time>', date.isoformat(), date_format(date, "j F Y")
    )
