"""The site's own settings in an environment made for tests (see environment.py)."""

import os

os.environ["STAFF_MFA"] = "optional"
os.environ["EMAIL_URL"] = "memorymail://"
os.environ["SOURCE_LOOKUP"] = "off"  # a test that looks up brings its own stub
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:")

from autoimmune_site.settings import *  # noqa: F403  (the environment comes first)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed, never in public
