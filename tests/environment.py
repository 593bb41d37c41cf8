"""Loaded before anything else: tests run on settings of their own.

A developer's DATABASE_URL or CACHE_URL must never decide what a test writes to.
"""

import os

from autoimmune_site.environment import VARIABLES

for name in VARIABLES:
    os.environ.pop(name, None)
# Plain names for static files, and a signing key. pytest-django turns settings.DEBUG off again.
os.environ["DEBUG"] = "true"
