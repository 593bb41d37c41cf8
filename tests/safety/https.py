"""The site's settings as they are under HTTPS, for tests that need them in this process."""

import importlib.util
import os
from contextlib import contextmanager
from unittest import mock

from django.conf import settings
from django.test import override_settings

ENVIRONMENT = {
    "SECRET_KEY": "only-for-tests-but-long-enough-and-of-many-different-letters-0123456789",
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
    "DEBUG": "false",
}
LEFT_ALONE = {"DATABASES", "STORAGES", "CACHES", "INSTALLED_APPS", "PASSWORD_HASHERS"}


def read() -> dict:
    """Every setting, from the settings file itself in the environment of a public site."""
    with mock.patch.dict(os.environ, ENVIRONMENT):
        spec = importlib.util.spec_from_file_location(
            "autoimmune_site.settings_under_https",
            settings.BASE_DIR / "autoimmune_site" / "settings.py",
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if name.isupper()}


@contextmanager
def public_site():
    """Inside, the site believes that it is https://example.org."""
    differ = {
        name: value
        for name, value in read().items()
        if name not in LEFT_ALONE and getattr(settings, name, None) != value
    }
    with override_settings(**differ):
        yield
