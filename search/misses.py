"""What was searched for and not found, kept as a list of what might be written. No personal data.

Only the folded words, on how many days, and the last of them. What might tell of a person is not
kept at all: an address, a number, a sentence. Nothing is kept of who asked.
"""

from datetime import timedelta

from django.core.cache import cache
from django.db import connections, router
from django.utils import timezone

from .models import Miss
from .query import Query

MOST_KEPT = 5000
MOST_NEW_A_DAY = 500
MOST_WORDS = 6
MOST_DIGITS = 2  # of one word: IL-17 and CD20 have two, telephone numbers and dates more
FORGOTTEN_AFTER = 90  # days, when nobody asked on a second one
_MARKS = ("@", "://", "www.")
_A_DAY = 24 * 60 * 60  # seconds
_COUNT = (
    "INSERT INTO search_miss (words, days, last_day) SELECT %s, 1, %s "
    "WHERE (SELECT count(*) FROM search_miss WHERE last_day = %s AND days = 1) < %s "
    "OR EXISTS (SELECT 1 FROM search_miss WHERE words = %s) "
    "ON CONFLICT (words) DO UPDATE SET days = search_miss.days + 1, last_day = excluded.last_day "
    "WHERE search_miss.last_day < excluded.last_day"
)


def note(query: Query) -> None:
    """Count a search that found nothing: once a day, and only if no word may tell of a person.

    Costs one statement, and nothing where this process, or one that shares its cache, has already
    counted it today. So many new ones a day, lest somebody fill the list.
    """
    words = wanted(query)
    if not words:
        return
    today = timezone.localdate()
    if not cache.add(f"search-miss:{today}:{words}".replace(" ", "_"), True, _A_DAY):
        return
    using = router.db_for_write(Miss)
    with connections[using].cursor() as cursor:
        cursor.execute(_COUNT, [words, today, today, MOST_NEW_A_DAY, words])


def wanted(query: Query) -> str:
    """The words that may be kept of a query, or nothing."""
    text, words = query.text, [token.word for token in query.tokens]
    if any(mark in text.casefold() for mark in _MARKS) or not 0 < len(words) <= MOST_WORDS:
        return ""
    if sum(c.isdigit() for c in text) > MOST_DIGITS or not any(w.isalpha() for w in words):
        return ""
    folded = query.folded
    return folded if len(folded) <= Miss._meta.get_field("words").max_length else ""


def tidy(now) -> None:
    """Forget what was asked on one day only, long ago, and all beyond MOST_KEPT; on each round."""
    long_ago = timezone.localdate(now) - timedelta(days=FORGOTTEN_AFTER)
    Miss.objects.filter(days=1, last_day__lt=long_ago).delete()
    kept = Miss.objects.order_by("-days", "-last_day").values_list("pk", flat=True)
    beyond = list(kept[MOST_KEPT:])
    if beyond:
        Miss.objects.filter(pk__in=beyond).delete()
