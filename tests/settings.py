"""The site's own settings in an environment made for tests (see environment.py)."""

import os

os.environ["STAFF_MFA"] = "optional"
os.environ["EMAIL_URL"] = "memorymail://"
os.environ["SOURCE_LOOKUP"] = "off"  # a test that looks up brings its own stub
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:")

from autoimmune_site.settings import *  # noqa: F403  (the environment comes first)

if "TEST_DATABASE_TEMPLATE" in os.environ:  # a migrated database to begin as a copy of
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["TEST_DATABASE_TEMPLATE"]}  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed, never in public
# A client for each test would read the whole of static/ anew; found when asked for instead.
WHITENOISE_AUTOREFRESH = True
