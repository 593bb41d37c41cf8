"""Letters to staff about what concerns them. A failing mail server never undoes an act."""

import logging
from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import models, transaction
from django.utils.translation import gettext_lazy

logger = logging.getLogger(__name__)


class About(models.TextChoices):
    """What a letter is about; a person can turn each kind off on their own page of the desk."""

    ASSIGNED = "assigned", gettext_lazy("a review that I am asked for")
    CHANGES = "changes", gettext_lazy("changes that a reviewer or editor asks me for")
    APPROVED = "approved", gettext_lazy("approval of a text that I wrote")
    PUBLISHED = "published", gettext_lazy("publication or withdrawal of a page that I wrote")
    BLOCKED = (
        "blocked",
        gettext_lazy("a publication or withdrawal that was refused when its time came"),
    )
    REVIEW_DUE = "review_due", gettext_lazy("pages whose review is due")


def tell(people: Iterable, *, subject: str, text: str, path: str = "", about: str = "") -> None:
    """Write to these people once the transaction is committed; one letter each.

    Those without an address, who left, who turned this kind of letter off, or who are named
    twice get none or one. `path` is where on the site they can act on it. What fails is logged
    without names and not sent again.
    """
    wanted = (p for p in people if p and p.is_active and about not in p.mail_off)
    addresses = {p.email: p for p in wanted if p.email}
    body = "\n\n".join(filter(None, [text, f"{settings.SITE_URL}{path}" if path else ""])) + "\n"
    letters = [
        EmailMessage(subject=" ".join(subject.split()), body=body, to=[address])
        for address in sorted(addresses)
    ]
    if letters:
        transaction.on_commit(partial(send, letters))


def send(letters: list[EmailMessage]) -> None:
    """Send letters now; what fails is logged, without names, and not sent again."""
    try:
        get_connection().send_messages(letters)
    except Exception as error:  # the act stands whatever the mail server says
        logger.error("%d letters to staff were not sent: %s", len(letters), type(error).__name__)
