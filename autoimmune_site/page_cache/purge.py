"""Telling the cache in front of the site (PURGE_URL) what became stale, before it is acknowledged.

One PURGE request names up to KEYS_A_REQUEST keys in a `Surrogate-Key` header; Varnish with xkey, a
CDN or a small script behind nginx drops the pages that carry any of them. What could not be told
is told with the next change and in every round until it succeeds.
"""

import http.client
import logging
import ssl
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from ..models import PurgeProgress, StaleMark

KEYS_A_REQUEST = 50
TIMEOUT = 2  # seconds
logger = logging.getLogger(__name__)


def after_commit(keys: frozenset[str]) -> None:
    """Purge once the transaction is committed; listens to `editorial.freshness.stale`."""
    if settings.PURGE_URL:
        transaction.on_commit(partial(send_all, None))


def send_all(now) -> bool:
    """Tell of every mark that was not told of yet; a round of `publish_scheduled` too.

    False when the cache did not take it; what was not taken stays to be told.
    """
    if not settings.PURGE_URL:
        return True
    progress, _ = PurgeProgress.objects.get_or_create(pk=1)
    marks = list(
        StaleMark.objects.filter(pk__gt=progress.upto).order_by("pk").values_list("pk", "key")
    )
    for start in range(0, len(marks), KEYS_A_REQUEST):
        some = marks[start : start + KEYS_A_REQUEST]
        try:
            _purge(sorted({key for _, key in some}))
        except (OSError, http.client.HTTPException) as error:
            logger.error("The cache at PURGE_URL was not told of changes: %s", error)
            return False
        PurgeProgress.objects.filter(pk=1, upto__lt=some[-1][0]).update(upto=some[-1][0])
    return True


def _purge(keys: list[str]) -> None:
    """One request; raises OSError unless it was taken."""
    parts = urlsplit(settings.PURGE_URL)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(parts.netloc, timeout=TIMEOUT, context=context)
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT)
    try:
        connection.request("PURGE", parts.path or "/", headers={"Surrogate-Key": " ".join(keys)})
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise OSError(f"it answered {status}")
