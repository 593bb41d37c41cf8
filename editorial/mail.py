"""Letters to staff about what concerns them. A failing mail server never undoes an act."""

import logging
from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

logger = logging.getLogger(__name__)


def tell(people: Iterable, *, subject: str, text: str, path: str = "") -> None:
    """Write to these people once the transaction is committed; one letter each.

    Those without an address, who left, or who are named twice get none or one. `path` is where
    on the site they can act on it. What fails is logged without names and not sent again.
    """
    addresses = {p.email: p for p in people if p and p.is_active and p.email}
    body = "\n\n".join(filter(None, [text, f"{settings.SITE_URL}{path}" if path else ""])) + "\n"
    letters = [
        EmailMessage(subject=" ".join(subject.split()), body=body, to=[address])
        for address in sorted(addresses)
    ]
    if letters:
        transaction.on_commit(partial(_send, letters))


def _send(letters: list[EmailMessage]) -> None:
    try:
        get_connection().send_messages(letters)
    except Exception as error:  # the act stands whatever the mail server says
        logger.error("%d letters to staff were not sent: %s", len(letters), type(error).__name__)
