"""What was searched for and not found, kept as a list of what might be written. No personal data.

Only the folded words, on how many days, and the last of them. What might tell of a person is not
kept at all: an address, a number, a sentence. Nothing is kept of who asked.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from .models import Miss
from .query import Query

MOST_KEPT = 5000
MOST_NEW_A_DAY = 500
MOST_WORDS = 6
MOST_DIGITS = 2  # of one word: IL-17 and CD20 have two, telephone numbers and dates more
FORGOTTEN_AFTER = 90  # days, when nobody asked on a second one
_MARKS = ("@", "://", "www.")


def note(query: Query) -> None:
    """Count a search that found nothing: once a day, and only if no word may tell of a person."""
    words = wanted(query)
    if not words:
        return
    today = timezone.localdate()
    row = Miss.objects.filter(words=words).first()
    if row is None:
        _begin(words, today)
    elif row.last_day < today:
        Miss.objects.filter(pk=row.pk, last_day__lt=today).update(
            days=F("days") + 1, last_day=today
        )


def wanted(query: Query) -> str:
    """The words that may be kept of a query, or nothing."""
    text, words = query.text, [token.word for token in query.tokens]
    if any(mark in text.casefold() for mark in _MARKS) or not 0 < len(words) <= MOST_WORDS:
        return ""
    if sum(c.isdigit() for c in text) > MOST_DIGITS or not any(w.isalpha() for w in words):
        return ""
    folded = query.folded
    return folded if len(folded) <= Miss._meta.get_field("words").max_length else ""


def _begin(words: str, today) -> None:
    """A first row, unless so many are there that somebody may be filling the list."""
    if Miss.objects.filter(last_day=today, days=1).count() >= MOST_NEW_A_DAY:
        return
    try:
        with transaction.atomic():
            Miss.objects.create(words=words, last_day=today)
    except IntegrityError:  # somebody else asked for the same just now
        return


def tidy(now) -> None:
    """Forget what was asked on one day only, long ago, and all beyond MOST_KEPT; on each round."""
    long_ago = timezone.localdate(now) - timedelta(days=FORGOTTEN_AFTER)
    Miss.objects.filter(days=1, last_day__lt=long_ago).delete()
    kept = Miss.objects.order_by("-days", "-last_day").values_list("pk", flat=True)
    beyond = list(kept[MOST_KEPT:])
    if beyond:
        Miss.objects.filter(pk__in=beyond).delete()
