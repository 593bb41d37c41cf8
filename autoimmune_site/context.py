"""What every template may use."""

from django.conf import settings

SITE_NAME = "Autoimmune Evidence"


def site(request) -> dict:
    """The site's name and public address."""
    return {"SITE_NAME": SITE_NAME, "SITE_URL": settings.SITE_URL}
