"""Moments as editors write them: a day and a time in the site's time zone, which is always named.

Twice a year a clock time means nothing or two things; `parse` says so.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext

from .turns import moment as in_words


@dataclass(frozen=True)
class Moment:
    """A moment, and a sentence where its clock time comes twice that night."""

    at: datetime
    remark: str = ""


def zone_name() -> str:
    """The site's time zone as forms and lists name it."""
    return gettext("%(get_current_timezone_name)s time") % {
        "get_current_timezone_name": timezone.get_current_timezone_name()
    }


def parse(naive: datetime) -> Moment:
    """A clock time in the site's time zone as a moment.

    One that comes twice, when clocks go back, is the first of the two, and the remark says so.
    Raises forms.ValidationError for one that does not exist, when clocks go forward.
    """
    zone = timezone.get_current_timezone()
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if _goes_missing(first, naive, zone):
        later = first.astimezone(UTC).astimezone(zone)
        raise forms.ValidationError(
            gettext(
                "%(naive)s on %(naive_2)s does not exist in %(zone_name)s: clocks go "
                "forward that night. Choose %(later)s or another time."
            )
            % {
                "naive": f"{naive:%H:%M}",
                "naive_2": f"{naive:%d.%m.%Y}",
                "zone_name": zone_name(),
                "later": f"{later:%H:%M}",
            }
        )
    if first.utcoffset() != second.utcoffset():
        return Moment(
            first,
            gettext(
                "%(naive)s comes twice that night, as clocks go back; the first one is "
                "meant, %(in_words)s."
            )
            % {"naive": f"{naive:%H:%M}", "in_words": in_words(first)},
        )
    return Moment(first)


def _goes_missing(aware: datetime, naive: datetime, zone) -> bool:
    return aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) != naive


class MomentField(forms.DateTimeField):
    """A clock time in the site's time zone; its cleaned value is a Moment."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, **kwargs})
        self.input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return Moment(value)
        for written in self.input_formats:
            try:
                naive = datetime.strptime(str(value).strip(), written)  # noqa: DTZ007
            except ValueError:
                continue
            return parse(naive)
        raise forms.ValidationError(gettext("Write the moment as 2026-05-03 09:00."))

    def prepare_value(self, value):
        if isinstance(value, Moment):
            value = value.at
        return timezone.localtime(value) if isinstance(value, datetime) else value


def tomorrow_morning() -> datetime:
    """Nine o'clock on the next day: what a form for a moment begins with."""
    nine = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    return nine + timedelta(days=1)
