"""What every template may use."""

from django.conf import settings
from django.utils.translation import gettext_lazy

SITE_NAME = gettext_lazy("Autoimmune Evidence")


def site(request) -> dict:
    """The site's name and public address, and who pays for it."""
    return {
        "SITE_NAME": SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "SITE_FUNDING": settings.SITE_FUNDING,
    }
